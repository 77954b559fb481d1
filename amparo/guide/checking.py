"""Follow every key of a Guide document to what it names, and say which lead nowhere.

Pure: shapes were checked before, conditions are compiled elsewhere. README: roles, stages, actions, clocks,
evidence, facts and sources are closed lists.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from amparo.guide import stale
from amparo.guide.document import Document, Raw
from amparo.guide.durations import duration
from amparo.guide.engine import Condition
from amparo.guide.errors import Problem
from amparo.guide.idle import idle
from amparo.guide.model import FactKind


def check(document: Document, kinds: Mapping[str, FactKind]) -> list[Problem]:
    """Return every key that leads nowhere and every rule that contradicts another."""
    problems = [
        p for key, raw in document.obligations.items() for p in _obligation(document, key, raw, kinds)
    ]
    for key, raw in document.evidence.items():
        problems += _known(f"evidence.{key}.attest", raw["attest"], document.vocabulary["roles"], "role")
        problems += stale.faults(f"evidence.{key}", raw, kinds)
    problems += _guards(document, kinds)
    problems += stale.bad_limit(document.vocabulary["stuck_after"])
    problems += _limits(document)
    return problems or list(idle(document))  # what leads nowhere is put right first


def result_use(place: str, asked: Condition) -> Iterator[Problem]:
    """Refuse `result` where it is not known yet; indicators may, and `needed_when` lateness."""
    allowed = {"result.late_elsewhere"} if place.endswith(".needed_when") else set()
    read = {name for name in asked.reads if name.startswith("result.")} - allowed
    if read and ".indicator." not in place:
        yield Problem(place, "may not read {names}", names=", ".join(sorted(read)))


def _obligation(document: Document, key: str, raw: Raw, kinds: Mapping[str, FactKind]) -> Iterator[Problem]:
    words, place = document.vocabulary, f"{document.places.get(key, 'obligations')}: {key}"
    yield from _known(f"{place}.stage", [raw["stage"]], words["stages"], "stage")
    yield from _known(f"{place}.clock", [raw["clock"]], words["clocks"], "clock")
    yield from _known(f"{place}.duty_bearer", raw["duty_bearer"], words["roles"], "role")
    yield from _known(f"{place}.facts", raw["facts"], kinds, "fact")
    entries = [*raw["requires"], *raw.get("after", ()), *(e for g in raw.get("gate", {}).values() for e in g)]
    yield from _known(f"{place}.requires", entries, document.evidence, "evidence entry")
    yield from _known(
        f"{place}.sources", [cited["id"] for cited in raw["sources"]], document.sources, "source"
    )
    for name in ("blocks", "after_on"):
        yield from _known(f"{place}.{name}", raw.get(name, ()), words["actions"], "action")
    for name in ("gate", "block_when", "hold_while"):
        found = [action for action in raw.get(name, {}) if (name, action) != ("hold_while", "*")]
        yield from _known(f"{place}.{name}", found, raw["blocks"], "action of its blocks")
    yield from _coherence(document, place, raw)


def _coherence(document: Document, place: str, raw: Raw) -> Iterator[Problem]:
    if raw["severity"] == "soft" and (raw["blocks"] or raw.get("absolute")):
        yield Problem(f"{place}.severity", "only a hard obligation may block")
    if raw.get("absolute") and raw.get("block_when"):
        yield Problem(f"{place}.block_when", "would change nothing: an absolute obligation blocks always")
    if bool(raw.get("after")) != bool(raw.get("after_on")):
        yield Problem(f"{place}.after", "after and after_on need each other")
    outside = {entry for gate in raw.get("gate", {}).values() for entry in gate} - set(raw["requires"])
    if outside:
        yield Problem(f"{place}.gate", "not among its requires: {names}", names=", ".join(sorted(outside)))
    yield from _lateness(document, place, raw)


def _lateness(document: Document, place: str, raw: Raw) -> Iterator[Problem]:
    if raw["deadline"] is not None:
        try:
            duration(raw["deadline"])
        except ValueError as fault:
            yield Problem(f"{place}.deadline", str(fault))
    for entry in (*raw["requires"], *raw.get("after", ())):
        asked = document.evidence.get(entry, {}).get("needed_when", "")
        if raw["blocks"] and "result." in asked:
            said = "{entry} depends on other results, so it may not hold a block"
            yield Problem(f"{place}.requires", said, entry=entry)


def _guards(document: Document, kinds: Mapping[str, FactKind]) -> Iterator[Problem]:
    for at, guard in enumerate(document.vocabulary["fact_guards"]):
        place = f"vocabulary.fact_guards[{at}]"
        choices = kinds[guard["fact"]].choices if guard["fact"] in kinds else ()
        for word in (guard["value"], guard["becomes"]):
            if word not in choices:
                said = "{word} is no known value of {fact}"
                yield Problem(place, said, word=repr(word), fact=guard["fact"])


def _limits(document: Document) -> list[Problem]:
    words, place = document.vocabulary, "vocabulary.override_limits"
    limits = words["override_limits"]
    problems = [*_known(f"{place}.never_lifted", limits["never_lifted"], words["actions"], "action")]
    for joint in limits["joint_emergency"]:
        problems += _known(f"{place}.joint_emergency", [joint["action"]], words["actions"], "action")
        problems += _known(f"{place}.joint_emergency", joint["lifts"], document.obligations, "obligation")
        problems += _known(f"{place}.joint_emergency", [joint["who"]], words["roles"], "role")
    return problems


def _known(place: str, found: Iterable[str], known: Collection[str], kind: str) -> Iterator[Problem]:
    for word in found:
        if word not in known:
            yield Problem(place, "{word} is no known {kind}", word=repr(word), kind=kind)
