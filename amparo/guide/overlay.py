"""Lay a country's own rules over the regional Guide: read the file, check that it fits, merge it.

An overlay may add obligations, evidence, guards and sources, ask for more, shorten or set deadlines, and name
authorities. Whether it weakens anything is asked of `weakening` (structure) and `proof` (conditions). Guide:
rule_of_overlay.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from amparo.guide import shape
from amparo.guide.document import Document, Raw
from amparo.guide.durations import duration
from amparo.guide.errors import GuideFaulty, OverlayWeakens, Problem
from amparo.guide.facts import kinds_of
from amparo.guide.reading import read_file
from amparo.guide.weakening import weakenings

_AMENDMENT = shape.Record(
    needed={"id": shape.key},
    optional={n: c for n, c in {**shape.OBLIGATION.needed, **shape.OBLIGATION.optional}.items() if n != "id"},
)
_ENTRY_AMENDMENT = shape.Record(needed={}, optional={**shape.EVIDENCE.needed, **shape.EVIDENCE.optional})
_SOURCES = shape.list_of(shape.CITATION)
_AUTHORITY = shape.Record(needed={"name": shape.WORDS}, optional={"sources": _SOURCES})
_ON_CALL = shape.Record(needed={"name": shape.WORDS, "note": shape.WORDS}, optional={"sources": _SOURCES})
_STATEMENT = shape.Record(
    needed={"es": shape.text, "en": shape.text},
    optional={"fr": shape.text, "pt": shape.text, "ht": shape.text},
)
_HEAD = shape.Record(
    needed={"country": shape.text, "version": shape.text, "status": shape.text}, optional={"note": shape.text}
)
OVERLAY = shape.Record(
    needed={"overlay": _HEAD},
    optional={
        "authorities": shape.map_of(_AUTHORITY, keys=shape.key),
        "on_call": _ON_CALL,
        "unverified": shape.list_of(_STATEMENT),
        "coming_of_age_horizon": shape.text,
        "stuck_after": shape.text,
        "fact_guards": shape.list_of(shape.GUARD),
        "obligations": shape.list_of(shape.anything),
        "evidence": shape.map_of(shape.anything, keys=shape.key),
        "sources": shape.map_of(shape.SOURCE, keys=shape.key),
    },
)


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


# ---- does it fit the region --------------------------------------------------------------------


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
    yield from _country(overlay["overlay"]["country"])
    yield from _bad_names(region, overlay)
    yield from _own_names(region, overlay)
    yield from _guards(region, overlay)
    for name in ("coming_of_age_horizon", "stuck_after"):
        if name in overlay:
            yield from _length(name, overlay[name])


def _country(country: str) -> Iterator[Problem]:
    if not (len(country) == 2 and country.isascii() and country.isupper()):
        yield Problem("overlay.country", "must be an ISO 3166 alpha-2 code such as MX")


def _bad_names(region: Document, overlay: Raw) -> Iterator[Problem]:
    for key in overlay.get("sources", {}).keys() & region.sources.keys():
        yield Problem(f"sources.{key}", "is a source of the region already")
    for key, raw in overlay.get("sources", {}).items():
        if raw["weight"] != "national":
            yield Problem(f"sources.{key}.weight", "must be national: other sources belong to the region")
    for role in overlay.get("authorities", {}).keys() - set(region.vocabulary["roles"]):
        yield Problem(f"authorities.{role}", "is no role of the vocabulary")
    identifiers = [raw.get("id") for raw in overlay.get("obligations", ()) if isinstance(raw, dict)]
    for key in {key for key in identifiers if isinstance(key, str) and identifiers.count(key) > 1}:
        yield Problem("obligations", "{key} is there twice", key=key)


def _own_names(region: Document, overlay: Raw) -> Iterator[Problem]:
    """Refuse a new thing without the country in its name: a later version of the region may use that name."""
    start = overlay["overlay"]["country"].lower() + "-"
    for at, raw in enumerate(overlay.get("obligations", ())):
        key = raw.get("id") if isinstance(raw, dict) else None
        if isinstance(key, str) and key not in region.obligations:
            yield from _own(f"obligations[{at}].id", [key], start)
    for name in ("evidence", "sources"):
        known: Iterable[str] = getattr(region, name)
        for key in overlay.get(name, {}):
            if key not in known:
                yield from _own(f"{name}.{key}", [key], start)


def _own(place: str, keys: list[str], start: str) -> Iterator[Problem]:
    for key in keys:
        if not key.startswith(start):
            said = "{key} is not known in the region; something new of this country begins with {start}"
            yield Problem(place, said, key=key, start=start)


def _guards(region: Document, overlay: Raw) -> Iterator[Problem]:
    kinds = kinds_of(region.schema)
    for at, guard in enumerate(overlay.get("fact_guards", ())):
        place, fact = f"fact_guards[{at}]", guard["fact"]
        if fact not in kinds or not kinds[fact].choices or kinds[fact].type != "text":
            yield Problem(f"{place}.fact", "{fact} is no fact with one answer out of several", fact=fact)
            continue
        for name in ("value", "becomes"):
            if guard[name] not in kinds[fact].choices:
                said = "{text} is no answer to {fact}; like it: {near}"
                near = ", ".join(kinds[fact].choices)
                yield Problem(f"{place}.{name}", said, text=guard[name], fact=fact, near=near)


def _length(place: str, text: str) -> Iterator[Problem]:
    try:
        duration(text)
    except ValueError as fault:
        yield Problem(place, str(fault))


# ---- merging -----------------------------------------------------------------------------------


def _merged(region: Document, overlay: Raw) -> Document:
    obligations = dict(region.obligations)
    for raw in overlay.get("obligations", ()):
        obligations[raw["id"]] = {**obligations.get(raw["id"], {}), **raw}
    evidence = dict(region.evidence)
    for key, raw in overlay.get("evidence", {}).items():
        evidence[key] = {**evidence.get(key, {}), **raw}
    return replace(
        region,
        vocabulary=_vocabulary(region.vocabulary, overlay),
        obligations=obligations,
        evidence=evidence,
        sources={**region.sources, **overlay.get("sources", {})},
        country=overlay["overlay"]["country"],
        overlay=overlay["overlay"]["version"],
        authorities=overlay.get("authorities", {}),
        coming_of_age_horizon=overlay.get("coming_of_age_horizon"),
        on_call=overlay.get("on_call"),
        unverified=tuple(overlay.get("unverified", ())),
    )


def _vocabulary(region: Raw, overlay: Raw) -> Raw:
    # The country's guards come last: they judge the facts as the region's guards left them.
    guards = [*region["fact_guards"], *overlay.get("fact_guards", ())]
    return {**region, "fact_guards": guards, "stuck_after": overlay.get("stuck_after", region["stuck_after"])}
