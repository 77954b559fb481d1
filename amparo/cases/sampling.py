"""Let oversight draw a random sample of open cases, read those for two weeks, and let anybody check the draw.

Nobody chooses a case: the node draws, with fresh random bytes that are kept. A child who wants this person kept out is
not among those who can be drawn; an invented child is not either. Each reading stands on the trail and on the list that
the child may ask for. Design: security design 5. Decision: 0028.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from amparo.access import audit
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.budgets import invented_cases
from amparo.access.events import Event
from amparo.access.refusal import Refused
from amparo.access.rules import Actor
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import models
from amparo.cases.sample_rules import (
    LASTS,
    RANDOM_BYTES,
    About,
    digest_of,
    draw_refusal,
    in_order,
    is_as_drawn,
)
from amparo.cases.tie_rules import Mine, is_excluded
from amparo.cases.tying import draw_sample

_SHOWN = 10


class SampleRefused(Refused):
    """No sample is drawn now; `code` is size, standing or nobody."""

    def __init__(self, code: str) -> None:
        super().__init__("No sample is drawn now.", subject="sample:new", reason_codes=("sample.draw", code))
        self.code = code


@dataclass(frozen=True)
class SampleTold:
    """One sample; `random` and `digest` are hexadecimal, `holds` says whether drawing again gives the same cases.

    It is None once a case that could be drawn was erased: then the cases of that day are no longer all there.
    """

    id: UUID
    agency: str
    about: About
    at: datetime
    ends: datetime
    size: int
    out_of: int
    random: str
    digest: str
    own: bool
    holds: bool | None


@transaction.atomic
def draw(*, size: int, about: About, by: Actor) -> UUID:
    """Draw a sample of `size` open cases for whoever asks, and return its id; it is over after two weeks.

    Raises:
        NotAllowed: not of oversight.
        SampleRefused: size (1 to 10), standing (she has a sample that is not over), nobody (no case can be drawn).
        TieRefused: `by` is no open account.
    """
    audit.require(by, "sample.draw")
    _wait_turn(by)
    with acting_as(SYSTEM):
        at = now()
        possible = _possible(at)
        standing = models.Sample.objects.filter(person=by.id, ends__gt=at).exists()
        if code := draw_refusal(size, standing=standing, possible=possible):
            raise SampleRefused(code)
        sample = _drawn(possible, size, about, by, at)
        for case_id in sample.cases:
            draw_sample(
                case_id=UUID(case_id),
                person=by.id,
                why=f"Sample: {about}.",
                until=sample.ends,
                tie_id=uuid7(),
            )
    audit.record(
        Event.SAMPLE_DRAWN,
        by=by,
        subject=audit.subject_of("sample", sample.pk),
        reasons=(about.value, f"size:{len(sample.cases)}", f"of:{sample.out_of}"),
    )
    return sample.pk


def samples(by: Actor) -> tuple[SampleTold, ...]:
    """Return the samples of this node, the newest first, each drawn again; raises NotAllowed."""
    audit.require(by, "sample.draw")
    rows = list(models.Sample.objects.order_by("-at")[:_SHOWN])
    with acting_as(SYSTEM):
        return tuple(_told(row, by) for row in rows)


def _told(row: models.Sample, by: Actor) -> SampleTold:
    return SampleTold(
        id=row.pk,
        agency=row.agency,
        about=About(row.about),
        at=row.at,
        ends=row.ends,
        size=len(row.cases),
        out_of=row.out_of,
        random=row.random,
        digest=row.digest,
        own=row.person == by.id,
        holds=_holds(row),
    )


def _holds(row: models.Sample) -> bool | None:
    """Draw again among the cases of that day; None where they are not all there any more."""
    possible = _possible(row.at)
    if digest_of(possible) != row.digest:
        return None
    chosen = [UUID(one) for one in row.cases]
    return is_as_drawn(chosen, row.passed_over, cases=possible, random=bytes.fromhex(row.random))


def _possible(at: datetime) -> list[UUID]:
    """Return the cases that this node answered for at a moment, invented children aside."""
    here = Q(released_at__isnull=True) | Q(released_at__gt=at)
    found = models.Case.objects.filter(here, opened_at__lte=at).values_list("pk", flat=True)
    none_of_these = invented_cases()
    return [one for one in found if one not in none_of_these]


def _drawn(possible: list[UUID], size: int, about: About, by: Actor, at: datetime) -> models.Sample:
    random = secrets.token_bytes(RANDOM_BYTES)
    chosen, passed_over = _first(in_order(possible, random), size, by)
    return models.Sample.objects.create(
        id=uuid7(),
        person=by.id,
        agency=by.agency,
        about=about,
        at=at,
        ends=at + LASTS,
        random=random.hex(),
        out_of=len(possible),
        passed_over=passed_over,
        digest=digest_of(possible),
        cases=[str(one) for one in chosen],
    )


def _first(order: list[UUID], size: int, by: Actor) -> tuple[list[UUID], int]:
    """Return the first cases in an order that no mark keeps back from a person, and how many were passed over."""
    reader, chosen = Mine(by.id, by.agency_id, by.sector), list[UUID]()
    marks = dict(models.Case.objects.exclude(withheld_from=[]).values_list("pk", "withheld_from"))
    for passed, case_id in enumerate(order):
        if len(chosen) == size:
            return chosen, passed - size
        if not is_excluded(marks.get(case_id, ()), reader):
            chosen.append(case_id)
    return chosen, len(order) - len(chosen)


def _wait_turn(by: Actor) -> None:
    """Let one request of a person draw at a time; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"sample {by.id}"])
