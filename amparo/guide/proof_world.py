"""Set out every case the closed vocabulary allows, and how a Guide sees it: what counts, what holds, what is barred.

The same steps as `moment` and `judging`, in terms of the solver; a test holds the two against each other.
Guide evaluation, steps 2 to 6. Decision: 11.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import z3

from amparo.guide.engine import Condition
from amparo.guide.expressions import Expression, Text, walk
from amparo.guide.grammar import ConditionNotUnderstood, parse
from amparo.guide.model import FactKind, Guide, Obligation
from amparo.guide.proof_terms import Many, NotProvable, Spread, Term, Translator, Value, all_of, any_of, no

TODAY = "2026-03-02"
_OTHERS = 12  # values beyond those written in a condition: more than any condition can tell apart
_COUNTRIES = (
    "HN",
    "GT",
    "MX",
    "SV",
    "NI",
    "CO",
    "VE",
    "EC",
    "HT",
    "CU",
    "BR",
    "PE",
    "US",
    "PA",
    "CR",
    "BO",
    "CL",
)
_LANGUAGES = ("es", "en", "fr", "pt", "ht", "mam", "quc", "kek", "ixl", "cak", "tzo", "yua", "nah", "zap")


@dataclass(frozen=True)
class World:
    """Every case at once: the facts as told, who attested what, what has happened."""

    context: z3.Context
    facts: Mapping[str, Value]
    entries: Mapping[str, Term]  # evidence that is done, by a role the region accepts
    narrowed: Mapping[str, Term]  # … and by a role the country accepts too, where it accepts fewer
    events: Mapping[str, Term]
    late: tuple[z3.ArithRef, z3.ArithRef]  # how many duties are late for the region, for the country
    rules: tuple[Term, ...]  # what is true of every case


def world_of(region: Guide, country: Guide) -> World:
    """Return every case that both Guides may be asked about."""
    context, literals = z3.Context(), _literals(region) | _literals(country)
    facts, rules = {}, []
    for kind in country.facts.values():
        facts[f"facts.{kind.name}"], rule = _fact(kind, literals, context)
        rules += rule
    entries = {key: z3.Bool(f"evidence/{key}", context) for key in country.evidence}
    narrowed = {key: z3.Bool(f"accepted/{key}", context) for key in _narrowed(region, country)}
    rules += [z3.Implies(narrowed[key], entries[key]) for key in narrowed]
    late = z3.Int("late/region", context), z3.Int("late/country", context)
    rules += [late[0] >= 0, late[1] >= late[0]]  # a stricter Guide never leaves fewer duties late
    events = {action: z3.Bool(f"event/{action}", context) for action in country.vocabulary.actions}
    return World(context, facts, entries, narrowed, events, late, tuple(rules))


def _narrowed(region: Guide, country: Guide) -> list[str]:
    return [
        key for key, old in region.evidence.items() if set(old.attest) - set(country.evidence[key].attest)
    ]


def _literals(guide: Guide) -> frozenset[str]:
    nodes = (node for each in conditions_in(guide) for node in walk(_parsed(each)))
    return frozenset(node.value for node in nodes if isinstance(node, Text))


def conditions_in(guide: Guide) -> Iterator[Condition]:
    """Walk through every condition that decides on a case; what is only counted is left out."""
    for each in guide.obligations.values():
        yield each.applies
        yield from filter(None, (each.due, each.reopen_while))
        yield from (*each.block_when.values(), *each.hold_while.values())
    for entry in guide.evidence.values():
        yield from filter(None, (entry.needed_when, entry.contradicts))
    yield from (guard.unless for guard in guide.vocabulary.guards)


# ---- values ------------------------------------------------------------------------------------


def _fact(kind: FactKind, literals: frozenset[str], context: z3.Context) -> tuple[Value, list[Term]]:
    if kind.type == "int":
        number = z3.Int(kind.name, context)
        low, high = kind.minimum, kind.maximum
        return number, [rule for rule, at in ((number >= low, low), (number <= high, high)) if at is not None]
    values = kind.choices or tuple(_open_values(kind, literals))
    truths = {value: z3.Bool(f"{kind.name}/{value}", context) for value in values}
    if kind.type == "texts":
        return Many(truths, open=not kind.choices), []
    return Spread(truths), [z3.PbEq([(truth, 1) for truth in truths.values()], 1)]


def _open_values(kind: FactKind, literals: frozenset[str]) -> Iterator[str]:
    """Walk through the values written in conditions, and others enough to stand for all the rest."""
    if kind.type in ("date", "date-time") and not kind.required:
        yield ""
    written = sorted(text for text in literals if text and _fits(kind, text))
    default = [kind.default] if isinstance(kind.default, str) and kind.default not in written else []
    pool = (text for text in _pool(kind) if text not in written and text not in default and _fits(kind, text))
    others = list(islice(pool, _OTHERS))
    if len(others) < _OTHERS:
        raise NotProvable(kind.name)
    yield from (*default, *written, *others)


def _pool(kind: FactKind) -> Iterable[str]:
    if kind.type == "date":
        return [TODAY, *(f"2026-02-{day:02}" for day in range(1, 29))]
    if kind.type == "date-time":
        return [f"2026-02-{day:02}T09:00:00-06:00" for day in range(1, 29)]
    return [*_LANGUAGES, *_COUNTRIES]


def _fits(kind: FactKind, text: str) -> bool:
    if kind.type in ("date", "date-time"):
        return re.fullmatch(r"\d{4}-\d\d-\d\d" + (".+" if kind.type == "date-time" else ""), text) is not None
    if kind.pattern is None:
        raise NotProvable(kind.name)
    return re.fullmatch(kind.pattern.removeprefix("^").removesuffix("$"), text) is not None


# ---- how one Guide sees it ---------------------------------------------------------------------


class View:
    """Every case of a world as one Guide sees it; each method returns a term, true of the cases where it holds."""

    def __init__(self, guide: Guide, world: World, *, country: bool) -> None:
        self.guide, self._world, self._country = guide, world, country
        self._terms: dict[str, Term] = {}
        self._lacks: dict[str, Term] = {}

    @cached_property
    def done(self) -> Mapping[str, Term]:
        """Say of each entry whether it counts: done, by a role that may, and no fact speaks against it."""
        narrowed = self._world.narrowed if self._country else {}
        by_facts = Translator(self._world.facts)
        counts = {}
        for key, entry in self.guide.evidence.items():
            against = entry.contradicts is not None and by_facts.term(_parsed(entry.contradicts))
            counts[key] = all_of([narrowed.get(key, self._world.entries[key]), no(against)])
        return counts

    @cached_property
    def _translator(self) -> Translator:
        values: dict[str, Value] = dict(self._world.facts)
        values |= {"evidence.done": Many(self.done), "events.done": Many(self._world.events)}
        values["result.late_elsewhere"] = self._world.late[self._country]
        for guard in self.guide.vocabulary.guards:
            values[f"facts.{guard.fact}"] = _guarded(
                values, guard.fact, guard.value, guard.becomes, guard.unless
            )
        return Translator(values)

    def holds(self, asked: Condition | None, *, absent: bool = True) -> Term:
        """Say whether a condition holds; an absent one is `absent`."""
        if asked is None:
            return absent
        if asked.text not in self._terms:
            self._terms[asked.text] = self._translator.term(_parsed(asked))
        return self._terms[asked.text]

    def lacks(self, key: str) -> Term:
        """Say whether an entry is needed and not done."""
        if key not in self._lacks:
            needed = self.holds(self.guide.evidence[key].needed_when)
            self._lacks[key] = all_of([needed, no(self.done[key])])
        return self._lacks[key]

    def covers(self, one: Obligation) -> Term:
        """Say whether the obligation applies."""
        return self.holds(one.applies)

    def missing(self, one: Obligation, key: str) -> Term:
        """Say whether the obligation applies and misses this entry."""
        owed = True if key in one.requires else self._fallen_due(one)
        return all_of([self.covers(one), owed, self.lacks(key)])

    def unmet(self, one: Obligation) -> Term:
        """Say whether the obligation applies and is not met."""
        entries = [self.missing(one, key) for key in (*one.requires, *one.after)]
        return all_of([self.covers(one), any_of([*entries, self._reopened(one)])])

    def met(self, one: Obligation) -> Term:
        """Say whether the obligation applies, is met, and nothing holds it."""
        holds = any_of(self.holds(said) for said in one.hold_while.values())
        return all_of([self.covers(one), no(self.unmet(one)), no(holds)])

    def open(self, one: Obligation) -> Term:
        """Say whether people are asked to act now."""
        fallen = self._fallen_due(one) if one.after else False
        return all_of([any_of([self.holds(one.due), fallen]), self.unmet(one)])

    def bars(self, one: Obligation, action: str) -> Term:
        """Say whether the obligation blocks an action."""
        entries = list(map(self.lacks, one.gate.get(action, one.requires)))
        if action == "close-case":
            entries += [all_of([self._fallen_due(one), self.lacks(key)]) for key in one.after]
        behind = any_of([one.absolute, *entries, self._held(one, action), self._reopened(one)])
        return all_of([self._stands(one, action), behind])

    def held(self, one: Obligation, action: str) -> Term:
        """Say whether the obligation blocks an action and holds it, so that no override lifts the block."""
        return all_of([self._stands(one, action), self._held(one, action)])

    def refused(self, action: str) -> Term:
        """Say whether any obligation blocks an action."""
        every = self.guide.obligations.values()
        return any_of(self.bars(one, action) for one in every if action in one.blocks)

    def _stands(self, one: Obligation, action: str) -> Term:
        if one.severity != "hard" or action not in one.blocks:
            return False
        return all_of([self.covers(one), any_of([one.absolute, self.holds(one.block_when.get(action))])])

    def _held(self, one: Obligation, action: str) -> Term:
        return any_of(self.holds(one.hold_while.get(name), absent=False) for name in ("*", action))

    def _reopened(self, one: Obligation) -> Term:
        return self.holds(one.reopen_while, absent=False)

    def _fallen_due(self, one: Obligation) -> Term:
        return any_of(self._world.events[action] for action in one.after_on)


def _guarded(values: Mapping[str, Value], fact: str, value: str, becomes: str, unless: Condition) -> Value:
    """Return a fact after one guard: `value` counts only while `unless` holds, otherwise it `becomes` doubtful."""
    before = values[f"facts.{fact}"]
    if not isinstance(before, Spread):
        raise NotProvable(fact)
    proved = Translator(values).term(_parsed(unless))
    falls = all_of([before.values[value], no(proved)])
    after = {**before.values, value: all_of([before.values[value], proved])}
    return Spread({**after, becomes: any_of([after[becomes], falls])})


def _parsed(asked: Condition) -> Expression:
    try:
        return parse(asked.text)
    except ConditionNotUnderstood as fault:
        raise NotProvable(asked.text) from fault
