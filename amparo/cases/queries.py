"""Read cases: each read is checked, leaves a trace, and gives back frozen values.

Row-level security stands behind every query here; the checks in front give people a reason.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from amparo.access import audit, vault
from amparo.access.actor import for_purpose
from amparo.access.deciding import usual_purpose
from amparo.access.events import Event
from amparo.access.queries import Reading, readings_of
from amparo.access.roles import Relation
from amparo.access.rules import Actor, Role
from amparo.base.clock import now
from amparo.cases import models
from amparo.cases.attachments import AttachedFile, attached_to
from amparo.cases.doors import bond_to, case_through
from amparo.cases.evaluation import judge
from amparo.cases.labels import labels_of
from amparo.cases.refused import CaseNotFound as CaseNotFound
from amparo.cases.standing import HARM, NEVER_DUE
from amparo.guide import Evaluation

PAGE = 50
# Whoever works with a child reads what is sealed to her agency there; nobody else finds it in the story.
_WORK_WITH_HER = frozenset({Relation.ASSIGNED, Relation.TEAM, Relation.SUPERVISOR})
_SEALED_CLASS = "P3"
FILTERS: dict[str, Callable[[], dict[str, Any]]] = {
    "": dict,
    "overdue": lambda: {"next_due_at__lt": now()},
    "tonight": lambda: {"glance__care_setting__in": ["none", "unknown", "deprived-of-liberty"]},
    "harm": lambda: {"danger": HARM},
}


@dataclass(frozen=True)
class CaseLine:
    """One child in a list; `first_open` is the id of the obligation to act on first.

    `label` is None where it was changed and cannot be opened.
    """

    id: UUID
    reference: str
    label: str | None
    age_in_months: int
    age_status: str
    care_setting: str
    opened_at: datetime
    breaches: int
    late: int
    open: int
    needs_now: int
    next_due_at: datetime | None
    first_open: str


@dataclass(frozen=True)
class CasePage:
    """One page of a list; `after` is the key of the next page, or empty."""

    lines: tuple[CaseLine, ...]
    after: str


@dataclass(frozen=True)
class StoryLine:
    """One entry of the story of a case, as people read it; `words` is opened text, or None.

    `closed` is how many things of it are sealed to the agency that leads the case; no list or page here opens them.
    """

    id: UUID
    kind: str
    name: str
    value: Any
    words: Any
    told: Any
    at: datetime
    recorded_at: datetime
    role: str
    agency: str
    source: str
    closed: int = 0


@dataclass(frozen=True)
class CaseFile:
    """One case, opened for one reader and one purpose."""

    id: UUID
    reference: str
    agency: str
    agency_name: dict[str, str]
    agency_telephone: str
    taken_in_by: dict[str, str]
    opened_at: datetime
    released_at: datetime | None
    identity: dict[str, Any]
    facts: dict[str, Any]
    evaluation: Evaluation
    story: tuple[StoryLine, ...]
    # How this reader stands to the case: what she may do beyond reading follows from it.
    relation: Relation = Relation.NONE
    files: tuple[AttachedFile, ...] = ()

    def told(self, kind: str) -> tuple[StoryLine, ...]:
        """Return the entries of one kind, newest first."""
        return tuple(line for line in reversed(self.story) if line.kind == kind)


def open_cases_of(actor: Actor, *, only: str = "", after: str = "") -> CasePage:
    """Return one page of cases in order of danger and time.

    Args:
        actor: who reads; sees the cases that her agency leads or took in.
        only: a key of FILTERS: "" for all, "overdue", "tonight" (no safe place to sleep), or "harm".
        after: the key that the former page gave.

    Raises:
        NotAllowed: the role may not list cases.
    """
    audit.require(actor, "case.list")
    only = only if only in FILTERS else ""
    standings = list(_listed(actor, only, after)[: PAGE + 1])
    audit.record(Event.CASES_LISTED, by=actor, subject=f"list:{only or 'all'}", purpose="casework")
    more = len(standings) > PAGE
    return CasePage(lines_of(standings[:PAGE]), _key_of(standings[PAGE - 1]) if more else "")


def lines_of(standings: Sequence[models.Standing]) -> tuple[CaseLine, ...]:
    """Return the lines of a list for cases that the reader sees, in the order given; opens labels and no case."""
    # Two reads by index instead of one join, see models.Standing.
    cases = models.Case.objects.in_bulk([standing.case_id for standing in standings])
    seen = [(standing, cases[standing.case_id]) for standing in standings if standing.case_id in cases]
    labels = labels_of([case for _, case in seen])
    return tuple(_line(*one, label) for one, label in zip(seen, labels, strict=True))


def case_for(actor: Actor, case_id: UUID, *, purpose: str = "", act: str = "case.read") -> CaseFile:
    """Open one case for one purpose, by default the usual one of the role; the read is on the audit trail.

    Args:
        actor: who reads.
        case_id: which case.
        purpose: what for.
        act: what the page is for that shows the case: whoever may only read it is not shown the form of an act.

    Raises:
        NotAllowed: the role may not do this.
        CaseNotFound: there is no such case for this reader, or she stands in no relation to it that allows the act.
        AccessRefused: the purpose is none of hers, or she has opened too many children today.
    """
    case = case_through(actor, case_id, act, purpose=purpose, event=Event.CASE_READ)
    with for_purpose(purpose or usual_purpose(actor.role)):
        return _file(case, bond_to(actor, case).relation)


def readings_for(actor: Actor, case_id: UUID) -> tuple[str, tuple[Reading, ...]]:
    """Return the reference of a case and who has opened it, newest first: nothing of the child herself.

    Raises:
        NotAllowed, CaseNotFound, AccessRefused.
    """
    case = case_through(actor, case_id, "case.who-read", event=Event.READERS_READ)
    return case.reference, readings_of(actor, case_id, case.reference)


def case_of_reference(reference: str) -> UUID:
    """Return the id of a case, to the node itself, which puts into its story what others tell by its reference.

    Row security shows the node every case and an agency its own. Raises CaseNotFound.
    """
    case_id: UUID | None = (
        models.Case.objects.filter(reference=reference).values_list("pk", flat=True).first()
    )
    if case_id is None:
        raise CaseNotFound("No case has this reference here.", subject="case:unknown")
    return case_id


def _listed(actor: Actor, only: str, after: str) -> QuerySet[models.Standing]:
    mine = (
        {"taken_in_by": actor.agency_id} if actor.role is Role.FIRST_CONTACT else {"agency": actor.agency_id}
    )
    rows = models.Standing.objects.filter(**mine, **FILTERS[only](), released=False)
    return _after(rows, after).order_by("danger", "next_due_at", "case_id")


def _after(rows: QuerySet[models.Standing], key: str) -> QuerySet[models.Standing]:
    """Go on behind a key that `_key_of` made; a key that nobody made starts at the top."""
    try:
        danger, due, case_id = key.split("|")
        place = (int(danger), _instant(due), UUID(case_id))
    except (ValueError, OverflowError):
        return rows
    return rows.filter(
        Q(danger__gt=place[0])
        | Q(danger=place[0], next_due_at__gt=place[1])
        | Q(danger=place[0], next_due_at=place[1], case_id__gt=place[2])
    )


def _instant(text: str) -> datetime:
    """Read a moment in UTC; raises ValueError without an offset, OverflowError where the calendar ends."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("A moment without an offset could be hours away.")
    return moment.astimezone(UTC)


def _key_of(standing: models.Standing) -> str:
    return f"{standing.danger}|{standing.next_due_at.isoformat()}|{standing.case_id}"


def _line(standing: models.Standing, case: models.Case, label: str | None) -> CaseLine:
    glance = standing.glance
    return CaseLine(
        id=case.pk,
        reference=case.reference,
        label=label,
        age_in_months=glance["age_in_months"],
        age_status=glance["age_status"],
        care_setting=glance["care_setting"],
        opened_at=case.opened_at,
        breaches=standing.breach_count,
        late=standing.late_count,
        open=standing.open_count,
        needs_now=standing.needs_now,
        next_due_at=None if standing.next_due_at == NEVER_DUE else standing.next_due_at,
        first_open=glance["first_open"],
    )


def _file(case: models.Case, relation: Relation) -> CaseFile:
    key = vault.data_key(case.pk, case.wrapped_key)
    stand = judge(case)
    return CaseFile(
        id=case.pk,
        reference=case.reference,
        agency=case.agency.code,
        agency_name=case.agency.name,
        agency_telephone=case.agency.telephone,
        taken_in_by=case.taken_in_by.name,
        opened_at=case.opened_at,
        released_at=case.released_at,
        identity=vault.open_data(key, case.sealed_identity, place=f"case.identity:{case.pk}"),
        facts=stand.facts,
        evaluation=stand.evaluation,
        story=_story(case, key, sealed=relation in _WORK_WITH_HER),
        relation=relation,
        files=attached_to(case.pk),
    )


def _story(case: models.Case, key: bytes, *, sealed: bool) -> tuple[StoryLine, ...]:
    closed = dict(case.sealed_parts.values_list("entry", "things"))
    entries = case.entries.order_by("recorded_at", "at", "id")
    return tuple(_told(entry, key, closed.get(entry.pk, 0), sealed=sealed) for entry in entries)


def _told(entry: models.Entry, key: bytes, closed: int, *, sealed: bool) -> StoryLine:
    words = None
    # Where a part is sealed to the agency, what is left under the case's key is of class P2.
    if entry.sealed is not None and (
        sealed or closed or (entry.told or {}).get("protection") != _SEALED_CLASS
    ):
        words = vault.open_data(key, entry.sealed, place=f"entry.sealed:{entry.pk}")
    return StoryLine(
        id=entry.pk,
        kind=entry.kind,
        name=entry.name,
        value=entry.value,
        words=words,
        told=entry.told,
        at=entry.at,
        recorded_at=entry.recorded_at,
        role=entry.role,
        agency=entry.agency,
        source=entry.source,
        closed=closed,
    )
