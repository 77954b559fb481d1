"""Show that one text can be read in one way only, and that what we write is what we read."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.exchange import strict_json

KNOWN = frozenset({"a", "crit"})

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"{}x",
        b"{'a':1}",
        b'{"a":1,}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":"\xff"}',
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":1,"\\u0061":2}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":1e999}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":01}',
        '{"a":"n\u0303"}'.encode(),
        b'{"a":"n\\u0303"}',
        '{"n\u0303":1}'.encode(),
        b'{"a":["\\u0000"]}',
        b'{"a":"\\ud800"}',
        b'{"\\ud800":1}',
        b'{"a":"\n"}',
        b'{"a":' + b"[" * 32 + b"]" * 32 + b"}",
        b'{"a":' + b"[" * 100_000,
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_load_refuses_what_two_readers_could_read_differently(content: bytes) -> None:
    with pytest.raises(strict_json.JsonRefused):
        strict_json.load(content)


@pytest.mark.parametrize("content", [b"[]", b"1", b"null", b'"a"'])
def test_load_object_refuses_other_values(content: bytes) -> None:
    with pytest.raises(strict_json.JsonRefused):
        strict_json.load_object(content, known=KNOWN)


def test_load_reads_up_to_the_limits() -> None:
    deep = b'{"a":' + b"[" * 31 + b"]" * 31 + b"}"

    assert strict_json.load(b'{"a":9007199254740991,"b":-9007199254740991}')["b"] == -9007199254740991
    assert strict_json.load(deep)["a"][0]


def test_load_object_keeps_fields_it_does_not_know() -> None:
    content = b'{"a":1,"later":{"b":[2]}}'

    assert strict_json.load_object(content, known=KNOWN) == {"a": 1, "later": {"b": [2]}}


def test_load_object_refuses_an_unknown_critical_field() -> None:
    with pytest.raises(strict_json.UnknownCritical):
        strict_json.load_object(b'{"a":1,"later":2,"crit":["later"]}', known=KNOWN)


def test_load_object_accepts_a_known_critical_field() -> None:
    assert strict_json.load_object(b'{"a":1,"crit":["a"]}', known=KNOWN)["a"] == 1


@pytest.mark.parametrize("named", ['"a"', "[1]", '["a","a"]', '["missing"]', "{}", "null"])
def test_load_object_refuses_a_malformed_list_of_critical_fields(named: str) -> None:
    with pytest.raises(strict_json.JsonRefused):
        strict_json.load_object(f'{{"a":1,"crit":{named}}}'.encode(), known=KNOWN)


@given(content=st.binary(max_size=200))
def test_load_of_any_bytes_ends_in_a_value_or_a_refusal(content: bytes) -> None:
    try:
        value = strict_json.load(content)
    except strict_json.JsonRefused:
        return

    assert json.loads(content) == value


@given(st.dictionaries(TEXTS, VALUES, max_size=5))
def test_what_dump_writes_load_reads(document: dict[str, Any]) -> None:
    try:
        content = strict_json.dump(document)
    except strict_json.JsonRefused:  # two names became one in normal form
        return

    assert strict_json.dump(strict_json.load(content)) == content
    assert json.loads(content) == strict_json.load(content)


def test_dump_brings_text_to_normal_form() -> None:
    assert strict_json.dump({"n\u0303": ("n\u0303",)}) == '{"ñ":["ñ"]}'.encode()


@pytest.mark.parametrize(
    "document",
    [
        {"a": float("nan")},
        {"a": b"bytes"},
        {1: "a"},
        {"a": 2**53},
        {"ñ": 1, "n\u0303": 2},
        {"a": "\ud800"},
        {"a": "\0"},
    ],
)
def test_dump_refuses_what_nobody_could_read(document: dict[Any, Any]) -> None:
    with pytest.raises(strict_json.JsonRefused):
        strict_json.dump(document)
