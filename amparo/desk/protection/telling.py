"""Turn a case file into what its page tells, in the order in which a colleague would tell it.

Pure but for the Guide and the reader's language: no database, no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from amparo.cases.queries import CaseFile, StoryLine
from amparo.desk.citations import source_lines, weight
from amparo.desk.fact_words import answers_in_words
from amparo.desk.guide_words import the_guide
from amparo.desk.protection.gravity import by_gravity
from amparo.desk.protection.property_words import (
    has_document,
    kin_of,
    name_of,
    parts_of,
    plain,
    short_name_of,
)
from amparo.guide import Refusal, Task, refusals, tasks_for

# As many things as one reader can hold in mind at once. UX section 3.
MOST = 7
_SHOWN_BARS = 6


@dataclass(frozen=True)
class Barred:
    """One act that is not allowed now, with the first reason and its first source."""

    action: str
    obligation: str
    missing: str
    source: str
    verified: bool
    absolute: bool
    more: int


@dataclass(frozen=True)
class Said:
    """Something the child said, or a note of a worker."""

    title: str
    text: str
    at: datetime
    agency: str
    role: str


@dataclass(frozen=True)
class Happened:
    """One line of the story; `with_it` are the other facts that came in the same message.

    `claimed` is evidence that somebody said was done whose word does not count for it; `because` are the facts whose
    change has withdrawn evidence.
    """

    kind: str
    name: str
    answers: tuple[str, ...]
    claimed: str
    done: bool
    found: bool
    at: datetime
    role: str
    agency: str
    by_system: bool
    corrects: bool
    because: tuple[str, ...] = ()
    with_it: tuple["Happened", ...] = ()


@dataclass(frozen=True)
class CaseTold:
    """What the case page shows."""

    name: str
    short_name: str
    has_document: bool
    tonight: str
    now: tuple[Task, ...]
    more_of_mine: tuple[Task, ...]
    for_others: tuple[str, ...]
    barred: tuple[Barred, ...]
    more_barred: tuple[Barred, ...]
    words: tuple[Said, ...]
    notes: tuple[Said, ...]
    kin: list[dict[str, str]]
    story: tuple[Happened, ...]
    # How many things are sealed to the agency, and since when the first of them; never what.
    sealed_things: int = 0
    sealed_since: datetime | None = None


def case_told(file: CaseFile, *, guide_role: str) -> CaseTold:
    """Tell a case to a reader who acts in this role of the Guide."""
    mine = _harm_first(
        file, [task for task in tasks_for(the_guide(), file.evaluation, guide_role) if task.mine]
    )
    barred = [_barred(file, action) for action in by_gravity(file.evaluation.blocked)]
    known = {task.obligation for task in mine}
    return CaseTold(
        name=name_of(file.identity),
        short_name=short_name_of(file.identity),
        has_document=has_document(file.identity),
        tonight=plain(file.identity.get("tonight_place")),
        now=tuple(mine[:MOST]),
        more_of_mine=tuple(mine[MOST:]),
        for_others=tuple(
            one.id for one in file.evaluation.obligations if one.is_open and one.id not in known
        ),
        barred=tuple(barred[:_SHOWN_BARS]),
        more_barred=tuple(barred[_SHOWN_BARS:]),
        words=_said(file.told("words")),
        notes=tuple(said for said in _said(file.told("note")) if said.text),
        kin=kin_of(file.identity),
        story=_story(file.story),
        sealed_things=sum(line.closed for line in file.story),
        sealed_since=next((line.recorded_at for line in file.story if line.closed), None),
    )


def _harm_first(file: CaseFile, tasks: list[Task]) -> list[Task]:
    """Put first what undoes a harm that is going on; the rest keeps the order of the Guide."""
    harmed = {breach.obligation for breach in file.evaluation.breaches}
    return sorted(tasks, key=lambda task: task.obligation not in harmed)


def _barred(file: CaseFile, action: str) -> Barred:
    """Take the reason that weighs most."""
    reasons = refusals(the_guide(), file.evaluation, action)
    first = min(reasons, key=weight)
    return Barred(
        action=action,
        obligation=first.obligation,
        missing=first.missing[0].key if first.missing and not first.absolute else "",
        source=_source(first),
        verified=bool(first.norms),
        absolute=first.absolute,
        more=len(reasons) - 1,
    )


def _source(refusal: Refusal) -> str:
    lines = source_lines(refusal.norms)
    return lines[0].brief if lines else ""


def _said(lines: Sequence[StoryLine]) -> tuple[Said, ...]:
    return tuple(
        Said(title, text, line.at, line.agency, line.role)
        for line in lines
        for title, text in parts_of(line.words)
    )


def _story(lines: Sequence[StoryLine]) -> tuple[Happened, ...]:
    """Tell the entries newest first; facts of one message are folded, a second answer is a correction."""
    seen: set[tuple[str, str]] = set()
    told: list[list[Happened]] = []
    former: StoryLine | None = None
    for line in lines:
        corrects = (line.kind, line.name) in seen and line.kind in ("fact", "evidence")
        one = _happened(line, corrects=corrects)
        if former and _came_together(former, line):
            told[-1].append(one)
        else:
            told.append([one])
        seen.add((line.kind, line.name))
        former = line
    return tuple(_folded(group) for group in reversed(told))


def _came_together(one: StoryLine, other: StoryLine) -> bool:
    """Test whether two entries are facts of the same message; what people do at a desk stays apart."""
    return one.kind == other.kind == "fact" and one.source == other.source != "desk"


def _folded(group: list[Happened]) -> Happened:
    return replace(group[0], with_it=tuple(group[1:]))


def _happened(line: StoryLine, *, corrects: bool) -> Happened:
    value = line.value if isinstance(line.value, dict) else {}
    return Happened(
        kind=line.kind,
        name=line.name,
        answers=tuple(answers_in_words(line.name, line.value)) if line.kind == "fact" else (),
        claimed=str(value.get("evidence", "")),
        done=bool(value.get("done")),
        found=bool(value.get("found")),
        at=line.at,
        role=line.role,
        agency=line.agency,
        by_system=value.get("by_role") == "system",
        corrects=corrects,
        because=tuple(value.get("because", ())) if line.kind == "evidence" else (),
    )
