"""F1, what is not yours: a child of others is answered exactly like a child who is not there.

Same number, same page to the byte (but for tokens and the id that was asked for), same work for the database, so that
neither words nor time tell that she exists. Asked as everybody who has no right to her, by every address with an id.
"""

import re
from dataclasses import dataclass
from uuid import UUID, uuid5

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.safeguards.addresses import Address, addresses
from tests.safeguards.callers import Caller
from tests.safeguards.conftest import setting as setting
from tests.safeguards.setting import Setting
from tests.trust.conftest import Tried

pytestmark = pytest.mark.trust("F1")

STRANGERS = ("another agency", "administrator", "secretariat", "country delegate", "nobody")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
# Ids made from a real one: the same at each run, and of nothing.
_NOTHING = UUID(int=41)


@dataclass(frozen=True)
class Answer:
    """What somebody sees, and what the database had to do for it."""

    status: int
    page: str
    statements: tuple[str, ...]


@pytest.fixture(scope="module")
def with_ids(setting: Setting) -> list[Address]:
    """Every address with the id of something of a child."""
    world = setting.world
    hers = {world.ana, world.siblings, world.override, world.incident}
    hers |= {*world.sent.values(), *world.received.values(), *world.sent_cases.values()}
    return [
        one
        for one in addresses(world)
        if one.first and {UUID(text) for text in _UUID.findall(one.path)} & hers
    ]


def _answer(caller: Caller, verb: str, path: str) -> Answer:
    with caller.undone(), CaptureQueriesContext(connection) as asked:
        answer = caller.client.generic(verb, path)
    page = answer.content.decode() + answer.headers.get("Location", "")
    for every in (_TOKEN, _UUID):
        page = every.sub("", page)
    return Answer(answer.status_code, page, tuple(_kind(one["sql"]) for one in asked))


def _kind(statement: str) -> str:
    """Return what a statement does and to which table; its values differ in any case."""
    table = re.search(r'(?:FROM|INTO|UPDATE) "?([a-z_]+)', statement)
    return f"{statement.split(' ', 1)[0]} {table.group(1) if table else ''}"


def _of_nothing(path: str) -> str:
    return _UUID.sub(lambda found: str(uuid5(_NOTHING, found.group())), path)


@pytest.mark.parametrize("name", STRANGERS)
def test_not_yours_is_answered_like_not_there(
    name: str, setting: Setting, with_ids: list[Address], tried: Tried
) -> None:
    caller = setting.callers[name]
    wrong: list[tuple[str, str, object, object]] = []

    for one in with_ids:
        for verb in ("GET", "POST"):
            hers, nothing = (_answer(caller, verb, path) for path in (one.path, _of_nothing(one.path)))
            if hers.status != nothing.status or hers.page != nothing.page:
                wrong.append((verb, one.name, hers.status, nothing.status))
            elif hers.statements != nothing.statements:
                wrong.append((verb, one.name, hers.statements, nothing.statements))

    tried(2 * len(with_ids), f"addresses of a child of others as {name}, each beside one of nobody")
    assert not wrong, wrong
