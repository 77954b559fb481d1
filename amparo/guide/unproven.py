"""Gather the words of an overlay that no check can judge, so that a person reads them before anybody adopts it.

Pure: takes an overlay as read and found sound. It does not say whether the words are right.
"""

from collections.abc import Iterator, Mapping

from amparo.guide.document import Document, Raw

_TEXTS = ("title", "tasks", "applies_when", "deadline_note", "note")  # of an obligation


def to_read(region: Document, overlay: Raw, language: str) -> Iterator[tuple[str, str]]:
    """Walk through key and text of everything the overlay says in words of its own."""
    for raw in overlay.get("obligations", ()):
        old = region.obligations.get(raw["id"], {})
        for name in _TEXTS:
            yield from (
                (f"{raw['id']}.{name}", text) for text in _new(old.get(name), raw.get(name), language)
            )
    for key, raw in overlay.get("evidence", {}).items():
        old = region.evidence.get(key, {})
        yield from (
            (f"evidence.{key}.label", text) for text in _new(old.get("label"), raw.get("label"), language)
        )
    for role, raw in overlay.get("authorities", {}).items():
        yield f"authorities.{role}.name", _in(raw["name"], language)
    for name, said in overlay.get("on_call", {}).items():
        yield from ((f"on_call.{name}", text) for text in _new(None, said, language) if name != "sources")


def _new(old: object, new: object, language: str) -> Iterator[str]:
    """Walk through the texts that are there now and were not: one text or words, or each of a list."""
    if isinstance(new, list):
        known = old if isinstance(old, list) else []
        yield from (_in(each, language) for each in new if each not in known)
    elif new and new != old:
        yield _in(new, language)


def _in(said: object, language: str) -> str:
    if isinstance(said, Mapping):
        said = said.get(language) or said.get("es") or next(iter(said.values()))
    return str(said)
