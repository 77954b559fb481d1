"""Show that keys change when two people say so, never by a command alone, and that a ceremony is decided first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.key_changes import (
    CEREMONY,
    DESTROY_OLD,
    NEW_KEY,
    CeremonyUndecided,
    propose_key_change,
)
from amparo.access.keys import key_provider
from amparo.access.models import AgencySeal, Change
from amparo.access.rules import NotAllowed, Role
from amparo.access.two_persons import TwoNeeded
from amparo.base.clock import now
from amparo.keys.rules import Asker
from amparo.keys.wrapping import read_wrapping, with_new_key, write_wrapping
from amparo.node.home import PROFILES, Home, make_home
from amparo.node.key_files import make_key_files
from tests.access.people import a_supervisor, acting, an_administrator, confirm
from tests.desk.people import a_browser, a_person
from tests.factories.sealed import a_ceremony, an_officer

pytestmark = pytest.mark.django_db


def _newest() -> str:
    return key_provider().key_ids(Asker(SYSTEM.id, "system", "test"))[-1]


def _propose(kind: str, by: Role = Role.ADMINISTRATOR) -> tuple[object, Change]:
    person = a_person(by, name="Alba Prueba")
    with acting(person) as actor:
        change = propose_key_change(kind=kind, by=actor)
    return person, Change.objects.get(pk=change)


def test_two_people_make_a_new_key_and_the_proposer_alone_does_not() -> None:
    before, first = _newest(), an_administrator()
    with acting(first) as actor:
        change = propose_key_change(kind=NEW_KEY, by=actor)

    with pytest.raises(TwoNeeded, match="proposer"):
        confirm(change, first)
    still = _newest()
    confirm(change, a_supervisor())

    assert still == before
    assert _newest() != before


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.SUPERVISOR}))
def test_no_other_role_proposes_a_change_of_keys(role: Role) -> None:
    from tests.factories import an_actor

    actor = an_actor(role)

    with pytest.raises(NotAllowed), acting_as(actor):
        propose_key_change(kind=NEW_KEY, by=actor)


def test_oversight_may_confirm_and_the_page_says_what_it_is() -> None:
    _propose(NEW_KEY)
    client = a_browser(Role.OVERSIGHT, "mx-supervision", language="en")

    page = client.get("/changes/").content.decode()

    assert "Make a new key that locks from now on" in page


def test_a_ceremony_waits_until_two_people_have_decided_it_and_is_held_once(settings: Settings) -> None:
    settings.DEMONSTRATION = False
    holder = an_officer()
    with pytest.raises(CeremonyUndecided, match="Two people of mx-proteccion"):
        a_ceremony(holder)
    _, change = _propose(CEREMONY)
    with pytest.raises(CeremonyUndecided):
        a_ceremony(holder)
    confirm(change.pk, a_supervisor())

    a_ceremony(holder)
    with acting_as(SYSTEM):
        assert AgencySeal.objects.update(rotate_since=now()) == 1

    with pytest.raises(CeremonyUndecided):
        a_ceremony(holder)


def test_the_page_shows_names_of_keys_and_no_key_and_proposes() -> None:
    client = a_browser(Role.ADMINISTRATOR, language="en")

    page = client.get("/keys/").content.decode()
    said = client.post(f"/keys/{NEW_KEY}/", follow=True).content.decode()

    assert _newest() in page
    assert "Nothing changes before another person confirms it" in said
    assert Change.objects.get().kind == NEW_KEY
    assert client.get(f"/keys/{NEW_KEY}/").status_code == 200
    assert client.post("/keys/other/").status_code == 404
    assert a_browser(Role.CASEWORKER).get("/keys/").status_code == 403


def test_nothing_to_destroy_destroys_nothing() -> None:
    _, change = _propose(DESTROY_OLD)
    before = key_provider().key_ids(Asker(SYSTEM.id, "system", "test"))

    confirm(change.pk, a_supervisor())

    assert key_provider().key_ids(Asker(SYSTEM.id, "system", "test")) == before


@pytest.fixture
def real(tmp_path: Path) -> Home:
    """The home of a node that is no demonstration, without a database."""
    text = (PROFILES / "mx.yaml").read_text(encoding="utf-8")
    profile = tmp_path / "real.yaml"
    profile.write_text(text.replace("demonstration: true", "demonstration: false"), encoding="utf-8")
    home = make_home(tmp_path / "home", profile)
    make_key_files(home, now())
    return home


def _keys(home: Home, act: str) -> tuple[int, str]:
    """Run `amparo keys` as whoever runs that node does; return its exit code and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "amparo", "keys", act],
        env=os.environ | {"AMPARO_HOME": str(home.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_no_command_of_a_real_node_makes_a_key_and_it_says_who_does(real: Home) -> None:
    before = real.wrapping_keys.read_bytes()

    code, said = _keys(real, "rotate")

    assert code == 1
    assert "two people decide this" in said
    assert "amparo keys rewrap" in said
    assert real.wrapping_keys.read_bytes() == before


def test_status_says_which_key_wraps_and_which_only_open(real: Home) -> None:
    path = real.wrapping_keys
    write_wrapping(with_new_key(read_wrapping(path), now()), path)
    old, newest = (one.id.hex() for one in read_wrapping(path).keys)

    _code, said = _keys(real, "status")

    lines = said.splitlines()
    assert lines[0].startswith(f"  only opens   {old}")
    assert lines[1] == f"  wraps now    {newest}"


def test_a_lost_key_file_is_named_with_what_to_do_and_none_is_made(real: Home) -> None:
    real.wrapping_keys.unlink()

    code, said = _keys(real, "status")

    assert code == 1
    assert str(real.wrapping_keys) in said
    assert "bring it back from the backup of keys" in said
    assert not real.wrapping_keys.exists()
