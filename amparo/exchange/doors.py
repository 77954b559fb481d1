"""Take somebody to a transfer, or not: by the child's case where it is here, else as the agency that receives her.

Nothing is opened here. Design: security design 4.4 and 5. Decision: 0019.
"""

from uuid import UUID

from django.db.models import Q, QuerySet

from amparo.access import audit
from amparo.access.door import UNRELATED, Bond, let_through
from amparo.access.events import Event
from amparo.access.roles import Purpose, Relation
from amparo.access.rules import Actor, may
from amparo.cases.doors import bond_with, seen_cases
from amparo.exchange import models
from amparo.exchange.refused import TransferNotFound
from amparo.exchange.rules import Side


def transfer_through(
    by: Actor, transfer_id: UUID, act: str, *, lock: bool = False, event: Event | None = None
) -> models.Transfer:
    """Return a transfer to somebody whom the rule of access lets through, locked until the transaction ends if asked.

    Raises:
        NotAllowed: the act is not of her role or side.
        TransferNotFound: there is no such transfer for her.
        AccessRefused: budget or step-up stand against it.
    """
    transfer = _row(transfer_id, lock=lock) if may(by, act) else None
    let_through(
        by,
        act,
        subject=audit.subject_of("transfer", transfer_id),
        purpose=Purpose.TRANSFER,
        bond=_bond(by, transfer) if transfer is not None else UNRELATED,
        unseen=lambda codes: TransferNotFound(transfer_id, codes),
        event=event,
    )
    if transfer is None:
        raise TransferNotFound(transfer_id)
    return transfer


def not_kept_back(rows: QuerySet[models.Transfer]) -> QuerySet[models.Transfer]:
    """Leave out the transfers of children who are here and whom this reader may not see; row security says who."""
    return rows.filter(Q(case__isnull=True) | Q(case__in=seen_cases()))


def _row(transfer_id: UUID, *, lock: bool) -> models.Transfer | None:
    rows = models.Transfer.objects.select_related("agency")
    return (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=transfer_id).first()


def _bond(by: Actor, transfer: models.Transfer) -> Bond:
    """Return the bond to the child's case here; before it is here, that of the agency to which she was proposed."""
    if transfer.case_id is not None:
        return bond_with(by, transfer.case_id)
    receives = transfer.side == Side.RECEIVER and transfer.agency_id == by.agency_id
    return Bond(Relation.RECEIVING_AGENCY) if receives else UNRELATED
