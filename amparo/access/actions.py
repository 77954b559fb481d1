"""Write agencies and people; enrolling devices stands with the forms they carry."""

from collections.abc import Sequence
from typing import Protocol

from django.db import transaction

from amparo.access import models
from amparo.access.rules import Role


class AgencyFields(Protocol):
    """What a node's profile says of one agency."""

    id: str
    name: dict[str, str]
    sector: str
    kind: str
    telephone: str
    leads_for: tuple[str, ...]


@transaction.atomic
def keep_agencies(agencies: Sequence[AgencyFields]) -> None:
    """Bring the table of agencies to what the profile of the node says; none is ever removed."""
    kept = {agency.id: _keep(agency) for agency in agencies}
    for agency in agencies:
        for led in agency.leads_for:
            kept[led].lead = kept[agency.id]
            kept[led].save(update_fields=["lead"])


def _keep(agency: AgencyFields) -> models.Agency:
    fields = {
        "name": agency.name,
        "sector": agency.sector,
        "kind": agency.kind,
        "telephone": agency.telephone,
    }
    row, _ = models.Agency.objects.update_or_create(code=agency.id, defaults=fields)
    return row


@transaction.atomic
def invite_person(*, email: str, password: str, name: str, agency: str, role: Role) -> models.Person:
    """Make the account of a person; one that exists keeps its password.

    Raises:
        Agency.DoesNotExist: no agency of this node has that code.
    """
    known = models.Person.objects.filter(email=email).first()
    if known is not None:
        return known
    body = models.Agency.objects.get(code=agency)
    return models.Person.objects.create_user(email, password, agency=body, role=role, name=name)
