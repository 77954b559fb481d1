"""Say in words why a record is erased or held, on which ground, and what stands against it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from amparo.cases.erasing import ErasureRefused


def because_words() -> dict[str, str]:
    """Return what each reason to erase says."""
    return {
        "time-is-over": _("The time to keep it is over"),
        "child-asked": _("The child, or whoever stands up for her, asked for it"),
        "opened-in-error": _("It was opened in error"),
        "court-ordered": _("A court or authority ordered it"),
    }


def basis_words() -> dict[str, str]:
    """Return what each ground in law says; the article is the country's and stands in its own papers."""
    return {
        "retention-period": _("the period after which the law of this country asks to erase"),
        "right-to-erasure": _("the right of the person to have her data erased"),
        "consent-taken-back": _("consent was taken back, and nothing else allows to keep it"),
        "no-ground-to-keep": _("there never was a ground to keep it"),
        "court-order": _("an order of a court"),
        "order-of-data-protection-authority": _("an order of the data protection authority"),
    }


def hold_words() -> dict[str, str]:
    """Return what each reason to hold says."""
    return {
        "proceedings": _("Proceedings before a court or authority"),
        "complaint": _("A complaint of the child"),
        "inspection": _("An inspection"),
    }


def against_words(why: str) -> str:
    """Say what forbids to erase now; empty where nothing does."""
    return {
        "legal-hold": _("A legal hold forbids to erase it."),
        "transfer-open": _("A hand-over of this case is not finished."),
        "letter-on-its-way": _("A sealed letter about this case has not arrived yet."),
        "no-such-case": _("There is no such case any more."),
        "proposed-already": _("Somebody has proposed it already; it waits for a second person."),
        "unknown-reason": _("The reason is not one of the list."),
        "ground-does-not-fit": _("This ground in law does not go with the reason."),
    }.get(why, "")


@dataclass(frozen=True)
class ErasureLines:
    """The lines of a refusal: what is missing, who can help, what to do."""

    missing: str
    who: str
    now: str


def erasure_lines(refused: ErasureRefused) -> ErasureLines:
    """Say why nothing is erased now, and what would have to happen first."""
    who = {
        "legal-hold": _(
            "Whoever placed the hold, when its reason is over; a supervisor or oversight ends it."
        ),
        "transfer-open": _("The two agencies of the hand-over."),
        "letter-on-its-way": _("The other agency; its telephone stands at the hand-over."),
    }
    now = {
        "legal-hold": _("Keep the record. Propose it again when the hold has ended."),
        "transfer-open": _("Finish or cancel the hand-over, then propose it again."),
        "letter-on-its-way": _("Wait until the letter has arrived, then propose it again."),
        "proposed-already": _("Ask a colleague to look under “Erasing records”."),
    }
    return ErasureLines(
        missing=against_words(refused.why),
        who=who.get(refused.why, _("You.")),
        now=now.get(refused.why, _("Go back, choose again and send it once more.")),
    )
