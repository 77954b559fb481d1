"""Let an officer open her own key for her session, use it, and lock it again.

Her private half is kept only encrypted under a random key that her cookie carries: the database alone opens nothing,
nor does the cookie alone, and every worker process can serve her. Idle for ten minutes it is gone. Decision: 0022.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.core import signing

from amparo.access import audit, models
from amparo.access.events import Event
from amparo.access.rules import Actor
from amparo.access.sealed import SealTampered
from amparo.access.sealed_rules import IDLE, Tries, is_idle
from amparo.base import seal
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.base.passphrase import offered_passphrase, passphrase_refusals, plain_passphrase

_OFFERED = "amparo.sealed.offered"


class PassphraseWrong(Exception):
    """The passphrase does not open her key; `left` tries before she has to wait."""

    def __init__(self, left: int) -> None:
        super().__init__("This passphrase does not open your key.")
        self.left = left


class MustWait(Exception):
    """Too many wrong passphrases; nothing is tried before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__("Too many wrong passphrases; wait before the next.")
        self.until = until


class NoOfficerKey(Exception):
    """She has set no passphrase yet."""


class PassphraseWeak(Exception):
    """A passphrase of her own is too weak; `because` holds the codes of `passphrase_refusals`."""

    def __init__(self, because: list[str]) -> None:
        super().__init__("This passphrase is too easy to guess.")
        self.because = because


class SealedLocked(Exception):
    """Her key is not open in this session, or was left alone for ten minutes."""


@dataclass(frozen=True, repr=False)
class Opened:
    """An officer's key while one request uses it; `privates` opens what is sealed to her agency, by key id."""

    person: UUID
    seed: bytes
    privates: Mapping[str, bytes] = field(default_factory=dict)


def offer() -> tuple[str, str]:
    """Return a fresh passphrase and a proof that we offered it; the proof holds a digest alone."""
    text = offered_passphrase()
    return text, signing.dumps(_digest(text), salt=_OFFERED)


def set_passphrase(*, by: Actor, passphrase: str, proof: str = "", opened: Opened | None = None) -> None:
    """Give an officer a key under a passphrase, or change the passphrase of the key she has open.

    Without `opened` a fresh pair is made, and whatever the former one was granted is over: somebody lets her in again.

    Raises:
        NotAllowed: this role opens nothing that is sealed.
        PassphraseWeak: it is her own and too weak.
    """
    audit.require(by, "sealed.key")
    text = plain_passphrase(passphrase)
    if not _was_offered(text, proof) and (because := passphrase_refusals(text)):
        raise PassphraseWeak(because)
    pair = seal.seal_keys_from(opened.seed) if opened else seal.new_seal_keys()
    salt = seal.new_salt()
    wrapped = seal.wrap_key(seal.stretch(text, salt), pair.private, context=f"officer-key:{by.id}")
    models.OfficerKey.objects.update_or_create(
        person_id=by.id,
        defaults={
            "agency_id": by.body, "public": pair.public, "salt": salt, "wrapped": wrapped, "made_at": now(),
            "wrong_tries": 0, "wait_until": None,
        },
    )  # fmt: skip
    if opened is None:
        _end_grants(by)
    models.OpenSeal.objects.filter(person_id=by.id).delete()
    audit.record(Event.SEALED_OFFICER_KEY_SET, by=by, subject=audit.subject_of("person", by.id))


def unlock(*, by: Actor, session: str, passphrase: str) -> str:
    """Open her own key for this session; return what her cookie must carry, and nothing else may keep.

    Not undone when it fails: the wrong try is counted and stands on the trail.

    Raises:
        NotAllowed, NoOfficerKey, MustWait, PassphraseWrong.
    """
    audit.require(by, "sealed.key")
    row = models.OfficerKey.objects.select_for_update().filter(person_id=by.id).first()
    if row is None:
        raise NoOfficerKey("Set your passphrase first.")
    tries, at = Tries(row.wrong_tries, row.wait_until), now()
    if tries.must_wait(at):
        raise MustWait(row.wait_until or at)
    seed = _unwrapped(row, passphrase)
    if seed is None:
        _count(row, tries.after_wrong(at), by)
        raise PassphraseWrong(tries.after_wrong(at).left if tries.left > 1 else 0)
    _count(row, Tries(0, None))
    return keep_open(by=by, session=session, seed=seed)


def keep_open(*, by: Actor, session: str, seed: bytes) -> str:
    """Keep an officer's private half open for one session, however she unlocked it; return what her cookie carries."""
    audit.require(by, "sealed.key")
    models.OpenSeal.objects.filter(person_id=by.id, session=_name_of(session)).delete()
    models.OpenSeal.objects.filter(person_id=by.id, used_at__lt=now() - IDLE).delete()
    key, row_id, at = seal.new_key(), uuid7(), now()
    models.OpenSeal.objects.create(
        id=row_id, person_id=by.id, session=_name_of(session), opened_at=at, used_at=at,
        sealed=seal.wrap_key(key, seed, context=_context(row_id, by.id, session)),
    )  # fmt: skip
    audit.record(Event.SEALED_UNLOCKED, by=by, subject=audit.subject_of("person", by.id))
    return seal.to_text(key)


def opened_keys(*, by: Actor, session: str, cookie: str) -> Opened:
    """Return the keys that are open in this session, and let them last ten minutes more.

    Raises:
        SealedLocked: nothing is open here.
        SealTampered: a pair in the database is not the one that was granted.
    """
    seed = _seed_of(by, session, cookie)
    return Opened(by.id, seed, _privates_of(by, seed))


def is_open(*, by: Actor, session: str, cookie: str) -> bool:
    """Test whether her key is open in this session, without lengthening its time."""
    row = _row_of(by, session)
    return (
        row is not None
        and not is_idle(row.used_at, at=now())
        and _decrypted(row, session, cookie) is not None
    )


def lock(*, by: Actor, session: str = "") -> bool:
    """Forget her open key, in this session or in all of hers; False where none was open."""
    rows = models.OpenSeal.objects.filter(person_id=by.id)
    gone, _ = (rows.filter(session=_name_of(session)) if session else rows).delete()
    if gone:
        audit.record(Event.SEALED_LOCKED, by=by, subject=audit.subject_of("person", by.id))
    return bool(gone)


def _unwrapped(row: models.OfficerKey, passphrase: str) -> bytes | None:
    slow = seal.stretch(plain_passphrase(passphrase), bytes(row.salt))
    try:
        return seal.unwrap_key(slow, bytes(row.wrapped), context=f"officer-key:{row.person_id}")
    except seal.SealBroken:
        return None


def _count(row: models.OfficerKey, tries: Tries, wrong_by: Actor | None = None) -> None:
    row.wrong_tries, row.wait_until = tries.wrong, tries.wait_until
    row.save(update_fields=["wrong_tries", "wait_until"])
    if wrong_by is not None:
        subject = audit.subject_of("person", wrong_by.id)
        audit.record(Event.SEALED_UNLOCK_FAILED, by=wrong_by, subject=subject, allowed=False)


def _seed_of(by: Actor, session: str, cookie: str) -> bytes:
    row = _row_of(by, session)
    if row is None:
        raise SealedLocked("Unlock with your passphrase first.")
    if is_idle(row.used_at, at=now()):
        row.delete()
        raise SealedLocked("Left alone for ten minutes; unlock again.")
    seed = _decrypted(row, session, cookie)
    if seed is None:
        raise SealedLocked("This browser does not hold the other half; unlock again.")
    row.used_at = now()
    row.save(update_fields=["used_at"])
    return seed


def _row_of(by: Actor, session: str) -> models.OpenSeal | None:
    return (
        models.OpenSeal.objects.filter(person_id=by.id, session=_name_of(session)).first()
        if session
        else None
    )


def _decrypted(row: models.OpenSeal, session: str, cookie: str) -> bytes | None:
    try:
        key = seal.from_text(cookie)
        return seal.unwrap_key(key, bytes(row.sealed), context=_context(row.pk, row.person_id, session))
    except (seal.SealBroken, seal.KeyUnusable):
        return None


def _privates_of(by: Actor, seed: bytes) -> dict[str, bytes]:
    """Open every pair that was granted to her; each must be the one whose public half the agency seals to."""
    rows = models.SealGrant.objects.filter(person_id=by.id, ended_at=None, wrapped__isnull=False)
    privates = {}
    for grant in rows.select_related("seal"):
        try:
            private = seal.open_sealed(
                seed, bytes(grant.wrapped or b""), info=grant_info(grant.seal.key_id, by.id)
            )
        except seal.SealBroken:
            raise SealTampered("A grant does not open with the key it was made for.") from None
        if seal.seal_keys_from(private).public != bytes(grant.seal.public):
            raise SealTampered("The public half of the agency's pair was exchanged.")
        privates[grant.seal.key_id] = private
    return privates


def grant_info(key_id: str, person: UUID) -> bytes:
    """Return what binds a granted private half to its pair and its officer."""
    return f"amparo/p3-grant|{key_id}|{person}".encode()


def _end_grants(by: Actor) -> None:
    rows = models.SealGrant.objects.filter(person_id=by.id, ended_at=None)
    rows.update(wrapped=None, ended_by=by.id, ended_at=now())


def _was_offered(text: str, proof: str) -> bool:
    try:
        return bool(proof) and signing.loads(proof, salt=_OFFERED, max_age=3600) == _digest(text)
    except signing.BadSignature:
        return False


def _digest(text: str) -> str:
    return seal.file_digest(plain_passphrase(text).encode())


def _name_of(session: str) -> str:
    return hashlib.sha256(session.encode()).hexdigest()


def _context(row_id: UUID, person: UUID, session: str) -> str:
    return f"open-seal:{row_id}:{person}:{_name_of(session)}"
