"""Say in four lines why an override cannot be signed now, and what to do; nothing of the child is in these words."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from amparo.cases.override_refused import (
    CaseChanged,
    NothingToLift,
    NotOwed,
    OverrideRefused,
    ProposalOver,
    ProposalWaits,
    ReasonsMissing,
    SignerWrong,
    TimeWrong,
)


class FourLines(NamedTuple):
    """What is missing, who can provide it, what to do now."""

    missing: str
    who: str
    now: str


def override_lines(refused: OverrideRefused) -> FourLines:
    """Return the words for any refusal of an override."""
    if isinstance(refused, SignerWrong):
        return _signer(refused.code)
    if isinstance(refused, TimeWrong):
        return _time(refused.code)
    return _others()[type(refused)]


def _signer(code: str) -> FourLines:
    another = _("Ask a colleague to open the case and sign from there.")
    if code == "no-child-protection":
        return FourLines(
            _("A signature of the child protection authority."),
            _("A caseworker of the child protection authority."),
            another,
        )
    if code in ("one-of-them", "not-supervisor"):
        return FourLines(
            _("The review of a supervisor who did not sign."),
            _("Another supervisor."),
            _("Leave it on the list; another supervisor sees it there."),
        )
    if code == "not-first":
        return FourLines(
            _("The person who proposed it."),
            _("Whoever signed first."),
            _("You can say no to the proposal instead."),
        )
    return FourLines(_("The signature of a second, different person."), _("A colleague, not you."), another)


def _time(code: str) -> FourLines:
    if code == "too-late":
        return FourLines(
            _("The confirmation within 24 hours. They have passed."),
            _("Nobody any more."),
            _(
                "The child goes back to her or his family, and child protection goes along. Then write it down."
            ),
        )
    if code == "too-old":
        return FourLines(
            _("An emergency of the last 24 hours."),
            _("You."),
            _("What happened earlier is reported as found, so that a supervisor looks at it."),
        )
    return FourLines(
        _("A time that has passed, after the act itself."),
        _("You."),
        _("Go back, look at the time and send it again."),
    )


def _others() -> dict[type[OverrideRefused], FourLines]:
    read_again = _("Open the case and read it again.")
    return {
        ReasonsMissing: FourLines(
            _("Written reasons in full sentences."), _("You."), _("Go back and write what you saw and why.")
        ),
        ProposalOver: FourLines(
            _(
                "A proposal that still waits. This one was signed, taken back, declined, or its 24 hours are over."
            ),
            _("You, or a colleague."),
            _("Open the case. If it is still needed, propose it again."),
        ),
        ProposalWaits: FourLines(
            _("A second signature: this act is proposed already."),
            _("A colleague who has not signed yet."),
            _("Open the case, read the proposal, and sign it or say no."),
        ),
        NothingToLift: FourLines(
            _("Nothing: no duty stands against this act any more."),
            _("You."),
            _(
                "Open the case. If the act is still good for the child, it can be done without a second signature."
            ),
        ),
        CaseChanged: FourLines(
            _(
                "A first signature on the case as it is now. More stands against the act than when it was proposed."
            ),
            _("You, or a colleague."),
            _("Read what changed. If it is still needed, propose it again."),
        ),
        NotOwed: FourLines(_("Nothing: this was settled, or is not asked here."), _("Nobody."), read_again),
    }
