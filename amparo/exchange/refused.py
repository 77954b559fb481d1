"""Name why a transfer may not be made or moved now, in words for the person who asked."""

from collections.abc import Sequence
from uuid import UUID

from amparo.access.audit import subject_of
from amparo.access.events import Event
from amparo.access.refusal import Refused
from amparo.exchange.rules import Refusal


class TransferRefused(Refused):
    """A transfer cannot be proposed or moved; `refusals` give every reason with a code and a sentence."""

    event = Event.TRANSFER_REFUSED

    def __init__(self, because: Sequence[Refusal], *, subject: str) -> None:
        super().__init__(
            " ".join(refusal.why for refusal in because),
            subject=subject,
            reason_codes=tuple(refusal.code for refusal in because),
        )
        self.refusals = tuple(because)


class TransferNotFound(Refused):
    """No such transfer for this reader: it does not exist, or it is another agency's. Both look the same."""

    def __init__(self, transfer_id: UUID, codes: tuple[str, ...] = ()) -> None:
        subject = subject_of("transfer", transfer_id)
        super().__init__("There is no such transfer for you.", subject=subject, reason_codes=codes)
