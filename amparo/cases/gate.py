"""Read the gate of one child, as the migration authority's server: five facts, and a trace that she was looked up.

Knows the view `migration.gate` and no table of cases; the database shows a row only to that server's login, and only
for the reference that is asked for. Guide: data-firewall. SECURITY-DESIGN section 5. Decision: 0017.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from amparo.access import audit
from amparo.access.events import Event
from amparo.access.refusal import Refused
from amparo.access.rules import Actor
from amparo.base.ids import read_case_reference

_FIELDS = """
SELECT reference, responsible_agency::text, responsible_telephone, child_status, determination, no_detention,
       no_return, next_hearing_on
  FROM migration.gate
"""


class GateNotFound(Refused):
    """No child of this node has this reference."""

    event = Event.GATE_READ


@dataclass(frozen=True)
class GateView:
    """What the migration side may see of a case, and nothing else."""

    reference: str
    responsible_agency: dict[str, str]
    responsible_telephone: str
    child_status: str
    determination: str
    no_detention: bool
    no_return: bool
    next_hearing_on: date | None


def gate_for(actor: Actor, reference: str) -> GateView:
    """Return the gate of the case with this reference, as written on the child's paper.

    Raises:
        NotAllowed: the role may not read gates.
        ReferenceWrong: the reference was mistyped.
        GateNotFound: no case has this reference.
    """
    audit.require(actor, "gate.read")
    asked = read_case_reference(reference)
    row = _row(asked)
    if row is None:
        # Written down here: the page answers a miss in words, as no refusal that the door would record.
        audit.record(Event.GATE_READ, by=actor, subject="gate:unknown", purpose="migration", allowed=False)
        raise GateNotFound("No case has this reference here.", subject="gate:unknown")
    audit.record(Event.GATE_READ, by=actor, subject=f"gate:{asked}", purpose="migration")
    return GateView(row[0], json.loads(row[1]), *row[2:])


def _row(reference: str) -> tuple[Any, ...] | None:
    """Ask for one reference, and let the question end with it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('amparo.gate_reference', %s, true)", [reference])
        cursor.execute(_FIELDS)
        found: tuple[Any, ...] | None = cursor.fetchone()
        cursor.execute("SELECT set_config('amparo.gate_reference', '', true)")
    return found
