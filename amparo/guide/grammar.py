"""Read a condition of the Guide into its parts: the small, closed part of CEL that the Guide writes in.

Pure. The CEL engine decides what is true; this reading serves words, checks and proofs, and refuses whatever
it does not know rather than guess. Decision: 11.
"""

import re
from functools import lru_cache
from typing import Literal, cast

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
    Sign,
    Size,
    Text,
    Truth,
    Variable,
)

LONGEST, DEEPEST = 2000, 24  # characters of a condition; how deep it may be nested
_SIGNS = ("==", "!=", "<=", ">=", "<", ">")
_RESERVED = {"facts", "evidence", "events", "result", "in", "true", "false", "null", "size", "has"}
_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\n\f]+)
    | (?P<text>'[^'"\\\r\n]*'|"[^"'\\\r\n]*")
    | (?P<variable>\b(?:facts|evidence|events|result)\.[a-z]\w*)
    | (?P<number>-?[0-9]{1,9}(?!\w))
    | (?P<name>[a-zA-Z_]\w*)
    | (?P<sign>&&|\|\||==|!=|<=|>=|[<>!()\[\],.])
    """,
    re.VERBOSE | re.ASCII,
)


class ConditionNotUnderstood(Exception):
    """A condition uses something outside the Guide's part of CEL; `at` is the character, counted from 1.

    `said` is an English sentence with {names} for `values`; other languages translate the sentence.
    """

    def __init__(self, said: str, at: int, **values: object) -> None:
        self.said, self.at, self.values = said, at, {name: str(value) for name, value in values.items()}
        super().__init__(said.format_map(self.values))


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Return a condition as an expression; ConditionNotUnderstood where it leaves the Guide's part of CEL."""
    if len(text) > LONGEST:
        raise ConditionNotUnderstood(
            "is longer than {limit} characters; split it into two entries", LONGEST, limit=LONGEST
        )
    return _Reader(text).whole()


class _Reader:
    """Reads one condition from left to right; each method reads one kind of thing and returns it."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._next = 0
        self._deep = 0
        self._items: list[str] = []  # the names given by exists and all, innermost last

    def whole(self) -> Expression:
        found = self._either()
        if self._kind != "end":
            raise self._not_understood()
        return found

    # ---- what a condition is made of, loosest first

    def _either(self) -> Expression:
        parts = [self._both()]
        while self._take("||"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _both(self) -> Expression:
        parts = [self._plain()]
        while self._take("&&"):
            parts.append(self._plain())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _plain(self) -> Expression:
        self._go_deeper()
        found = self._negated() or self._bracketed() or self._truth() or self._about_value()
        self._deep -= 1
        return found

    def _negated(self) -> Expression | None:
        if not self._take("!"):
            return None
        self._go_deeper()
        # In CEL `!a == b` means `(!a) == b`: what follows has to be whole in itself.
        found = self._negated() or self._bracketed() or self._truth() or self._after_not()
        self._deep -= 1
        return Not(found)

    def _after_not(self) -> Expression:
        start = self._next
        found = self._about_value()
        if isinstance(found, Compare | In):
            raise self._fault(start, "put what follows ! in brackets: !(…)")
        return found

    def _bracketed(self) -> Expression | None:
        if not self._take("("):
            return None
        found = self._either()
        self._want(")")
        return found

    def _truth(self) -> Expression | None:
        if self._kind == "name" and self._word in ("true", "false"):
            return Truth(self._pass() == "true")
        return None

    def _about_value(self) -> Expression:
        start, value = self._next, self._value()
        if isinstance(value, Listed | Variable) and self._take("."):
            return self._quantified(value)
        if isinstance(value, Listed):
            raise self._fault(start, "a list stands only after `in` or before .exists and .all")
        if self._word in _SIGNS:
            return Compare(cast(Sign, self._pass()), value, self._operand())
        if self._kind == "name" and self._take("in"):
            return In(value, self._many())
        if isinstance(value, Variable):
            return value
        raise self._not_understood()

    def _quantified(self, among: Listed | Variable) -> Expression:
        start, word = self._next, self._pass()
        if word not in ("exists", "all"):
            raise self._fault(
                start, "{what} is not known here; write it with exists, all, in or size", what=word
            )
        self._want("(")
        item = Item(self._new_item())
        self._want(",")
        self._items.append(item.name)
        where = self._either()
        self._items.pop()
        self._want(")")
        return Exists(item, among, where) if word == "exists" else All(item, among, where)

    def _new_item(self) -> str:
        start, kind, word = self._next, self._kind, self._pass()
        if kind != "name" or word in _RESERVED:
            raise self._fault(start, "after .exists( and .all( comes a letter for the item, such as d")
        if word in self._items:
            raise self._fault(start, "{what} is taken by the list outside; use another letter", what=word)
        return word

    # ---- values

    def _operand(self) -> Operand:
        start, value = self._next, self._value()
        if isinstance(value, Listed):
            raise self._fault(start, "a list cannot be compared; write it with in")
        return value

    def _many(self) -> Listed | Variable:
        start, value = self._next, self._value()
        if not isinstance(value, Listed | Variable):
            raise self._fault(start, "after `in` comes a list, such as ['a', 'b'] or evidence.done")
        return value

    def _value(self) -> Operand | Listed:
        kind, word = self._kind, self._word
        if kind == "text":
            return Text(self._pass()[1:-1])
        if kind == "number":
            return Number(int(self._pass()))
        if kind == "variable":
            root, name = self._pass().split(".")
            return Variable(cast(Literal["facts", "evidence", "events", "result"], root), name)
        if kind == "name" and word in self._items:
            return Item(self._pass())
        if kind == "name" and word == "size":
            return self._size()
        if self._take("["):
            return self._listed()
        raise self._not_understood()

    def _size(self) -> Size:
        self._pass()
        self._want("(")
        found = self._many()
        self._want(")")
        return Size(found)

    def _listed(self) -> Listed:
        items: list[Text | Number] = []
        while not self._take("]"):
            if items:
                self._want(",")
            start, value = self._next, self._value()
            if not isinstance(value, Text | Number):
                raise self._fault(start, "a written list holds texts or numbers only")
            items.append(value)
        return Listed(tuple(items))

    # ---- tokens

    @property
    def _kind(self) -> str:
        return self._tokens[self._next][0]

    @property
    def _word(self) -> str:
        return self._tokens[self._next][1]

    def _pass(self) -> str:
        word = self._word
        self._next += self._kind != "end"
        return word

    def _take(self, word: str) -> bool:
        found = self._kind in ("sign", "name") and self._word == word
        self._next += found
        return found

    def _want(self, word: str) -> None:
        if not self._take(word):
            raise self._fault(self._next, "here {what} is missing", what=word)

    def _go_deeper(self) -> None:
        self._deep += 1
        if self._deep > DEEPEST:
            raise self._fault(self._next, "is nested more than {limit} deep; write it flatter", limit=DEEPEST)

    def _not_understood(self) -> ConditionNotUnderstood:
        if self._kind == "end":
            return self._fault(self._next, "ends too early")
        known = "facts, evidence.done, events.done, ==, !=, <, <=, >, >=, in, exists, all, size, &&, ||, !"
        raise self._fault(
            self._next, "{what} is not known here; write it with {known}", what=self._word, known=known
        )

    def _fault(self, token: int, said: str, **values: object) -> ConditionNotUnderstood:
        return ConditionNotUnderstood(said, self._tokens[token][2], **values)


def _tokens(text: str) -> list[tuple[str, str, int]]:
    """Return kind, word and place of each token, with an end behind the last."""
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ConditionNotUnderstood("{what} is not known here", at + 1, what=text[at : at + 1])
        if match.lastgroup != "space":
            found.append((str(match.lastgroup), match.group(), at + 1))
        at = match.end()
    return [*found, ("end", "", len(text) + 1)]
