"""Compare two versions of the Guide, or the region and a country: every change, and what it does to protection.

Pure: compares two documents. `difference_words.told` says a change in words; whether an overlay may make it is
asked of `overlay`. The most consequential changes come first, grouped by the obligation they touch.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, TypeVar

from amparo.guide.document import Document, Raw
from amparo.guide.facts import kinds_of
from amparo.guide.in_words import Lexicon
from amparo.guide.strictness import ABSENT, Effect, condition_effect, deadline_effect, override_effect
from amparo.guide.texts import read_texts

_Key = TypeVar("_Key")
Act = Literal["added", "removed", "changed"]
_WEIGHT: Mapping[Effect, int] = {"weaker": 0, "stricter": 1, "undecided": 2, "neither": 3}
# What adding an item does; removing it does the contrary.
_GROWING: Mapping[str, Effect] = {
    "blocks": "stricter",
    "requires": "stricter",
    "after": "stricter",
    "after_on": "stricter",
    "duty_bearer": "undecided",
    "facts": "neither",
}
_OPPOSITE: Mapping[Effect, Effect] = {"stricter": "weaker", "weaker": "stricter", "neither": "neither"}
_TEXTS = ("applies_when", "deadline_source", "deadline_note", "note")
_WHOLE = ("stage", "clock", "deadline", "severity", "override", "absolute", "recurring", "indicator")
_ORDER = (
    "",
    "blocks",
    "applies",
    "block_when",
    "gate",
    "hold_while",
    "reopen_while",
    "requires",
    "needed_when",
    "contradicts",
    "attest",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """One change: of what, in which of its fields, from what to what; `part` is the action or text inside a field.

    `within` names the obligation under which people read it: itself, or one that asks for the evidence.
    Values are plain, as the files write them; a field of "" means the whole thing.
    """

    about: str  # guide, obligation, evidence, source, authority, fact or vocabulary
    key: str
    field: str
    part: str
    act: Act
    old: Any
    new: Any
    effect: Effect
    within: str = ""
    lexicon: Lexicon | None = dataclasses.field(default=None, compare=False, repr=False)  # for its words


def differences(old: Document, new: Document) -> tuple[Change, ...]:
    """Return every change, most consequential first and together where they touch one obligation."""
    found = [*_heads(old, new), *_obligations(old, new), *_evidence(old, new), *_sources(old, new)]
    found += [*_authorities(old, new), *_facts(old, new), *_vocabulary(old, new)]
    lexicon = _lexicon(old, new)
    placed = [dataclasses.replace(one, within=_within(one, old, new), lexicon=lexicon) for one in found]
    weights: dict[tuple[str, str], int] = {}
    for change in placed:
        group = group_of(change)
        weights[group] = min(weights.get(group, 9), _WEIGHT[change.effect])
    order = {group: at for at, group in enumerate(weights)}
    return tuple(sorted(placed, key=lambda one: _rank(one, weights, order)))


def group_of(change: Change) -> tuple[str, str]:
    """Return under what a change is read: ("obligation", id), or its own kind and key."""
    return ("obligation", change.within) if change.within else (change.about, change.key)


def _rank(
    change: Change, weights: Mapping[tuple[str, str], int], order: Mapping[tuple[str, str], int]
) -> tuple[bool, int, int, int, int]:
    group = group_of(change)
    at = _ORDER.index(change.field) if change.field in _ORDER else len(_ORDER)
    return (change.about != "guide", weights[group], order[group], _WEIGHT[change.effect], at)


def _lexicon(old: Document, new: Document) -> Lexicon:
    """Gather the words of both versions, so that what is gone can still be named."""
    before, now = read_texts(old), read_texts(new)
    texts = {language: {**before.get(language, {}), **now[language]} for language in now}
    return Lexicon(texts, {**kinds_of(old.schema), **kinds_of(new.schema)}, "es")


def _within(change: Change, old: Document, new: Document) -> str:
    if change.about == "evidence":
        return _asking(change.key, new) or _asking(change.key, old)
    return change.key if change.about == "obligation" else ""


def _asking(entry: str, document: Document) -> str:
    found = (
        key for key, raw in document.obligations.items() if entry in (*raw["requires"], *raw.get("after", ()))
    )
    return next(found, "")


# ---- obligations -------------------------------------------------------------------------------


def _obligations(old: Document, new: Document) -> Iterator[Change]:
    for key in _keys(old.obligations, new.obligations):
        before, now = old.obligations.get(key), new.obligations.get(key)
        if before is None or now is None:
            yield _whole("obligation", key, before, now, "stricter")
        elif before != now:
            yield from _obligation(key, before, now)


def _obligation(key: str, old: Raw, new: Raw) -> Iterator[Change]:
    for name, effect in _GROWING.items():
        yield from _items("obligation", key, name, old.get(name, ()), new.get(name, ()), effect)
    yield from _gates(key, old, new)
    yield from _conditions("obligation", key, old, new)
    for name in (*_WHOLE, *_TEXTS):
        before, now = old.get(name), new.get(name)
        if before != now and bool(before) | bool(now):
            yield Change("obligation", key, name, "", "changed", before, now, _effect(name, before, now))
    yield from _words(key, "title", [old["title"]], [new["title"]])
    yield from _words(key, "tasks", old["tasks"], new["tasks"])
    yield from _citations("obligation", key, old["sources"], new["sources"])


def _effect(name: str, old: Any, new: Any) -> Effect:  # noqa: ANN401  # plain values of any shape
    if name == "deadline":
        return deadline_effect(old, new)
    if name == "override":
        return override_effect(old, new)
    if name == "severity":
        return "stricter" if new == "hard" else "weaker"
    if name in ("absolute", "recurring"):
        return "stricter" if new else "weaker"
    return "undecided" if name == "clock" else "neither"


def _gates(key: str, old: Raw, new: Raw) -> Iterator[Change]:
    """Compare what must be done before an action, where either version says it for that action alone."""
    for action in [action for action in old["blocks"] if action in new["blocks"]]:
        before, now = old.get("gate", {}).get(action), new.get("gate", {}).get(action)
        if before != now:
            asked = (old["requires"] if before is None else before, new["requires"] if now is None else now)
            yield from _items("obligation", key, "gate", *asked, "stricter", part=action)


def _conditions(about: str, key: str, old: Raw, new: Raw) -> Iterator[Change]:
    for name, absent in ABSENT.items():
        before, now = old.get(name), new.get(name)
        if isinstance(before or now, dict):
            for action in _keys(before or {}, now or {}):
                pair = ((before or {}).get(action), (now or {}).get(action))
                yield from _condition(about, key, name, action, *pair, absent)
        else:
            yield from _condition(about, key, name, "", before, now, absent)


def _condition(
    about: str, key: str, name: str, part: str, old: str | None, new: str | None, absent: str
) -> Iterator[Change]:
    if old != new:
        effect = condition_effect(old or absent, new or absent)
        yield Change(about, key, name, part, "changed", old or absent, new or absent, effect)


def _words(key: str, name: str, old: list[Raw], new: list[Raw]) -> Iterator[Change]:
    for at in range(max(len(old), len(new))):
        before, now = (old[at] if at < len(old) else None), (new[at] if at < len(new) else None)
        if before != now:
            act: Act = "added" if before is None else "removed" if now is None else "changed"
            yield Change("obligation", key, name, str(at), act, before, now, "neither")


# ---- evidence, sources and the rest ------------------------------------------------------------


def _evidence(old: Document, new: Document) -> Iterator[Change]:
    for key in _keys(old.evidence, new.evidence):
        before, now = old.evidence.get(key), new.evidence.get(key)
        if before is None or now is None:
            if not _told_already(key, old, new):
                yield _whole("evidence", key, before, now, "neither")
        elif before != now:
            yield from _items("evidence", key, "attest", before["attest"], now["attest"], "weaker")
            yield from _conditions("evidence", key, before, now)
            known = {"attest", *ABSENT}
            for name in sorted((before.keys() | now.keys()) - known):
                if before.get(name) != now.get(name):
                    effect = _entry_effect(name, before.get(name), now.get(name))
                    yield Change(
                        "evidence", key, name, "", "changed", before.get(name), now.get(name), effect
                    )


def _told_already(entry: str, old: Document, new: Document) -> bool:
    """Tell whether an obligation that both versions have says already that it asks, or no longer asks, for this."""
    return any(
        entry in (*document.obligations[key]["requires"], *document.obligations[key].get("after", ()))
        for document in (old, new)
        for key in document.obligations
        if key in old.obligations and key in new.obligations
    )


def _entry_effect(name: str, old: Any, new: Any) -> Effect:  # noqa: ANN401  # plain values of any shape
    if name != "rests_on":
        return "undecided" if name == "proof" else "neither"
    # What rests on more facts is asked again more often.
    more, less = set(new or ()) - set(old or ()), set(old or ()) - set(new or ())
    return "undecided" if more and less else "stricter" if more else "weaker"


def _sources(old: Document, new: Document) -> Iterator[Change]:
    yield from _catalogue("source", old.sources, new.sources)


def _authorities(old: Document, new: Document) -> Iterator[Change]:
    yield from _catalogue("authority", old.authorities, new.authorities)


def _facts(old: Document, new: Document) -> Iterator[Change]:
    before, now = (each.schema.get("properties", {}) for each in (old, new))
    yield from _catalogue("fact", before, now)


def _catalogue(about: str, old: Mapping[str, Raw], new: Mapping[str, Raw]) -> Iterator[Change]:
    for key in _keys(old, new):
        if old.get(key) != new.get(key):
            yield _whole(about, key, old.get(key), new.get(key), "neither")


def _vocabulary(old: Document, new: Document) -> Iterator[Change]:
    before, now = _closed_lists(old), _closed_lists(new)
    for name in sorted(before.keys() | now.keys()):
        was, become = before.get(name), now.get(name)
        if isinstance(was, list) and isinstance(become, list):
            effect: Effect = "stricter" if name == "never_lifted" else "undecided"
            yield from _items("vocabulary", name, name, was, become, effect)
        elif was != become:
            effect = deadline_effect(was, become) if name == "stuck_after" else "undecided"
            yield Change("vocabulary", name, name, "", "changed", was, become, effect)


def _closed_lists(document: Document) -> Raw:
    limits = document.vocabulary["override_limits"]
    return {**document.vocabulary, "override_limits": None, **limits}


def _heads(old: Document, new: Document) -> Iterator[Change]:
    pairs: dict[str, tuple[Any, Any]] = {
        "version": (_version(old), _version(new)),
        "status": (old.guide["status"], new.guide["status"]),
        "horizon": (old.coming_of_age_horizon, new.coming_of_age_horizon),
    }
    for name, (before, now) in pairs.items():
        if before != now:
            effect: Effect = "undecided" if name == "horizon" else "neither"
            yield Change("guide", "guide", name, "", "changed", before, now, effect)


def _keys(old: Mapping[_Key, Any], new: Mapping[_Key, Any]) -> list[_Key]:
    return [*old, *(key for key in new if key not in old)]


def _version(document: Document) -> str:
    laid = f" + {document.country} {document.overlay}" if document.overlay else ""
    return f"{document.guide['version']}{laid}"


def _whole(about: str, key: str, old: object, new: object, added: Effect) -> Change:
    if old is not None and new is not None:
        return Change(about, key, "", "", "changed", old, new, "neither")
    effect = added if old is None else _OPPOSITE[added]
    return Change(about, key, "", "", "added" if old is None else "removed", old, new, effect)


def _items(
    about: str, key: str, name: str, old: Iterable[Any], new: Iterable[Any], added: Effect, *, part: str = ""
) -> Iterator[Change]:
    before, now = list(old), list(new)
    for item in (item for item in before if item not in now):
        yield Change(about, key, name, part, "removed", item, None, _OPPOSITE.get(added, added))
    for item in (item for item in now if item not in before):
        yield Change(about, key, name, part, "added", None, item, added)


def _citations(about: str, key: str, old: list[Raw], new: list[Raw]) -> Iterator[Change]:
    before, now = ({(one["id"], one["ref"]): one for one in listed} for listed in (old, new))
    for place in _keys(before, now):
        if before.get(place) != now.get(place):
            act: Act = "added" if place not in before else "removed" if place not in now else "changed"
            effect: Effect = "undecided" if act == "removed" else "neither"
            yield Change(about, key, "sources", "", act, before.get(place), now.get(place), effect)
