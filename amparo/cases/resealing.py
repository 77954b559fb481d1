"""Seal to the agency what was kept under the case's own key, and to its new pair what is sealed to a former one.

The first the node can do alone, and then can no more; the second needs an officer who has the former pair open.
Each step may be stopped and begun again. Decision: 0022.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from amparo.access import audit, sealed, vault
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.events import Event
from amparo.access.rules import Actor
from amparo.access.sealed_grants import agencies_with_pair, pair_in_use
from amparo.access.sealed_rules import SEALED_CLASS
from amparo.access.sealed_session import Opened
from amparo.cases import models
from amparo.cases.attachments import files_under_former_pairs, seal_keys_anew
from amparo.cases.sealing import closed_part, opened_part, place_of

_BATCH = 100
# Of an agreement the closed words stay open to the rules of sending; only her reason is of class P3.
_CLOSED_OF_CONSENT = "withhold_reason"


def waiting_entries() -> int:
    """Return how many entries of class P3 are kept under the key of their case; asked as the system."""
    with acting_as(SYSTEM):
        return _waiting().count()


def seal_waiting(*, most: int = _BATCH) -> int:
    """Seal some of the waiting entries to their agencies; return how many were sealed, 0 when nothing is left to do."""
    with acting_as(SYSTEM), transaction.atomic():
        rows = (
            _waiting()
            .filter(case__agency__in=agencies_with_pair())
            .select_related("case")
            .select_for_update(of=("self",))
            .order_by("id")
        )
        return sum(_close(row) for row in rows[:most])


def seal_anew(parts: Iterable[models.SealedPart], *, agency: UUID, opened: Opened, by: Actor) -> int:
    """Seal parts to the pair in use, where they are sealed to a former one that this officer can open."""
    newest, done = pair_in_use(agency), 0
    for part in parts:
        private = opened.privates.get(part.key_id)
        if newest in ("", part.key_id) or private is None:
            continue
        said = sealed.open_with(private, part.key_id, part.content, place=part.place)
        fresh = sealed.seal_for(agency, said, place=part.place)
        if fresh is not None:
            part.key_id, part.content = fresh.key_id, fresh.content
            part.save(update_fields=["key_id", "content"])
            audit.record(Event.SEALED_AGAIN, by=by, subject=audit.subject_of("case", part.case_id))
            done += 1
    return done


@transaction.atomic
def seal_agency_anew(*, by: Actor, opened: Opened, most: int = _BATCH) -> int:
    """Seal some of all parts of an agency's cases to its pair in use; return how many are left to do.

    Raises:
        NotAllowed: this role opens nothing that is sealed.
    """
    audit.require(by, "sealed.key")
    newest = pair_in_use(by.body)
    mine = models.SealedPart.objects.filter(case__agency=by.body, key_id__in=set(opened.privates) - {newest})
    parts = list(mine.select_for_update(of=("self",)).order_by("entry")[:most])
    seal_anew(parts, agency=by.body, opened=opened, by=by)
    seal_keys_anew(opened=opened, by=by, most=most)
    return mine.count() + files_under_former_pairs(by)


def left_to_seal_anew(*, by: Actor) -> int:
    """Return how many parts of an agency's cases are sealed to a former pair; raises NotAllowed."""
    audit.require(by, "sealed.key")
    parts = models.SealedPart.objects.filter(case__agency=by.body).exclude(key_id=pair_in_use(by.body))
    return parts.count() + files_under_former_pairs(by)


def _waiting() -> QuerySet[models.Entry]:
    return models.Entry.objects.filter(told__protection=SEALED_CLASS, sealed__isnull=False, sealed_part=None)


def _close(row: models.Entry) -> bool:
    key = vault.data_key(row.case_id, row.case.wrapped_key)
    stays, closes = _split(row.kind, opened_part(row.case, row))
    part = closed_part(row.case, row, closes, key)
    if part is None:
        return False
    part.save()
    # The one change of an entry that the database takes: what is sealed elsewhere now leaves its old place.
    kept = vault.seal_data(key, stays, place=place_of(row.pk)) if stays else None
    models.Entry.objects.filter(pk=row.pk).update(sealed=kept)
    audit.record(Event.SEALED_AGAIN, by=SYSTEM, subject=audit.subject_of("case", row.case_id))
    return True


def _split(kind: str, said: object) -> tuple[object, object]:
    """Return what stays under the case's key and what closes; all that is not agreement closes whole."""
    if kind != models.EntryKind.CONSENT or not isinstance(said, dict):
        return None, said
    closes = {name: value for name, value in said.items() if name == _CLOSED_OF_CONSENT}
    return {name: value for name, value in said.items() if name not in closes}, closes
