"""Stand at one moment of a case: which evidence counts, which facts hold, how each condition is answered.

Pure: the moment is passed in. Guide evaluation, steps 2 and 3. What cannot be answered counts as true, the
protective side; a guard that cannot be answered is not fulfilled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from amparo.guide.engine import Condition, Held, Together, Values
from amparo.guide.facts import Case, unknown_answers
from amparo.guide.model import Guide
from amparo.guide.ruling import Bits, bits_of, conditions_of


@dataclass(frozen=True, slots=True)
class Moment:
    """A case at one moment, ready to be judged."""

    at: datetime | date
    values: Values
    counted: Mapping[str, datetime]  # entries that count, and when each was done
    not_counted: tuple[str, ...]  # entries by a role that may not attest them
    contradicted: tuple[str, ...]  # entries that a fact speaks against
    guarded: tuple[str, ...]  # facts that fell back because their proof is missing
    unanswered: Mapping[str, str]  # conditions that could not be answered, with the reason
    standing: int  # where the case stands, for `ruling.verdict`


def stand(guide: Guide, case: Case, *, at: datetime | date, action: str | None = None) -> Moment:
    """Return the case as it stands at a moment, or on a whole day.

    With `action` only the conditions of the obligations that may block it are asked, and only what happened
    before the moment has happened; without it, everything is.
    """
    bits, values = bits_of(guide), dict(case.values)
    counted = _done_by(case.attested, at)
    contradicted = contradicted_by_facts(guide, values, counted)
    for key in contradicted:
        del counted[key]
    before = {event.action for event in case.events if action is None or event.at < _instant(at)}
    values |= {"evidence.done": sorted(counted), "events.done": sorted(before)}
    guarded = _guard(guide, values)
    held, refuted = _asked(_about(guide, action), values)
    done = sum(map(bits.entries.__getitem__, counted))
    happened = sum([bits.actions[each] for each in before])
    unknown = _unknown(guide, case) if action is None else 0  # nobody is asked about what has happened
    return Moment(
        at=at,
        values=values,
        counted=counted,
        not_counted=tuple(sorted(_done_by(case.unattested, at))),
        contradicted=contradicted,
        guarded=guarded,
        unanswered=held.unanswered,
        standing=_without(bits, bits.untold & ~done, refuted) | happened | unknown,
    )


def knowing_lateness(guide: Guide, moment: Moment, obligation_id: str, *, late: int) -> Moment:
    """Return the moment as an obligation sees it that reads how many of the others are late."""
    values = {**moment.values, "result.late_elsewhere": late}
    held, refuted = _asked(_about_results(guide, obligation_id), values)
    return replace(
        moment,
        unanswered={**moment.unanswered, **held.unanswered},
        standing=_without(bits_of(guide), moment.standing, refuted),
    )


def _asked(about: tuple[Together, int], values: Values) -> tuple[Held, int]:
    """Return the answers, and the bits of the conditions that do not hold; what is not asked counts as true."""
    answer, asked = about
    held = answer(values)
    return held, asked & ~held.bits


def _without(bits: Bits, standing: int, refuted: int) -> int:
    """Take from where a case stands the conditions that do not hold, and the entries needed only while they did."""
    if refuted & bits.needing:
        refuted |= sum([entry for entry, condition in bits.needed_when if condition & refuted])
    return standing & ~refuted


def _unknown(guide: Guide, case: Case) -> int:
    """Return the bits of the facts that nobody knows yet."""
    bits = bits_of(guide).facts
    return sum([bits[name] for name, path, unknown in unknown_answers(guide) if case.values[path] == unknown])


@lru_cache(maxsize=512)
def _about(guide: Guide, action: str | None) -> tuple[Together, int]:
    return _together(guide, conditions_for(guide, action))


@lru_cache(maxsize=512)
def _about_results(guide: Guide, obligation_id: str) -> tuple[Together, int]:
    """Prepare the conditions of an obligation that read how the others stand."""
    asked = conditions_of(guide, guide.obligations[obligation_id])
    return _together(guide, {each.text for each in asked if reads_results(each)})


def _together(guide: Guide, texts: Iterable[str]) -> tuple[Together, int]:
    bits = {text: bits_of(guide).conditions[text] for text in texts}
    return guide.engine.together(bits), sum(bits.values())


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


def reads_results(asked: Condition) -> bool:
    """Tell whether a condition reads how other obligations stand."""
    return any(name.startswith("result.") for name in asked.reads)


def _done_by(done: Mapping[str, datetime], at: datetime | date) -> dict[str, datetime]:
    """Return the entries done by a moment, or by the end of a day in the moment's own offset."""
    if not isinstance(at, datetime):
        return {key: when for key, when in done.items() if when.date() <= at}
    past = {when for when in {*done.values()} if when <= at}  # what was done at one visit carries one moment
    return {key: when for key, when in done.items() if when in past}


def contradicted_by_facts(guide: Guide, values: Values, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the entries that a fact, as told, speaks against; the protective one of the two counts."""
    asked = _contradictions(guide)
    found = asked.keys() & keys  # few cases hold more than two or three of these entries
    return tuple(sorted([key for key in found if guide.engine.ask(asked[key], values) is not False]))


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
