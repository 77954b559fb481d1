"""Hide how long a message is: lengthen it to one of few sizes, and take the filling off again.

Padmé leaks at most the order of magnitude and costs at most 12 per cent. Pure; holds no key.
Norms: Padmé (Nikitin and others, PURBs, 2019); filling as in ISO/IEC 7816-4: one 0x80, then zeros.
"""

LEAST = 2048  # short answers (accept, decline, take over) all look the same
_MARK = b"\x80"


class PaddingWrong(Exception):
    """Opened bytes do not end in the one right filling."""


def padded_size(length: int) -> int:
    """Return the Padmé size, in bytes, for a content of `length` bytes and its mark; never under `LEAST`."""
    size = max(length + 1, LEAST)
    exponent = size.bit_length() - 1
    free_bits = exponent - exponent.bit_length()
    mask = (1 << free_bits) - 1
    return (size + mask) & ~mask


def pad(content: bytes) -> bytes:
    """Return the content with its filling."""
    return (content + _MARK).ljust(padded_size(len(content)), b"\x00")


def unpad(padded: bytes) -> bytes:
    """Return the content without filling; raises `PaddingWrong` unless `pad` could have made these bytes."""
    content, mark, filling = padded.rpartition(_MARK)
    if not mark or filling.strip(b"\x00") or len(padded) != padded_size(len(content)):
        raise PaddingWrong("The filling is not what this content would get.")
    return content
