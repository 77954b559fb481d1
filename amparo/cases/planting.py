"""Plant children who were invented, so that any reading of one tells oversight that somebody reads without a reason.

Their cases come in as a form from a telephone does, and look like any other in lists, search and on their page; which
they are is known to no page, no role and no file. Names are put together by chance from common ones; nobody real is
meant. Design: security design 5. Decision: 0028.
"""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from amparo.access import audit
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.budgets import invented_cases, plant_invented
from amparo.access.events import Event
from amparo.access.models import Agency
from amparo.access.roles import Role, Sector
from amparo.access.rules import Actor
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases.actions import NewEntry, open_case
from amparo.cases.models import EntryKind

# More would be a list of false alarms; fewer than one in many is still enough to be met by whoever reads at will.
MOST_AT_ONCE = 20
_GIVEN = {
    "female": ("María José", "Daniela", "Yesenia", "Valeria", "Dayana", "Gabriela", "Nicole", "Fernanda"),
    "male": ("José Luis", "Kevin", "Diego", "Brayan", "Santiago", "Ángel", "Mateo", "Cristian"),
}
_FAMILY = (
    "Hernández",
    "López",
    "Martínez",
    "Mejía",
    "Rodríguez",
    "Flores",
    "Orellana",
    "Castillo",
    "Reyes",
    "Pineda",
)
_ORIGINS = ("HN", "GT", "SV", "NI", "EC", "VE")


class PlantingRefused(Exception):
    """Nothing was planted; the message says what to put right."""


@transaction.atomic
def plant(*, agency: str, count: int) -> int:
    """Plant invented children whom an agency takes in; return how many this node now has.

    Args:
        agency: code of an agency of the protection side.
        count: how many, 1 to 20.

    Raises:
        PlantingRefused: no such agency of the protection side, or the count is out of bounds.
    """
    if not 1 <= count <= MOST_AT_ONCE:
        raise PlantingRefused(f"Plant 1 to {MOST_AT_ONCE} at once.")
    body = Agency.objects.filter(code=agency, sector=Sector.PROTECTION.value).first()
    if body is None:
        raise PlantingRefused(f"This node has no agency {agency} of the protection side.")
    # Written by a telephone of the agency, as every intake is; the node's own name would give the child away.
    telephone = Actor(uuid7(), Role.DEVICE, Sector.PROTECTION, body.pk, body.code)
    for _ in range(count):
        _plant_one(telephone)
    with acting_as(SYSTEM):
        audit.record(
            Event.CANARIES_PLANTED, by=SYSTEM, subject="alarm:reading", reasons=(f"planted:{count}",)
        )
        return len(invented_cases())


def _plant_one(telephone: Actor) -> None:
    sex = secrets.choice(sorted(_GIVEN))
    given = secrets.choice(_GIVEN[sex])
    family = f"{secrets.choice(_FAMILY)} {secrets.choice(_FAMILY)}"
    told = {"given_names": given, "family_names": family, "sex": sex}
    since = now() - timedelta(minutes=15 + secrets.randbelow(40))
    with acting_as(telephone):
        case_id = open_case(
            identity={name: {"value": value, "source": ["child"]} for name, value in told.items()},
            label=given.split()[0],
            entries=list(_entries(since)),
            source=f"submission:{uuid7()}",
            by=telephone,
        )
    with acting_as(SYSTEM):
        plant_invented(case_id)


def _entries(since: datetime) -> Iterator[NewEntry]:
    """Yield what an intake tells of a child who needs nothing at once, so that nobody is kept from one who does."""
    facts = {
        "first_contact_at": since.isoformat(),
        "met_by": "civil-society",
        "origin_country": secrets.choice(_ORIGINS),
        "age_status": "child",
        "age_in_months": 132 + secrets.randbelow(72),
        "accompaniment": "separated",
        "adult_with_child": "relative",
        "at_border": "no",
        "arrival_context": "inside-country",
        "language": ["es"],
        "language_shared": "yes",
        "needs_now": [],
        "fear_or_risk": "unknown",
        "siblings_present": "none",
        "care_setting": "family-based",
    }
    for name, value in facts.items():
        yield NewEntry(EntryKind.FACT, name, since, clear=value)
    for key in ("contact-recorded", "identity-as-told"):
        yield NewEntry(
            EntryKind.EVIDENCE, key, since, clear={"done": True, "by_role": "first-contact-officer"}
        )
