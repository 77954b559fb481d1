"""Write agencies and people; enrolling devices stands with the forms they carry."""

from collections.abc import Sequence

from django.db import transaction

from amparo.access import models
from amparo.access.rules import AgencyProfile, Role


class AgencyUnknown(Exception):
    """No agency of this node has this code; the message lists those there are."""


def agency_of_code(code: str) -> models.Agency:
    """Return an agency by its code; raises AgencyUnknown."""
    found = models.Agency.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(models.Agency.objects.order_by("code").values_list("code", flat=True))
        raise AgencyUnknown(f"This node has no agency {code}; it has {known}.")
    return found


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
        AgencyUnknown: no agency of this node has that code.
    """
    known = models.Person.objects.filter(email=email).first()
    if known is not None:
        return known
    body = agency_of_code(agency)
    return models.Person.objects.create_user(email, password, agency=body, role=role, name=name)


@transaction.atomic
def close_account(*, email: str) -> bool:
    """Close an account and end its sessions at once; False when there is no open account of that name."""
    person = models.Person.objects.select_for_update().filter(email=email, is_active=True).first()
    if person is None:
        return False
    person.is_active = False
    # Sessions carry a hash of the password: a new unusable one ends them all.
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    return True
