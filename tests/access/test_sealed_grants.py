"""Let officers in and out, make, recover and drill the pair of an agency, and try each way around them."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from amparo.access import models
from amparo.access.actions import close_account
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.events import Event
from amparo.access.letting_go import close_person
from amparo.access.people_changes import propose_role
from amparo.access.rules import Role
from amparo.access.sealed import open_with, seal_for
from amparo.access.sealed_ceremony import (
    DrillFailed,
    KeepersWrong,
    NoSeal,
    OfficersWrong,
    SealInUse,
    ShareOfAnother,
    drill,
    make_agency_seal,
    recover,
)
from amparo.access.sealed_grants import GrantRefused, ask_grant, end_grants, give_grant, stand_of
from amparo.access.sealed_session import (
    SealedLocked,
    opened_keys,
    unlock,
)
from amparo.base.clock import now
from amparo.base.shares import SharesApart, ShareTwice
from tests.access.people import a_supervisor, acting, an_administrator, confirm
from tests.factories import agency, an_actor
from tests.factories.sealed import KEEPERS, PASSPHRASE, Officer, a_ceremony, an_officer

pytestmark = pytest.mark.django_db
CODE = "mx-proteccion"
WORDS = {"text": "Lo que nadie debe leer."}


def _sealed(place: str = "entry:1") -> tuple[str, bytes]:
    with acting_as(SYSTEM):
        done = seal_for(agency(CODE).pk, WORDS, place=place)
    assert done is not None
    return done.key_id, done.content


def _reads(officer: Officer, key_id: str, content: bytes, place: str = "entry:1") -> object:
    return open_with(officer.unlocks().privates[key_id], key_id, content, place=place)


def _trail(event: Event) -> int:
    return models.AuditEntry.objects.filter(event=event).count()


# Letting in and out


def test_an_officer_is_let_in_by_one_who_asks_and_another_who_has_the_key_open() -> None:
    holder, asker, new = an_officer(), an_officer(Role.SUPERVISOR), an_officer()
    a_ceremony(holder)
    key_id, content = _sealed()
    with acting_as(asker.actor):
        grant = ask_grant(officer=new.actor.id, by=asker.actor)
    asked_only = new.unlocks().privates
    with acting_as(holder.actor):
        give_grant(grant_id=grant, by=holder.actor, opened=holder.unlocks())

    assert asked_only == {}
    assert _reads(new, key_id, content) == WORDS
    assert (_trail(Event.SEALED_GRANT_ASKED), _trail(Event.SEALED_GRANTED)) == (1, 1)


def test_nobody_is_let_in_by_one_person_nor_by_herself() -> None:
    holder, asker, new = an_officer(), an_officer(Role.SUPERVISOR), an_officer()
    a_ceremony(holder)
    with acting_as(holder.actor):
        own = ask_grant(officer=new.actor.id, by=holder.actor)
        opened = holder.unlocks()
        with pytest.raises(GrantRefused) as same:
            give_grant(grant_id=own, by=holder.actor, opened=opened)
        with pytest.raises(GrantRefused) as twice:
            ask_grant(officer=new.actor.id, by=holder.actor)
    with acting_as(new.actor), pytest.raises(GrantRefused) as herself:
        ask_grant(officer=new.actor.id, by=new.actor)
    with acting_as(asker.actor), pytest.raises(GrantRefused) as closed:
        give_grant(grant_id=own, by=asker.actor, opened=asker.unlocks())
    with acting_as(asker.actor), pytest.raises(GrantRefused) as borrowed:
        give_grant(grant_id=own, by=asker.actor, opened=opened)

    codes = [one.value.reason_codes for one in (same, twice, herself, closed, borrowed)]
    assert codes == [
        ("same-person",),
        ("granted",),
        ("herself", "granted"),
        ("key-not-open",),
        ("key-not-open",),
    ]
    assert new.unlocks().privates == {}


def test_another_agencys_officer_and_one_without_passphrase_are_not_let_in() -> None:
    holder, asker = an_officer(), an_officer(Role.SUPERVISOR)
    a_ceremony(holder)
    elsewhere, bare = an_officer(code="mx-albergue"), an_officer(keyed=False)
    reasons = []
    with acting_as(asker.actor):
        for one in (elsewhere, bare):
            with pytest.raises(GrantRefused) as refused:
                ask_grant(officer=one.actor.id, by=asker.actor)
            reasons.append(refused.value.reason_codes)

    assert reasons == [("other-agency", "no-key"), ("no-key",)]


def test_the_database_takes_no_grant_of_two_people_who_are_one() -> None:
    holder, new = an_officer(), an_officer()
    a_ceremony(holder)
    with acting_as(holder.actor):
        grant = ask_grant(officer=new.actor.id, by=holder.actor)
        row = models.SealGrant.objects.filter(pk=grant)
        for wrong in ({"granted_by": holder.actor.id}, {"granted_by": new.actor.id}, {"granted_by": None}):
            with pytest.raises(IntegrityError), transaction.atomic():
                row.update(wrapped=b"x", granted_at=now(), **wrong)


def test_whoever_is_sent_away_opens_nothing_more_and_the_pair_waits_to_be_replaced() -> None:
    leaving, staying, chief = an_officer(), an_officer(), an_officer(Role.SUPERVISOR)
    a_ceremony(leaving, staying)
    key_id, content = _sealed()
    with acting_as(leaving.actor):
        cookie = unlock(by=leaving.actor, session="open", passphrase=PASSPHRASE)
    with acting_as(chief.actor):
        end_grants(officer=leaving.actor.id, by=chief.actor)
        stand = stand_of(chief.actor)
        with pytest.raises(GrantRefused):
            end_grants(officer=leaving.actor.id, by=chief.actor)

    assert stand.rotate_since is not None
    assert leaving.unlocks().privates == {}
    with acting_as(leaving.actor), pytest.raises(SealedLocked):
        opened_keys(by=leaving.actor, session="open", cookie=cookie)
    assert _reads(staying, key_id, content) == WORDS


def _by_a_colleague(leaving: Officer) -> None:
    with acting(an_administrator()) as actor:
        close_person(person=leaving.actor.id, by=actor)


def _by_command(leaving: Officer) -> None:
    close_account(email=leaving.email)


def _by_another_role(leaving: Officer) -> None:
    with acting(an_administrator()) as actor:
        change = propose_role(person=leaving.actor.id, role=Role.SERVICE_PROVIDER, by=actor)
    confirm(change, a_supervisor())


@pytest.mark.parametrize("leave", [_by_a_colleague, _by_command, _by_another_role])
def test_whoever_loses_account_or_role_loses_her_copies_with_it(leave: Callable[[Officer], None]) -> None:
    leaving, staying = an_officer(), an_officer()
    a_ceremony(leaving, staying)
    leaving.cookie("open")

    leave(leaving)

    with acting_as(SYSTEM):
        grants = models.SealGrant.objects.filter(person_id=leaving.actor.id)
        assert [(bool(one.wrapped), bool(one.ended_at)) for one in grants] == [(False, True)]
        assert not models.OpenSeal.objects.filter(person_id=leaving.actor.id).exists()
        assert models.AgencySeal.objects.get().rotate_since is not None
    assert _trail(Event.SEALED_GRANT_ENDED) == 1
    assert _reads(staying, *_sealed()) == WORDS


def test_a_role_that_opens_too_keeps_its_copies() -> None:
    officer = an_officer()
    a_ceremony(officer)
    with acting(an_administrator()) as actor:
        change = propose_role(person=officer.actor.id, role=Role.SUPERVISOR, by=actor)
    confirm(change, a_supervisor())

    with acting_as(SYSTEM):
        assert models.SealGrant.objects.filter(person_id=officer.actor.id, ended_at=None).exists()


def test_the_next_pair_goes_to_those_who_stay_and_what_was_sealed_before_still_opens_for_them() -> None:
    leaving, staying, chief = an_officer(), an_officer(), an_officer(Role.SUPERVISOR)
    a_ceremony(leaving, staying)
    before = _sealed()
    with acting_as(chief.actor):
        end_grants(officer=leaving.actor.id, by=chief.actor)
    a_ceremony()
    after = _sealed()

    assert before[0] != after[0]
    assert (_reads(staying, *before), _reads(staying, *after)) == (WORDS, WORDS)
    assert leaving.unlocks().privates == {}


def test_somebody_let_in_after_the_pair_was_replaced_reads_what_is_older_too() -> None:
    leaving, holder, asker, new = an_officer(), an_officer(), an_officer(Role.SUPERVISOR), an_officer()
    a_ceremony(leaving, holder)
    before = _sealed()
    with acting_as(asker.actor):
        end_grants(officer=leaving.actor.id, by=asker.actor)
    a_ceremony()
    with acting_as(asker.actor):
        grant = ask_grant(officer=new.actor.id, by=asker.actor)
    with acting_as(holder.actor):
        give_grant(grant_id=grant, by=holder.actor, opened=holder.unlocks())

    assert _reads(new, *before) == WORDS


# Ceremony, recovery, drill


def test_a_ceremony_needs_three_keepers_and_officers_of_the_agency_with_a_passphrase() -> None:
    officer, bare, elsewhere = an_officer(), an_officer(keyed=False), an_officer(code="mx-albergue")
    with acting_as(SYSTEM):
        for keepers in (KEEPERS[:2], ("Ada", "ada ", "Cora"), (*KEEPERS, "Dina"), ("", "Ada", "Beto")):
            with pytest.raises(KeepersWrong):
                make_agency_seal(agency=CODE, officers=[officer.email], keepers=keepers)
        for email in (bare.email, elsewhere.email, "nobody@example.org"):
            with pytest.raises(OfficersWrong):
                make_agency_seal(agency=CODE, officers=[email], keepers=KEEPERS)

        assert not models.AgencySeal.objects.exists()


def test_a_pair_in_use_is_not_replaced_unasked() -> None:
    officer = an_officer()
    a_ceremony(officer)

    with pytest.raises(SealInUse):
        a_ceremony(officer)


def test_two_shares_let_a_new_officer_in_where_nobody_is_left() -> None:
    gone, new = an_officer(), an_officer()
    split = a_ceremony(gone)
    sealed = _sealed()
    with acting_as(SYSTEM):
        recover(agency=CODE, shares=[split.shares[2], split.shares[0]], officer=new.email)

    assert _reads(new, *sealed) == WORDS
    assert _trail(Event.SEALED_RECOVERED) == 1


def test_wrong_shares_recover_nothing_and_say_why() -> None:
    officer, other = an_officer(), an_officer(code="mx-albergue")
    with acting_as(SYSTEM), pytest.raises(NoSeal):
        drill(agency=CODE, shares=["x", "y"])
    ours, theirs = a_ceremony(officer).shares, a_ceremony(other, code="mx-albergue").shares
    with acting_as(SYSTEM):
        for shares, trouble in (
            ([ours[0], ours[0]], ShareTwice),
            ([ours[0], theirs[1]], ShareOfAnother),
            ([theirs[0], theirs[1]], ShareOfAnother),
            ([ours[0]], SharesApart),
        ):
            with pytest.raises(trouble):
                recover(agency=CODE, shares=shares, officer=officer.email)
            with pytest.raises(trouble):
                drill(agency=CODE, shares=shares)


def test_a_drill_proves_that_two_shares_open_and_keeps_its_day() -> None:
    officer = an_officer()
    split = a_ceremony(officer)
    with acting_as(officer.actor):
        before = stand_of(officer.actor)
    with acting_as(SYSTEM):
        drill(agency=CODE, shares=split.shares[1:])
    with acting_as(officer.actor):
        after = stand_of(officer.actor)

    assert (before.drill_due, before.drilled_at) == (True, None)
    assert not after.drill_due
    assert after.keepers == KEEPERS


def test_a_drill_on_what_does_not_open_fails_loudly() -> None:
    split = a_ceremony(an_officer())
    with acting_as(SYSTEM):
        models.AgencySeal.objects.update(drill_sha256="0" * 64)
        with pytest.raises(DrillFailed):
            drill(agency=CODE, shares=split.shares[:2])


# Row security


def test_other_agencies_and_the_migration_side_see_no_key() -> None:
    a_ceremony(an_officer())
    counts = {}
    for who in (an_actor(code="mx-albergue"), an_actor(Role.MIGRATION_OFFICER, "mx-migracion")):
        with acting_as(who):
            counts[who.agency] = (
                models.OfficerKey.objects.count(),
                models.SealGrant.objects.count(),
                models.OpenSeal.objects.count(),
            )

    assert set(counts.values()) == {(0, 0, 0)}
