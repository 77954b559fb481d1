"""Lay a country's own rules over the regional Guide, and refuse whatever would weaken it.

An overlay may add obligations, evidence and sources, shorten or set deadlines, and name authorities. It may
not remove, rename, soften, widen an override or lengthen a deadline. Any change of a condition is refused:
whether a changed condition is stricter is not proved here. Guide: rule_of_overlay.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from amparo.guide import shape
from amparo.guide.document import Document, Raw
from amparo.guide.durations import duration, may_outlast
from amparo.guide.errors import GuideFaulty, OverlayWeakens, Problem
from amparo.guide.reading import read_file

_AMENDMENT = shape.Record(
    needed={"id": shape.key},
    optional={n: c for n, c in {**shape.OBLIGATION.needed, **shape.OBLIGATION.optional}.items() if n != "id"},
)
_ENTRY_AMENDMENT = shape.Record(needed={}, optional={**shape.EVIDENCE.needed, **shape.EVIDENCE.optional})
_AUTHORITY = shape.Record(needed={"name": shape.WORDS}, optional={"sources": shape.list_of(shape.CITATION)})
_HEAD = shape.Record(
    needed={"country": shape.text, "version": shape.text, "status": shape.text}, optional={"note": shape.text}
)
OVERLAY = shape.Record(
    needed={"overlay": _HEAD},
    optional={
        "authorities": shape.map_of(_AUTHORITY, keys=shape.key),
        "coming_of_age_horizon": shape.text,
        "obligations": shape.list_of(shape.anything),
        "evidence": shape.map_of(shape.anything, keys=shape.key),
        "sources": shape.map_of(shape.SOURCE, keys=shape.key),
    },
)
# What may never change, and why a changed value is refused.
_FIXED = ("stage", "applies_when", "clock", "facts")
_CONDITIONS = ("applies", "due", "reopen_while", "block_when", "hold_while", "needed_when")
_GROWING = ("requires", "after", "after_on", "blocks", "duty_bearer", "tasks", "sources")
_OVERRIDES = {"none": 0, "two-person": 1, "emergency": 2}  # from narrow to wide


def read_overlay(path: Path) -> Raw:
    """Read an overlay file and check its shape; GuideFaulty naming every place that is wrong."""
    raw = read_file(path)
    problems = OVERLAY(raw, path.name)
    if problems:
        raise GuideFaulty(problems)
    checked: Raw = raw
    return checked


def lay_over(region: Document, overlay: Raw) -> Document:
    """Return the region with the overlay laid over it.

    GuideFaulty when the overlay does not fit the region; OverlayWeakens with every reason when it weakens it.
    """
    problems = [*_misfits(region, overlay)]
    if problems:
        raise GuideFaulty(problems)
    merged = _merged(region, overlay)
    weaker = list(weakenings(region, merged))
    if weaker:
        raise OverlayWeakens(weaker)
    return merged


def weakenings(region: Document, country: Document) -> Iterator[Problem]:
    """Walk through every place where the country's document protects less than the region's."""
    for key, raw in region.obligations.items():
        if key not in country.obligations:
            yield Problem(key, "an obligation of the region may not be removed or renamed")
        else:
            yield from _weaker_obligation(key, raw, country.obligations[key])
    for key, raw in region.evidence.items():
        if key not in country.evidence:
            yield Problem(f"evidence.{key}", "an evidence entry of the region may not be removed or renamed")
        else:
            yield from _weaker_evidence(f"evidence.{key}", raw, country.evidence[key])


# ---- merging -----------------------------------------------------------------------------------


def _misfits(region: Document, overlay: Raw) -> Iterator[Problem]:
    for at, raw in enumerate(overlay.get("obligations", ())):
        place = f"obligations[{at}]"
        known = isinstance(raw, dict) and raw.get("id") in region.obligations
        if isinstance(raw, dict) and "remove" in raw:
            yield Problem(f"{place}.remove", "an obligation of the region may not be removed")
        else:
            yield from (_AMENDMENT if known else shape.OBLIGATION)(raw, place)
    for key, raw in overlay.get("evidence", {}).items():
        known = key in region.evidence
        yield from (_ENTRY_AMENDMENT if known else shape.EVIDENCE)(raw, f"evidence.{key}")
    yield from _bad_names(region, overlay)


def _bad_names(region: Document, overlay: Raw) -> Iterator[Problem]:
    country = overlay["overlay"]["country"]
    if not (len(country) == 2 and country.isascii() and country.isupper()):
        yield Problem("overlay.country", "must be an ISO 3166 alpha-2 code such as MX")
    for key in overlay.get("sources", {}).keys() & region.sources.keys():
        yield Problem(f"sources.{key}", "is a source of the region already")
    for role in overlay.get("authorities", {}).keys() - set(region.vocabulary["roles"]):
        yield Problem(f"authorities.{role}", "is no role of the vocabulary")
    identifiers = [raw.get("id") for raw in overlay.get("obligations", ()) if isinstance(raw, dict)]
    for key in {key for key in identifiers if isinstance(key, str) and identifiers.count(key) > 1}:
        yield Problem("obligations", f"{key} is there twice")
    if "coming_of_age_horizon" in overlay:
        yield from _bad_length("coming_of_age_horizon", overlay["coming_of_age_horizon"])


def _bad_length(place: str, text: str) -> Iterator[Problem]:
    try:
        duration(text)
    except ValueError as fault:
        yield Problem(place, str(fault))


def _merged(region: Document, overlay: Raw) -> Document:
    obligations = dict(region.obligations)
    for raw in overlay.get("obligations", ()):
        obligations[raw["id"]] = {**obligations.get(raw["id"], {}), **raw}
    evidence = dict(region.evidence)
    for key, raw in overlay.get("evidence", {}).items():
        evidence[key] = {**evidence.get(key, {}), **raw}
    return replace(
        region,
        obligations=obligations,
        evidence=evidence,
        sources={**region.sources, **overlay.get("sources", {})},
        country=overlay["overlay"]["country"],
        overlay=overlay["overlay"]["version"],
        authorities=overlay.get("authorities", {}),
        coming_of_age_horizon=overlay.get("coming_of_age_horizon"),
    )


# ---- what weakens ------------------------------------------------------------------------------


def _weaker_obligation(key: str, old: Raw, new: Raw) -> Iterator[Problem]:
    yield from _conditions(key, old, new)
    for name in _FIXED:
        if old[name] != new[name]:
            yield Problem(f"{key}.{name}", "may not be changed by an overlay")
    for name in _GROWING:
        lost = [item for item in old.get(name, ()) if item not in new.get(name, ())]
        if lost:
            yield Problem(f"{key}.{name}", "may not drop " + ", ".join(map(_short, lost)))
    yield from _strength(key, old, new)
    yield from _deadline(key, old, new)
    yield from _gate(key, old, new)


def _strength(key: str, old: Raw, new: Raw) -> Iterator[Problem]:
    if old["severity"] == "hard" and new["severity"] != "hard":
        yield Problem(f"{key}.severity", "may not go from hard to soft")
    if _OVERRIDES[new["override"]] > _OVERRIDES[old["override"]]:
        yield Problem(f"{key}.override", f"may not be wider than {old['override']}")
    for name in ("absolute", "recurring"):
        if old.get(name, False) and not new.get(name, False):
            yield Problem(f"{key}.{name}", "may not be taken back")


def _conditions(place: str, old: Raw, new: Raw) -> Iterator[Problem]:
    for name in _CONDITIONS:
        before, now = old.get(name), new.get(name)
        if isinstance(before, Mapping) and isinstance(now, Mapping):
            changed = any(now.get(action) != said for action, said in before.items()) or _narrowed(
                name, before, now
            )
        else:
            changed = before != now and not (name == "hold_while" and before is None)
        if changed:
            yield Problem(
                f"{place}.{name}",
                "a condition may not be changed by an overlay (that a change is stricter is not proved yet)",
            )


def _narrowed(name: str, before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    # A hold more is stricter; a block_when more narrows a block that stood always.
    return name == "block_when" and bool(now.keys() - before.keys())


def _deadline(key: str, old: Raw, new: Raw) -> Iterator[Problem]:
    if old["deadline"] is None:
        return
    if new["deadline"] is None:
        yield Problem(f"{key}.deadline", f"may not be taken away; the region says {old['deadline']}")
        return
    try:
        longer = may_outlast(duration(new["deadline"]), duration(old["deadline"]))
    except ValueError:
        return  # the check of the merged Guide names it
    if longer:
        yield Problem(
            f"{key}.deadline", f"{new['deadline']} may be longer than {old['deadline']} of the region"
        )


def _gate(key: str, old: Raw, new: Raw) -> Iterator[Problem]:
    for action in old["blocks"]:
        before = old.get("gate", {}).get(action, old["requires"])
        now = new.get("gate", {}).get(action, new["requires"])
        lost = [entry for entry in before if entry not in now]
        if lost:
            yield Problem(f"{key}.gate.{action}", "may not drop " + ", ".join(lost))


def _weaker_evidence(place: str, old: Raw, new: Raw) -> Iterator[Problem]:
    yield from _conditions(place, old, new)
    added = [role for role in new["attest"] if role not in old["attest"]]
    if added:
        yield Problem(f"{place}.attest", "may not let further roles attest: " + ", ".join(added))
    if new["proof"] != old["proof"]:
        yield Problem(f"{place}.proof", f"must stay {old['proof']}")


def _short(item: object) -> str:
    if isinstance(item, Mapping):
        return f"{item['id']} {item['ref']}" if "ref" in item else str(item.get("en", "an item"))
    return str(item)
