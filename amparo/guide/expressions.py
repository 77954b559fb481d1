"""Say what a condition of the Guide is made of, so that it can be told in words, checked and proved.

Only shapes, all frozen: reading a condition is `grammar.parse`, answering it is the work of the CEL engine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Sign = Literal["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Text:
    """A text written out: `'child'`."""

    value: str


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number written out: `192`."""

    value: int


@dataclass(frozen=True, slots=True)
class Truth:
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Variable:
    """What is known of a case: `facts.age_status`, `evidence.done`, `events.done`, `result.state`."""

    root: Literal["facts", "evidence", "events", "result"]
    name: str

    @property
    def path(self) -> str:
        """Give the name as a condition writes it."""
        return f"{self.root}.{self.name}"


@dataclass(frozen=True, slots=True)
class Item:
    """The item of a list that `exists` or `all` looks at: the `d` of `.exists(d, …)`."""

    name: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A list written out: `['return', 'transfer']`."""

    items: tuple[Text | Number, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """How many items a list holds: `size(facts.needs_now)`."""

    of: "Listed | Variable"


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values compared: `facts.age_in_months >= 192`, `facts.origin_country != facts.country`."""

    sign: Sign
    left: "Operand"
    right: "Operand"


@dataclass(frozen=True, slots=True)
class In:
    """A value is in a list: `facts.asylum in ['informed']`, `'age-settled' in evidence.done`."""

    value: "Operand"
    among: Listed | Variable


@dataclass(frozen=True, slots=True)
class Exists:
    """At least one item of a list is as said: `facts.decision_kind.exists(d, …)`."""

    item: Item
    among: Listed | Variable
    where: "Expression"


@dataclass(frozen=True, slots=True)
class All:
    """Every item of a list is as said, also when the list is empty: `facts.decision_kind.all(d, …)`."""

    item: Item
    among: Listed | Variable
    where: "Expression"


@dataclass(frozen=True, slots=True)
class Not:
    """What is said does not hold: `!(…)`."""

    of: "Expression"


@dataclass(frozen=True, slots=True)
class And:
    """Everything said holds: `… && …`; at least two parts."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Something of what is said holds: `… || …`; at least two parts."""

    parts: tuple["Expression", ...]


Operand = Text | Number | Variable | Item | Size
# A variable alone is an expression only where it is true or false: `result.on_time`.
Expression = Truth | Variable | Compare | In | Exists | All | Not | And | Or
Node = Expression | Operand | Listed


def walk(node: Node) -> Iterator[Node]:
    """Walk through an expression and everything inside it, outermost first."""
    yield node
    for inner in inside(node):
        yield from walk(inner)


def variables(expression: Expression) -> frozenset[str]:
    """Name what an expression reads, such as `facts.age_status`."""
    return frozenset(node.path for node in walk(expression) if isinstance(node, Variable))


def inside(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly inside one."""
    match node:
        case Not(of) | Size(of):
            return (of,)
        case And(parts) | Or(parts):
            return parts
        case Compare(_, left, right):
            return (left, right)
        case In(value, among):
            return (value, among)
        case Exists(_, among, where) | All(_, among, where):
            return (among, where)
        case Listed(items):
            return items
    return ()
