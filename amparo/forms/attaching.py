"""Keep the files of a submission: cleaned, then sealed piece by piece under a key of its own for each.

The key of a file is sealed under the submission's key, or to the agency where the question is of class P3; so rotation
and erasure, which know those keys, hold for files too. No name that a telephone gave is kept or said.
Norm: OpenRosa form submission. Decisions: 0022, 0026.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction

from amparo.access import vault
from amparo.access.models import Agency
from amparo.access.rules import Actor
from amparo.access.sealed import seal_bytes_for
from amparo.access.sealed_rules import SEALED_CLASS
from amparo.base import seal
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.base.pieces import sealed_pieces
from amparo.base.spool import SealedSpool
from amparo.forms import models
from amparo.forms.bindings import Bindings, child_properties
from amparo.forms.cleaning import clean
from amparo.forms.errors import AttachmentUnknown, TooManyFiles, check_attachment_name
from amparo.forms.submission import ParsedSubmission, named_attachments

# No form of ours asks for a tenth of it.
MOST_FILES = 120
_MARK_BYTES = 16


def expected_files(parsed: ParsedSubmission, bindings: Bindings, files: Collection[str]) -> frozenset[str]:
    """Return the files that a form names; raises AttachmentNameRefused, AttachmentUnknown or TooManyFiles."""
    named = named_attachments(parsed, bindings.files)
    if len(files) > MOST_FILES:
        raise TooManyFiles
    if any(check_attachment_name(name) not in named for name in files):
        raise AttachmentUnknown
    return named


def names_kept(submission: models.Submission, named: Collection[str]) -> set[str]:
    """Return which of the named files came before."""
    kept = {bytes(mark) for mark in submission.attachments.values_list("mark", flat=True)}
    if not kept:
        return set()
    key = vault.data_key(submission.pk, submission.wrapped_key)
    return {name for name in named if _mark_of(key, name) in kept}


@transaction.atomic(savepoint=False)
def keep_files(
    *,
    submission: UUID,
    parsed: ParsedSubmission,
    bindings: Bindings,
    files: Mapping[str, SealedSpool],
    case: UUID | None,
    by: Actor,
) -> None:
    """Keep each file once; one sent again under the same name does not replace the first.

    Args:
        submission: the form they came with, as `keep_submission` kept it.
        parsed: what it says.
        bindings: where its answers go.
        files: by the name that the form calls them, as they came.
        case: the child's case, where the form has one.
        by: the device that sends.

    Raises:
        TooManyFiles: with those that came before there are too many; nothing was kept.
    """
    if not files:
        return
    row = models.Submission.objects.get(pk=submission)
    key = vault.data_key(row.pk, row.wrapped_key)
    kept = {bytes(mark) for mark in row.attachments.values_list("mark", flat=True)}
    fresh = {name: file for name, file in files.items() if _mark_of(key, name) not in kept}
    if len(kept) + len(fresh) > MOST_FILES:
        raise TooManyFiles
    asked = _questions(parsed, bindings)
    for name, file in fresh.items():
        path = asked.get(name, "")
        header = models.Attachment(
            id=uuid7(), submission=row, case_id=case, mark=_mark_of(key, name), agency_id=by.body,
            received_at=now(), question=path.rpartition("/")[2][:80], closest=_is_closest(bindings, path),
        )  # fmt: skip
        _keep(header, file, key, agency=leading(by))


def leading(by: Actor) -> UUID:
    """Return the agency that leads the cases this device's agency takes in."""
    body = Agency.objects.get(pk=by.body)
    return body.lead_id or body.pk


def close_key(header: models.Attachment, file_key: bytes, *, agency: UUID) -> bool:
    """Seal the key of a file to an agency; False where that has no pair."""
    closed = seal_bytes_for(agency, file_key, place=header.place)
    if closed is not None:
        header.sealed_key, header.sealed_to = closed.content, closed.key_id
    return closed is not None


def _keep(header: models.Attachment, file: SealedSpool, key: bytes, *, agency: UUID) -> None:
    cleaned = clean(file)
    header.kind, header.state, header.size = cleaned.kind, cleaned.state, cleaned.content.size
    file_key = seal.new_key()
    if not (header.closest and close_key(header, file_key, agency=agency)):
        header.sealed_key = vault.seal_bytes(key, file_key, place=header.place)
    header.save(force_insert=True)
    for number, piece in enumerate(sealed_pieces(file_key, cleaned.content, place=header.place)):
        models.AttachmentPiece.objects.create(attachment=header, number=number, content=piece)


def _questions(parsed: ParsedSubmission, bindings: Bindings) -> dict[str, str]:
    """Return which question each named file answers; where two name one file, the closest to the child."""
    paths = sorted(bindings.files, key=lambda path: _is_closest(bindings, path))
    return {name: path for path in paths for name in named_attachments(parsed, [path])}


def _is_closest(bindings: Bindings, path: str) -> bool:
    """Test whether an answer is of class P3, or is saved nowhere we know."""
    known = child_properties()
    name = bindings.save_to.get(path, "")
    return name not in known or known[name].protection == SEALED_CLASS


def _mark_of(key: bytes, name: str) -> bytes:
    return seal.derived_key(key, f"attachment-name/{name}")[:_MARK_BYTES]
