"""Write a case as the parts that a transfer may carry, and read such parts back as entries of a new case.

No database, no cryptography: opened values in, plain values out. What may leave is decided by `profiles`; what
protects the child is read from her facts and from what she agreed to. Guide: data-firewall, non-refoulement.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from amparo.access.sealed_rules import SEALED_CLASS
from amparo.cases.actions import NewEntry
from amparo.cases.models import EntryKind
from amparo.cases.queries import CaseFile, StoryLine
from amparo.exchange.sending import Determination, Marks, Need
from amparo.guide import FactsRefused, Guide, evaluate

_FAMILY = ("siblings", "family")
_LABELS = ("nickname", "given_names", "name_as_told", "first_name")
# Where each answer to "What should not be told?" stands in a case file.
KEPT_BACK: Mapping[str, tuple[str, ...]] = {
    "whereabouts": ("whereabouts", "facts.care_setting", "identity.care_place"),
    "story": ("account", "hearings.said"),
    "fear": ("asylum", "facts.fear_or_risk", "facts.fear_countries", "facts.asylum"),
    "health": ("health", "facts.health_needs", "facts.disability"),
    "family": ("family", "facts.family_located"),
    "photo": ("documents",),
}
_ASKS_ASYLUM = frozenset({"wants-to-apply", "applied", "recognised"})
_CLOSED_CONSENT = ("agreed_by", "share_with", "withhold_what", "withhold_from")


def parts_of(file: CaseFile) -> dict[str, Any]:
    """Return everything of a case, by part; notes stand among them so that the page can say that they stay."""
    said = list(_latest(file, "words"))
    parts = {
        "facts": {line.name: {"value": line.value, "at": _text(line.at)} for line in _newest(file, "fact")},
        "safeguards": _safeguards(file),
        "identity": {name: value for name, value in file.identity.items() if name not in _FAMILY},
        "family": {name: file.identity[name] for name in _FAMILY if file.identity.get(name)},
        "evidence": {line.name: _attested(line) for line in _newest(file, "evidence")},
        "hearings": _without_empty(
            {"said": [_said(one) for one in said if not _is_closest(one)], "agreed": _agreed(file)}
        ),
        # What is sealed to our agency stands here only as a number of things: nothing here can read it.
        "account": _without_empty(
            {
                "said": [_said(one) for one in said if _is_closest(one) and not one.closed],
                "closed": [one.closed for one in said if one.closed],
            }
        ),
        "notes": _without_empty({"kept": [_said(one) for one in _latest(file, "note")]}),
    }
    return {name: part for name, part in parts.items() if part}


def withheld_by(file: CaseFile) -> frozenset[str]:
    """Return the places of the case file that the child does not want told, from what she agreed to."""
    answers = _agreed(file).get("withhold_what", ())
    return frozenset(place for answer in answers for place in KEPT_BACK.get(answer, ()))


def marks_of(
    file: CaseFile, view: Mapping[str, Any] | None, determination: Determination | None, *, may_consent: bool
) -> Marks:
    """Return what protects this child when something is sent.

    Args:
        file: the case.
        view: how she was heard about this transfer.
        determination: the one in force.
        may_consent: whether the law of this country lets her consent at her age.
    """
    facts, origin = file.facts, str(file.facts.get("origin_country", "ZZ"))
    # Where her country is not known, every other country may be the one she fled.
    origins = frozenset({origin, *facts.get("fear_countries", ())}) if origin != "ZZ" else frozenset()
    suspect = facts.get("recipient_linked_to_suspicion") == "yes"
    return Marks(
        origins=origins,
        asylum_need=_asylum_need(facts),
        danger=frozenset({"everyone"}) if suspect else frozenset(),
        withhold_from=frozenset(_withhold_from(file, origin, view, determination)),
        consents_herself=may_consent,
    )


def determination_of(file: CaseFile) -> Determination | None:
    """Return the best-interests determination in force, with the country it says the child goes to."""
    decided = next((one for one in _newest(file, "evidence") if one.name == "bid-decided-with-reasons"), None)
    if file.facts.get("bid_state") != "decided" or decided is None or not decided.value.get("done"):
        return None
    country = str(file.facts.get("destination_country", "ZZ"))
    return Determination(timezone.localdate(decided.at), frozenset({country} - {"ZZ"}))


def is_readable(parts: Mapping[str, Any]) -> bool:
    """Test whether the parts a peer sent have the shape that `parts_of` writes; what is in them is not judged."""
    told = [parts.get(name, {}) for name in ("facts", "evidence")]
    said = [parts.get(name, {}) for name in ("hearings", "account")]
    if not all(isinstance(part, Mapping) for part in parts.values()):
        return False
    rows = [row for part in told for row in part.values()]
    for part in said:
        if not isinstance(part.get("said", []), list) or not isinstance(part.get("agreed", {}), Mapping):
            return False
        rows += part.get("said", [])
    return all(isinstance(row, Mapping) for row in rows)


def entries_from(parts: Mapping[str, Any], guide: Guide, *, now: datetime) -> list[NewEntry]:
    """Return the entries with which a case opens at the agency that takes the child over.

    Facts and evidence keep their time and, as attested, their role; what this node's Guide does not know becomes a
    note, so that nothing is lost and nothing is guessed. What the system attests is attested here anew.
    """
    return [
        *_facts_from(parts.get("facts", {}), guide, now),
        *_evidence_from(parts.get("evidence", {}), guide, now),
        *_words_from(parts, now),
    ]


def identity_from(parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return who the child is, as the sending agency wrote it."""
    return {**parts.get("identity", {}), **parts.get("family", {})}


def label_of(identity: Mapping[str, Any]) -> str:
    """Return the short name for lists, or nothing."""
    for name in _LABELS:
        value = identity.get(name)
        words = str(value.get("value", "") if isinstance(value, Mapping) else value or "").split()
        if words:
            return words[0][:40]
    return ""


def _newest(file: CaseFile, kind: str) -> Iterator[StoryLine]:
    yield from {line.name: line for line in file.story if line.kind == kind}.values()


def _latest(file: CaseFile, kind: str) -> Iterator[StoryLine]:
    yield from (line for line in file.story if line.kind == kind)


def _safeguards(file: CaseFile) -> dict[str, Any]:
    open_now = [one.id for one in file.evaluation.obligations if one.state in ("open", "late")]
    acts = [dict(event) for event in file.facts.get("events", ())]
    breaches = [f"{one.action} / {one.obligation}" for one in file.evaluation.breaches]
    return {"open": open_now, "acts": acts, "breaches": breaches}


def _attested(line: StoryLine) -> dict[str, Any]:
    value = line.value or {}
    role = str(value.get("by_role", "system"))
    return {"done": bool(value.get("done")), "at": _text(line.at), "by_role": role, "agency": line.agency}


def _said(line: StoryLine) -> dict[str, Any]:
    return {"at": _text(line.at), "role": line.role, "words": line.words or line.value}


def _is_closest(line: StoryLine) -> bool:
    return isinstance(line.told, dict) and line.told.get("protection") == "P3"


def _agreed(file: CaseFile) -> dict[str, list[str]]:
    """Return the closed words of the newest agreement; her reasons are her account and stay there."""
    consent = next(iter(file.told("consent")), None)
    words = consent.words if consent is not None and isinstance(consent.words, dict) else {}
    told = {name: words[name] for name in _CLOSED_CONSENT if name in words}
    return {
        name: list(one.get("value", ())) if isinstance(one, dict) else list(one) for name, one in told.items()
    }


def _withhold_from(
    file: CaseFile, origin: str, view: Mapping[str, Any] | None, determination: Determination | None
) -> Iterator[str]:
    for answer in _agreed(file).get("withhold_from", ()):
        if answer == "migration":
            yield "sector:migration"
        elif answer == "origin-consulate" and origin == "ZZ":
            yield "everyone"
        elif answer == "origin-consulate" and not _asked_again(file, view, determination, origin):
            yield f"country:{origin}"


def _asked_again(
    file: CaseFile, view: Mapping[str, Any] | None, determination: Determination | None, country: str
) -> bool:
    """Test whether she was heard later, about this transfer, and a determination names the country.

    The general wish of the first hour ("do not tell my country") gives way to nothing less.
    """
    consent = next(iter(file.told("consent")), None)
    heard_on = str((view or {}).get("heard_on", ""))
    if consent is None or determination is None or country not in determination.sends_to:
        return False
    try:
        # Days are days of this node: in the evening UTC is already tomorrow.
        return date.fromisoformat(heard_on) >= timezone.localdate(consent.at)
    except ValueError:
        return False


def _asylum_need(facts: Mapping[str, Any]) -> Need:
    asylum, fear = facts.get("asylum", "unknown"), facts.get("fear_or_risk", "unknown")
    if asylum in _ASKS_ASYLUM or fear == "stated":
        return Need.YES
    if asylum == "refused-final" and facts.get("risk_outcome") == "no-danger-found":
        return Need.NO
    return Need.UNKNOWN


def _facts_from(facts: Mapping[str, Any], guide: Guide, now: datetime) -> Iterator[NewEntry]:
    usable = _usable(facts, guide, now)
    for name, told in facts.items():
        at = _moment(told, now)
        if name in usable:
            yield NewEntry(EntryKind.FACT, name, at, clear=told.get("value"))
        else:
            yield NewEntry(EntryKind.NOTE, "not-taken-over", at, clear={"fact": name})


def _usable(facts: Mapping[str, Any], guide: Guide, now: datetime) -> frozenset[str]:
    """Return the names of facts whose values this node's Guide can read; one by one only where some are wrong."""
    bare = {"on": now.date().isoformat(), "country": guide.country or "ZZ"}
    values = {
        name: told.get("value") for name, told in facts.items() if name in guide.facts and name not in bare
    }
    if _fits(guide, bare | values, now):
        return frozenset(values)
    return frozenset(name for name, value in values.items() if _fits(guide, bare | {name: value}, now))


def _fits(guide: Guide, facts: dict[str, Any], now: datetime) -> bool:
    try:
        evaluate(guide, facts, at=now)
    except FactsRefused:
        return False
    return True


def _evidence_from(evidence: Mapping[str, Any], guide: Guide, now: datetime) -> Iterator[NewEntry]:
    for key, told in evidence.items():
        clear = {"done": told.get("done") is True, "by_role": str(told.get("by_role", ""))}
        known = guide.evidence.get(key)
        if known is not None and clear["by_role"] in known.attest and clear["by_role"] != "system":
            yield NewEntry(EntryKind.EVIDENCE, key, _moment(told, now), clear=clear)
        elif clear["by_role"] != "system":
            yield NewEntry(
                EntryKind.NOTE, "claim-not-counted", _moment(told, now), clear={"evidence": key, **clear}
            )


def _words_from(parts: Mapping[str, Any], now: datetime) -> Iterator[NewEntry]:
    for part, protection in (("hearings", "P2"), ("account", "P3")):
        for told in parts.get(part, {}).get("said", ()):
            words, known = told.get("words"), {"protection": protection}
            entry = NewEntry(EntryKind.WORDS, "words", _moment(told, now), sealed=words, told=known)
            yield replace(entry, sealed=None, closed=words) if protection == SEALED_CLASS else entry
    agreed = parts.get("hearings", {}).get("agreed")
    if agreed:
        told_as = {name: {"value": value} for name, value in agreed.items()}
        yield NewEntry(EntryKind.CONSENT, "consent", now, sealed=told_as, told={"protection": "P2"})
    if parts.get("safeguards"):
        yield NewEntry(EntryKind.NOTE, "safeguards-before", now, clear=parts["safeguards"])


def _moment(told: Mapping[str, Any], now: datetime) -> datetime:
    """Read when something was so; a time that cannot be read, or lies ahead, becomes this moment."""
    try:
        moment = datetime.fromisoformat(str(told.get("at")))
    except ValueError:
        return now
    return min(moment, now) if moment.tzinfo is not None else now


def _text(moment: datetime) -> str:
    return moment.isoformat()


def _without_empty(part: Mapping[str, Collection[Any]]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if value}
