"""Keep the way in of somebody who was invited: a link from one colleague and a code from another.

The link is drawn by a colleague who did not confirm, the code is seen by the confirmer alone: neither can come in alone
as somebody else. Both are shown once; hashes are kept. No mail is sent. Decision: 0020.
"""

import hashlib
import secrets
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet

from amparo.access import audit, models
from amparo.access.actions import agency_of_code, free_address, require_fit, require_founding
from amparo.access.actor import SYSTEM
from amparo.access.events import Event
from amparo.access.people_rules import LINK_LASTS
from amparo.access.rules import Actor, Role
from amparo.base.clock import now

# Without signs that are mistaken for each other when read aloud or written by hand.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE_SIGNS = 10


class InvitationShut(Exception):
    """An invitation lets nobody in; `why` is unknown, used, over or withdrawn."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def open_invitation(row: models.Invitation) -> str:
    """Keep an invitation and return its code; one of the same address that ran out makes room."""
    outdated = models.Invitation.objects.filter(email=row.email, used_at=None, withdrawn_at=None)
    outdated.update(withdrawn_at=now())
    row.made_at, row.ends_at = now(), now() + LINK_LASTS
    code = _draw_code(row)
    row.save()
    return code


def _draw_code(row: models.Invitation) -> str:
    code = "".join(secrets.choice(_SIGNS) for _ in range(_CODE_SIGNS))
    row.code_hash = make_password(code)
    return f"{code[:5]}-{code[5:]}"


@transaction.atomic
def found_person(*, email: str, name: str, agency: str, role: Role) -> tuple[str, str]:
    """Invite one of the first people of an agency, for whoever runs the node; return the link's secret and the code.

    Raises:
        NotAlone: the agency has had its first accounts.
        AgencyUnknown, EmailWrong, AccountExists, AccountClosed, RoleUnfit: as `invite_person`.
    """
    body = agency_of_code(agency)
    require_fit(role, body)
    require_founding(body)
    secret = secrets.token_urlsafe(32)
    row = models.Invitation(
        email=free_address(email), name=name, agency=body, role=role, link_hash=hash_of(secret)
    )
    code = open_invitation(row)
    subject = audit.subject_of("invitation", row.pk)
    audit.record(Event.INVITATION_LINK, by=SYSTEM, subject=subject, reasons=("command",))
    return secret, code


@transaction.atomic
def make_link(*, invitation: UUID, by: Actor) -> str:
    """Return the secret of a new link for an open invitation, once; a link made before stops working.

    Raises:
        NotAllowed: this actor cares for nobody's account.
        InvitationShut: it is not an open one of her agency, or the confirmer would hold code and link.
    """
    audit.require(by, "change.propose")
    row = open_row(models.Invitation.objects.filter(pk=invitation, agency_id=by.body))
    if row.change is None or row.change.settled_by_id == by.id:
        raise InvitationShut("confirmer")
    secret = secrets.token_urlsafe(32)
    row.link_hash = hash_of(secret)
    row.save(update_fields=["link_hash"])
    audit.record(Event.INVITATION_LINK, by=by, subject=audit.subject_of("invitation", row.pk))
    return secret


@transaction.atomic
def make_code_anew(*, change: UUID, by: Actor) -> str:
    """Return a new code to whoever confirmed and lost hers; the old code and the link that was drawn stop working.

    So her colleague has to draw a new link: coming in still takes something from each of the two. It ends no later.

    Raises:
        NotAllowed: this actor confirms nothing.
        InvitationShut: it is not an open one, or somebody else confirmed it.
    """
    audit.require(by, "change.confirm")
    rows = models.Invitation.objects.select_for_update(of=("self",)).select_related("change")
    row = open_row(rows.filter(change_id=change))
    if row.change is None or row.change.settled_by_id != by.id:
        raise InvitationShut("another-confirmer")
    code = _draw_code(row)
    row.link_hash, row.tries = "", 0
    row.save(update_fields=["code_hash", "link_hash", "tries"])
    audit.record(Event.INVITATION_CODE, by=by, subject=audit.subject_of("invitation", row.pk))
    return code


@transaction.atomic
def withdraw_invitation(*, invitation: UUID, by: Actor) -> None:
    """Shut an invitation that is open; raises NotAllowed, InvitationShut."""
    audit.require(by, "person.manage")
    row = open_row(models.Invitation.objects.filter(pk=invitation, agency_id=by.body))
    row.withdrawn_at = now()
    row.save(update_fields=["withdrawn_at"])
    audit.record(Event.INVITATION_WITHDRAWN, by=by, subject=audit.subject_of("invitation", row.pk))


def code_can_be_made_anew(*, change: UUID, by: Actor) -> bool:
    """Test whether this reader confirmed an invitation that still lets somebody in."""
    waiting = models.Invitation.objects.filter(change_id=change, used_at=None, withdrawn_at=None)
    return waiting.filter(change__settled_by_id=by.id, ends_at__gt=now()).exists()


def open_row(rows: QuerySet[models.Invitation]) -> models.Invitation:
    """Return the one invitation among rows that still lets somebody in; raises InvitationShut with why not."""
    row = rows.first()
    if row is None:
        raise InvitationShut("unknown")
    if row.used_at:
        raise InvitationShut("used")
    if row.withdrawn_at:
        raise InvitationShut("withdrawn")
    if now() >= row.ends_at:
        raise InvitationShut("over")
    return row


def hash_of(secret: str) -> str:
    """Return what is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
