"""Open, lock, grant, end, recover and drill the keys of class P3, and try each way around them."""

from datetime import timedelta

import pytest

from amparo.access import models
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.events import Event
from amparo.access.rules import NotAllowed, Role
from amparo.access.sealed import SealTampered, open_with, seal_for
from amparo.access.sealed_rules import IDLE, TRIES
from amparo.access.sealed_session import (
    MustWait,
    NoOfficerKey,
    PassphraseWeak,
    PassphraseWrong,
    SealedLocked,
    is_open,
    lock,
    offer,
    opened_keys,
    set_passphrase,
    unlock,
)
from amparo.base import seal
from amparo.base.clock import now
from tests.factories import agency, an_actor
from tests.factories.sealed import PASSPHRASE, Officer, a_ceremony, an_officer

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


# Her own key


def test_an_officer_who_was_let_in_reads_what_is_sealed_to_her_agency() -> None:
    officer = an_officer()
    a_ceremony(officer)

    key_id, content = _sealed()

    assert _reads(officer, key_id, content) == WORDS
    assert b"nadie" not in content
    assert (_trail(Event.SEALED_UNLOCKED), _trail(Event.SEALED_KEY_MADE)) == (1, 1)


def test_what_is_sealed_opens_in_its_own_place_only() -> None:
    officer = an_officer()
    a_ceremony(officer)
    key_id, content = _sealed("entry:1")

    with pytest.raises(SealTampered):
        _reads(officer, key_id, content, "entry:2")


def test_without_a_pair_nothing_is_sealed_and_the_caller_is_told() -> None:
    with acting_as(SYSTEM):
        assert seal_for(agency(CODE).pk, WORDS, place="entry:1") is None


def test_half_of_what_opens_is_in_the_cookie_and_half_in_the_database() -> None:
    officer = an_officer()
    with acting_as(officer.actor):
        cookie = unlock(by=officer.actor, session="one", passphrase=PASSPHRASE)
        other = seal.to_text(seal.new_key())

        assert is_open(by=officer.actor, session="one", cookie=cookie)
        for session, half in (("one", other), ("one", ""), ("one", "%%"), ("two", cookie), ("", cookie)):
            assert not is_open(by=officer.actor, session=session, cookie=half)
            with pytest.raises(SealedLocked):
                opened_keys(by=officer.actor, session=session, cookie=half)
        models.OpenSeal.objects.all().delete()
        with pytest.raises(SealedLocked):
            opened_keys(by=officer.actor, session="one", cookie=cookie)


def test_the_cookie_of_one_officer_opens_nothing_for_another() -> None:
    one, other = an_officer(), an_officer()
    with acting_as(one.actor):
        cookie = unlock(by=one.actor, session="one", passphrase=PASSPHRASE)

    with acting_as(other.actor), pytest.raises(SealedLocked):
        opened_keys(by=other.actor, session="one", cookie=cookie)


def test_an_open_key_left_alone_for_ten_minutes_is_gone_and_one_in_use_lasts() -> None:
    officer = an_officer()
    with acting_as(officer.actor):
        cookie = unlock(by=officer.actor, session="one", passphrase=PASSPHRASE)
        rows = models.OpenSeal.objects.filter(person=officer.actor.id)
        rows.update(used_at=now() - IDLE + timedelta(seconds=30))
        opened_keys(by=officer.actor, session="one", cookie=cookie)

        renewed = rows.get().used_at
        rows.update(used_at=now() - IDLE)

        assert now() - renewed < timedelta(minutes=1)
        assert not is_open(by=officer.actor, session="one", cookie=cookie)
        with pytest.raises(SealedLocked):
            opened_keys(by=officer.actor, session="one", cookie=cookie)
        assert not rows.exists()


def test_locking_forgets_this_session_or_all_of_them() -> None:
    officer = an_officer()
    with acting_as(officer.actor):
        for session in ("one", "two"):
            unlock(by=officer.actor, session=session, passphrase=PASSPHRASE)

        lock(by=officer.actor, session="one")
        left = models.OpenSeal.objects.count()
        lock(by=officer.actor)

        assert (left, models.OpenSeal.objects.count()) == (1, 0)
        assert not lock(by=officer.actor)
        assert _trail(Event.SEALED_LOCKED) == 2


def test_five_wrong_passphrases_make_one_wait_even_with_the_right_one() -> None:
    officer = an_officer()
    left = []
    with acting_as(officer.actor):
        for _ in range(TRIES):
            with pytest.raises(PassphraseWrong) as wrong:
                unlock(by=officer.actor, session="one", passphrase="otra frase que no es")
            left.append(wrong.value.left)
        with pytest.raises(MustWait) as waits:
            unlock(by=officer.actor, session="one", passphrase=PASSPHRASE)

        assert left == [4, 3, 2, 1, 0]
        assert waits.value.until > now() + timedelta(minutes=14)
        assert _trail(Event.SEALED_UNLOCK_FAILED) == TRIES
        models.OfficerKey.objects.update(wait_until=now())
        assert unlock(by=officer.actor, session="one", passphrase=PASSPHRASE.upper())
        assert models.OfficerKey.objects.get().wrong_tries == 0


def test_nobody_opens_without_a_passphrase_and_a_weak_one_is_refused() -> None:
    officer = an_officer(keyed=False)
    with acting_as(officer.actor):
        with pytest.raises(NoOfficerKey):
            unlock(by=officer.actor, session="one", passphrase=PASSPHRASE)
        with pytest.raises(PassphraseWeak):
            set_passphrase(by=officer.actor, passphrase="mesa luna sopa rata")
        text, proof = offer()
        with pytest.raises(PassphraseWeak):
            set_passphrase(by=officer.actor, passphrase="mesa luna sopa rata", proof=proof)
        set_passphrase(by=officer.actor, passphrase=text, proof=proof)

        assert unlock(by=officer.actor, session="one", passphrase=text)


def test_changing_the_passphrase_keeps_what_she_may_open_and_a_forgotten_one_begins_anew() -> None:
    officer = an_officer()
    a_ceremony(officer)
    key_id, content = _sealed()
    opened, new = officer.unlocks(), "otras cuatro palabras distintas y largas"
    with acting_as(officer.actor):
        set_passphrase(by=officer.actor, passphrase=new, opened=opened)
        cookie = unlock(by=officer.actor, session="two", passphrase=new)
        kept = opened_keys(by=officer.actor, session="two", cookie=cookie)
        set_passphrase(by=officer.actor, passphrase=PASSPHRASE)
        cookie = unlock(by=officer.actor, session="three", passphrase=PASSPHRASE)
        anew = opened_keys(by=officer.actor, session="three", cookie=cookie)

    assert open_with(kept.privates[key_id], key_id, content, place="entry:1") == WORDS
    assert anew.privates == {}


@pytest.mark.parametrize(
    "role", [Role.FIRST_CONTACT, Role.ADMINISTRATOR, Role.MIGRATION_OFFICER, Role.SYSTEM]
)
def test_other_roles_have_no_key_at_all(role: Role) -> None:
    somebody = SYSTEM if role is Role.SYSTEM else an_actor(role)

    with acting_as(somebody), pytest.raises(NotAllowed):
        set_passphrase(by=somebody, passphrase=PASSPHRASE)


def test_an_exchanged_public_half_is_noticed() -> None:
    officer = an_officer()
    a_ceremony(officer)
    with acting_as(officer.actor):
        models.AgencySeal.objects.update(public=seal.new_seal_keys().public)

    with pytest.raises(SealTampered):
        officer.unlocks()
