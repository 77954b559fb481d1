"""Try to do alone, in every way one can think of, what needs two people: nothing may succeed.

By pages, direct calls, commands, SQL; as proposer, as the person concerned, as one person with two accounts; again
after it was done. K4 of the test programme.
"""

import argparse
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.db import DatabaseError, transaction
from pytest_django.fixtures import Settings

from amparo.access.actions import NotAlone, invite_person
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.invitations import InvitationShut, found_person, make_link
from amparo.access.key_changes import CEREMONY, DESTROY_OLD, NEW_KEY, propose_key_change
from amparo.access.keys import key_provider
from amparo.access.models import Change, Invitation, Person
from amparo.access.people_changes import propose_renewal, propose_role
from amparo.access.rules import Actor, NotAllowed, Role
from amparo.access.two_persons import TwoNeeded, confirm_change
from amparo.base.clock import now
from amparo.keys.rules import Asker
from amparo.node import keys_commands
from amparo.node.people_commands import run
from tests.access.people import (
    a_supervisor,
    acting,
    an_administrator,
    confirm,
    propose_somebody,
)
from tests.desk.people import PASSWORD, a_person
from tests.factories import agency
from tests.trust.conftest import Tried

pytestmark = [pytest.mark.trust("K4"), pytest.mark.django_db]
REFUSED = (TwoNeeded, NotAllowed, NotAlone, InvitationShut, DatabaseError)
Propose = Callable[[Person, Person], UUID]


@pytest.fixture(autouse=True)
def _a_real_node(settings: Settings) -> None:
    """A node with real people: what a demonstration may do alone, it may not."""
    settings.DEMONSTRATION = False


def _invite(first: Person, _person: Person) -> UUID:
    return propose_somebody(first)


def _supervise(first: Person, person: Person) -> UUID:
    return _role(first, person, Role.SUPERVISOR)


def _administer(first: Person, person: Person) -> UUID:
    return _role(first, person, Role.ADMINISTRATOR)


def _role(first: Person, person: Person, role: Role) -> UUID:
    with acting(first) as actor:
        return propose_role(person=person.pk, role=role, by=actor)


def _renew(first: Person, person: Person) -> UUID:
    with acting(first) as actor:
        return propose_renewal(person=person.pk, by=actor)


def _new_key(first: Person, _person: Person) -> UUID:
    with acting(first) as actor:
        return propose_key_change(kind=NEW_KEY, by=actor)


def _destroy_keys(first: Person, _person: Person) -> UUID:
    with acting(first) as actor:
        return propose_key_change(kind=DESTROY_OLD, by=actor)


def _ceremony(first: Person, _person: Person) -> UUID:
    with acting(first) as actor:
        return propose_key_change(kind=CEREMONY, by=actor)


def _held() -> list[str]:
    return key_provider().key_ids(Asker(SYSTEM.id, "system", "test"))


ACTS: dict[str, Propose] = {
    "new key": _new_key,
    "destroy keys": _destroy_keys,
    "ceremony": _ceremony,
    "invite": _invite,
    "supervisor": _supervise,
    "administrator": _administer,
    "second factor": _renew,
}


def _twin(person: Person, **other: object) -> Person:
    """Return a second account of the same person, as far as it can be known."""
    twin = a_person(Role.SUPERVISOR, "mx-proteccion", "Otra Prueba")
    for name, value in other.items():
        setattr(twin, name, value)
    twin.save()
    return twin


def _alone(first: Person, person: Person, change: UUID) -> dict[str, Callable[[], object]]:
    """Every way in which one person tries to have her own proposal."""
    local, _, domain = first.email.partition("@")
    with acting(first) as actor:
        me = actor
    return {
        "confirms herself": lambda: confirm(change, first),
        "direct call in another role": lambda: _as(replace(me, role=Role.SUPERVISOR), change),
        "direct call for another agency": lambda: _as(replace(me, agency_id=UUID(int=3)), change),
        "direct call as the system": lambda: _as(SYSTEM, change),
        "direct call as somebody who is not": lambda: _as(replace(me, id=UUID(int=9)), change),
        "with a tag in her e-mail": lambda: confirm(change, _twin(first, email=f"{local}+dos@{domain}")),
        "with dots in her e-mail": lambda: confirm(
            change, _twin(first, email=f"{local[0]}.{local[1:]}@{domain}")
        ),
        "with her name on another account": lambda: confirm(change, _twin(first, name=first.name.upper())),
        "through a closed account": lambda: confirm(change, _twin(first, is_active=False)),
        "through the person concerned": lambda: confirm(change, _as_supervisor(person)),
        "by SQL": lambda: _by_sql(change, first.pk, first.pk),
        "by SQL in another's name": lambda: _by_sql(change, first.pk, a_supervisor("Inés Prueba").pk),
    }


def _as(actor: Actor, change: UUID) -> None:
    with acting_as(actor):
        confirm_change(change=change, by=actor)


def _as_supervisor(person: Person) -> Person:
    """Return the person concerned with an account that could confirm, of the same mailbox."""
    twin = a_person(Role.SUPERVISOR, "mx-proteccion", "Otra Prueba")
    twin.email = person.email.replace("@", "+yo@")
    twin.save()
    return twin if Change.objects.filter(subject=person).exists() else a_person()


def _by_sql(change: UUID, acting_id: UUID, settled_by: UUID) -> None:
    with acting_as(Person.objects.select_related("agency").get(pk=acting_id).as_actor()):
        Change.objects.filter(pk=change).update(state="confirmed", settled_by=settled_by, settled_at=now())


def _done(change: UUID) -> bool:
    return Change.objects.filter(pk=change, state="confirmed").exists()


@pytest.mark.parametrize("act", sorted(ACTS))
def test_nobody_does_it_alone(act: str, tried: Tried) -> None:
    first, person = an_administrator(), a_person(name="Eva Prueba")
    held = _held()
    change = ACTS[act](first, person)
    ways = _alone(first, person, change)
    got: list[str] = []

    for way, attempt in ways.items():
        with suppress(*REFUSED), transaction.atomic():
            attempt()
            got.append(way)

    tried(len(ways), f"ways to do alone: {act}")
    assert (got, _done(change)) == ([], False)
    assert Person.objects.get(pk=person.pk).role == "caseworker"
    assert not Invitation.objects.exists()
    assert _held() == held


@pytest.mark.parametrize("act", sorted(ACTS))
def test_a_confirmation_is_not_used_again(act: str, tried: Tried) -> None:
    first, second, person = an_administrator(), a_supervisor(), a_person(name="Eva Prueba")
    change = ACTS[act](first, person)
    confirm(change, second)
    made = Invitation.objects.count()
    again = 0

    for by in (second, first, a_supervisor("Inés Prueba")):
        with suppress(*REFUSED), transaction.atomic():
            confirm(change, by)
            again += 1

    tried(3, f"replays of a confirmation: {act}")
    assert (again, Invitation.objects.count()) == (0, made)


def test_no_role_changes_by_sql_nor_does_another_agency(tried: Tried) -> None:
    first, second, person = an_administrator(), a_supervisor(), a_person(name="Eva Prueba")
    confirm(_supervise(first, person), second)
    got = []

    for role in ("administrator", "caseworker", "first-contact"):
        with suppress(DatabaseError), transaction.atomic():
            got += [role] * Person.objects.filter(pk=person.pk).update(role=role)
    with suppress(DatabaseError), transaction.atomic():
        got += ["agency"] * Person.objects.filter(pk=person.pk).update(agency=_another_agency())

    tried(4, "roles and agencies written by SQL")
    assert got == []


@pytest.mark.django_db(transaction=True)
def test_a_confirmation_of_before_lets_no_role_come_back_by_sql(tried: Tried) -> None:
    first, second, person = an_administrator(), a_supervisor(), a_person(name="Eva Prueba")
    confirm(_supervise(first, person), second)
    confirm(_role(first, person, Role.CASEWORKER), second)

    with pytest.raises(DatabaseError):
        Person.objects.filter(pk=person.pk).update(role="supervisor")

    tried(1, "an old confirmation used by SQL")


def _another_agency() -> UUID:
    return agency("mx-albergue").pk


@pytest.mark.parametrize("role", ["supervisor", "administrator", "caseworker"])
def test_no_command_makes_an_account_where_two_people_could(role: str, tried: Tried) -> None:
    an_administrator()
    a_supervisor()
    before = Person.objects.count()
    asked = {"email": "sola@example.org", "name": "Sola", "agency": "mx-proteccion", "role": Role(role)}

    with pytest.raises(NotAlone):
        invite_person(password=PASSWORD, **asked)  # type: ignore[arg-type]
    with pytest.raises(NotAlone):
        found_person(**asked)  # type: ignore[arg-type]

    tried(2, "accounts by command")
    assert (Person.objects.count(), Invitation.objects.count()) == (before, 0)


def test_closing_accounts_gives_nobody_the_right_to_make_new_ones_alone(tried: Tried) -> None:
    for one in (an_administrator(), a_supervisor()):
        one.is_active = False
        one.save()

    with pytest.raises(NotAlone):
        found_person(email="sola@example.org", name="Sola", agency="mx-proteccion", role=Role.ADMINISTRATOR)

    tried(1, "accounts by command after closing all")


def test_who_confirmed_cannot_also_take_the_link(tried: Tried) -> None:
    first, second = an_administrator(), an_administrator("Berta Prueba")
    confirm(propose_somebody(first), second)

    with acting(second) as actor, pytest.raises(InvitationShut):
        make_link(invitation=Invitation.objects.get().pk, by=actor)

    tried(1, "link and code in one hand")


def test_a_second_factor_falls_only_when_two_say_so(tried: Tried) -> None:
    first, second, person = an_administrator(), a_supervisor(), a_person(name="Eva Prueba")
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    change = _renew(first, person)
    kept = Authenticator.objects.filter(user=person).count()

    confirm(change, second)

    tried(1, "second factors taken away")
    assert (kept, Authenticator.objects.filter(user=person).count()) == (1, 0)


def test_no_command_of_the_keys_changes_one_alone() -> None:
    parser = argparse.ArgumentParser()
    keys_commands.add_arguments(parser)

    for word in ("new", "destroy-old", "retire"):
        with pytest.raises(SystemExit):
            parser.parse_args([word])


def test_no_command_confirms() -> None:
    from amparo.cli import ROOMS
    from amparo.node import people_commands

    assert run.__module__ == people_commands.__name__
    assert not {act for _room, act in people_commands._ACTS} & {"confirm", "propose", "role", "renew"}
    assert not {"change", "people"} & set(ROOMS)
