"""Write the reference pages that come from the code, or check that they are up to date (`--check`)."""

import sys
from collections.abc import Callable
from pathlib import Path

from amparo.access.events import Event
from amparo.access.matrix import rights_matrix
from amparo.access.rules import DOES, GUIDE_ROLES, Role
from amparo.exchange.rules import ACTS, HEARD, Side
from amparo.guide import load
from amparo.guide.pages import vocabulary_page
from amparo.node.address_rights import addresses_table
from amparo.node.safeguards_page import safeguards_page
from amparo.node.sectors import sectors_page

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"


def rights_page() -> str:
    """Return who may do what: what the rule of access answers, and what each address asks it."""
    lines = [
        "# Who may do what",
        "",
        "Printed by asking the rule itself (`amparo/access/deciding.py`) over every act, role, side, relation and"
        " purpose; a right that is not here does not exist.",
        "Beside what stands here no mark may keep the child back from the reader, and she may not have opened more"
        " children today than her role opens in a day. Row-level security stands behind all of it.",
        "",
        *rights_matrix(),
    ]
    lines += ["", "## Which acts of the Guide a role may do, once the Guide leaves them free", ""]
    lines += ["| role | acts |", "|---|---|"]
    lines += [f"| {role.value} | {', '.join(sorted(acts))} |" for role, acts in DOES.items()]
    lines += ["", "## For which body of the Guide each role speaks", "", "| role | body |", "|---|---|"]
    lines += [f"| {role.value} | {GUIDE_ROLES[role]} |" for role in Role if role in GUIDE_ROLES]
    return "\n".join([*lines, "", *addresses_table()]) + "\n"


def events_page() -> str:
    """Return every event of the audit trail."""
    lines = [
        "# Events of the audit trail",
        "",
        "Printed from `amparo/access/events.py`. Rows hold ids and codes, never content.",
        "",
    ]
    return "\n".join([*lines, *(f"- `{event.value}`" for event in Event)]) + "\n"


def transfer_page() -> str:
    """Return the stages of a transfer for both sides, as diagrams."""
    lines = [
        "# The stages of a transfer",
        "",
        "Printed from `amparo/exchange/rules.py`. Solid: what a side does; dotted: what it hears.",
    ]
    for side in Side:
        lines += ["", f"## The {side.value}", "", "```mermaid", "stateDiagram-v2"]
        for stage, moves in ACTS[side].items():
            lines += [f"    {_name(stage)} --> {_name(after)}: {move.value}" for move, after in moves.items()]
        for stage, moves in HEARD[side].items():
            lines += [
                f"    {_name(stage)} --> {_name(after)}: hears {move.value}"
                for move, after in moves.items()
                if after != stage
            ]
        lines.append("```")
    return "\n".join(lines) + "\n"


def _name(stage: object) -> str:
    return "[*]" if stage is None else str(stage).replace("-", "_")


PAGES: dict[str, Callable[[], str]] = {
    "rights.md": rights_page,
    "audit-events.md": events_page,
    "transfer-stages.md": transfer_page,
    "guide-vocabulary.md": lambda: vocabulary_page(load()),
    "safeguards.md": safeguards_page,
    "sectors.md": sectors_page,
}


def stale() -> list[str]:
    """Return the pages that differ from what the code says."""
    return [
        name
        for name, page in PAGES.items()
        if not (REFERENCE / name).exists() or (REFERENCE / name).read_text() != page()
    ]


def main() -> int:
    """Write, or with --check only compare."""
    if "--check" in sys.argv:
        found = stale()
        sys.stdout.write(
            "".join(f"docs/reference/{name} is out of date: make docs\n" for name in found)
            or "Generated pages are up to date.\n"
        )
        return bool(found)
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
