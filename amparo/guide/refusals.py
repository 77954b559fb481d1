"""Explain why an action may not be done now, and what each person has to do next.

Pure: reads an evaluation. Only a verified, direct source is the norm of a refusal; supporting sources are
shown as related and all others as to be confirmed. Guide evaluation: "To be confirmed", "Show little".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from amparo.guide.errors import ActionUnknown
from amparo.guide.evaluation import Bar, Evaluation, ObligationStatus
from amparo.guide.model import Citation, Guide, Words
from amparo.guide.overrides import lifts


@dataclass(frozen=True, slots=True)
class MissingEvidence:
    """An entry that is still needed, and the roles whose word counts for it."""

    key: str
    label: Words
    attest: tuple[str, ...]
    proof: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """One obligation behind a refusal: the norm, what is missing, who can provide it, what to ask."""

    action: str
    obligation: str
    title: Words
    norms: tuple[Citation, ...]  # verified and direct: the ground of the refusal
    related: tuple[Citation, ...]  # verified, supporting
    to_be_confirmed: tuple[Citation, ...]  # never a ground
    missing: tuple[MissingEvidence, ...]
    ask: tuple[str, ...]
    held: bool  # a fact holds the block, whatever is attested
    reopened: bool  # the obligation counts as unmet while a fact stands
    absolute: bool  # never possible; `missing` says what to do instead
    override: str  # what could lift it now: none, emergency or two-person


@dataclass(frozen=True, slots=True)
class Task:
    """One thing for one role to do, of an obligation that is open."""

    obligation: str
    stage: str
    words: tuple[Words, ...]
    state: str  # open or late
    due: datetime | None
    immediate: bool  # an immediate need of the child
    mine: tuple[str, ...]  # missing entries this role may attest
    others: tuple[str, ...]  # missing entries only other roles may attest
    ask: tuple[str, ...]


def refusals(
    guide: Guide,
    evaluation: Evaluation,
    action: str,
    *,
    override: str = "none",
    by_role: str | None = None,
) -> list[Refusal]:
    """Return every reason why an action is refused now; none means it may be done.

    With `override` the bars it lifts for this role are left out. ActionUnknown for a word outside the
    vocabulary.
    """
    if action not in guide.vocabulary.actions:
        raise ActionUnknown(action, guide.vocabulary.actions)
    found = []
    for status in evaluation.obligations:
        bar = status.bars.get(action)
        if bar is not None and not lifts(
            guide, guide.obligations[status.id], bar, action=action, override=override, by_role=by_role
        ):
            found.append(_refusal(guide, status, action, bar))
    return found


def way_out(reasons: Sequence[Refusal]) -> str:
    """Return the one override that lifts every reason: `emergency` or `two-person`; `none` where there is none.

    An event carries one override, so two never add up: each reason must be lifted by the same one.
    """
    offered = {reason.override for reason in reasons}
    return offered.pop() if len(offered) == 1 else "none"


def may(guide: Guide, evaluation: Evaluation, action: str) -> bool:
    """Tell whether an action may be done now; ActionUnknown for a word outside the vocabulary."""
    return not refusals(guide, evaluation, action)


def tasks_for(guide: Guide, evaluation: Evaluation, role: str) -> list[Task]:
    """Return what a role has to do: immediate needs first, then what is late, then what blocks."""
    stages = guide.vocabulary.stages
    tasks = [
        _task(guide, each, role)
        for each in evaluation.obligations
        if each.is_open and role in each.duty_bearer
    ]
    hard = {status.id for status in evaluation.obligations if status.bars}
    return sorted(
        tasks,
        key=lambda task: (
            not task.immediate,
            task.state != "late",
            task.obligation not in hard,
            stages.index(task.stage),
        ),
    )


def _refusal(guide: Guide, status: ObligationStatus, action: str, bar: Bar) -> Refusal:
    obligation, cited = guide.obligations[status.id], status.sources
    return Refusal(
        action=action,
        obligation=status.id,
        title=obligation.title,
        norms=tuple(each for each in cited if each.grounds),
        related=tuple(each for each in cited if each.verified and not each.grounds),
        to_be_confirmed=tuple(each for each in cited if not each.verified),
        missing=tuple(
            _missing(guide, key) for key in (bar.missing or (status.missing if bar.absolute else ()))
        ),
        ask=status.ask,
        held=bar.held,
        reopened=bar.reopened,
        absolute=bar.absolute,
        override=_possible(guide, status.id, action, bar),
    )


def _possible(guide: Guide, obligation_id: str, action: str, bar: Bar) -> str:
    for override in ("emergency", "two-person"):
        if lifts(
            guide,
            guide.obligations[obligation_id],
            bar,
            action=action,
            override=override,
            by_role="child-protection-authority",
        ):
            return override
    return "none"


def _missing(guide: Guide, key: str) -> MissingEvidence:
    entry = guide.evidence[key]
    return MissingEvidence(key, entry.label, entry.attest, entry.proof)


def _task(guide: Guide, status: ObligationStatus, role: str) -> Task:
    obligation = guide.obligations[status.id]
    mine = tuple(key for key in status.missing if role in guide.evidence[key].attest)
    return Task(
        obligation=status.id,
        stage=obligation.stage,
        words=obligation.tasks,
        state=status.state,
        due=status.due,
        immediate="needs_now" in obligation.reads,
        mine=mine,
        others=tuple(key for key in status.missing if key not in mine),
        ask=status.ask,
    )
