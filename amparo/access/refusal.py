"""Name what every refusal has in common, so that each door can say it and write it down."""

from amparo.access.events import Event


class Refused(Exception):
    """An act that the rules do not allow now; subclasses say what is missing and what to do.

    `event` and `subject` go on the audit trail with `reason_codes`; none of them holds content.
    """

    event = Event.DENIED

    def __init__(self, message: str, *, subject: str, reason_codes: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.subject = subject
        self.reason_codes = reason_codes
