"""Say in plain words why a custody fact, a clearance or a return was not written down, and who can help.

Reads nothing. UX section 2.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from amparo.custody.refused import ClearanceRefused, CustodyRefused, ReturnNotCleared


@dataclass(frozen=True)
class CustodyLines:
    """The lines of a refusal."""

    heading: str
    what: str
    missing: str
    who: str
    now: str


def custody_lines(refused: CustodyRefused) -> CustodyLines:
    """Put a refusal into words, every reason of it."""
    missing = " ".join(_words(one.code) or one.why for one in refused.refusals)
    if isinstance(refused, ReturnNotCleared):
        return CustodyLines(
            heading=_("No return: it is not cleared"),
            what=_("Writing down that this child was returned. It must not be done either."),
            missing=missing,
            who=_("The child protection authority, with two signatures."),
            now=_(
                "Keep the child here and call them. If she or he was returned already, tell them at once:"
                " they write down what was done."
            ),
        )
    if isinstance(refused, ClearanceRefused):
        return CustodyLines(
            heading=_("This return cannot be cleared now"),
            what=_("A clearance that lets the migration authority return the child."),
            missing=missing,
            who=_("Your agency, and the agency that receives the child."),
            now=_(
                "Put right what is missing, then propose or confirm again. Until then nobody may return her or him."
            ),
        )
    return CustodyLines(
        heading=_("This could not be written down"),
        what=_("A fact about where the child is held, heard or decided upon."),
        missing=missing,
        who=_("You."),
        now=_("Look the child up again and write it once more."),
    )


def _words(code: str) -> str:
    return {
        "no-clearance": _("A clearance that stands: none was given, or it was withdrawn, used or has ended."),
        "clearance-unproven": _("A clearance whose signature this node can check against its trust list."),
        "before-clearance": _("A return after it was cleared: this time lies before."),
        "ahead": _("A time that has come."),
        "place-missing": _("The place, what kind of place it is, and who holds her or him."),
        "may-leave-missing": _("Whether she or he may leave."),
        "long-ago": _("A time that lies less than five years back. Look at the year."),
        "paper-missing": _("Which document it is, and its number."),
        "number-missing": _("The number of the document."),
        "digest-wrong": _("A SHA-256 has 64 signs, 0 to 9 and a to f."),
        "ends-unknown": _("Which time of being held is over."),
        "ends-before": _("An end after its beginning."),
        "ended-before": _("Its end was written down before; correct that one."),
        "corrected-before": _("This was corrected before; correct the correction."),
        "id-taken": _("A fresh page: something else was written down from this one."),
        "not-leading": _("The agency that leads the case has to clear it."),
        "open-already": _("Another clearance of this child is open; withdraw it first."),
        "trust-list": _("A trust list that this node can use."),
        "key-missing": _("A signing key of your agency that is good now."),
        "not-now": _("A clearance that waits: this one has changed meanwhile."),
        "same-person": _("Another person: whoever proposed cannot confirm."),
        "supervisor-missing": _("A supervisor, who confirms."),
        "determined-ahead": _("A determination that was made: its day has not come."),
        "appeal-before": _("The end of the time to appeal, after the determination."),
        "appeal-open": _("The end of the time to appeal: it still runs."),
        "over-already": _("A day until which it holds that has not passed."),
        "too-long": _("A shorter time: a clearance holds for 30 days at most."),
        "acceptance-wrong": _("An acceptance signed by the receiving agency and addressed to yours."),
        "accepted-other": _("An acceptance of this child: this one names another reference."),
        "accepted-here": _("An acceptance of an agency of another country."),
        "accepted-ahead": _("An acceptance that is not dated in the future."),
        "accepted-shorter": _("An acceptance that holds as long as the clearance."),
    }.get(code, "")
