"""Stand at one moment of a case: which evidence counts, which facts hold, how each condition is answered.

Pure: the moment is passed in. Guide evaluation, steps 2 and 3. What cannot be answered counts as true, the
protective side; a guard that cannot be answered is not fulfilled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from amparo.guide.engine import Answer, Condition, Undecided, Values
from amparo.guide.facts import Case, Entry
from amparo.guide.model import Guide
from amparo.guide.ruling import Bits, bits_of, conditions_of


@dataclass(frozen=True, slots=True)
class Moment:
    """A case at one moment, ready to be judged."""

    at: datetime | date
    values: Values
    counted: Mapping[str, Entry]
    not_counted: tuple[str, ...]  # entries by a role that may not attest them
    contradicted: tuple[str, ...]  # entries that a fact speaks against
    guarded: tuple[str, ...]  # facts that fell back because their proof is missing
    answers: Mapping[str, Answer]
    # What `ruling` asks of a moment, as bits: conditions that hold, entries needed and not done, what happened.
    holding: int
    lacking: int
    happened: int

    def holds(self, asked: Condition | None) -> bool:
        """Tell whether a condition holds: an error counts as true, and so does an absent condition."""
        return asked is None or self.answers[asked.text] is not False

    def answered(self, guide: Guide, answers: Mapping[str, Answer]) -> "Moment":
        """Return the same moment with further answers."""
        bits = bits_of(guide)
        holding = self.holding & ~_refuted(bits, answers)
        lacking = _lacking(bits, holding, self.counted)
        return replace(self, answers={**self.answers, **answers}, holding=holding, lacking=lacking)

    @property
    def undecided(self) -> dict[str, str]:
        """Give every condition that could not be answered, with the reason."""
        found = list(self.answers.values())
        if found.count(True) + found.count(False) == len(found):  # nearly always, and told without a loop
            return {}
        return {said: a.reason for said, a in self.answers.items() if isinstance(a, Undecided)}


def stand(guide: Guide, case: Case, *, at: datetime | date, action: str | None = None) -> Moment:
    """Return the case as it stands at a moment, or on a whole day.

    With `action` only the conditions of the obligations that may block it are asked, and only what happened
    before the moment has happened; without it, everything is.
    """
    bits = bits_of(guide)
    counted = {entry.key: entry for entry in _done_by(case.attested, at)}
    asked = dict(zip(_names(guide), case.values.values(), strict=True))
    contradicted = contradicted_by_facts(guide, asked, counted)
    for key in contradicted:
        del counted[key]
    before = {event.action for event in case.events if action is None or event.at < _instant(at)}
    asked |= {"evidence.done": sorted(counted), "events.done": sorted(before)}
    guarded = _guard(guide, asked)
    answers = guide.engine.ask_all(conditions_for(guide, action), asked)
    holding = bits.every_condition & ~_refuted(bits, answers)
    return Moment(
        at=at,
        values=asked,
        counted=counted,
        not_counted=tuple(sorted([entry.key for entry in _done_by(case.unattested, at)])),
        contradicted=contradicted,
        guarded=guarded,
        answers=answers,
        holding=holding,
        lacking=_lacking(bits, holding, counted),
        happened=sum(bits.actions[each] for each in before),
    )


def _refuted(bits: Bits, answers: Mapping[str, Answer]) -> int:
    """Return the bits of the conditions that do not hold; what was not asked, or not answered, counts as true."""
    return sum([bits.conditions[said] for said, answer in answers.items() if answer is False])


def _lacking(bits: Bits, holding: int, counted: Mapping[str, Entry]) -> int:
    """Return the bits of the entries that are needed and not done."""
    asked = sum([entry for entry, condition in bits.needed_when if holding & condition])
    done = sum([bits.entries[key] for key in counted])
    return (bits.always_needed | asked) & ~done


@lru_cache(maxsize=512)
def conditions_for(guide: Guide, action: str | None) -> tuple[str, ...]:
    """Return the conditions to ask for one action, or for the whole Guide, without those on other results."""
    chosen = (each for each in guide.obligations.values() if action is None or action in each.blocks)
    found = {asked.text: asked for each in chosen for asked in conditions_of(guide, each)}
    return tuple(said for said, asked in found.items() if not reads_results(asked))


@lru_cache(maxsize=64)
def waiting_for_others(guide: Guide) -> tuple[str, ...]:
    """Return the obligations that are judged last, because an entry reads the lateness of the others."""
    every = guide.obligations.items()
    return tuple(key for key, each in every if any(map(reads_results, conditions_of(guide, each))))


@lru_cache(maxsize=512)
def asked_of_results(guide: Guide, obligation_id: str) -> tuple[str, ...]:
    """Return the conditions of an obligation that read how the others stand."""
    asked = conditions_of(guide, guide.obligations[obligation_id])
    return tuple(sorted({each.text for each in asked if reads_results(each)}))


def reads_results(asked: Condition) -> bool:
    """Tell whether a condition reads how other obligations stand."""
    return any(name.startswith("result.") for name in asked.reads)


def _done_by(entries: tuple[Entry, ...], at: datetime | date) -> list[Entry]:
    """Return the entries done by a moment, or by the end of a day in the moment's own offset."""
    if isinstance(at, datetime):
        return [entry for entry in entries if entry.at <= at]
    return [entry for entry in entries if entry.at.date() <= at]


def contradicted_by_facts(guide: Guide, values: Values, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the entries that a fact, as told, speaks against; the protective one of the two counts."""
    asked = _contradictions(guide)
    found = [key for key in keys if key in asked]  # few cases hold more than two or three of these entries
    return tuple(sorted(key for key in found if guide.engine.ask(asked[key], values) is not False))


@lru_cache(maxsize=64)
def _names(guide: Guide) -> tuple[str, ...]:
    return tuple(f"facts.{name}" for name in guide.facts)


@lru_cache(maxsize=64)
def _contradictions(guide: Guide) -> Mapping[str, str]:
    entries = guide.evidence.items()
    return {key: entry.contradicts.text for key, entry in entries if entry.contradicts is not None}


def _instant(at: datetime | date) -> datetime:
    if not isinstance(at, datetime):
        raise TypeError("an action is judged at an instant, not on a day")
    return at


def _guard(guide: Guide, values: dict[str, str | int | list[str]]) -> tuple[str, ...]:
    fallen = []
    for guard in guide.vocabulary.guards:
        name = f"facts.{guard.fact}"
        if values[name] == guard.value and guide.engine.ask(guard.unless.text, values) is not True:
            values[name] = guard.becomes
            fallen.append(guard.fact)
    return tuple(dict.fromkeys(fallen))
