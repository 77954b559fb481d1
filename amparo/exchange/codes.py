"""Name the twelve things that can be wrong with an envelope; a sender is told one of them and nothing more.

Pure. The codes are part of the protocol: they never change their meaning.
Design: security design 4.2.
"""

from enum import StrEnum


class Code(StrEnum):
    """Why an envelope was refused, in the order of the checks; only the first failure is told."""

    TOO_LARGE = "too-large"  # the line is over 8 KiB or the whole is over the limit
    LINE_UNREADABLE = "line-unreadable"  # no line, not signed text, or a field is missing or misshapen
    SENDER_UNKNOWN = "sender-unknown"  # our trust list has no such signing key at this time; try again later
    SIGNATURE_WRONG = "signature-wrong"  # node or agency did not sign this, or signed it for another use
    VERSION_UNKNOWN = "version-unknown"  # no common version, or a critical field that we do not know
    BYTES_CHANGED = "bytes-changed"  # size or hash of the sealed part is not what the line says
    OUTSIDE_DATES = "outside-dates"  # made over 10 minutes ahead, ended, or living over 14 days
    WRONG_RECIPIENT = "wrong-recipient"  # another node, agency or key than ours; fetch the trust list again
    SEAL_BROKEN = "seal-broken"  # the sealed part does not open for this message
    CONTENT_UNREADABLE = "content-unreadable"  # opened, but filling, text, JSON or fields are not right
    NOT_PERMITTED = "not-permitted"  # the profile, the sector, the basis or the rules forbid it
    ID_REUSED = "id-reused"  # the same id came before with other bytes; the inbox says this


class EnvelopeRefused(Exception):
    """An envelope is not accepted; `code` is all that the sender learns."""

    def __init__(self, code: Code) -> None:
        super().__init__(f"The envelope was refused: {code.value}.")
        self.code = code
