"""Find the public functions that write to the database, by reading the code."""

import ast
from collections.abc import Mapping

from tests.safeguards.calls import Function, functions, reachable

_WRITING = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "update_or_create",
    "get_or_create",
    "create_user",
}
_TABLES = {"objects", "filter", "exclude", "all"}
# Rooms whose public functions other rooms call to write; pages, commands and tasks only call these.
TRAIL = {"amparo.access.audit.record", "amparo.access.budgets.note_opening"}
ROOMS = ("access", "forms", "cases", "exchange", "custody", "monitor")


def writes_itself(function: Function) -> bool:
    """Test whether a function writes rows: a model's save or create, or an update of a query."""
    return any(_is_write(node) for node in ast.walk(function.node) if isinstance(node, ast.Call))


def writers() -> Mapping[str, Function]:
    """Return the public functions of the rooms that write, themselves or through what they call."""
    # A read leaves its row on the audit trail and is counted; that alone makes nobody a writer.
    direct = {name for name, each in functions().items() if writes_itself(each)} - TRAIL
    return {
        name: each
        for name, each in functions().items()
        if name.split(".")[1] in ROOMS and each.is_public and direct & reachable([name], without=TRAIL)
    }


def _is_write(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    if call.func.attr in _WRITING:
        return True
    return call.func.attr in ("update", "delete") and _on_rows(call.func.value)


def _on_rows(value: ast.expr) -> bool:
    """Test whether `.update` is asked of a query and not of a dictionary or a digest."""
    inner = (node.attr for node in ast.walk(value) if isinstance(node, ast.Attribute))
    return bool(_TABLES & set(inner))
