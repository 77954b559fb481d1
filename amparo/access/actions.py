"""Write agencies and people; enrolling devices stands with the forms they carry."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from amparo.access import audit, models
from amparo.access.actor import SYSTEM
from amparo.access.events import Event
from amparo.access.rules import AgencyProfile, Role, Sector, role_refusal


class AgencyUnknown(Exception):
    """No agency of this node has this code; the message lists those there are."""


class EmailWrong(Exception):
    """An e-mail address cannot be one."""


class AccountExists(Exception):
    """There is an open account under this e-mail."""


class AccountClosed(Exception):
    """There was an account under this e-mail; it was closed and stays closed."""


class RoleUnfit(Exception):
    """Nobody of this agency may have this role; the message says which sector the role belongs to."""


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
        "country": agency.country,
    }
    row, _ = models.Agency.objects.update_or_create(code=agency.id, defaults=fields)
    return row


@transaction.atomic
def invite_person(*, email: str, password: str, name: str, agency: str, role: Role) -> models.Person:
    """Make the account of a person; whoever runs the node invites, and the trail says so.

    Raises:
        EmailWrong: the e-mail is none.
        AccountExists, AccountClosed: there is one under this e-mail; nothing of it is changed.
        AgencyUnknown: no agency of this node has that code.
        RoleUnfit: nobody of that agency may have this role.
    """
    address = _free_address(email)
    body = agency_of_code(agency)
    if refusal := role_refusal(role, Sector(body.sector), body.country):
        raise RoleUnfit(refusal)
    person = models.Person.objects.create_user(address, password, agency=body, role=role, name=name)
    _write_down(Event.PERSON_INVITED, person)
    return person


def _free_address(email: str) -> str:
    """Return the e-mail as it is kept, when it is one and nobody has it."""
    address = models.People.normalize_email(email)
    try:
        validate_email(address)
    except ValidationError as wrong:
        raise EmailWrong(f"{email} is no e-mail address; write it as name@place.example.") from wrong
    known = models.Person.objects.filter(email=address).first()
    if known is None:
        return address
    if known.is_active:
        raise AccountExists(f"The account {address} exists; nothing was changed.")
    raise AccountClosed(f"The account {address} is closed; invite the person under another e-mail.")


@transaction.atomic
def close_account(*, email: str) -> bool:
    """Close an account and end its sessions at once; False when there is no open account of that name."""
    address = models.People.normalize_email(email)
    person = models.Person.objects.select_for_update().filter(email=address, is_active=True).first()
    if person is None:
        return False
    person.is_active = False
    # Sessions carry a hash of the password: a new unusable one ends them all.
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    _write_down(Event.PERSON_CLOSED, person)
    return True


def _write_down(event: Event, person: models.Person) -> None:
    """Record what was done to an account by whoever runs the node: no account of its own stands behind it."""
    subject = audit.subject_of("person", person.pk)
    audit.record(event, by=SYSTEM, subject=subject, reasons=("command",))
