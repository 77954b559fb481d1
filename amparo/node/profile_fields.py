"""Read one field of a node profile, or say which one is wrong and what to write there."""

from typing import Any


class ProfileWrong(Exception):
    """A node profile cannot be used; the message names the field and what to write there."""


def one_of(data: dict[str, Any], field: str, allowed: tuple[str, ...], where: str) -> str:
    """Return a text that is one of a few; raises ProfileWrong."""
    value = str(required(data, field, str, where))
    if value not in allowed:
        raise ProfileWrong(f"{where}: {field} must be one of {', '.join(allowed)}.")
    return value


def required(data: dict[str, Any], field: str, kind: type, where: str) -> Any:  # noqa: ANN401
    """Return a field that is there and of this kind, not empty; raises ProfileWrong."""
    value = data.get(field)
    if not isinstance(value, kind) or not value:
        raise ProfileWrong(f"{where}: {field} is missing or is not a {kind.__name__}.")
    return value
