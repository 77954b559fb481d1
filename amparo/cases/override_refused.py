"""Name what stands in the way of an override: one class for each thing that a person can put right.

Messages and codes hold nothing of the child. Decision: 0013.
"""

from uuid import UUID

from amparo.access import audit
from amparo.access.events import Event
from amparo.access.refusal import Refused


class OverrideRefused(Refused):
    """An override that cannot be signed now; `code` says why in one closed word."""

    event = Event.OVERRIDE_REFUSED

    def __init__(self, code: str, *, action: str, case_id: UUID) -> None:
        subject = audit.subject_of("case", case_id)
        super().__init__(f"No override now ({code}).", subject=subject, reason_codes=(action, code))
        self.code = code
        self.action = action


class ReasonsMissing(OverrideRefused):
    """The written reasons, or the signs of danger, are blank or too short; `code` is field-blank or field-short."""


class SignerWrong(OverrideRefused):
    """This person may not sign: same-person, no-child-protection, not-first, one-of-them, not-supervisor."""


class ProposalOver(OverrideRefused):
    """The proposal is not waiting any more; `code` is its stage."""


class ProposalWaits(OverrideRefused):
    """The same act is proposed already and waits for a second person."""


class NothingToLift(OverrideRefused):
    """The Guide does not bar this act now; no override is needed."""


class CaseChanged(OverrideRefused):
    """More stands against the act than the first person signed for; it must be proposed anew."""


class TimeWrong(OverrideRefused):
    """The moment is not possible: `in-future`, `too-old` for an emergency, `too-late` to confirm."""


class NotOwed(OverrideRefused):
    """This is not, or no longer, owed after this override; `code` names the step."""
