"""A0, what is sent: post to every address as every role in every relation, and ask every operation as everybody.

What is posted is what the page of somebody with the right would send, so that nothing but the right is missing. Who
has no right by the table is refused; operations for telephones and nodes know no session of a person at all.
"""

import base64
from http import HTTPStatus
from typing import cast

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from amparo.access.models import Person
from amparo.access.roles import POSTS, Relation, Role
from amparo.exchange.rules import Move
from amparo.node.address_rights import NEEDS
from tests.desk.people import PASSWORD
from tests.safeguards.addresses import Address, addresses
from tests.safeguards.conftest import setting as setting
from tests.safeguards.page_forms import Answers
from tests.safeguards.setting import Setting
from tests.safeguards.test_every_envelope import said_by
from tests.safeguards.trying import own_form, smuggled
from tests.trust.conftest import Tried
from tests.trust.stands import PEOPLE, SIDES, Stand, is_asked, standing_as, stands_of, table_says

pytestmark = pytest.mark.trust("A0")

# Whose pages are read for what would be sent, the one with the widest right first.
_WITH_PAGES = (
    "supervisor",
    "caseworker",
    "first contact",
    "administrator",
    "secretariat",
    "country delegate",
)
# Forbidden, not there, not so, already otherwise: nothing was done.
REFUSED = frozenset({403, 404, 405, 409})
RUBBISH = (b"", b"{}", b"eyJhbGciOiJub25lIn0.e30.\n" + b"\x01" * 100, b"\x00" * 5_000)


@pytest.fixture(scope="module")
def posts(setting: Setting) -> list[tuple[Address, Answers]]:
    """Every address of the desk with what somebody who has the right would send there."""
    pages = [one for one in addresses(setting.world) if one.first and one.name.startswith("desk:")]
    return [(one, _what_is_sent(setting, one)) for one in pages]


@pytest.fixture(scope="module")
def operations(setting: Setting) -> list[Address]:
    """What telephones and other nodes use."""
    return [one for one in addresses(setting.world) if one.first and one.name.startswith(("field:", "api:"))]


def _what_is_sent(setting: Setting, address: Address) -> Answers:
    sent = smuggled(address.act or "detain", "emergency")
    for name in _WITH_PAGES:
        page = cast("HttpResponse", setting.callers[name].client.get(address.path))
        form = own_form(page, address)
        if form is not None:
            return sent | form.filled()
    return sent


@pytest.mark.parametrize("role", PEOPLE)
def test_what_is_sent_does_nothing_for_whom_the_table_does_not_name(
    role: Role, setting: Setting, posts: list[tuple[Address, Answers]], tried: Tried
) -> None:
    wrong, count = [], 0

    for stand in stands_of(role):
        with standing_as(stand, setting.world.ana) as client:
            for number, (one, answers) in enumerate(posts):
                if not _is_sent(setting, stand, one, number):
                    continue
                count += 1
                answer = _posted(client, one, answers)
                if answer.status_code >= 500 or not (table_says(stand, one) or _is_refused(answer)):
                    wrong.append((stand.sector.value, stand.relation.value, one.name, answer.status_code))

    tried(count, f"posts as {role}, on every side and in every relation")
    assert not wrong, wrong


def _is_sent(setting: Setting, stand: Stand, address: Address, number: int) -> bool:
    """Leave out what opens to everybody; what is about no child of ours is sent in one relation only."""
    needs, of_case = NEEDS[address.name], str(setting.world.ana) in address.path
    if needs.open_because or needs.signed_in or (not of_case and stand.relation is not Relation.TEAM):
        return False
    turn = (number + list(Relation).index(stand.relation)) % 4 == 0
    return is_asked(stand, address, number) and (turn or not table_says(stand, address))


def _posted(client: Client, address: Address, answers: Answers) -> HttpResponse:
    """Send, and undo what came of it."""
    with transaction.atomic():
        answer = client.post(address.path, answers)
        transaction.set_rollback(True)
    return cast("HttpResponse", answer)


def _is_refused(answer: HttpResponse) -> bool:
    """Test whether nothing was done: refused, not there, or led to sign in."""
    led = answer.status_code == HTTPStatus.FOUND and answer.headers["Location"].startswith("/account/")
    return led or answer.status_code in REFUSED


@pytest.mark.parametrize("role", PEOPLE)
def test_no_sign_in_of_a_person_opens_what_is_for_telephones(
    role: Role, setting: Setting, operations: list[Address], tried: Tried
) -> None:
    stand, wrong = Stand(role, sorted(POSTS[role].sectors & set(SIDES) or SIDES)[0], Relation.TEAM), []
    for_telephones = [one for one in operations if one.name.startswith("field:")]

    with standing_as(stand, setting.world.ana) as client:
        email = Person.objects.filter(role=role.value).values_list("email", flat=True)[0]
        secret = base64.b64encode(f"{email}:{PASSWORD}".encode()).decode()
        for one in for_telephones:
            for headers in ({}, {"authorization": f"Basic {secret}"}):
                for verb in ("GET", "HEAD", "POST"):
                    answer = client.generic(verb, one.path, headers=headers)
                    wrong += [(verb, one.name, answer.status_code)] if answer.status_code != 401 else []

    tried(6 * len(for_telephones), f"operations for telephones as {role}")
    assert not wrong, wrong


def test_a_telephone_opens_what_is_for_it_and_no_page(
    setting: Setting, operations: list[Address], posts: list[tuple[Address, Answers]], tried: Tried
) -> None:
    telephone = setting.callers["telephone"].client
    closed = [one for one, _ in posts if NEEDS[one.name].acts]

    opened = {one.name for one in operations if telephone.head(one.path).status_code in (200, 204)}
    wrong = [one.name for one in closed if not _is_refused(cast("HttpResponse", telephone.get(one.path)))]

    tried(len(operations) + len(closed), "operations and pages as a telephone")
    assert opened - {"api:trust-list"} == {one.name for one in operations if one.name.startswith("field:")}
    assert not wrong, wrong


@pytest.mark.parametrize("role", PEOPLE)
def test_what_is_for_other_nodes_answers_each_person_as_it_answers_a_stranger(
    role: Role, setting: Setting, operations: list[Address], tried: Tried
) -> None:
    stand = Stand(role, sorted(POSTS[role].sectors & set(SIDES) or SIDES)[0], Relation.TEAM)
    for_nodes = [one for one in operations if one.name.startswith("api:")]
    stranger = setting.callers["nobody"].client

    with standing_as(stand, setting.world.ana) as client:
        hers = [_said_by_node(client, one, content) for one in for_nodes for content in RUBBISH]
        theirs = [_said_by_node(stranger, one, content) for one in for_nodes for content in RUBBISH]
        unknown = setting.peers["stranger"].envelope(said_by(Move.PROPOSE), "e" * 32)
        known = setting.peers["honest"].envelope(said_by(Move.PROPOSE), "d" * 32)
        signed = [
            client.post("/api/v1/envelopes", one, "application/octet-stream") for one in (unknown, known)
        ]

    tried(len(hers) + 2, f"operations for nodes as {role}")
    assert hers == theirs
    assert [answer.status_code for answer in signed] == [403, 200]


def _said_by_node(client: Client, address: Address, content: bytes) -> tuple[int, str]:
    """Return status and public code; the signed refusal beside it has a time of its own."""
    verb = "GET" if address.name == "api:trust-list" else "POST"
    answer = client.generic(verb, address.path, content, "application/octet-stream")
    json = answer.headers["Content-Type"].startswith("application/json")
    return answer.status_code, str(answer.json().get("code")) if json else answer.content.decode()
