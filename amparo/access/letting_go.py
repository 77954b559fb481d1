"""Close the account of a colleague, or end her sign-ins, at once; one person may, because it only takes away.

Nothing that she wrote is touched. Whoever runs the node has `close_account` in `access/actions.py`. Decision: 0020.
"""

from uuid import UUID

from django.db import transaction

from amparo.access import audit, models
from amparo.access.actions import shut
from amparo.access.events import Event
from amparo.access.rules import Actor
from amparo.access.sessions import end_sessions
from amparo.access.two_persons import PersonNotHere
from amparo.base.clock import now


@transaction.atomic
def close_person(*, person: UUID, by: Actor) -> None:
    """Close the account of a colleague and end her sign-ins at once; one person may, because it only takes away.

    Raises:
        NotAllowed: this actor cares for nobody's account.
        PersonNotHere: she has no open account in this agency, or it is the actor's own.
    """
    audit.require(by, "person.manage")
    rows = models.Person.objects.select_for_update().filter(pk=person, agency_id=by.body, is_active=True)
    found = rows.exclude(pk=by.id).first()
    if found is None:
        raise PersonNotHere
    shut(found, by=by)
    models.Invitation.objects.filter(person=found, used_at=None, withdrawn_at=None).update(withdrawn_at=now())
    _write_down(Event.PERSON_CLOSED, found, by)


@transaction.atomic
def sign_out_person(*, person: UUID, by: Actor) -> None:
    """End every sign-in of a colleague at once; her account stays open; raises NotAllowed, PersonNotHere."""
    audit.require(by, "person.manage")
    found = models.Person.objects.filter(pk=person, agency_id=by.body, is_active=True).first()
    if found is None:
        raise PersonNotHere
    end_sessions(found)
    _write_down(Event.SESSION_ENDED, found, by)


def _write_down(event: Event, person: models.Person, by: Actor) -> None:
    audit.record(event, by=by, subject=audit.subject_of("person", person.pk))
