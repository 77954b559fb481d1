"""Read JSON that came from outside in exactly one way, and write it so that others can.

Two readers of one text must never see two things: what JSON leaves open is refused here. Pure; keeps nothing.
Norms: RFC 8259, I-JSON (RFC 7493), Unicode normalisation form C.
"""

import json
import math
import unicodedata
from collections.abc import Mapping
from typing import Any

MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1  # beyond it, readers that know only doubles see another number
CRITICAL = "crit"  # names of fields that a reader must know, or leave the whole text alone


class JsonRefused(Exception):
    """A text is not the strict JSON we accept; the message names the reason and repeats no content."""


class UnknownCritical(Exception):
    """The writer says that a field must be understood, and we do not know it."""


def load_object(content: bytes, *, known: frozenset[str]) -> dict[str, Any]:
    """Read one JSON object.

    Args:
        content: UTF-8, without byte order mark; the caller has checked its length.
        known: fields of the object that the caller understands. Other fields are kept, unless critical.

    Raises:
        JsonRefused: not strict JSON, or not an object.
        UnknownCritical: `crit` names a field that is not in `known`.
    """
    document = load(content)
    if not isinstance(document, dict):
        raise JsonRefused("Not an object.")
    _require_known_critical(document, known)
    return document


def load(content: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Read one JSON value; raises `JsonRefused` for doubled names, NaN, depth, huge numbers, odd text."""
    try:
        document = json.loads(
            content.decode(),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_float=_float,
            parse_int=_integer,
        )
    except UnicodeDecodeError:
        raise JsonRefused("Not UTF-8.") from None
    except json.JSONDecodeError:
        raise JsonRefused("Not JSON.") from None
    except RecursionError:
        raise JsonRefused("Nested too deeply.") from None
    _check(document, level=1)
    return document


def dump(document: Mapping[str, Any]) -> bytes:
    """Write an object as compact UTF-8 that `load` accepts; text is brought to normal form C.

    Raises:
        JsonRefused: the object holds something that strict JSON cannot say.
    """
    try:
        text = json.dumps(_normal(document), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        content = text.encode()
    except (TypeError, ValueError, RecursionError):
        raise JsonRefused("This cannot be written as JSON.") from None
    load(content)
    return content


def _require_known_critical(document: dict[str, Any], known: frozenset[str]) -> None:
    named = document.get(CRITICAL, [])
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        raise JsonRefused("The list of critical fields is not a list of names.")
    if len(set(named)) != len(named) or not set(named) <= set(document):
        raise JsonRefused("The list of critical fields repeats a name or names a missing field.")
    if not set(named) <= known:
        raise UnknownCritical("The text has a field that must be understood and is not known here.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise JsonRefused("A name stands twice in one object.")
    return found


def _refuse_constant(_: str) -> None:
    raise JsonRefused("NaN and infinities are no JSON numbers.")


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise JsonRefused("A number is too large.")
    return number


def _integer(digits: str) -> int:
    # The length first: turning a long text into a number takes time that grows with its square.
    if len(digits) > 17 or abs(int(digits)) > MAX_INTEGER:
        raise JsonRefused("A whole number is too large.")
    return int(digits)


def _check(value: object, *, level: int) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, list | dict):
        if level > MAX_DEPTH:
            raise JsonRefused("Nested too deeply.")
        names = value if isinstance(value, dict) else ()
        inner = value.values() if isinstance(value, dict) else value
        for name in names:
            _check_text(name)
        for one in inner:
            _check(one, level=level + 1)


def _check_text(text: str) -> None:
    if not unicodedata.is_normalized("NFC", text):
        raise JsonRefused("Text is not in normal form C.")
    if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in text):
        raise JsonRefused("Text has a sign that databases cannot hold.")


def _normal(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return _object([(_name(name), _normal(one)) for name, one in value.items()])
    if isinstance(value, list | tuple):
        return [_normal(one) for one in value]
    return value


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise JsonRefused("A name in an object is not text.")
    return unicodedata.normalize("NFC", name)
