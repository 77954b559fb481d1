"""Tell a condition of the Guide in plain words, as lists that a lawyer can read, in the reader's language.

Pure: no evaluation. Negation is pushed inward, so that nothing is told as "not (…)"; where answers are left out,
the words say whether not knowing counts too. Words: `logic` in `data/translations/XX.yaml`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from amparo.guide import expressions as ex
from amparo.guide.grammar import parse
from amparo.guide.model import FactKind, Guide, Language, Texts
from amparo.guide.texts import text_in

Joint = Literal["", "all", "any"]
_OPPOSITE: Mapping[Joint, Joint] = {"all": "any", "any": "all"}
_NEGATED: Mapping[ex.Sign, ex.Sign] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED: Mapping[ex.Sign, ex.Sign] = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
# What nearly every obligation says of whom it covers reads better as one phrase.
_PHRASES = {
    ("age_status", frozenset({"adult-established", "came-of-age"})): "is-or-may-be-child",
    ("age_status", frozenset({"adult-established"})): "child-or-protected-here",
}
# Bounds that say something simpler: of a number whose -1 means that nobody knows, and of the size of a list.
_KNOWN = {
    ("at-most", -1): "unknown",
    ("exactly", -1): "unknown",
    ("at-least", 0): "known",
    ("not-exactly", -1): "known",
}
_SOME = {
    ("at-least", 1): "some",
    ("not-exactly", 0): "some",
    ("at-most", 0): "nothing",
    ("exactly", 0): "nothing",
}
_NONE = {"includes": "includes-none", "includes-other": "includes-only"}
_COLON_AFTER_QUESTION = re.compile(r"\?\s?:")
_LISTS = {"evidence": ("evidence", "done"), "events": ("action", "happened")}


@dataclass(frozen=True, slots=True)
class Said:
    """A condition in words: one sentence, or parts of which all or any must hold."""

    text: str
    joint: Joint = ""
    parts: tuple["Said", ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """What is needed to speak of a Guide: its texts, the facts it knows, the reader's language."""

    texts: Texts
    facts: Mapping[str, FactKind]
    language: Language

    def word(self, kind: str, key: str) -> str:
        """Return what the Guide calls a thing; kinds as for `text_of`."""
        return text_in(self.texts, kind, key, self.language).text

    def say(self, key: str, **values: object) -> str:
        """Return a phrase of the kind `logic` with its blanks filled; a question keeps its own mark."""
        return _COLON_AFTER_QUESTION.sub("?", self.word("logic", key).format_map(values))

    def listed(self, items: Iterable[str], *, joint: str = "or") -> str:
        """Join words as people do: "a, b or c"."""
        *first, last = items
        return f"{', '.join(first)} {self.say(joint)} {last}" if first else last


def condition_in_words(guide: Guide, condition: str, language: Language) -> Said:
    """Return a condition in words; ConditionNotUnderstood where it is not written as the Guide writes."""
    return tell(condition, Lexicon(guide.texts, guide.facts, language))


def tell(condition: str, lexicon: Lexicon) -> Said:
    """Return a condition in the words of a lexicon; errors as for `condition_in_words`."""
    return _Teller(lexicon).told(parse(condition), holds=True)


def one_line(said: Said, lexicon: Lexicon) -> str:
    """Return a condition as one line: "a; and (b; or c)"."""
    if not said.joint:
        return said.text
    parts = [f"({one_line(part, lexicon)})" if part.joint else part.text for part in said.parts]
    return f"; {lexicon.say('and' if said.joint == 'all' else 'or')} ".join(parts)


class _Teller:
    """Tells expressions; `holds` is False where the words must say that something is not so."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon, self._say = lexicon, lexicon.say
        self._items: dict[str, ex.Variable] = {}  # the list that the item of an `exists` is taken from

    def told(self, node: ex.Expression, *, holds: bool) -> Said:
        """Return one expression in words."""
        match node:
            case ex.Not(of):
                return self.told(of, holds=not holds)
            case ex.And(parts):
                return self._joined("all", parts, holds=holds)
            case ex.Or(parts):
                return self._joined("any", parts, holds=holds)
            case ex.Exists(item, among, where):
                return self._exists(item, among, where, holds=holds)
            case ex.All(item, ex.Listed() as among, where):
                return self._joined("all", _each(among, item, where), holds=holds)
            case ex.All(item, among, where):  # all are so: there is none that is not so
                return self._exists(item, among, ex.Not(where), holds=not holds)
            case _:
                return Said(self._plain(node, holds=holds))

    def _joined(self, joint: Joint, parts: tuple[ex.Expression, ...], *, holds: bool) -> Said:
        joint = joint if holds else _OPPOSITE[joint]
        told = [self.told(part, holds=holds) for part in parts]
        flat = tuple(inner for part in told for inner in (part.parts if part.joint == joint else (part,)))
        return flat[0] if len(flat) == 1 else Said(self._say(joint), joint, flat)

    def _plain(self, node: ex.Truth | ex.Variable | ex.Compare | ex.In, *, holds: bool) -> str:
        match node:
            case ex.Truth(value):
                return self._say("always" if value == holds else "never")
            case ex.Variable(_, name):
                return self._say(name if holds else f"not-{name}")
            case ex.In(value, among):
                return self._among(value, among, holds=holds)
            case ex.Compare(sign, ex.Text() | ex.Number() as left, right):
                return self._compared(_MIRRORED[sign], right, left, holds=holds)
            case ex.Compare(sign, left, right):
                return self._compared(sign, left, right, holds=holds)

    # ---- one value

    def _compared(self, sign: ex.Sign, left: ex.Operand, right: ex.Operand, *, holds: bool) -> str:
        sign = sign if holds else _NEGATED[sign]
        if isinstance(right, ex.Number):
            return self._counted(*_bound(sign, right.value), left)
        if isinstance(right, ex.Text):
            return self._answered(left, (right,), holds=sign == "==")
        key = "same" if sign == "==" else "different"
        return self._say(key, one=self._thing(left), other=self._thing(right))

    def _counted(self, bound: str, number: int, left: ex.Operand) -> str:
        kind, thing = self._kind(left), self._thing(left)
        if kind is not None and kind.unknown == -1 and (bound, number) in _KNOWN:
            return self._say(_KNOWN[bound, number], thing=thing)
        if isinstance(left, ex.Size) and (bound, number) in _SOME:
            return self._say(_SOME[bound, number], thing=thing)
        years, rest = divmod(number, 12)
        in_months = kind is not None and kind.name.endswith("in_months") and not rest
        shown = self._say("in-years", number=number, years=years) if in_months else str(number)
        return self._say(bound, thing=thing, number=shown)

    def _answered(self, asked: ex.Operand, items: Iterable[ex.Text | ex.Number], *, holds: bool) -> str:
        kind, values = self._kind(asked), [item.value for item in items]
        phrase = _PHRASES.get((kind.name if kind else "", frozenset(map(str, values))))
        if phrase and not holds:
            return self._say(phrase)
        if kind is not None and values == [kind.unknown]:
            return self._say("unknown" if holds else "known", thing=self._thing(asked))
        said = self._say(
            "is" if holds else "is-not", thing=self._thing(asked), answers=self._answers(asked, values)
        )
        doubt = not holds and kind is not None and kind.unknown is not None and kind.unknown not in values
        return f"{said} {self._say('unknown-too')}" if doubt else said

    # ---- lists

    def _among(self, value: ex.Operand, among: ex.Listed | ex.Variable, *, holds: bool) -> str:
        if isinstance(among, ex.Listed):
            return self._answered(value, among.items, holds=holds)
        if isinstance(value, ex.Text | ex.Number):
            return self._includes(among, (value,), "includes" if holds else "includes-none")
        key = "among" if holds else "not-among"
        return self._say(key, one=self._thing(value), other=self._thing(among))

    def _exists(
        self, item: ex.Item, among: ex.Listed | ex.Variable, where: ex.Expression, *, holds: bool
    ) -> Said:
        if isinstance(among, ex.Listed):
            if isinstance(where, ex.In) and where.value == item and isinstance(where.among, ex.Variable):
                return Said(
                    self._includes(where.among, among.items, "includes" if holds else "includes-none")
                )
            return self._joined("any", _each(among, item, where), holds=holds)
        items, inside = _chosen(where, item)
        if items and (inside or among.root == "facts"):
            key = "includes" if inside else "includes-other"
            return Said(self._includes(among, items, key if holds else _NONE[key]))
        self._items[item.name] = among
        inner = one_line(self.told(where, holds=True), self._lexicon)
        return Said(self._say("some-item" if holds else "no-item", thing=self._thing(among), said=inner))

    def _includes(self, among: ex.Variable, items: Iterable[ex.Text | ex.Number], key: str) -> str:
        answers = self._answers(among, [item.value for item in items])
        if among.root == "facts":
            return self._say(key, thing=self._thing(among), answers=answers)
        return self._say(("" if key == "includes" else "not-") + _LISTS[among.root][1], what=answers)

    # ---- names

    def _thing(self, value: ex.Operand | ex.Listed) -> str:
        match value:
            case ex.Size(of):
                return self._thing(of)
            case ex.Variable("facts", name):
                return self._lexicon.word("fact", name)
            case ex.Variable(root, name):
                return self._say(f"{root}-{name}")
            case ex.Item():
                return self._say("item")
            case ex.Text(text):
                return self._say("quoted", answer=text)
            case ex.Number(number):
                return str(number)
            case ex.Listed(items):
                return self._lexicon.listed(self._thing(each) for each in items)

    def _kind(self, value: ex.Operand) -> FactKind | None:
        found = self._items.get(value.name) if isinstance(value, ex.Item) else value
        is_fact = isinstance(found, ex.Variable) and found.root == "facts"
        return self._lexicon.facts.get(found.name) if is_fact and isinstance(found, ex.Variable) else None

    def _answers(self, asked: ex.Operand, values: Iterable[str | int]) -> str:
        return self._lexicon.listed(
            self._say("quoted", answer=self._answer(asked, str(value))) for value in values
        )

    def _answer(self, asked: ex.Operand, value: str) -> str:
        kind = self._kind(asked)
        found = self._items.get(asked.name) if isinstance(asked, ex.Item) else asked
        if kind is not None:
            return self._lexicon.word("value", f"{kind.name}/{value}") if value in kind.choices else value
        if isinstance(found, ex.Variable) and found.root in _LISTS:
            return self._lexicon.word(_LISTS[found.root][0], value)
        return self._lexicon.word("state", value)


def _bound(sign: ex.Sign, number: int) -> tuple[str, int]:
    """Say a comparison of whole numbers as a bound that holds itself: more than 3 is at least 4."""
    bounds = {
        "==": ("exactly", number),
        "!=": ("not-exactly", number),
        ">=": ("at-least", number),
        ">": ("at-least", number + 1),
        "<=": ("at-most", number),
        "<": ("at-most", number - 1),
    }
    return bounds[sign]


def _chosen(where: ex.Expression, item: ex.Item) -> tuple[tuple[ex.Text | ex.Number, ...], bool]:
    """Return the answers that an item must be one of (True), or none of (False); none when it is not said so."""
    match where:
        case ex.Not(of):
            items, inside = _chosen(of, item)
            return items, not inside
        case ex.In(value, ex.Listed(items)) if value == item:
            return items, True
        case ex.Compare("==" | "!=" as sign, left, ex.Text() | ex.Number() as right) if left == item:
            return (right,), sign == "=="
    return (), True


def _each(among: ex.Listed, item: ex.Item, where: ex.Expression) -> tuple[ex.Expression, ...]:
    """Say a condition of each item of a written list, one by one."""
    return tuple(_put(where, item, each) for each in among.items)


def _put(node: ex.Expression, item: ex.Item, value: ex.Text | ex.Number) -> ex.Expression:
    """Put a value in the place of an item."""
    match node:
        case ex.Not(of):
            return ex.Not(_put(of, item, value))
        case ex.And(parts) | ex.Or(parts):
            return type(node)(tuple(_put(part, item, value) for part in parts))
        case ex.Exists(inner, among, where) | ex.All(inner, among, where):
            return type(node)(inner, among, _put(where, item, value))
        case ex.In(one, among):
            return ex.In(value if one == item else one, among)
        case ex.Compare(sign, left, right):
            return ex.Compare(sign, value if left == item else left, value if right == item else right)
        case _:
            return node
