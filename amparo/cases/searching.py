"""Find children by a name as somebody remembers it, among the cases of the reader's own agency.

What was asked becomes blind words; the database counts which cases share the rarest of them; the names of the fifty
best are opened and put in order, twenty are shown. No case is opened and no data key is used. The search is on the
audit trail with its reason and without its words. Decision: 0023.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from amparo import names
from amparo.access import audit, vault
from amparo.access.events import Event
from amparo.access.models import Agency
from amparo.access.rules import Actor, Role
from amparo.base.ids import ReferenceWrong, read_case_reference
from amparo.cases import models
from amparo.cases.queries import CaseLine, lines_of
from amparo.cases.refused import SearchWrong

SHOWN = 20
OPENED = 50
# Why somebody searches -> the purpose on the audit trail.
REASONS = {"present": "casework", "mine": "casework", "called": "casework", "twice": "supervision"}
# A child whose age differs more than this from what was asked comes after the others.
_MONTHS_OFF = 24
_AGE_DOUBT = 0.15
# Below this a name has nothing to do with what was asked.
_LEAST = 0.4
# Of each word of the index so many rows are read, the newest cases first; what is commoner tells too little.
_ROWS = {names.Index.PART: 1_500, names.Index.PAIR: 5_000}
_BEFORE_AGE = 300

# The part of the index is chosen by the column, never by what a person typed.
_CANDIDATES = """
WITH asked AS (
  SELECT * FROM unnest(%(slots)s::int[], %(kinds)s::smallint[], %(blinds)s::int[], %(rows)s::int[])
    AS asked (slot, kind, blind, rows)),
hit AS MATERIALIZED (
  SELECT DISTINCT asked.slot, held.case_id FROM asked, LATERAL (
    SELECT case_id FROM cases_namekey key
    WHERE key.{column} = %(agency)s AND key.kind = asked.kind AND key.blind = asked.blind
    ORDER BY case_id DESC LIMIT asked.rows) held),
rare AS (SELECT slot, ln(1 + 1000000.0 / count(*)) AS weight FROM hit GROUP BY slot)
SELECT case_id FROM hit JOIN rare USING (slot) GROUP BY case_id
ORDER BY sum(weight) DESC, case_id DESC LIMIT %(most)s
"""


@dataclass(frozen=True)
class FoundPage:
    """The children who may be meant, the likeliest first; `more` says that others were left out."""

    lines: tuple[CaseLine, ...]
    more: bool


def find_children(actor: Actor, *, asked: str, because: str, age: int | None = None) -> FoundPage:
    """Return at most twenty children of the reader's cases whose name or reference may be what was asked.

    Args:
        actor: who searches; finds only cases that she may see in a list.
        asked: parts of a name in any order and spelling, or a whole case reference.
        because: a key of REASONS.
        age: years, if somebody said; children of another age come last.

    Raises:
        NotAllowed: the role may not search.
        SearchWrong: nothing to look for, or no known reason.
    """
    audit.require(actor, "case.search")
    if because not in REASONS:
        raise SearchWrong("Say why you search.", subject="search:names")
    if not any(len(part) > 1 for part in names.parts_of(asked)):
        raise SearchWrong("Write at least one name of two letters.", subject="search:names")
    purpose = REASONS[because]
    audit.record(Event.CASES_SEARCHED, by=actor, subject="search:names", purpose=purpose, reasons=(because,))
    likely = _by_reference(actor, asked) or _ranked(actor, asked, age)
    return FoundPage(lines_of(_standings(actor, likely[:SHOWN])), len(likely) > SHOWN)


def _by_reference(actor: Actor, asked: str) -> list[UUID]:
    try:
        reference = read_case_reference(asked)
    except ReferenceWrong:
        return []
    return list(models.Case.objects.filter(**_mine(actor), reference=reference).values_list("pk", flat=True))


def _ranked(actor: Actor, asked: str, age: int | None) -> list[UUID]:
    """Return the cases whose names are most alike what was asked, the likeliest first."""
    candidates = _candidates(actor, asked, OPENED if age is None else _BEFORE_AGE)
    doubt = _of_another_age(actor, candidates, age)
    chosen = sorted(candidates, key=lambda case_id: case_id in doubt)[:OPENED]
    scores = {
        case_id: names.likeness(asked, told) - (_AGE_DOUBT if case_id in doubt else 0)
        for case_id, told in _opened(chosen)
    }
    likely = [case_id for case_id in chosen if scores.get(case_id, 0) >= _LEAST]
    return sorted(likely, key=lambda case_id: -scores[case_id])


def _candidates(actor: Actor, asked: str, most: int) -> list[UUID]:
    """Count in the database which cases share the rarest words with what was asked."""
    words = names.asked_keys(asked)
    blinds = vault.blind_words(_index_of(actor), ((one.key.kind.name, one.key.word) for one in words))
    column = "taken_in_by_id" if actor.role is Role.FIRST_CONTACT else "agency_id"
    given: dict[str, Any] = {
        "slots": [one.slot for one in words],
        "kinds": [one.key.kind.value for one in words],
        "blinds": blinds,
        "rows": [_ROWS[one.key.kind] for one in words],
        "agency": actor.body,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES.format(column=column), given)
        return [case_id for (case_id,) in cursor.fetchall()]


def _index_of(actor: Actor) -> UUID:
    """Return in whose index the reader's cases stand: of the agency that leads what hers takes in."""
    lead = Agency.objects.filter(pk=actor.body).values_list("lead_id", flat=True).first()
    return lead if lead and actor.role is Role.FIRST_CONTACT else actor.body


def _of_another_age(actor: Actor, candidates: Sequence[UUID], age: int | None) -> set[UUID]:
    if age is None:
        return set()
    known = _standings(actor, candidates)
    months = {standing.case_id: standing.glance["age_in_months"] for standing in known}
    middle = age * 12 + 6
    return {case_id for case_id, told in months.items() if told >= 0 and abs(told - middle) > _MONTHS_OFF + 6}


def _opened(cases: Sequence[UUID]) -> Iterable[tuple[UUID, str]]:
    """Open the names of the candidates; row security leaves out what is not the reader's."""
    rows = models.Case.objects.filter(pk__in=cases).exclude(sealed_names=b"")
    sealed = list(rows.values_list("pk", "sealed_names"))
    for (case_id, _), told in zip(sealed, vault.open_names(sealed), strict=True):
        yield case_id, " ".join(told)


def _standings(actor: Actor, cases: Sequence[UUID]) -> list[models.Standing]:
    rows = models.Standing.objects.filter(**_mine(actor)).in_bulk(list(cases))
    return [rows[case_id] for case_id in cases if case_id in rows]


def _mine(actor: Actor) -> dict[str, UUID]:
    column = "taken_in_by" if actor.role is Role.FIRST_CONTACT else "agency"
    return {f"{column}_id": actor.body}
