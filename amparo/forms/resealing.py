"""Seal forms that came before an agency had its pair to that pair; afterwards the node cannot read them.

Of a file only its key is sealed anew. A form without words of the child closes too: nobody has to look into it to
decide. Decisions: 0022, 0026.
"""

from uuid import UUID

from django.db import transaction

from amparo.access import vault
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.sealed import seal_bytes_for
from amparo.access.sealed_grants import agencies_with_pair
from amparo.forms import models
from amparo.forms.attaching import close_key

_BATCH = 100


def seal_waiting_forms() -> int:
    """Seal some forms that are kept under a key of their own; return how many, 0 when nothing is left to do."""
    with acting_as(SYSTEM), transaction.atomic():
        paired = agencies_with_pair()
        rows = models.Submission.objects.filter(sealed_to="").select_related("agency")
        waiting = [row for row in rows.order_by("id") if (row.agency.lead_id or row.agency_id) in paired]
        for row in waiting[:_BATCH]:
            _close(row)
        return len(waiting[:_BATCH]) + _close_files(paired)


def _close(row: models.Submission) -> None:
    place = f"submission.xml:{row.pk}"
    xml = vault.open_bytes(vault.data_key(row.pk, row.wrapped_key), row.sealed_xml, place=place)
    closed = seal_bytes_for(row.agency.lead_id or row.agency_id, xml, place=place)
    if closed is not None:
        row.sealed_xml, row.sealed_to = closed.content, closed.key_id
        row.save(update_fields=["sealed_xml", "sealed_to"])


def _close_files(paired: set[UUID]) -> int:
    """Seal the keys of some waiting files of class P3; their pieces stay as they are."""
    rows = models.Attachment.objects.filter(closest=True, sealed_to="").select_related("agency", "submission")
    waiting = [row for row in rows.order_by("id") if (row.agency.lead_id or row.agency_id) in paired]
    for row in waiting[:_BATCH]:
        key = vault.data_key(row.submission_id, row.submission.wrapped_key)
        file_key = vault.open_bytes(key, row.sealed_key, place=row.place)
        if close_key(row, file_key, agency=row.agency.lead_id or row.agency_id):
            row.save(update_fields=["sealed_key", "sealed_to"])
    return len(waiting[:_BATCH])
