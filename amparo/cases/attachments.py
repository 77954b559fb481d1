"""List the files of a case and open one of them for one reader and one purpose; each opening is on the trail.

A file is opened whole before a byte of it is given away, so that one that was changed shows nothing. No list or page
opens any. Nothing here knows the name that a telephone gave. Decisions: 0022, 0026.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from amparo.access import audit, sealed, vault
from amparo.access.actor import acting_as, for_purpose
from amparo.access.deciding import usual_purpose
from amparo.access.events import Event
from amparo.access.rules import Actor
from amparo.access.sealed_grants import pair_in_use
from amparo.access.sealed_session import Opened
from amparo.base.pieces import open_pieces
from amparo.base.seal import SealBroken
from amparo.base.spool import SealedSpool
from amparo.cases import models
from amparo.cases.doors import case_through
from amparo.cases.refused import AttachmentShut, CaseNotFound
from amparo.forms.attaching import close_key
from amparo.forms.file_kinds import TYPES, Kind, State, opens_in_a_page
from amparo.forms.models import Attachment, Submission

_ANY = "application/octet-stream"


@dataclass(frozen=True)
class AttachedFile:
    """One file of a case, not opened; `is_sealed`: only an officer who was let in opens it, with her own key."""

    id: UUID
    question: str
    kind: Kind
    state: State
    is_sealed: bool
    size: int
    agency: dict[str, str]
    at: datetime


@dataclass(frozen=True, repr=False)
class OpenedFile:
    """A file in clear for one answer: its bytes, its type, and whether a browser may show it itself."""

    content: SealedSpool
    media_type: str
    kind: Kind
    in_page: bool


def attached_to(case_id: UUID) -> tuple[AttachedFile, ...]:
    """Return the files of a case that the caller was let through to, newest first."""
    rows = Attachment.objects.filter(case_id=case_id).select_related("agency").order_by("-received_at", "-id")
    return tuple(
        AttachedFile(
            row.pk, row.question, Kind(row.kind), State(row.state), bool(row.sealed_to), row.size,
            row.agency.name, row.received_at,
        )
        for row in rows
    )  # fmt: skip


def open_attachment(
    actor: Actor, case_id: UUID, attachment_id: UUID, *, purpose: str = "", opened: Opened | None = None
) -> OpenedFile:
    """Open one file of a case.

    Args:
        actor: who reads.
        case_id: whose file it is.
        attachment_id: which file.
        purpose: what for; by default the usual one of her role.
        opened: her keys for what is sealed, where the file is of class P3.

    Raises:
        NotAllowed: the role may not.
        CaseNotFound: no such case or file for this reader, or another agency leads a case whose sealed file it is.
        AccessRefused: purpose, budget or step-up stand against it.
        AttachmentShut: it is kept shut, she was not let in to it, or it was changed where it is kept.
    """
    purpose = purpose or usual_purpose(actor.role)
    case = case_through(actor, case_id, "attachment.read", purpose=purpose)
    subject = audit.subject_of("case", case_id)
    row = Attachment.objects.filter(pk=attachment_id, case_id=case.pk).first()
    if row is None or (row.sealed_to and case.agency_id != actor.agency_id):
        raise CaseNotFound("There is no such file for you.", subject=subject)
    if row.sealed_to:
        case_through(actor, case_id, "sealed.read", purpose=purpose)
    if row.state == State.SHUT:
        raise AttachmentShut("shut", subject=subject)
    with for_purpose(purpose):
        content = _content_of(row, actor, opened, subject)
    reasons = (row.kind, "sealed" if row.sealed_to else "personal")
    audit.record(Event.ATTACHMENT_READ, by=actor, subject=subject, purpose=purpose, reasons=reasons)
    kind = Kind(row.kind)
    in_page = opens_in_a_page(kind, State(row.state)) and not row.closest
    return OpenedFile(content, TYPES.get(kind, _ANY), kind, in_page)


def seal_keys_anew(*, opened: Opened, by: Actor, most: int) -> None:
    """Seal the keys of some files to the pair in use of an officer's agency, where she can open a former one."""
    newest = pair_in_use(by.body)
    rows = list(
        _under_former_pairs(by, newest).filter(sealed_to__in=set(opened.privates)).order_by("id")[:most]
    )
    for row in rows:
        file_key = _key_with(opened, row)
        # Files are written by the node alone.
        with acting_as(replace(by, reach="node")):
            if newest and file_key is not None and close_key(row, file_key, agency=by.body):
                row.save(update_fields=["sealed_key", "sealed_to"])
                subject = audit.subject_of("case", row.case_id) if row.case_id else "case:none"
                audit.record(Event.SEALED_AGAIN, by=by, subject=subject)


def files_under_former_pairs(by: Actor) -> int:
    """Return how many keys of files of an agency's cases are sealed to a former pair."""
    return _under_former_pairs(by, pair_in_use(by.body)).count()


def _under_former_pairs(by: Actor, newest: str) -> QuerySet[Attachment, Any]:
    led = models.Case.objects.filter(agency=by.body).values("pk")
    return Attachment.objects.filter(case_id__in=led).exclude(sealed_to__in=["", newest])


def _content_of(row: Attachment, actor: Actor, opened: Opened | None, subject: str) -> SealedSpool:
    try:
        if not row.sealed_to:
            key = vault.data_key(row.submission_id, _wrapped_key(row, actor))
            file_key: bytes | None = vault.open_bytes(key, row.sealed_key, place=row.place)
        else:
            file_key = _key_with(opened, row) if opened and opened.person == actor.id else None
        if file_key is None:
            raise AttachmentShut("not-let-in", subject=subject)
        return open_pieces(file_key, _pieces_of(row), place=row.place)
    except (SealBroken, sealed.SealTampered) as broken:
        raise AttachmentShut("broken", subject=subject) from broken


def _wrapped_key(row: Attachment, actor: Actor) -> bytes:
    """Return the wrapped key of the form a file came with, which may be another agency's; she unwraps it herself."""
    with acting_as(replace(actor, reach="node")):
        return bytes(Submission.objects.values_list("wrapped_key", flat=True).get(pk=row.submission_id))


def _key_with(opened: Opened, row: Attachment) -> bytes | None:
    private = opened.privates.get(row.sealed_to)
    if private is None:
        return None
    return sealed.open_bytes_with(private, row.sealed_to, row.sealed_key, place=row.place)


def _pieces_of(row: Attachment) -> Iterator[bytes]:
    """Yield the pieces in the order of their numbers, one in memory at a time."""
    contents = row.pieces.order_by("number").values_list("content", flat=True)
    yield from (bytes(content) for content in contents.iterator(chunk_size=1))
