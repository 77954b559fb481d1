"""Print the table of safeguards as a page for auditors: docs/reference/safeguards.md.

Decides nothing and reads no database; what it says is in `amparo.node.safeguards`.
"""

from collections.abc import Iterator, Mapping

from amparo.node.safeguards import COMMANDS, DOORS, JUDGED, LOCKS, NO_ACT, SITES, TASKS


def safeguards_page() -> str:
    """Return the page as Markdown."""
    return "\n".join([*_head(), *_doors(), *_locks(), *_rest()]) + "\n"


def _head() -> Iterator[str]:
    yield "# The safeguard gate: every way in, and what stands before it"
    yield ""
    yield "Printed from `amparo/node/safeguards.py`. For whoever checks that nothing the Guide blocks can be done here."
    yield ""
    yield "1. **Doors.** An act is done only through a door, and each door asks the Guide first, as the case stands."
    yield "2. **Locks.** The database refuses the same again, for code that came by no door."
    yield "3. **Everything else** that writes is named below with the reason why it is no such act."
    yield ""
    yield (
        "`tests/safeguards` holds the code to this page in two ways. It reads the code: no function that writes is"
        " missing here, and no way leads past a door. And it tries: every address of the node, as every role"
        " including the administrator, filled in as a browser would, sent unasked, with smuggled answers and other"
        " verbs; every type of message between nodes at every stage, from an honest peer and from a stranger; every"
        " command and task by name."
    )


def _doors() -> Iterator[str]:
    yield from ("", "## Doors", "", "| door | acts | asks first | leads to |", "|---|---|---|---|")
    sites = {door: site for site, doors in SITES.items() for door in doors}
    for name, door in DOORS.items():
        yield f"| `{name}` | {door.acts} | `{door.asks}` | `{sites[name]}` |"


def _locks() -> Iterator[str]:
    yield from ("", "## Locks of the database", "", "| lock | refuses |", "|---|---|")
    yield from (f"| `{name}` | {what} |" for name, what in LOCKS.items())


def _rest() -> Iterator[str]:
    yield from _by_reason("Written as found or as history, and judged", JUDGED)
    yield from _by_reason("Functions that write and are no such act", NO_ACT)
    yield from _by_reason("Commands", {f"amparo {name}": why for name, why in COMMANDS.items()})
    yield from _by_reason("Tasks of the background worker", TASKS)


def _by_reason(title: str, reasons: Mapping[str, str]) -> Iterator[str]:
    """List names under the reason they share, so that a reader weighs each reason once."""
    yield from ("", f"## {title}")
    for reason in dict.fromkeys(reasons.values()):
        yield from ("", reason, "")
        yield from (f"- `{name}`" for name, why in reasons.items() if why == reason)
