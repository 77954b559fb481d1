"""Write agencies, and people as far as whoever runs the node may do it alone; devices stand with the forms they carry.

What needs two people stands in `access/people_changes.py`. Decision: 0020.
"""

from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from amparo.access import audit, models
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.events import Event
from amparo.access.ministry_links import end_links
from amparo.access.people_rules import FOUNDERS, mailbox, may_found
from amparo.access.rules import Actor, AgencyProfile, Role, Sector, role_refusal, side_of
from amparo.access.sealed_grants import end_copies
from amparo.access.sessions import end_sessions


class AgencyUnknown(Exception):
    """No agency of this node has this code; the message lists those there are."""


class EmailWrong(Exception):
    """An e-mail address cannot be one."""


class AccountExists(Exception):
    """There is an open account under this e-mail."""


class AccountClosed(Exception):
    """There was an account under this e-mail; it was closed and stays closed."""


class NotAlone(Exception):
    """Whoever runs the node cannot do this alone any more; two people of the agency can."""


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
    """Make the account of a person with a password; only a demonstration may, or an agency in its first accounts.

    Raises:
        NotAlone: the agency has had its first accounts; from then on two of its people invite.
        EmailWrong: the e-mail is none.
        AccountExists, AccountClosed: there is one under this e-mail; nothing of it is changed.
        AgencyUnknown: no agency of this node has that code.
        RoleUnfit: nobody of that agency may have this role.
    """
    address = free_address(email)
    body = agency_of_code(agency)
    require_fit(role, body)
    require_founding(body)
    person = models.Person.objects.create_user(address, password, agency=body, role=role, name=name)
    _write_down(Event.PERSON_INVITED, person)
    return person


def require_fit(role: Role, body: models.Agency) -> None:
    """Raise RoleUnfit when nobody of this agency may have this role."""
    if refusal := role_refusal(role, Sector(body.sector), body.country):
        raise RoleUnfit(refusal)


def require_founding(body: models.Agency) -> None:
    """Raise NotAlone unless an account of this agency may still be made by one person; closed accounts count too."""
    # Two at once take turns; a lock on the row would need the right to change agencies, which one side has not.
    models.lock_agency(body.pk)
    ever = models.Person.objects.filter(agency=body).count()
    if not settings.DEMONSTRATION and not may_found(accounts_ever=ever):
        raise NotAlone(
            f"{body.code} has had its first {FOUNDERS} accounts. From now on its administrator invites under People,"
            " and a second person confirms."
        )


def free_address(email: str) -> str:
    """Return the e-mail as it is kept, when it is one and nobody has it, in any spelling of the same mailbox.

    Raises:
        EmailWrong, AccountExists, AccountClosed: with what to do.
    """
    address = models.People.normalize_email(email)
    try:
        validate_email(address)
    except ValidationError as wrong:
        raise EmailWrong(f"{email} is no e-mail address; write it as name@place.example.") from wrong
    known = _holder_of(address)
    if known is None:
        return address
    if known.is_active:
        raise AccountExists(f"The account {address} exists; nothing was changed.")
    raise AccountClosed(f"The account {address} is closed; invite the person under another e-mail.")


def _holder_of(address: str) -> models.Person | None:
    """Return whose mailbox this is, however the address is spelt; an open account before a closed one."""
    people = models.Person.objects.order_by("-is_active")
    return next((one for one in people if mailbox(one.email) == mailbox(address)), None)


@transaction.atomic
def close_account(*, email: str) -> bool:
    """Close an account and end its sessions at once; False when there is no open account of that name."""
    address = models.People.normalize_email(email)
    person = models.Person.objects.select_for_update().filter(email=address, is_active=True).first()
    if person is None:
        return False
    shut(person, by=SYSTEM)
    _write_down(Event.PERSON_CLOSED, person)
    return True


def shut(person: models.Person, *, by: Actor) -> None:
    """Close an account, end its sign-ins, bindings and copies of sealed keys; the caller writes down who did it."""
    person.is_active = False
    # Sessions carry a hash of the password too: a new unusable one ends what the rows do not know.
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    end_sessions(person)
    end_links(person)
    end_sealed(person, by=by)


def end_sealed(person: models.Person, *, by: Actor) -> None:
    """Destroy the copies of her agency's sealing keys that somebody who leaves, or changes, was given.

    The migration side has none, and its login cannot name their table.
    """
    if side_of(Sector(person.agency.sector)) != "protection":
        return
    # No row of them is seen by whoever runs the node, who is nobody's officer: the node itself takes them away.
    with acting_as(SYSTEM):
        ended = end_copies(person.pk, ended_by=by.id, agency=person.agency_id)
    if ended:
        audit.record(Event.SEALED_GRANT_ENDED, by=by, subject=audit.subject_of("person", person.pk))


def _write_down(event: Event, person: models.Person) -> None:
    """Record what was done to an account by whoever runs the node: no account of its own stands behind it."""
    subject = audit.subject_of("person", person.pk)
    audit.record(event, by=SYSTEM, subject=subject, reasons=("command",))
