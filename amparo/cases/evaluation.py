"""Judge a case by the Guide and keep the result beside it, in the transaction that changed the facts.

A list reads what is kept; a case page judges again, because lateness comes with time alone. An incident, and what a
new version of the Guide changed, are found here and written down at once.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from amparo.base.clock import now
from amparo.cases import models
from amparo.cases.incident_rules import (
    change_of,
    incidents_in,
    is_closed,
    next_stuck,
    since_when,
    states_of,
    version_of,
)
from amparo.cases.incident_watch import note_change, watch
from amparo.cases.models import EntryKind
from amparo.cases.rules import Facts, Known, child_status, facts_of
from amparo.cases.standing import Stand, glance_of, next_due, stand_of
from amparo.guide import Guide, load, load_overlay

# One statement that writes the row of a case, or writes it again.
_ONE_PER_CASE: Any = {"update_conflicts": True, "unique_fields": ["case"]}
_JUDGED = (EntryKind.FACT, EntryKind.EVIDENCE, EntryKind.ACTION)
# An overlay of this node alone, in its home, in place of the one that comes with the product.
OWN_OVERLAY = "overlay.yaml"


def this_guide() -> Guide:
    """Return the Guide of this node: the region's, with the overlay of its home or else of its country.

    Read once for each process. Raises GuideFaulty, OverlayWeakens: the overlay of the home cannot be used.
    """
    return _guide_of(settings.HOME.path / OWN_OVERLAY, settings.HOME.profile.overlay)


@cache
def _guide_of(own: Path, country: str) -> Guide:
    return load_overlay(own) if own.exists() else load(country or None)


def judge(case: models.Case) -> Stand:
    """Judge a case by all that is known of it at this moment."""
    return _judged(known_of(case), models.Standing.objects.filter(pk=case.pk).first(), now())


def judge_for(case: models.Case, action: str) -> Stand:
    """Judge a case before an act; where it is free and what is kept says otherwise, write down how it stands.

    The database refuses an act by what is kept (migration 0007), which may be older than the rules.
    """
    stand = judge(case)
    free = action not in stand.evaluation.blocked
    if free and models.Standing.objects.filter(pk=case.pk, blocked__has_key=action).exists():
        return settle(case)
    return stand


def settle(case: models.Case) -> Stand:
    """Judge a case and write down how it stands, what its gate shows, and what a supervisor has to know."""
    kept, known, at = models.Standing.objects.filter(pk=case.pk).first(), known_of(case), now()
    stand = _judged(known, kept, at)
    standing, gate = _standing(case, stand, kept, at), _gate(case, stand)
    if kept and kept.states and kept.guide_version != standing["guide_version"]:
        _tell_change(case, kept, stand if kept.evaluated_at >= known[-1].recorded_at else None, known, at)
    models.Standing.objects.bulk_create(
        [models.Standing(case=case, **standing)], **_ONE_PER_CASE, update_fields=list(standing)
    )
    models.Gate.objects.bulk_create(
        [models.Gate(case=case, **gate)], **_ONE_PER_CASE, update_fields=list(gate)
    )
    return stand


def known_of(case: models.Case) -> list[Known]:
    """Return the entries of a case that the Guide judges, in the order in which this node learned them."""
    rows = case.entries.filter(kind__in=_JUDGED).order_by("recorded_at", "at", "id")
    columns = ("kind", "name", "value", "at", "recorded_at")
    return [Known(*row) for row in rows.values_list(*columns)]


def facts_by(known: Iterable[Known]) -> Facts:
    """Return the facts document of these entries, for today in this country."""
    profile = settings.HOME.profile
    return facts_of(known, on=now().astimezone(ZoneInfo(profile.timezone)).date(), country=profile.country)


def _judged(known: list[Known], kept: models.Standing | None, at: datetime) -> Stand:
    profile = settings.HOME.profile
    return stand_of(
        this_guide(),
        known,
        first_due=_moments(kept.first_due if kept else {}),
        at=at,
        country=profile.country,
        zone=profile.timezone,
    )


def _tell_change(
    case: models.Case, kept: models.Standing, stand: Stand | None, known: list[Known], at: datetime
) -> None:
    """Compare how the case stood with how it stands by the same entries: what came since is not the version's doing.

    `stand` is how it stands now where nothing came since.
    """
    stand = stand or _judged([one for one in known if one.recorded_at <= kept.evaluated_at], kept, at)
    change = change_of(kept.states, kept.blocked, stand.evaluation)
    note_change(case, kept.guide_version, version_of(this_guide()), change, at)


def _standing(case: models.Case, stand: Stand, kept: models.Standing | None, at: datetime) -> dict[str, Any]:
    evaluation, guide = stand.evaluation, this_guide()
    since = since_when(evaluation, _moments(kept.unmet_since if kept else {}), at)
    standing, version = list(incidents_in(guide, evaluation, since=since, now=at)), version_of(guide)
    known = bool(kept and (kept.incident_count or kept.breach_count))
    return {
        "agency_id": case.agency_id,
        "taken_in_by_id": case.taken_in_by_id,
        "released": case.released_at is not None,
        "closed": is_closed(evaluation, [event["action"] for event in stand.facts["events"]]),
        "guide_version": version,
        "evaluated_at": at,
        "danger": stand.danger,
        "next_due_at": next_due(evaluation),
        "breach_count": len(evaluation.breaches),
        "late_count": stand.count("late"),
        "open_count": stand.count("open"),
        "needs_now": len(stand.facts.get("needs_now", ())),
        "glance": glance_of(guide, stand),
        "first_due": _texts(evaluation.first_due),
        "blocked": {action: list(by) for action, by in evaluation.blocked.items()},
        "breaches": [f"{one.action} / {one.obligation}" for one in evaluation.breaches],
        "states": states_of(evaluation),
        "unmet_since": _texts(since),
        "next_stuck_at": next_stuck(guide, since, at),
        "incident_count": watch(case, standing, version=version, at=at, known=known),
    }


def _moments(texts: Mapping[str, str]) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(text) for name, text in texts.items()}


def _texts(moments: Mapping[str, datetime]) -> dict[str, str]:
    return {name: moment.isoformat() for name, moment in moments.items()}


def _gate(case: models.Case, stand: Stand) -> dict[str, Any]:
    """The five facts for the migration side; while in doubt, the protective answer."""
    blocked = stand.evaluation.blocked
    return {
        "reference": case.reference,
        "responsible_agency": case.agency.name,
        "responsible_telephone": case.agency.telephone,
        "child_status": child_status(stand.facts),
        "determination": stand.facts.get("bid_state", "unknown"),
        "no_detention": "detain" in blocked,
        "no_return": "return-child" in blocked,
    }
