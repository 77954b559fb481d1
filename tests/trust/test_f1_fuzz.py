"""Throw hostile values at every address, form field and operation, as everybody, and see that nothing breaks or leaks.

The addresses come from the resolver, the fields from the pages themselves. A child is planted whose name is a mark: it
must not stand in any answer to those who have no right to her. Each try is undone. Fixed seed.
"""

import random
import re
from urllib.parse import quote

import pytest
from django.http import HttpResponse

from tests.factories import a_case
from tests.safeguards.addresses import Address, addresses
from tests.safeguards.callers import Caller
from tests.safeguards.conftest import setting as setting
from tests.safeguards.page_forms import forms_of
from tests.safeguards.setting import Setting
from tests.trust.conftest import Tried
from tests.trust.size import size

SEED = 41
MARK = "Xochimarca7Q"
# None of these is the agency of a planted child, or works with children at all.
UNRELATED = (
    "nobody",
    "telephone",
    "migration officer",
    "secretariat",
    "country delegate",
    "administrator",
    "another agency",
)
# What a program says of itself when it breaks, and what a stranger must never learn.
GIVEN_AWAY = re.compile(
    r"Traceback|psycopg|django\.|ProgrammingError|DataError|/site-packages/|row-level security|SELECT .* FROM "
)
HOSTILE = (
    "", " ", "\x00", "a\x00b", "\x1b[2J", "\r\nSet-Cookie: a=b", "' OR '1'='1", "'; DROP TABLE cases_case; --",
    "<script>alert(1)</script>", "{{ 7*7 }}", "{% load i18n %}", "${7*7}", "../../../etc/passwd", "%00", "%2e%2e%2f",
    "0", "-1", "9" * 40, "1e400", "NaN", "Infinity", "null", "true", "[]", "{}", '{"a":' * 50, "0x1F", "+00", "٣", "½",
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "2026-02-30", "0000-00-00T00:00",
    "9999-12-31T23:59", "2026-11-22T10:00:00+99:99", "\u202eabc", "e\u0301" * 40, "\U0001f9d2" * 20, "\ufeff",
    "ß" * 300, "a" * 20_000, "http://169.254.169.254/", "file:///etc/passwd", "javascript:alert(1)",
    "\ud7ff\ue000", MARK,
)  # fmt: skip
BODIES = (
    b"", b"\x00" * 64, b"\xff\xfe", b"{", b"[]", b"null", b'{"head": {}, "start": 1e9, "blocks": []}', b"\r\n\r\n",
    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", b"a=" + b"9" * 9_999,
    b"eyJhbGciOiJub25lIn0.e30.", b"eyJhbGciOiJFZDI1NTE5In0." * 40 + b"\n" + b"\x01" * 200, b"\xed\xa0\x80",
)  # fmt: skip
KINDS = (
    "application/x-www-form-urlencoded", "application/json", "application/octet-stream", "text/xml",
    "multipart/form-data; boundary=x", "multipart/form-data", "text/plain; charset=utf-7", "",
)  # fmt: skip
pytestmark = pytest.mark.trust("F1")


@pytest.fixture(scope="module")
def planted(setting: Setting) -> Setting:
    """The world with one more child, whose name is the mark."""
    a_case(label=MARK)
    return setting


def _wrong(caller: Caller, answer: HttpResponse, *, echoed: str) -> list[str]:
    text = b"" if answer.streaming else answer.content[:400_000]
    said = text.decode("utf-8", "replace")
    found = [f"answers {answer.status_code}"] if answer.status_code >= 500 else []
    found += [f"gives away {given.group()}"] if (given := GIVEN_AWAY.search(said)) else []
    if caller.name in UNRELATED and MARK in said and MARK not in echoed:
        found.append("shows a child to somebody who has no right to her")
    found += ["sets a header of the stranger"] if "Set-Cookie: a=b" in str(answer.headers) else []
    found += ["runs a template of the stranger"] if "{{ 7*7 }}" in echoed and ">49<" in said else []
    return found


def _in_address(chance: random.Random, caller: Caller, address: Address) -> tuple[str, HttpResponse]:
    """Put a hostile value in the place of one part of the address."""
    parts = address.path.strip("/").split("/")
    value = chance.choice(HOSTILE)
    parts[chance.randrange(len(parts))] = quote(value.encode("utf-8", "surrogatepass"), safe="")
    path = f"/{'/'.join(parts)}" + ("/" if address.path.endswith("/") else "")
    return value, _send(caller, chance.choice(("GET", "POST")), path)


def _in_query(chance: random.Random, caller: Caller, address: Address) -> tuple[str, HttpResponse]:
    """Ask with hostile parameters, those that pages know and those they do not."""
    names = (
        "only",
        "after",
        "next",
        "q",
        "language",
        "lang",
        "page",
        "on",
        "from",
        "to",
        "sources",
        chance.choice(HOSTILE),
    )
    values = {name: chance.choice(HOSTILE) for name in chance.sample(names, 3)}
    asked = "&".join(f"{quote(name)}={quote(value)}" for name, value in values.items())
    return asked + " ".join([*values, *values.values()]), _send(caller, "GET", f"{address.path}?{asked}")


def _in_form(chance: random.Random, caller: Caller, address: Address) -> tuple[str, HttpResponse]:
    """Fill a form of the page as a person would, but for a few hostile answers and one field that it does not have."""
    page = _send(caller, "GET", address.path)
    html = page.status_code == 200 and not page.streaming and "html" in page.headers.get("Content-Type", "")
    forms = forms_of(page.content.decode()) if html else []
    answers = chance.choice(forms).filled() if forms else {}
    names = [*sorted(answers), "when", "at", "form_id", "override", "name"]
    bad = {name: chance.choice(HOSTILE) for name in chance.sample(names, min(2, len(names)))}
    bad[chance.choice(HOSTILE)] = chance.choice(HOSTILE)
    said = answers | {name: [value] for name, value in bad.items()}
    return " ".join([*bad, *bad.values()]), caller.client.post(address.path, said)  # type: ignore[return-value]


def _in_body(chance: random.Random, caller: Caller, address: Address) -> tuple[str, HttpResponse]:
    """Send bytes of any kind under any name, with any verb."""
    verb = chance.choice(("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "PROPFIND"))
    return "", _send(caller, verb, address.path, chance.choice(BODIES), chance.choice(KINDS))


def _send(
    caller: Caller, verb: str, path: str, body: bytes = b"", kind: str = "application/x-www-form-urlencoded"
) -> HttpResponse:
    return caller.client.generic(verb, path, body, kind)  # type: ignore[return-value]


WAYS = (_in_address, _in_query, _in_form, _in_form, _in_body)


def test_hostile_values_break_nothing_and_give_nothing_away(planted: Setting, tried: Tried) -> None:
    chance, wrong = random.Random(SEED), []
    places = addresses(planted.world)
    callers = sorted(planted.callers.values(), key=lambda one: one.name)
    count = size(quick=400, full=20_000)

    for turn in range(count):
        # Every address comes again and again, each time as somebody else and in another way.
        address, caller = places[turn % len(places)], chance.choice(callers)
        way = chance.choice(WAYS)
        with caller.undone():
            echoed, answer = way(chance, caller, address)
        wrong += [
            f"{turn}: {caller.name} {way.__name__} {address.path} {echoed[:60]!r}: {one}"
            for one in _wrong(caller, answer, echoed=echoed + address.path)
        ]

    tried(count, f"{len(places)} addresses, {len(HOSTILE)} hostile values, {len(callers)} callers", seed=SEED)
    assert wrong == []
