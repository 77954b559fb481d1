"""Prove that the migration authority's server has its own few pages and no page, session or account of protection."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from amparo.access.actor import acting_as
from amparo.access.rules import Role
from amparo.cases import queries
from tests.desk.people import PASSWORD, a_browser, a_person
from tests.factories import a_case, an_actor
from tests.safeguards.addresses import patterns

pytestmark = pytest.mark.django_db(transaction=True)
Login = Callable[[], AbstractContextManager[None]]
MARK = "Xochitlmarca"
# Shared by both servers, each for its own people.
COMMON = ("desk:home", "desk:guide", "desk:obligation", "desk:checklist")
VERBS = ("get", "post", "delete")


def _protection_paths(case_id: UUID, common: set[str]) -> Iterator[str]:
    """Yield every address of the protection server that the other one does not have, with a real case in it."""
    for name, _pattern, route in patterns():
        if name not in common:
            yield "/" + _filled(route, case_id)


def _filled(route: str, case_id: UUID) -> str:
    while "<" in route:
        before, _, rest = route.partition("<")
        kind, _, after = rest.partition(">")
        value = str(case_id) if kind == "uuid:case_id" else _value(kind.partition(":")[0])
        route = before + value + after
    return route


def _value(kind: str) -> str:
    return {"uuid": str(uuid4()), "int": "1"}.get(kind, "detain")


def test_no_address_of_protection_is_an_address_of_the_migration_server(migration_login: Login) -> None:
    case_id = a_case(label=MARK)
    with migration_login():
        common = {name for name, _pattern, _route in patterns()}
    paths = list(_protection_paths(case_id, common))

    with migration_login():
        browser = a_browser(Role.MIGRATION_OFFICER, "mx-migracion")
        found = {
            (path, verb): answer.status_code
            for path in paths
            for verb in VERBS
            if (answer := getattr(browser, verb)(path)).status_code != 404 or MARK in answer.content.decode()
        }

    assert len(paths) > 30
    assert found == {}


def test_an_officer_finds_her_own_pages(migration_login: Login) -> None:
    with migration_login():
        browser = a_browser(Role.MIGRATION_OFFICER, "mx-migracion")
        led = browser.get("/").headers["Location"]
        pages = ("/gate/", "/guide/", "/guide/countries/", "/account/2fa/", "/account/sessions/")
        statuses = [browser.get(page).status_code for page in pages]

    assert (led, statuses) == ("/gate/", [200] * 5)


def test_a_stranger_is_asked_to_sign_in_and_reads_the_guide(migration_login: Login) -> None:
    with migration_login():
        asked = Client().get("/gate/")
        guide = Client().get("/guide/")

    assert asked.headers["Location"].startswith("/account/login/")
    assert guide.status_code == 200


def test_the_gate_is_no_page_of_protection() -> None:
    assert a_browser().get("/gate/").status_code == 404


def _enter(email: str) -> tuple[bool, str]:
    browser = Client()
    answer = browser.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    return "_auth_user_id" in browser.session, answer.content.decode()


def test_nobody_comes_in_at_the_door_of_the_other_side(migration_login: Login) -> None:
    caseworker = a_person()
    with migration_login():
        officer = a_person(Role.MIGRATION_OFFICER, "mx-migracion")
        at_the_other_door = _enter(caseworker.email)
        at_her_own = _enter(officer.email)

    assert (at_the_other_door[0], at_her_own[0]) == (False, True)
    assert not _enter(officer.email)[0]


def test_the_door_says_where_the_other_one_is_whether_or_not_the_account_exists(
    migration_login: Login,
) -> None:
    known = a_person().email
    with migration_login():
        pages = [_enter(email)[1].replace(email, "") for email in (known, "nobody-here@example.org")]

    here, there = (page.split("<main")[1] for page in pages)
    assert settings.HOME.profile.url in here
    assert _without_token(here) == _without_token(there)


def _without_token(page: str) -> str:
    return "".join(part for part in page.split("<") if "csrfmiddlewaretoken" not in part)


def test_a_sign_in_of_one_server_opens_nothing_at_the_other(migration_login: Login) -> None:
    browser = a_browser()
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value

    with migration_login():
        carried = Client()
        carried.cookies[settings.SESSION_COOKIE_NAME] = session
        answer = carried.get("/gate/")

    assert answer.status_code == 302
    assert browser.get("/day/").status_code == 200


def test_a_look_at_the_gate_is_on_the_childs_list_of_readers(migration_login: Login) -> None:
    case_id, worker = a_case(), an_actor()
    with acting_as(worker):
        reference = queries.case_for(worker, case_id, purpose="casework").reference
    with migration_login():
        a_browser(Role.MIGRATION_OFFICER, "mx-migracion").post("/gate/", {"reference": reference})

    page = a_browser(language="en").get(reverse("desk:readers", args=[case_id])).content.decode()

    assert "five facts that the migration authority may see" in page


def test_the_server_holds_no_key(migration_login: Login) -> None:
    from amparo.access.keys import KeysNotHere, node_keyring

    with migration_login(), pytest.raises(KeysNotHere):
        node_keyring()
