"""Make a child whom the Guide allows to be handed over: the Guide's ninth example, proposed to the agency at home."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

import yaml

from amparo.access.actor import SYSTEM, acting_as
from amparo.base import clock
from amparo.base.clock import now
from amparo.cases.actions import NewEntry, open_case
from amparo.cases.models import EntryKind
from amparo.cases.queries import case_for
from amparo.guide import load
from tests.factories import agency, an_actor

WRITTEN_FOR = datetime(2026, 9, 15, 18, 0, tzinfo=UTC)
# What the Guide asks for before data leaves, beside what the example has.
SENDING = (
    "sharing-purpose-recipient", "sharing-basis-and-assent", "confidentiality-limits-explained", "transfer-purpose",
    "transfer-receiver-named", "transfer-consent", "transfer-origin-risk-check", "transfer-minimum-set",
    "retention-limit-agreed",
)  # fmt: skip
PROPOSED = {"decision_kind": ["transfer"], "origin_country": "HN", "destination_country": "HN"}
IDENTITY = {"given_names": {"value": "Ana"}, "family_names": {"value": "de prueba"}}
HER_WORDS = "Quiero vivir con mi abuela."


def a_basis(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a complete basis as of today."""
    today = clock.today("America/Mexico_City")
    return {
        "kind": "best-interests-determination",
        "decided_by": "panel de tres, protección",
        "decided_on": (today - timedelta(days=3)).isoformat(),
        "ends": (today + timedelta(days=180)).isoformat(),
        "guardian": "yes",
    } | changes


def a_view(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what the child said about the transfer, yesterday."""
    heard_on = (clock.today("America/Mexico_City") - timedelta(days=2)).isoformat()
    return {"heard_on": heard_on, "language": "es", "said": HER_WORDS} | changes


def a_ready_case(*, without: str = "", consent: Mapping[str, Any] | None = None, **facts: Any) -> UUID:  # noqa: ANN401
    """Open a case in which the Guide leaves sending and handing over free.

    Args:
        without: one piece of evidence to leave out.
        consent: what the child agreed to at intake.
        facts: facts to change.
    """
    entries = [
        *_entries(without, facts),
        NewEntry(EntryKind.WORDS, "words", _earlier(), sealed={"text": HER_WORDS}),
    ]
    if consent:
        told = {name: {"value": value} for name, value in consent.items()}
        entries.append(
            NewEntry(EntryKind.CONSENT, "consent", _earlier(), sealed=told, told={"protection": "P2"})
        )
    body = agency("mx-proteccion")
    with acting_as(SYSTEM):
        return open_case(
            identity=IDENTITY, label="Ana", entries=entries, source="test", by=SYSTEM, agency=body.pk
        )


def blocked(case_id: UUID) -> set[str]:
    """Return what the Guide blocks now, as the caseworker reads it."""
    worker = an_actor()
    with acting_as(worker):
        return set(case_for(worker, case_id, purpose="casework").evaluation.blocked)


def _entries(without: str, changed: Mapping[str, Any]) -> list[NewEntry]:
    source = files("amparo.guide") / "data" / "examples" / "09-return-every-precondition-met.yaml"
    facts = dict(yaml.safe_load(source.read_text(encoding="utf-8"))["facts"])
    evidence = facts.pop("evidence")
    known, at = load("MX").evidence, _earlier()
    evidence |= {key: {"at": at.isoformat(), "by_role": known[key].attest[0]} for key in SENDING}
    told = {
        name: value
        for name, value in (facts | PROPOSED | dict(changed)).items()
        if name not in ("on", "country", "events")
    }
    return [
        *(NewEntry(EntryKind.FACT, name, at, clear=_shifted(value)) for name, value in told.items()),
        *(
            NewEntry(EntryKind.EVIDENCE, key, at, clear={"done": True, "by_role": one["by_role"]})
            for key, one in evidence.items()
            if key != without and one["by_role"] != "system"
        ),
        *(
            NewEntry(EntryKind.EVIDENCE, key, at, clear={"done": True, "by_role": "system"})
            for key in ("interviewer-trained",)
        ),
    ]


def _earlier() -> datetime:
    return now() - timedelta(days=3)


def _shifted(value: Any) -> Any:  # noqa: ANN401
    """Move a moment of the example so that it lies as long ago as it did there."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
    except ValueError:
        return value
    return (moment + (now() - WRITTEN_FOR)).isoformat() if moment else value
