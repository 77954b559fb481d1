"""Read what States answered, proposed and said: answers are public and name no person, the rest is for the signed-in.

Returns frozen values. What stands is the fold of what was written (`rules`). Decision: 0014.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from amparo.access import audit
from amparo.access import queries as people
from amparo.access.rules import Actor, may
from amparo.guide import Guide, load
from amparo.monitor import models, rules
from amparo.monitor.rules import Answer, Answered, Comment, CommentEntry, Kind, Said, Stance, Status
from amparo.monitor.trying import Verdict, verdict_of

# As many as one page lists; older ones are reached by the key of the last.
PAGE = 50


class ProposalNotFound(Exception):
    """There is no such proposal."""


class CommentNotFound(Exception):
    """There is no such comment."""


@dataclass(frozen=True)
class CountryAnswer:
    """What one State says of one obligation; fit to be published: it names no person.

    `instrument` is the national norm as the State names it, not verified by anybody here.
    """

    country: str
    obligation: str
    version: str
    stance: Stance
    since: date | None
    reason: str
    instrument: str
    answered_at: datetime


@dataclass(frozen=True)
class Adoption:
    """Who adopted what of one version of the Guide: `answers` by (country, obligation); absent is not answered."""

    version: str
    obligations: tuple[str, ...]
    countries: tuple[str, ...]
    answers: Mapping[tuple[str, str], CountryAnswer]

    def of(self, country: str, obligation: str) -> CountryAnswer | None:
        """Return what a State says of an obligation; None when it has not answered."""
        return self.answers.get((country, obligation))

    def answered(self, country: str) -> int:
        """Count the obligations that a State has answered."""
        return sum((country, key) in self.answers for key in self.obligations)


def regional_guide() -> Guide:
    """Return the Guide that States answer on: the region's, without any country's overlay."""
    return load()


def countries() -> tuple[str, ...]:
    """Return the States that take part: those with a delegation here, and those that ever answered."""
    answered = models.AdoptionAnswer.objects.values_list("country", flat=True).distinct()
    return tuple(sorted({*people.delegations(), *answered}))


def adoption() -> Adoption:
    """Return every State's standing answers on the present version of the Guide; public."""
    guide = regional_guide()
    rows = models.AdoptionAnswer.objects.filter(version=guide.version)
    answers = {(one.country, one.obligation): one for one in _standing(rows)}
    return Adoption(guide.version, tuple(guide.obligations), countries(), answers)


def adoption_of(obligation_id: str) -> tuple[CountryAnswer, ...]:
    """Return which States say what of one obligation of the present version, by country; public.

    States that have not answered, or took their answer back, are not among them.
    """
    version = regional_guide().version
    rows = models.AdoptionAnswer.objects.filter(version=version, obligation=obligation_id)
    return tuple(sorted(_standing(rows), key=attrgetter("country")))


def answered_by(country: str, obligation: str) -> Answered:
    """Return the history of one State on one obligation of the present version, and what stands of it; public."""
    version = regional_guide().version
    rows = models.AdoptionAnswer.objects.filter(country=country, version=version, obligation=obligation)
    return next(iter(_folded(rows).values()), Answered(None, (), ()))


def answered_before(country: str) -> Mapping[str, CountryAnswer]:
    """Return what a State last said under earlier versions, by obligation: to be looked at again, not counted."""
    rows = models.AdoptionAnswer.objects.filter(country=country).exclude(version=regional_guide().version)
    return {one.obligation: one for one in sorted(_standing(rows), key=attrgetter("answered_at"))}


def _standing(rows: QuerySet[models.AdoptionAnswer]) -> list[CountryAnswer]:
    """Return what stands of some answers and is an answer."""
    stands = (answered.stands for answered in _folded(rows).values())
    return [_published(one) for one in stands if one is not None and one.stance is not Stance.NOT_ANSWERED]


def _folded(rows: QuerySet[models.AdoptionAnswer]) -> dict[tuple[str, str, str], Answered]:
    """Fold answers by country, version and obligation."""
    written: dict[tuple[str, str, str], list[Answer]] = {}
    for row in rows.select_related("agency").order_by("country", "version", "obligation", "number"):
        written.setdefault((row.country, row.version, row.obligation), []).append(_answer(row))
    return {key: rules.fold_answers(answers) for key, answers in written.items()}


def _answer(row: models.AdoptionAnswer) -> Answer:
    return Answer(
        row.id, row.country, row.obligation, row.version, Stance(row.stance), row.since, row.reason,
        row.instrument, row.at, row.agency.code, row.seen,
    )  # fmt: skip


def _published(answer: Answer) -> CountryAnswer:
    return CountryAnswer(
        answer.country, answer.obligation, answer.version, answer.stance, answer.since, answer.reason,
        answer.instrument, answer.at,
    )  # fmt: skip


# ---- proposals ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One move of a proposal, with its reason."""

    status: Status
    reason: str
    at: datetime
    agency: dict[str, str]


@dataclass(frozen=True)
class ProposalLine:
    """A proposal in the list; `agency` is the name of whoever proposed, by language."""

    id: UUID
    kind: Kind
    title: str
    status: Status
    at: datetime
    agency: dict[str, str]
    country: str
    obligations: tuple[str, ...]


@dataclass(frozen=True)
class ProposalView:
    """One proposal as somebody reads it; `number` is that of its last step, `moves` what this reader may do."""

    line: ProposalLine
    text: str
    version: str
    file: str
    verdict: Verdict | None
    steps: tuple[Step, ...]
    number: int
    moves: frozenset[Status]
    comments: tuple[Comment, ...]


def proposals(
    actor: Actor, *, status: Status | None = None, before: datetime | None = None
) -> tuple[ProposalLine, ...]:
    """Return one page of proposals, newest first; `before` is the moment of the last of the page before.

    Raises:
        NotAllowed: this actor has no right to read proposals.
    """
    audit.require(actor, "proposal.read")
    last = (
        models.ProposalStep.objects.filter(proposal=OuterRef("pk")).order_by("-number").values("status")[:1]
    )
    rows = models.Proposal.objects.select_related("agency").annotate(
        now_status=Coalesce(Subquery(last), Value(Status.OPEN.value))
    )
    if status is not None:
        rows = rows.filter(now_status=status.value)
    if before is not None:
        rows = rows.filter(at__lt=before)
    return tuple(_line(row, Status(row.now_status)) for row in rows.order_by("-at", "-id")[:PAGE])


def proposal_for(actor: Actor, proposal_id: UUID) -> ProposalView:
    """Return one proposal with its steps and comments.

    Raises:
        NotAllowed: this actor has no right to read proposals.
        ProposalNotFound: there is none with this id.
    """
    audit.require(actor, "proposal.read")
    row = models.Proposal.objects.select_related("agency").filter(pk=proposal_id).first()
    if row is None:
        raise ProposalNotFound(str(proposal_id))
    steps = tuple(
        Step(Status(one.status), one.reason, one.at, one.agency.name)
        for one in row.steps.select_related("agency").order_by("number")
    )
    status = steps[-1].status if steps else Status.OPEN
    moves = rules.moves_for(
        status,
        decides=may(actor, "proposal.decide"),
        own=may(actor, "proposal.make") and row.agency_id == actor.agency_id,
    )
    return ProposalView(
        _line(row, status), row.text, row.version, row.file,
        verdict_of(row.judged) if row.judged else None,
        steps, len(steps), moves,
        _comments(actor, models.CommentEntry.objects.filter(proposal=row)),
    )  # fmt: skip


def _line(row: models.Proposal, status: Status) -> ProposalLine:
    return ProposalLine(
        row.id,
        Kind(row.kind),
        row.title,
        status,
        row.at,
        row.agency.name,
        row.agency.country,
        tuple(row.obligations),
    )


# ---- comments -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class CommentView:
    """A comment, and the proposal or the obligation that it is about."""

    comment: Comment
    proposal: UUID | None
    obligation: str


def comments_on(actor: Actor, obligation: str) -> tuple[Comment, ...]:
    """Return the comments on one obligation, oldest first; raises NotAllowed."""
    audit.require(actor, "proposal.read")
    return _comments(actor, models.CommentEntry.objects.filter(proposal=None, obligation=obligation))


def comment_for(actor: Actor, comment_id: UUID) -> CommentView:
    """Return one comment and what it is about.

    Raises:
        NotAllowed: this actor has no right to read comments.
        CommentNotFound: there is none with this id, or it is hidden from this reader.
    """
    audit.require(actor, "proposal.read")
    rows = models.CommentEntry.objects.filter(comment=comment_id)
    found = _comments(actor, rows)
    if not found or (found[0].hidden and not may(actor, "comment.hide")):
        raise CommentNotFound(str(comment_id))
    first = rows.get(number=1)
    return CommentView(found[0], first.proposal_id, first.obligation)


def _comments(actor: Actor, rows: QuerySet[models.CommentEntry]) -> tuple[Comment, ...]:
    """Fold entries into comments; a hidden one keeps its place and loses its text for all but the secretariat."""
    entries: dict[UUID, list[CommentEntry]] = {}
    for row in rows.select_related("agency").order_by("number"):
        entries.setdefault(row.comment, []).append(_entry(row))
    folded: Iterable[Comment] = map(rules.fold_comment, entries.values())
    if not may(actor, "comment.hide"):
        folded = map(rules.without_hidden_text, folded)
    return tuple(sorted(folded, key=attrgetter("at")))


def _entry(row: models.CommentEntry) -> CommentEntry:
    return CommentEntry(
        row.comment, row.number, Said(row.said), row.text, row.at, row.actor, row.role, row.agency.code
    )
