"""Seal forms that came before an agency had its pair to that pair; afterwards the node cannot read them.

A form without words of the child closes too: nobody has to look into it to decide. Decision: 0022.
"""

from django.db import transaction

from amparo.access import vault
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.sealed import seal_bytes_for
from amparo.access.sealed_grants import agencies_with_pair
from amparo.forms import models

_BATCH = 100


def seal_waiting_forms() -> int:
    """Seal some forms that are kept under a key of their own; return how many, 0 when nothing is left to do."""
    with acting_as(SYSTEM), transaction.atomic():
        paired = agencies_with_pair()
        rows = models.Submission.objects.filter(sealed_to="").select_related("agency")
        waiting = [row for row in rows.order_by("id") if (row.agency.lead_id or row.agency_id) in paired]
        for row in waiting[:_BATCH]:
            _close(row)
    return len(waiting[:_BATCH])


def _close(row: models.Submission) -> None:
    place = f"submission.xml:{row.pk}"
    xml = vault.open_bytes(vault.data_key(row.pk, row.wrapped_key), row.sealed_xml, place=place)
    closed = seal_bytes_for(row.agency.lead_id or row.agency_id, xml, place=place)
    if closed is not None:
        row.sealed_xml, row.sealed_to = closed.content, closed.key_id
        row.save(update_fields=["sealed_xml", "sealed_to"])
