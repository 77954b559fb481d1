"""Refuse what is written in the Guide and decides nothing, so that no line of it is decoration.

Pure: looks at a document whose keys were followed already. A list of facts that nobody reads, a deadline without
its source or a proof nobody asks for would let a reader believe in a rule that is not there.
"""

from collections.abc import Iterator

from amparo.guide.document import Document, Raw
from amparo.guide.engine import condition
from amparo.guide.errors import Problem

# How sure the reading of a source must be before it may be the ground of a refusal (docs/reference/guide-sources.md).
_SURE = ("text", "position", "quoted")


def idle(document: Document) -> Iterator[Problem]:
    """Walk through every field that changes nothing, or that says what the rest does not bear out."""
    asked = {e for raw in document.obligations.values() for e in (*raw["requires"], *raw.get("after", ()))}
    for entry in document.evidence.keys() - asked:
        yield Problem(f"evidence.{entry}", "no obligation asks for this entry")
    never_lifted = set(document.vocabulary["override_limits"]["never_lifted"])
    for key, raw in document.obligations.items():
        place = f"{document.places.get(key, 'obligations')}: {key}"
        yield from _rules(place, raw, never_lifted)
        yield from _marks(place, raw)
        if document.country is None:  # a country adds conditions and deadlines without telling them twice
            yield from _facts(document, place, raw)
            yield from _deadline(place, raw)


def _rules(place: str, raw: Raw, never_lifted: set[str]) -> Iterator[Problem]:
    if raw["override"] != "none" and set(raw["blocks"]) <= never_lifted:
        yield Problem(f"{place}.override", "lifts nothing: no action it blocks may be lifted")
    for action, gate in raw.get("gate", {}).items():
        if set(gate) == set(raw["requires"]):
            yield Problem(f"{place}.gate.{action}", "asks for all the entries anyhow: leave it out")
    for name in ("gate", "block_when", "hold_while"):
        if raw.get("absolute") and raw.get(name):
            yield Problem(f"{place}.{name}", "decides nothing: an absolute obligation always blocks")


def _marks(place: str, raw: Raw) -> Iterator[Problem]:
    for at, cited in enumerate(raw["sources"]):
        if cited["verified"] != (cited["basis"] in _SURE):
            yield Problem(
                f"{place}.sources[{at}].verified",
                "must be true exactly where the basis is one of: {known}",
                known=", ".join(_SURE),
            )


def _facts(document: Document, place: str, raw: Raw) -> Iterator[Problem]:
    read = {name for said in _conditions(document, raw) for name in condition(said).facts}
    for name in sorted(read - set(raw["facts"])):
        yield Problem(f"{place}.facts", "{name} is read by its conditions and must be listed", name=name)
    for name in sorted(set(raw["facts"]) - read):
        yield Problem(f"{place}.facts", "{name} is read by none of its conditions", name=name)


def _conditions(document: Document, raw: Raw) -> Iterator[str]:
    yield from (raw[name] for name in ("applies", "due", "reopen_while") if name in raw)
    yield from (said for name in ("block_when", "hold_while") for said in raw.get(name, {}).values())
    entries = (document.evidence.get(key, {}) for key in (*raw["requires"], *raw.get("after", ())))
    yield from (entry["needed_when"] for entry in entries if "needed_when" in entry)


def _deadline(place: str, raw: Raw) -> Iterator[Problem]:
    source = raw.get("deadline_source")
    if (source is None) != (raw["deadline"] is None):
        yield Problem(f"{place}.deadline_source", "a deadline of the region and its source need each other")
    sure = [f"{cited['id']} {cited['ref']}" for cited in raw["sources"] if cited["verified"]]
    if source is not None and source not in sure:
        yield Problem(
            f"{place}.deadline_source", "must be one of its verified sources: {known}", known=", ".join(sure)
        )
