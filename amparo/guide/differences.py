"""Say in words how two versions of the Guide differ: obligations added, removed, changed.

Pure: compares two documents; it does not judge which is better (`overlay.weakenings` does).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from amparo.guide.document import Document, Raw


def differences(old: Document, new: Document) -> list[str]:
    """Return one line per difference, in the order of the new Guide; none when they say the same."""
    lines = []
    before, now = (f"{each.guide['id']} {each.guide['version']}" for each in (old, new))
    if before != now:
        lines.append(f"guide: {before} -> {now}")
    lines += _changes("obligation", old.obligations, new.obligations)
    lines += _changes("evidence", old.evidence, new.evidence)
    lines += _changes("source", old.sources, new.sources)
    return lines + list(_fields("vocabulary", old.vocabulary, new.vocabulary))


def _changes(kind: str, old: Mapping[str, Raw], new: Mapping[str, Raw]) -> Iterator[str]:
    yield from (f"{kind} removed: {key}" for key in old if key not in new)
    for key, raw in new.items():
        if key not in old:
            yield f"{kind} added: {key}"
        else:
            yield from _fields(f"{kind} changed: {key}", old[key], raw)


def _fields(place: str, old: Raw, new: Raw) -> Iterator[str]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield f"{place}.{name}: {_change(old.get(name), new.get(name))}"


def _change(old: Any, new: Any) -> str:  # noqa: ANN401  # plain values of any shape
    if isinstance(old, list) and isinstance(new, list):
        gone, come = [i for i in old if i not in new], [i for i in new if i not in old]
        words = [f"without {_short(item)}" for item in gone] + [f"with {_short(item)}" for item in come]
        return "; ".join(words) or "in another order"
    if isinstance(old, dict) and isinstance(new, dict):
        keys = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
        return "; ".join(f"{key} {_change(old.get(key), new.get(key))}" for key in keys)
    if old is None:
        return f"now {_short(new)}"
    return f"no longer {_short(old)}" if new is None else f"{_short(old)} -> {_short(new)}"


def _short(item: object) -> str:
    if isinstance(item, dict):
        return " ".join(str(item[key]) for key in ("id", "ref", "en", "fact") if key in item) or "an entry"
    return str(item)
