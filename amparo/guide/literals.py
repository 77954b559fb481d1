"""Check the words written in a condition: every answer, entry and action it names must exist.

Pure. A condition about an answer that nobody can give would be a rule that never holds, or always. Whether a
condition compiles is asked of the engine, elsewhere.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from amparo.guide.document import Document
from amparo.guide.errors import Problem
from amparo.guide.expressions import (
    All,
    Compare,
    Exists,
    Expression,
    In,
    Item,
    Listed,
    Node,
    Number,
    Operand,
    Size,
    Text,
    Variable,
    inside,
)
from amparo.guide.grammar import ConditionNotUnderstood, parse
from amparo.guide.model import FactKind

# What an item of a list may be: the variables it is compared with, or the list it comes from.
Items = Mapping[str, Listed | Variable]
_FEW = 18  # choices that are all told where none is like what was written


@dataclass(frozen=True, slots=True)
class Known:
    """Everything a condition may name."""

    kinds: Mapping[str, FactKind]
    evidence: Collection[str]
    actions: Collection[str]
    states: Collection[str]


def known_to(document: Document, kinds: Mapping[str, FactKind]) -> Known:
    """Return what the conditions of a document may name."""
    words = document.vocabulary
    return Known(kinds, document.evidence.keys(), words["actions"], words["states"])


def faults(place: str, said: str, known: Known) -> Iterator[Problem]:
    """Walk through everything in a condition that does not exist, or that the Guide does not write in."""
    try:
        read = parse(said)
    except ConditionNotUnderstood as fault:
        before = said[: fault.at - 1]
        line, column = before.count("\n") + 1, fault.at - (before.rfind("\n") + 1)
        yield Problem(f"{place} ({line}:{column})", fault.said, **fault.values)
        return
    yield from dict.fromkeys(_in_expression(place, read, known, {}))


def _in_expression(place: str, node: Node, known: Known, items: Items) -> Iterator[Problem]:
    if isinstance(node, Exists | All):
        items = {**items, node.item.name: node.among}
    if isinstance(node, Compare):
        yield from _compared(place, node, known, items)
    if isinstance(node, In):
        yield from _among(place, node, known, items)
    for inner in inside(node):
        yield from _in_expression(place, inner, known, items)


def _compared(place: str, said: Compare, known: Known, items: Items) -> Iterator[Problem]:
    for one, other in ((said.left, said.right), (said.right, said.left)):
        if isinstance(other, Text):
            yield from _texts(place, one, [other], known, items)
        if isinstance(other, Number):
            yield from _number(place, one, other.value, known)
    if said.sign not in ("==", "!=") and not _counts(said, known):
        yield Problem(place, "texts have no order: write it with ==, != or in")


def _counts(said: Compare, known: Known) -> bool:
    """Tell whether both sides of a comparison are numbers."""
    return all(_is_number(side, known) for side in (said.left, said.right))


def _is_number(side: Operand, known: Known) -> bool:
    if isinstance(side, Variable):
        return side.path == "result.late_elsewhere" or _kind_is(side, known, "int")
    return isinstance(side, Number | Size)


def _kind_is(side: Variable, known: Known, kind: str) -> bool:
    return side.root == "facts" and side.name in known.kinds and known.kinds[side.name].type == kind


def _among(place: str, said: In, known: Known, items: Items) -> Iterator[Problem]:
    if isinstance(said.among, Listed):
        yield from _texts(place, said.value, _written(said.among), known, items)
    elif isinstance(said.value, Text):
        yield from _answers(place, said.among, [said.value], known)
    elif isinstance(said.value, Item) and isinstance(items[said.value.name], Listed):
        yield from _answers(place, said.among, _written(items[said.value.name]), known)


def _texts(
    place: str, about: Expression | Operand, texts: list[Text], known: Known, items: Items
) -> Iterator[Problem]:
    """Walk through the texts that are no answer to what they are compared with."""
    among = items[about.name] if isinstance(about, Item) else about
    if isinstance(among, Variable):
        yield from _answers(place, among, texts, known)


def _answers(place: str, about: Variable, texts: list[Text], known: Known) -> Iterator[Problem]:
    for text in texts:
        yield from _answer(place, about, text.value, known)


def _answer(place: str, about: Variable, text: str, known: Known) -> Iterator[Problem]:
    lists: dict[str, tuple[Collection[str], str]] = {
        "evidence.done": (known.evidence, "{text} is no known evidence entry; like it: {near}"),
        "events.done": (known.actions, "{text} is no known action; like it: {near}"),
        "result.state": (known.states, "{text} is no known state; like it: {near}"),
    }
    if about.path in lists:
        choices, said = lists[about.path]
        if text not in choices:
            yield _near(place, said, text, choices)
        return
    kind = known.kinds.get(about.name)
    if kind is None or about.root != "facts":
        return  # the engine names it
    if kind.choices and text not in kind.choices:
        yield _near(
            place, "{text} is no answer to {fact}; like it: {near}", text, kind.choices, fact=kind.name
        )
    elif not kind.choices and not _could_be(kind, text):
        yield Problem(place, "{text} can never be an answer to {fact}", text=text, fact=kind.name)


def _could_be(kind: FactKind, text: str) -> bool:
    if kind.type in ("date", "date-time"):
        return text == "" or re.match(r"\d{4}-\d\d-\d\d", text) is not None
    pattern = (kind.pattern or ".*").removeprefix("^").removesuffix("$")
    return re.fullmatch(pattern, text) is not None


def _number(place: str, about: Expression | Operand, number: int, known: Known) -> Iterator[Problem]:
    kind = known.kinds.get(about.name) if isinstance(about, Variable) and about.root == "facts" else None
    if kind is None or kind.minimum is None or kind.maximum is None:
        return
    if not kind.minimum <= number <= kind.maximum:
        yield Problem(
            place,
            "{fact} lies between {low} and {high}, never at {number}",
            fact=kind.name,
            low=kind.minimum,
            high=kind.maximum,
            number=number,
        )


def _near(place: str, said: str, text: str, choices: Collection[str], **values: str) -> Problem:
    """Say what does not exist, with the nearest words that do."""
    near = get_close_matches(text, list(choices), n=3) or (list(choices) if len(choices) <= _FEW else ["-"])
    return Problem(place, said, text=text, near=", ".join(near), **values)


def _written(among: Listed | Variable) -> list[Text]:
    return [item for item in among.items if isinstance(item, Text)] if isinstance(among, Listed) else []
