"""Turn a condition of the Guide into a term of the solver, over every value the closed vocabulary allows.

Nothing is guessed: what cannot be put exactly is refused with `NotProvable`. A text is one truth per possible
value, a list one truth per possible item. Decision: 11.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import z3

from amparo.guide.expressions import (
    All,
    And,
    Compare,
    Exists,
    Expression,
    In,
    Item,
    Listed,
    Not,
    Number,
    Operand,
    Or,
    Size,
    Text,
    Truth,
    Variable,
)

Term = Any  # True, False or a truth of the solver
Whole = Any  # a whole number, known or of the solver
MOST_COUNTED = 5  # how far the items of an open list, such as countries, may be counted


class NotProvable(Exception):
    """Something in a condition cannot be put exactly, so nothing can be proved about it."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A text: for each value it may have, whether it has it; exactly one is true."""

    values: Mapping[str, Term]


@dataclass(frozen=True, slots=True)
class Many:
    """A list without repeats: for each item it may hold, whether it holds it; `open` has items beyond these."""

    items: Mapping[str, Term]
    open: bool = False


Value = Spread | Many | Whole  # what a variable of a condition stands for


def all_of(terms: Iterable[Term]) -> Term:
    """Return the term that is true when every one is."""
    open_ones = []
    for term in terms:
        if term is False:
            return False
        if term is not True:
            open_ones.append(term)
    if len(open_ones) <= 1:
        return open_ones[0] if open_ones else True
    return z3.And(open_ones)


def any_of(terms: Iterable[Term]) -> Term:
    """Return the term that is true when at least one is."""
    open_ones = []
    for term in terms:
        if term is True:
            return True
        if term is not False:
            open_ones.append(term)
    if len(open_ones) <= 1:
        return open_ones[0] if open_ones else False
    return z3.Or(open_ones)


def no(term: Term) -> Term:
    """Return the term that is true when this one is not."""
    return not term if isinstance(term, bool) else z3.Not(term)


class Translator:
    """Put expressions into terms, for variables that stand for these values."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values

    def term(self, said: Expression, items: Mapping[str, str] | None = None) -> Term:
        """Return an expression as a term; `items` gives the text that each item of a list stands for."""
        known = items or {}
        match said:
            case Truth(value):
                return value
            case Not(of):
                return no(self.term(of, known))
            case And(parts):
                return all_of(self.term(part, known) for part in parts)
            case Or(parts):
                return any_of(self.term(part, known) for part in parts)
            case Exists(item, among, where):
                return any_of(all_of(pair) for pair in self._each(item, among, where, known))
            case All(item, among, where):
                pairs = self._each(item, among, where, known)
                return all_of(any_of([no(there), holds]) for there, holds in pairs)
        return self._about_values(said, known)

    def _about_values(self, said: Expression, items: Mapping[str, str]) -> Term:
        match said:
            case Compare(sign, left, right):
                return self._compare(sign, left, right, items)
            case In(value, among):
                return self._in(self._value(value, items), self._many(among))
        raise NotProvable(said)

    def _each(
        self, item: Item, among: Listed | Variable, where: Expression, items: Mapping[str, str]
    ) -> list[tuple[Term, Term]]:
        """Return for each possible item whether the list holds it, and whether it is as said."""
        many = self._many(among)
        return [(there, self.term(where, {**items, item.name: text})) for text, there in many.items.items()]

    # ---- values

    def _value(self, said: Operand, items: Mapping[str, str]) -> Value:
        match said:
            case Text(text):
                return Spread({text: True})
            case Item(name):
                return Spread({items[name]: True})
            case Number(number):
                return number
            case Size(of):
                return self._size(of)
            case Variable():
                return self._known(said)

    def _known(self, said: Variable) -> Value:
        if said.path not in self._values:
            raise NotProvable(said.path)
        return self._values[said.path]

    def _many(self, said: Listed | Variable) -> Many:
        if isinstance(said, Listed):
            return Many(dict.fromkeys(map(_as_text, said.items), True))
        found = self._known(said)
        if not isinstance(found, Many):
            raise NotProvable(said.path)
        return found

    def _in(self, value: Value, many: Many) -> Term:
        if not isinstance(value, Spread):
            raise NotProvable("a number in a list")
        return any_of(
            all_of([is_it, many.items[text]]) for text, is_it in value.values.items() if text in many.items
        )

    def _size(self, of: Listed | Variable) -> Whole:
        if isinstance(of, Listed):
            return len(of.items)
        counted = [z3.If(there, 1, 0) for there in self._many(of).items.values() if there is not False]
        return z3.Sum(counted) if counted else 0

    def _compare(self, sign: str, left: Operand, right: Operand, items: Mapping[str, str]) -> Term:
        self._countable(left, right)
        self._countable(right, left)
        one, other = self._value(left, items), self._value(right, items)
        if isinstance(one, Spread) and isinstance(other, Spread):
            same = any_of(
                all_of([term, other.values[text]])
                for text, term in one.values.items()
                if text in other.values
            )
            return _equal_or_not(sign, same)
        if isinstance(one, Spread | Many) or isinstance(other, Spread | Many):
            raise NotProvable("values of two kinds compared")
        return _ordered(sign, one, other)

    def _countable(self, counted: Operand, limit: Operand) -> None:
        """Refuse to count the items of an open list beyond what the possible items stand for."""
        near = isinstance(limit, Number) and limit.value <= MOST_COUNTED
        if isinstance(counted, Size) and not near and self._many(counted.of).open:
            raise NotProvable("an open list counted far")


def _as_text(item: Text | Number) -> str:
    if isinstance(item, Number):
        raise NotProvable("a number in a list")
    return item.value


def _equal_or_not(sign: str, same: Term) -> Term:
    if sign not in ("==", "!="):
        raise NotProvable("texts have no order")
    return same if sign == "==" else no(same)


def _ordered(sign: str, one: Whole, other: Whole) -> Term:
    return {
        "==": lambda: one == other,
        "!=": lambda: one != other,
        "<": lambda: one < other,
        "<=": lambda: one <= other,
        ">": lambda: one > other,
        ">=": lambda: one >= other,
    }[sign]()
