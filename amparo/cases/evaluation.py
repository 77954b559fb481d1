"""Judge a case by the Guide and keep the result beside it, in the transaction that changed the facts.

A list reads what is kept; a case page judges again, because lateness comes with time alone.
"""

from datetime import datetime
from typing import Any

from django.conf import settings

from amparo.base.clock import now
from amparo.cases import models
from amparo.cases.models import EntryKind
from amparo.cases.rules import Known, child_status
from amparo.cases.standing import Stand, glance_of, next_due, stand_of
from amparo.guide import Guide, load

# One statement that writes the row of a case, or writes it again.
_ONE_PER_CASE: Any = {"update_conflicts": True, "unique_fields": ["case"]}
_JUDGED = (EntryKind.FACT, EntryKind.EVIDENCE, EntryKind.ACTION)


def this_guide() -> Guide:
    """Return the Guide of this node: the region's, with the overlay of its country if it has one."""
    return load(settings.HOME.profile.overlay or None)


def judge(case: models.Case) -> Stand:
    """Judge a case by all that is known of it at this moment."""
    standing = models.Standing.objects.filter(pk=case.pk).values_list("first_due", flat=True).first() or {}
    profile = settings.HOME.profile
    return stand_of(
        this_guide(),
        known_of(case),
        first_due={name: datetime.fromisoformat(moment) for name, moment in standing.items()},
        at=now(),
        country=profile.country,
        zone=profile.timezone,
    )


def settle(case: models.Case) -> Stand:
    """Judge a case and write down how it stands and what its gate shows."""
    stand = judge(case)
    standing, gate = _standing(case, stand), _gate(case, stand)
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


def _standing(case: models.Case, stand: Stand) -> dict[str, Any]:
    evaluation, guide = stand.evaluation, this_guide()
    return {
        "agency_id": case.agency_id,
        "taken_in_by_id": case.taken_in_by_id,
        "released": case.released_at is not None,
        "guide_version": guide.version,
        "evaluated_at": now(),
        "danger": stand.danger,
        "next_due_at": next_due(evaluation),
        "breach_count": len(evaluation.breaches),
        "late_count": stand.count("late"),
        "open_count": stand.count("open"),
        "needs_now": len(stand.facts.get("needs_now", ())),
        "glance": glance_of(guide, stand),
        "first_due": {name: moment.isoformat() for name, moment in evaluation.first_due.items()},
        "blocked": {action: list(by) for action, by in evaluation.blocked.items()},
        "breaches": [f"{one.action} / {one.obligation}" for one in evaluation.breaches],
    }


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
