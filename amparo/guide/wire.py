"""Write an evaluation or a refusal as plain values for JSON, in the shape scripts rely on.

No texts for people: those are in `report.py`. Moments are in UTC. DESIGN, section 6.
"""

from datetime import UTC, datetime
from typing import Any

from amparo.guide.evaluation import Evaluation, ObligationStatus
from amparo.guide.model import Citation, Guide
from amparo.guide.refusals import Refusal

Plain = dict[str, Any]


def evaluation_as_plain(guide: Guide, evaluation: Evaluation) -> Plain:
    """Return an evaluation as `guide explain --format json` prints it; `errors` only where there are any."""
    plain: Plain = {
        "guide": {"id": guide.id, "version": guide.version, "country": guide.country},
        "on": evaluation.on.isoformat(),
        "obligations": [_status(status) for status in evaluation.obligations],
        "blocked": {action: list(behind) for action, behind in evaluation.blocked.items()},
        "breaches": [
            {"action": each.action, "obligation": each.obligation, "at": moment(each.at)}
            for each in evaluation.breaches
        ],
    }
    if evaluation.errors:
        plain["errors"] = [{"condition": each.condition, "reason": each.reason} for each in evaluation.errors]
    return plain


def refusals_as_plain(action: str, found: list[Refusal]) -> Plain:
    """Return the answer to `guide may ACTION --format json`."""
    return {"action": action, "may": not found, "refusals": [_refusal(each) for each in found]}


def moment(at: datetime) -> str:
    """Write a moment in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _status(status: ObligationStatus) -> Plain:
    return {
        "id": status.id,
        "state": status.state,
        "due": None if status.due is None else moment(status.due),
        "missing": list(status.missing),
        "blocks": list(status.blocks),
        "severity": status.severity,
        "duty_bearer": list(status.duty_bearer),
        "sources": [_citation(each) for each in status.sources],
        "ask": list(status.ask),
    }


def _citation(cited: Citation) -> Plain:
    plain: Plain = {"id": cited.id, "ref": cited.ref, "verified": cited.verified}
    return plain | {"fit": cited.fit} if cited.fit != "direct" else plain


def _refusal(refusal: Refusal) -> Plain:
    return {
        "obligation": refusal.obligation,
        "title": dict(refusal.title),
        "norms": [_citation(each) for each in refusal.norms],
        "related": [_citation(each) for each in refusal.related],
        "to_be_confirmed": [_citation(each) for each in refusal.to_be_confirmed],
        "missing": [{"evidence": each.key, "attest": list(each.attest)} for each in refusal.missing],
        "ask": list(refusal.ask),
        "held": refusal.held,
        "absolute": refusal.absolute,
        "override": refusal.override,
    }
