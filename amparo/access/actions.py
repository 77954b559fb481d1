"""Write agencies and people; enrolling devices stands with the forms they carry."""

from collections.abc import Sequence

from django.db import transaction

from amparo.access import models
from amparo.access.rules import AgencyProfile, Role


@transaction.atomic
def keep_agencies(agencies: Sequence[AgencyProfile]) -> None:
    """Bring the table of agencies to what the profile of the node says; none is ever removed."""
    kept = {agency.id: _keep(agency) for agency in agencies}
    for agency in agencies:
        for led in agency.leads_for:
            kept[led].lead = kept[agency.id]
            kept[led].save(update_fields=["lead"])


def _keep(agency: AgencyProfile) -> models.Agency:
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
