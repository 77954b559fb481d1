"""Print who reaches what of a child, by asking the rule over every act, role, side, relation and purpose.

Pure. What is printed is what `deciding.decide` answers, not what the tables say: a fault in the rule shows here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from amparo.access.deciding import Ask, decide
from amparo.access.rights import NO_WAY_TO_A_CHILD, RIGHTS_OF_ACTS
from amparo.access.roles import REACHES, Purpose, Reach, Relation, Role, Sector

# A telephone or the node itself asks for no purpose.
_ANY_PURPOSE = ("", *Purpose)


@dataclass(frozen=True)
class Cell:
    """What one role may of one act: on which sides, in which relations (all eight: no relation is asked), for what."""

    act: str
    role: Role
    sectors: tuple[Sector, ...]
    relations: tuple[Relation, ...]
    purposes: tuple[str, ...]


def cells() -> Iterator[Cell]:
    """Yield every act and role that the rule lets meet at all, in the order of the tables."""
    for act, role in product(RIGHTS_OF_ACTS, Role):
        every = product(Sector, Relation, _ANY_PURPOSE)
        found = [one for one in every if decide(Ask(role, one[0], one[1], act, one[2])).allowed]
        if found:
            sectors, relations, purposes = (tuple(dict.fromkeys(part)) for part in zip(*found, strict=True))
            yield Cell(act, role, sectors, relations, purposes)


def rights_matrix() -> list[str]:
    """Return the lines of the matrix: acts on a child's case first, then what shows a list or a gate, then the rest."""
    return [*_acts(), *_sides(), *_no_way()]


def _acts() -> list[str]:
    lines = [
        "## Act by act",
        "",
        "For each act: what it shows of a child, and who may do it, related how, for what. All must hold at once.",
        "",
        "| act | shows | who | on the side of | related to the child as | for |",
        "|---|---|---|---|---|---|",
    ]
    return [*lines, *map(_row, cells())]


def _row(cell: Cell) -> str:
    right = RIGHTS_OF_ACTS[cell.act]
    shows = ", ".join(sorted(right.shows)) or "nothing"
    related = "–" if set(cell.relations) == set(Relation) else ", ".join(cell.relations)
    purposes = "–" if "" in cell.purposes else ", ".join(cell.purposes)
    return f"| `{cell.act}` | {shows} | {cell.role} | {', '.join(cell.sectors)} | {related} | {purposes} |"


def _sides() -> list[str]:
    lines = ["", "## What each side may see of a child at all", "", "| side | classes |", "|---|---|"]
    rows = [
        f"| {side} | {', '.join(one for one in Reach if one in seen)} |" for side, seen in REACHES.items()
    ]
    return [*lines, *rows]


def _no_way() -> list[str]:
    lines = ["", "## Roles that reach no child", ""]
    return [*lines, *(f"- **{role}**: {why}." for role, why in NO_WAY_TO_A_CHILD.items())]
