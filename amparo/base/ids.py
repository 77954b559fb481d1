"""Make names for things: row ids, message ids, and case references that people can say on the telephone.

Ids carry no data of a child. It promises no secrecy: an id is not a password.
Norms: RFC 9562 (UUID version 7); Crockford's base 32 with its check sign.
"""

import os
import re
import secrets
import time
from uuid import UUID

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK_PRIME = 37  # a prime above 32: any one wrong sign, and any two neighbours swapped, are seen
_HEARD_AS = str.maketrans("OIL", "011")
_BODY_SIGNS = 7
_REFERENCE = re.compile(r"([A-Z]{2})-?([0-9A-TV-Z]{4})-?([0-9A-TV-Z]{4})")
_RANDOM_ID = re.compile(r"[0-9a-f]{32}")


class ReferenceWrong(Exception):
    """A case reference was misread or mistyped: its signs do not agree with its check sign."""


def uuid7() -> UUID:
    """Return an id whose order is that of creation, to the millisecond; 74 of its bits are random."""
    moment = time.time_ns() // 1_000_000
    chance = int.from_bytes(os.urandom(10), "big")
    number = moment << 80 | 7 << 76 | (chance >> 62 & 0xFFF) << 64 | 2 << 62 | chance & (1 << 62) - 1
    return UUID(int=number)


def random_id() -> str:
    """Return 128 random bits as 32 hexadecimal signs, for envelopes and threads."""
    return secrets.token_hex(16)


def is_random_id(text: object) -> bool:
    """Test whether a text has the form of `random_id`."""
    return isinstance(text, str) and _RANDOM_ID.fullmatch(text) is not None


def case_reference(country: str) -> str:
    """Return a fresh reference such as `MX-7Q2K-4F9P`: 35 random bits and a check sign, no meaning.

    Args:
        country: two capital letters, ISO 3166.
    """
    number = secrets.randbits(5 * _BODY_SIGNS)
    # Crockford's five extra check signs (*~$=U) are bad on the telephone: draw again instead.
    while _check_of(country, number) >= len(_CROCKFORD):
        number = secrets.randbits(5 * _BODY_SIGNS)
    signs = _signs(number) + _CROCKFORD[_check_of(country, number)]
    return f"{country}-{signs[:4]}-{signs[4:]}"


def read_case_reference(text: str) -> str:
    """Return a reference as it is written, from one typed by hand: any case, spaces, O for 0, I or L for 1.

    Raises:
        ReferenceWrong: it has another form, or the check sign does not agree.
    """
    parts = _REFERENCE.fullmatch(re.sub(r"\s", "", text).upper())
    if parts is None:
        raise ReferenceWrong("A case reference looks like MX-7Q2K-4F9P.")
    country, signs = parts[1], (parts[2] + parts[3]).translate(_HEARD_AS)
    if _check_of(country, _number(signs[:-1])) != _CROCKFORD.index(signs[-1]):
        raise ReferenceWrong("The signs of this case reference do not agree; please read it again.")
    return f"{country}-{signs[:4]}-{signs[4:]}"


def _check_of(country: str, number: int) -> int:
    # The country is under the check sign too, so that HN for NH is noticed.
    return (int.from_bytes(country.encode(), "big") << 35 | number) % _CHECK_PRIME


def _signs(number: int) -> str:
    return "".join(_CROCKFORD[number >> 5 * place & 31] for place in reversed(range(_BODY_SIGNS)))


def _number(signs: str) -> int:
    number = 0
    for sign in signs:
        number = number * 32 + _CROCKFORD.index(sign)
    return number
