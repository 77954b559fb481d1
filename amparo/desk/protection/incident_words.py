"""Put incidents, contradictions and what a new Guide changed into the shape their pages show.

No write, no clock; each query it calls checks who may read and leaves its trace.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.access.rules import Actor, may
from amparo.cases.incidents import ChangeLine, IncidentLine, changes_in, incidents_in
from amparo.cases.queries import CaseFile
from amparo.desk.citations import SourceLine, source_lines
from amparo.desk.context import in_language
from amparo.desk.fact_words import answers_in_words
from amparo.desk.guide_words import the_guide


@dataclass(frozen=True)
class Answer:
    """One fact and its answer in words; no answer is an empty list."""

    fact: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Contradiction:
    """Evidence that was signed, and the answers that speak against it."""

    evidence: str
    against: tuple[Answer, ...]
    signed: bool


@dataclass(frozen=True)
class Troubles:
    """What the case page tells beside its tasks; `manages` is whether this reader may open an incident."""

    open: tuple[IncidentLine, ...]
    ended: tuple[IncidentLine, ...]
    contradictions: tuple[Contradiction, ...]
    changes: tuple[ChangeLine, ...]
    manages: bool


@dataclass(frozen=True)
class Missing:
    """One thing that is missing, and which roles of the Guide may provide it."""

    evidence: str
    who: tuple[str, ...]


@dataclass(frozen=True)
class NightCall:
    """Whom to call at night: the worker the country names, in words, or nothing where it names none."""

    name: str
    note: str


def troubles_of(actor: Actor, file: CaseFile, *, signs: frozenset[str]) -> Troubles:
    """Return what the page of a case tells of incidents, contradictions and new versions."""
    lines = incidents_in(actor, file.id)
    return Troubles(
        open=tuple(one for one in lines if one.ended_at is None),
        ended=tuple(one for one in lines if one.ended_at is not None),
        contradictions=tuple(contradiction_of(file, key, signs) for key in file.evaluation.contradicted),
        changes=changes_in(actor, file.id),
        manages=may(actor, "incident.read"),
    )


def contradiction_of(file: CaseFile, evidence: str, signs: frozenset[str] = frozenset()) -> Contradiction:
    """Return both sides of a contradiction: what was signed, and the answers its condition reads."""
    asked = the_guide().evidence[evidence].contradicts
    names = sorted(asked.facts) if asked else []
    against = (Answer(name, tuple(answers_in_words(name, file.facts.get(name)))) for name in names)
    return Contradiction(evidence, tuple(one for one in against if one.answers), evidence in signs)


def missing_of(file: CaseFile, obligation: str) -> tuple[Missing, ...]:
    """Return what an obligation still lacks in this case; nothing for one that this Guide no longer has."""
    guide = the_guide()
    if obligation not in guide.obligations:
        return ()
    missing = file.evaluation.status(obligation).missing
    return tuple(Missing(key, guide.evidence[key].attest) for key in missing)


def sources_of(obligation: str) -> tuple[SourceLine, ...]:
    """Return the verified sources behind an obligation."""
    known = the_guide().obligations.get(obligation)
    return source_lines(cite for cite in known.sources if cite.grounds) if known else ()


def night_call() -> NightCall:
    """Return whom this country names for the night."""
    named, language = the_guide().on_call, get_language() or "es"
    if named is None:
        return NightCall("", "")
    return NightCall(in_language(dict(named.name), language), in_language(dict(named.note), language))


def limit_in_words() -> str:
    """Say after how long a block that stays unmet is told."""
    hours = the_guide().stuck_after.rest.total_seconds() / 3600
    return _("%(hours)d hours") % {"hours": hours}


def parts_of_change(counts: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """Return the four parts of a change, each with its heading and the kind of thing it names."""
    return [
        (_("Asked now, and not before"), "obligation", counts["opened"]),
        (_("Not allowed now, and allowed before"), "action", counts["barred"]),
        (_("No longer asked"), "obligation", counts["ended"]),
        (_("Allowed now, and not before"), "action", counts["freed"]),
    ]
