"""Make an agency's pair for class P3 before three keepers, recover it from two shares, and drill that.

The private half exists only while this runs: it leaves as three shares on paper and sealed to officers' own keys.
Whoever runs the node starts it and must not look at the shares. Decision: 0022.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from amparo.access import audit, models
from amparo.access.actions import agency_of_code
from amparo.access.actor import SYSTEM
from amparo.access.events import Event
from amparo.access.key_changes import require_ceremony_decided
from amparo.access.rules import Sector, may
from amparo.access.sealed_grants import grant_directly
from amparo.access.sealed_rules import How, drill_is_due
from amparo.base import seal
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.base.shares import SHARES, Split, joined_key, number_of, split_key


class SealInUse(Exception):
    """The agency has a pair that nobody asked to replace."""


class OfficersWrong(Exception):
    """An officer named is none of this agency, may not open, or has set no passphrase."""


class KeepersWrong(Exception):
    """Three different people must keep the shares."""


class ShareOfAnother(Exception):
    """A share was made for another pair or agency."""


class NoSeal(Exception):
    """The agency has no pair yet."""


class DrillFailed(Exception):
    """The shares were joined, but what was sealed for the drill did not open."""


@dataclass(frozen=True)
class NodeSeal:
    """How class P3 stands at one agency: when its pair was made and recovery tried, and what is due."""

    agency: str
    made_at: datetime | None
    drilled_at: datetime | None
    due: bool
    rotate: bool


@transaction.atomic
def make_agency_seal(*, agency: str, officers: Sequence[str], keepers: Sequence[str]) -> Split:
    """Make a pair, let the named officers in, retire the former pair; return the shares to show once each.

    Args:
        agency: its code.
        officers: e-mails of those let in beside those who hold the former pair; each has set her passphrase.
        keepers: names of the three people who get a share.

    Raises:
        AgencyUnknown, SealInUse, OfficersWrong, KeepersWrong.
        amparo.access.key_changes.CeremonyUndecided: no two people decided it.
    """
    body = agency_of_code(agency)
    names = [name.strip() for name in keepers]
    if len({name.casefold() for name in names if name}) != SHARES or len(names) != SHARES:
        raise KeepersWrong(f"Name {SHARES} different people who will keep one share each.")
    former = models.AgencySeal.objects.select_for_update().filter(agency=body, retired_at=None).first()
    if former is not None and former.rotate_since is None:
        raise SealInUse(
            f"{agency} has a key made on {former.made_at:%Y-%m-%d}; end somebody's grant to replace it."
        )
    require_ceremony_decided(body)
    keys = _keys_of(body, officers, former)
    pair = seal.new_seal_keys()
    split = split_key(pair.private)
    if former is not None:
        former.retired_at = now()
        former.save(update_fields=["retired_at"])
    row = _kept(body, pair, split, names)
    grant_directly(row, pair.private, keys, How.CEREMONY)
    audit.record(
        Event.SEALED_KEY_MADE, by=SYSTEM, subject=audit.subject_of("agency", body.pk), reasons=(pair.id,)
    )
    return split


@transaction.atomic
def recover(*, agency: str, shares: Sequence[str], officer: str) -> None:
    """Let an officer in with two shares, where nobody who could is left; she has set a passphrase before.

    Raises:
        AgencyUnknown, NoSeal, OfficersWrong, ShareOfAnother.
        amparo.base.shares.ShareMistyped, ShareTwice, SharesApart.
    """
    row, private = _joined(agency, shares)
    grant_directly(row, private, _keys_of(row.agency, [officer], None), How.RECOVERY)
    audit.record(
        Event.SEALED_RECOVERED,
        by=SYSTEM,
        subject=audit.subject_of("agency", row.agency_id),
        reasons=(row.key_id,),
    )


@transaction.atomic
def drill(*, agency: str, shares: Sequence[str]) -> None:
    """Prove that two shares open what is sealed to an agency, without showing anything; its day is kept.

    Raises:
        as `recover`, and DrillFailed.
    """
    row, private = _joined(agency, shares)
    try:
        opened = seal.open_sealed(private, bytes(row.drill), info=_drill_info(row.key_id))
    except seal.SealBroken:
        opened = b""
    if seal.file_digest(opened) != row.drill_sha256:
        raise DrillFailed(
            "The shares are whole, but what was sealed for the drill does not open. Make a new key."
        )
    row.drilled_at = now()
    row.save(update_fields=["drilled_at"])
    audit.record(Event.SEALED_DRILLED, by=SYSTEM, subject=audit.subject_of("agency", row.agency_id))


def seals_of_node() -> list[NodeSeal]:
    """Return how class P3 stands at each agency that leads cases; no key among it."""
    leading = models.Agency.objects.filter(sector=Sector.PROTECTION, lead=None).order_by("code")
    pairs = {row.agency_id: row for row in models.AgencySeal.objects.filter(retired_at=None)}
    return [_stand(body.code, pairs.get(body.pk)) for body in leading]


def _stand(agency: str, row: models.AgencySeal | None) -> NodeSeal:
    if row is None:
        return NodeSeal(agency, None, None, due=True, rotate=False)
    due = drill_is_due(row.made_at, row.drilled_at, at=now())
    return NodeSeal(agency, row.made_at, row.drilled_at, due=due, rotate=row.rotate_since is not None)


def _joined(agency: str, shares: Sequence[str]) -> tuple[models.AgencySeal, bytes]:
    """Return the pair that two shares stand for, in use or former, and its private half."""
    body = agency_of_code(agency)
    rows = list(models.AgencySeal.objects.select_related("agency").filter(agency=body))
    if not rows:
        raise NoSeal(f"{agency} has no key yet; hold the ceremony: amparo p3 ceremony.")
    numbers = {number_of(share) for share in shares}
    if not numbers <= {row.share_number for row in rows}:
        raise ShareOfAnother(f"A share was not made for {agency}.")
    private = joined_key(shares)
    name = seal.seal_keys_from(private).id
    found = next((row for row in rows if row.key_id == name), None)
    if found is None:
        raise ShareOfAnother(f"These shares are whole, but not of a key of {agency}.")
    return found, private


def _kept(body: models.Agency, pair: seal.KeyPair, split: Split, keepers: list[str]) -> models.AgencySeal:
    proof = os.urandom(32)
    return models.AgencySeal.objects.create(
        id=uuid7(), agency=body, key_id=pair.id, public=pair.public, made_at=now(), keepers=keepers,
        share_number=split.number, drill=seal.seal_to(pair.public, proof, info=_drill_info(pair.id)),
        drill_sha256=seal.file_digest(proof),
    )  # fmt: skip


def _keys_of(
    body: models.Agency, emails: Sequence[str], former: models.AgencySeal | None
) -> list[models.OfficerKey]:
    """Return the keys of the officers named and of those who hold the former pair."""
    rows = models.OfficerKey.objects.select_related("person__agency").filter(
        agency=body, person__is_active=True
    )
    named = [_key_of(body, email, rows.filter(person__email=models.People.normalize_email(email)).first())
             for email in emails]  # fmt: skip
    held: set[UUID] = set()
    if former is not None:
        held = set(
            former.grants.filter(ended_at=None, wrapped__isnull=False).values_list("person", flat=True)
        )
    return list({key.person_id: key for key in [*named, *rows.filter(person__in=held)]}.values())


def _key_of(body: models.Agency, email: str, key: models.OfficerKey | None) -> models.OfficerKey:
    if key is None or not may(key.person.as_actor(), "sealed.key"):
        raise OfficersWrong(
            f"{email} is no officer of {body.code} who may open, or has not set her passphrase (My account)."
        )
    return key


def _drill_info(key_id: str) -> bytes:
    return f"amparo/p3-drill|{key_id}".encode()
