"""Name why a custody fact, a clearance or a return is not written down: one class for each thing to put right.

Messages and codes hold nothing of the child. What the pages say of each is in `amparo.desk.custody_refused`.
"""

from collections.abc import Sequence

from amparo.access.events import Event
from amparo.access.refusal import Refused
from amparo.custody.rules import Refusal


class CustodyRefused(Refused):
    """A fact cannot be written down so; `refusals` give every reason with a code and a sentence."""

    event = Event.CUSTODY_REFUSED

    def __init__(self, because: Sequence[Refusal], *, subject: str) -> None:
        super().__init__(
            " ".join(refusal.why for refusal in because),
            subject=subject,
            reason_codes=tuple(refusal.code for refusal in because),
        )
        self.refusals = tuple(because)


class ClearanceRefused(CustodyRefused):
    """A clearance cannot be proposed, confirmed or withdrawn now."""

    event = Event.CLEARANCE_REFUSED


class ReturnNotCleared(CustodyRefused):
    """No clearance stands for this return: it is not recorded, and must not be done."""

    event = Event.RETURN_REFUSED
