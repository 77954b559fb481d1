"""Judge open cases again: under a new version of the Guide, and when an unmet block has become stuck.

One case is one transaction, found by index and locked; stopped at any point, the next run goes on where this one was.
A case that was closed or handed over keeps the version it was judged under. Decision: 0016.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from amparo.access.actor import SYSTEM, acting_as
from amparo.base.clock import now
from amparo.cases import models
from amparo.cases.evaluation import settle, this_guide
from amparo.cases.incident_rules import version_of
from amparo.guide import FactsRefused

BATCH = 200
# Where a walk through the index (guide_version, case) stands.
_Key = tuple[str, UUID]


@dataclass(frozen=True)
class Judged:
    """What one run did: cases judged again, those the new Guide cannot read, and whether some are left."""

    done: int
    unreadable: tuple[UUID, ...]
    finished: bool


def count_outdated() -> int:
    """Count the open cases that were judged last under another version than this node's Guide."""
    with acting_as(SYSTEM):
        return _outdated(version_of(this_guide())).count()


def reevaluate_open_cases(*, most: int | None = None, told: Callable[[int], object] | None = None) -> Judged:
    """Judge every open case again that was judged under another version; at most `most`.

    Args:
        most: stop after so many; the next run goes on.
        told: is given the number of cases done, after each batch of BATCH.

    Raises:
        GuideFaulty, OverlayWeakens: the Guide of this node cannot be used; no case was touched.
    """
    unreadable: list[UUID] = []
    version, done = version_of(this_guide()), 0
    for number, case_id in enumerate(_walk(version)):
        if number == most:
            return Judged(done, tuple(unreadable), finished=False)
        try:
            done += _judge_again(case_id, guide_version=version)
        except FactsRefused:
            unreadable.append(case_id)
        if told and number % BATCH == BATCH - 1:
            told(done)
    return Judged(done, tuple(unreadable), finished=True)


def tell_stuck(*, most: int) -> int:
    """Judge the open cases whose next block has become stuck without anybody writing; return how many."""
    with acting_as(SYSTEM):
        waiting = _open().filter(next_stuck_at__lte=now()).order_by("next_stuck_at")
        case_ids = list(waiting.values_list("pk", flat=True)[:most])
    return sum(_stuck_case(case_id) for case_id in case_ids)


def _stuck_case(case_id: UUID) -> int:
    """Judge one; what the Guide cannot read waits for the walk that names it, and does not hold up the others."""
    try:
        return _judge_again(case_id)
    except FactsRefused:
        with acting_as(SYSTEM):
            return models.Standing.objects.filter(pk=case_id).update(next_stuck_at=None)


def _judge_again(case_id: UUID, *, guide_version: str = "") -> int:
    """Settle one case in its own transaction; 0 where it was done meanwhile, is no longer open, or is being written."""
    with acting_as(SYSTEM):
        rows = models.Case.objects.select_for_update(skip_locked=True, of=("self",)).select_related("agency")
        rows = rows.filter(pk=case_id, standing__released=False, standing__closed=False)
        case = rows.exclude(standing__guide_version=guide_version).first()
        if case is None:
            return 0
        settle(case)
        return 1


def _walk(version: str) -> Iterator[UUID]:
    """Yield the ids of outdated cases in the order of the index, a batch in memory at a time.

    The walk remembers its place, so that a case nobody can read is met once and holds up no other.
    """
    key: _Key = ("", UUID(int=0))
    while batch := _batch(version, key):
        for former, case_id in batch:
            yield case_id
            key = (former, case_id)


def _batch(version: str, key: _Key) -> list[_Key]:
    behind = Q(guide_version__gt=key[0]) | Q(guide_version=key[0], pk__gt=key[1])
    with acting_as(SYSTEM):
        rows = _outdated(version).filter(behind, guide_version__gte=key[0])
        return list(rows.order_by("guide_version", "pk").values_list("guide_version", "pk")[:BATCH])


def _outdated(version: str) -> QuerySet[models.Standing]:
    # Two ranges of the index, where "other than" would read the whole table.
    return _open().filter(Q(guide_version__lt=version) | Q(guide_version__gt=version))


def _open() -> QuerySet[models.Standing]:
    still: dict[str, Any] = {"released": False, "closed": False}
    return models.Standing.objects.filter(**still)
