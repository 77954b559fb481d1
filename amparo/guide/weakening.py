"""Say where a country's document protects less than the region's, as far as its structure shows it.

Pure. Lists may grow, lengths may shrink, what is hard stays hard. Conditions, guards and who may attest are
left to `proof`, which asks whether they are stricter. Guide: rule_of_overlay.
"""

from collections.abc import Iterator, Mapping

from amparo.guide.claiming import unread
from amparo.guide.document import Document, Raw
from amparo.guide.durations import duration, may_outlast
from amparo.guide.errors import Problem
from amparo.guide.ways_to_safety import shut

_FIXED = ("stage", "clock", "indicator")
_GROWING = ("facts", "requires", "after", "after_on", "blocks", "duty_bearer", "tasks", "sources")
_OVERRIDES = {"none": 0, "two-person": 1, "emergency": 2}  # from narrow to wide
_MOST = "P1Y"  # where the region sets no deadline
_DROPS = "may not drop {lost}"
_LONGER = "{new} may be longer than {old} of the region"


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
    yield from unread(region, country)
    yield from shut(region, country)
    yield from _endless(region, country)
    yield from _longer("stuck_after", region.vocabulary["stuck_after"], country.vocabulary["stuck_after"])


# ---- obligations -------------------------------------------------------------------------------


def _weaker_obligation(key: str, old: Raw, new: Raw) -> Iterator[Problem]:
    for name in _FIXED:
        if old[name] != new[name]:
            yield Problem(f"{key}.{name}", "may not be changed by an overlay")
    if old["applies_when"] != new["applies_when"] and old["applies"] == new["applies"]:
        yield Problem(f"{key}.applies_when", "may be changed only together with applies")
    yield from _other_words(f"{key}.title", old["title"], new["title"])
    for name in _GROWING:
        yield from _dropped(f"{key}.{name}", old.get(name, []), new.get(name, []))
    yield from _strength(key, old, new)
    if old["deadline"] is not None:
        yield from _longer(f"{key}.deadline", old["deadline"], new["deadline"])
    for action in old["blocks"]:
        before = old.get("gate", {}).get(action, old["requires"])
        now = new.get("gate", {}).get(action, new["requires"])
        yield from _dropped(f"{key}.gate.{action}", before, now)


def _strength(key: str, old: Raw, new: Raw) -> Iterator[Problem]:
    if old["severity"] == "hard" and new["severity"] != "hard":
        yield Problem(f"{key}.severity", "may not go from hard to soft")
    if _OVERRIDES[new["override"]] > _OVERRIDES[old["override"]]:
        yield Problem(f"{key}.override", "may not be wider than {old}", old=old["override"])
    for name in ("absolute", "recurring"):
        if old.get(name, False) and not new.get(name, False):
            yield Problem(f"{key}.{name}", "may not be taken back")


def _endless(region: Document, country: Document) -> Iterator[Problem]:
    """Refuse a deadline so far off that everything would be in time, where the region sets none."""
    for key, raw in country.obligations.items():
        new, old = raw["deadline"], region.obligations.get(key, {}).get("deadline")
        if new is not None and old is None and any(_longer(key, _MOST, new)):
            said = "{new} may be longer than {most}: this would call everything in time"
            yield Problem(f"{key}.deadline", said, new=new, most=_MOST)


def _longer(place: str, old: str, new: str | None) -> Iterator[Problem]:
    if new is None:
        yield Problem(place, "may not be taken away; the region says {old}", old=old)
        return
    try:
        longer = may_outlast(duration(new), duration(old))
    except ValueError:
        return  # the check of the merged Guide names it
    if longer:
        yield Problem(place, _LONGER, new=new, old=old)


def _dropped(place: str, old: list[object], new: list[object]) -> Iterator[Problem]:
    lost = [item for item in old if item not in new]
    if lost:
        yield Problem(place, _DROPS, lost=", ".join(map(_short, lost)))


def _other_words(place: str, old: Raw, new: Raw) -> Iterator[Problem]:
    """Refuse other words for the region's own things: no proof can tell that they still mean the same."""
    for language in old | new:
        if new.get(language) != old.get(language):
            said = "may not say something else; what it means in the country goes into a note"
            yield Problem(f"{place}.{language}", said)


# ---- evidence ----------------------------------------------------------------------------------


def _weaker_evidence(place: str, old: Raw, new: Raw) -> Iterator[Problem]:
    added = [role for role in new["attest"] if role not in old["attest"]]
    if added:
        yield Problem(f"{place}.attest", "may not let further roles attest: {roles}", roles=", ".join(added))
    if new["proof"] != old["proof"]:
        yield Problem(f"{place}.proof", "must stay {old}", old=old["proof"])
    yield from _dropped(f"{place}.rests_on", old.get("rests_on", []), new.get("rests_on", []))
    yield from _other_words(f"{place}.label", old["label"], new["label"])


def _short(item: object) -> str:
    if isinstance(item, Mapping):
        return f"{item['id']} {item['ref']}" if "ref" in item else str(item.get("en", "an item"))
    return str(item)
