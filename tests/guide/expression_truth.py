"""Answer a condition from its parts, slowly and plainly, to hold the reading against the CEL engine."""

from collections.abc import Callable, Mapping
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from amparo.guide.engine import VariableType
from amparo.guide.expressions import (
    All,
    And,
    Compare,
    Exists,
    Expression,
    In,
    Item,
    Listed,
    Node,
    Not,
    Number,
    Operand,
    Or,
    Size,
    Text,
    Truth,
    Variable,
)

CHOICES = ("a", "b", "c", "")
NUMBERS = (-1, 0, 1, 2)
TYPES: dict[str, VariableType] = {
    "facts.one": "text",
    "facts.two": "text",
    "facts.number": "int",
    "facts.many": "texts",
    "evidence.done": "texts",
    "events.done": "texts",
    "result.on_time": "bool",
}
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def truth(said: Expression, values: Mapping[str, object]) -> bool:
    """Return whether an expression is true of some values."""
    match said:
        case Truth(value):
            return value
        case Variable():
            return bool(values[said.path])
        case Not(of):
            return not truth(of, values)
        case And(parts):
            return all(truth(part, values) for part in parts)
        case Or(parts):
            return any(truth(part, values) for part in parts)
    return _about_values(said, values)


def _about_values(said: Compare | In | Exists | All, values: Mapping[str, object]) -> bool:
    match said:
        case Compare(sign, left, right):
            return _SIGNS[sign](_value(left, values), _value(right, values))
        case In(value, among):
            return _value(value, values) in _value(among, values)
        case Exists(item, among, where):
            return any(truth(where, {**values, item.name: each}) for each in _value(among, values))
        case All(item, among, where):
            return all(truth(where, {**values, item.name: each}) for each in _value(among, values))


def _value(node: Node, values: Mapping[str, Any]) -> Any:  # noqa: ANN401  # a text, a number or a list
    match node:
        case Text(value) | Number(value):
            return value
        case Variable():
            return values[node.path]
        case Item(name):
            return values[name]
        case Listed(items):
            return [item.value for item in items]
        case Size(of):
            return len(_value(of, values))
    raise TypeError(node)


def as_text(node: Node) -> str:
    """Write an expression as a condition again, with more brackets than needed."""
    match node:
        case Not(of):
            return f"!({as_text(of)})"
        case And(parts):
            return " && ".join(f"({as_text(part)})" for part in parts)
        case Or(parts):
            return " || ".join(f"({as_text(part)})" for part in parts)
        case Compare(sign, left, right):
            return f"{as_text(left)} {sign} {as_text(right)}"
        case In(value, among):
            return f"{as_text(value)} in {as_text(among)}"
        case Exists(item, among, where):
            return f"{as_text(among)}.exists({item.name}, {as_text(where)})"
        case All(item, among, where):
            return f"{as_text(among)}.all({item.name}, {as_text(where)})"
    return _value_as_text(node)


def _value_as_text(node: Operand | Listed | Truth) -> str:
    match node:
        case Truth(value):
            return "true" if value else "false"
        case Text(text):
            return f"'{text}'"
        case Number(number):
            return str(number)
        case Variable():
            return node.path
        case Item(name):
            return name
        case Listed(items):
            return "[" + ", ".join(map(as_text, items)) + "]"
        case Size(of):
            return f"size({as_text(of)})"
