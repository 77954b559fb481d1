"""Name why nothing was written to a case: one class for each thing that a person can put right.

What the pages say of each is in `amparo.desk.refused`; a refusal is traced at the door. STYLE section 5.
"""

from collections.abc import Sequence

from amparo.access.events import Event
from amparo.access.refusal import Refused
from amparo.guide import Refusal


class CaseNotFound(Refused):
    """No such case for this reader: it does not exist, is not hers, or is kept back from her. All look the same."""

    event = Event.DENIED


class AttachmentShut(Refused):
    """A file is not opened: `why` is shut (kept, of no kind that opens here), not-let-in, or broken (changed)."""

    event = Event.ATTACHMENT_REFUSED

    def __init__(self, why: str, *, subject: str) -> None:
        super().__init__(f"This file is not opened ({why}).", subject=subject, reason_codes=(why,))
        self.why = why


class TieRefused(Refused):
    """This relation cannot be given or ended; `code` of `tie_rules`, or `why`, `person`, `until`, `over`."""

    event = Event.ACT_REFUSED

    def __init__(self, code: str, *, subject: str) -> None:
        super().__init__(
            f"This relation cannot be written down ({code}).", subject=subject, reason_codes=(code,)
        )
        self.code = code


class MarkRefused(TieRefused):
    """This mark cannot be set or ended; `code` of `tie_rules`, or `why`, `whom`, `over`."""


class ActRefused(Refused):
    """The Guide does not allow an act now; `refusals` say by which norm, what is missing, who can provide it."""

    event = Event.ACT_REFUSED

    def __init__(self, action: str, because: Sequence[Refusal], *, subject: str) -> None:
        super().__init__(
            f"Not allowed now: {action}.",
            subject=subject,
            reason_codes=(action, *(refusal.obligation for refusal in because)),
        )
        self.action = action
        self.refusals = tuple(because)


class MayNotAttest(Refused):
    """This role is not among those that may attest this evidence; `roles` names who may."""

    event = Event.ACT_REFUSED

    def __init__(self, evidence: str, roles: Sequence[str], *, subject: str) -> None:
        super().__init__(
            f"Your role may not attest {evidence}.", subject=subject, reason_codes=("attest", evidence)
        )
        self.evidence = evidence
        self.roles = tuple(roles)


class EntryWrong(Refused):
    """What was to be written down is not in the vocabulary of the Guide, lies in the future or too long ago."""

    event = Event.ACT_REFUSED


class SearchWrong(Refused):
    """Nothing to look for was written, or no reason for looking."""


class EntryIdTaken(EntryWrong):
    """Something else was written down under this id before, here or in another case; this was not kept."""


class CaseReleased(Refused):
    """Another node has taken this case over; here it can only be read."""

    event = Event.ACT_REFUSED
