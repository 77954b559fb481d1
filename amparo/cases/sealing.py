"""Close what of an entry is of class P3 to the agency that leads the case, at the door where it comes in.

Afterwards the node cannot read it. Where the agency has no pair yet, it is kept under the case's own key and marked, so
that a child is received before any ceremony; `resealing` closes it then. Decision: 0022.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from amparo.access import sealed, vault
from amparo.base import seal
from amparo.cases import models


def closed_part(case: models.Case, entry: models.Entry, said: Any, key: bytes) -> models.SealedPart | None:  # noqa: ANN401
    """Return the part of an entry to be kept sealed, or None where the agency has no pair.

    Args:
        case: whose entry.
        entry: the row it belongs to, not yet written.
        said: what is of class P3, as JSON.
        key: the data key of the case.
    """
    place = f"sealed:{entry.pk}"
    done = sealed.seal_for(case.agency_id, said, place=place)
    if done is None:
        return None
    return models.SealedPart(
        entry=entry, case=case, key_id=done.key_id, content=done.content, place=place, things=count(said),
        mark=mark_of(key, said),
    )  # fmt: skip


def merged(open_part: Any, closed: Any) -> Any:  # noqa: ANN401 - JSON
    """Return both parts as one, for an agency without a pair."""
    if isinstance(open_part, Mapping) and isinstance(closed, Mapping):
        return {**open_part, **closed}
    return closed if closed is not None else open_part


def mark_of(key: bytes, said: Any) -> bytes:  # noqa: ANN401
    """Return 32 keyed bits of what was said."""
    return seal.blind(key, json.dumps(said, ensure_ascii=False, sort_keys=True))


def count(said: Any) -> int:  # noqa: ANN401
    """Return how many things a part holds."""
    return max(1, len(said)) if isinstance(said, Mapping | Sequence) and not isinstance(said, str) else 1


def opened_part(case: models.Case, row: models.Entry) -> Any:  # noqa: ANN401
    """Return the part of an entry that its case's own key opens, or None."""
    if row.sealed is None:
        return None
    return vault.open_data(vault.data_key(case.pk, case.wrapped_key), row.sealed, place=place_of(row.pk))


def is_same(case: models.Case, row: models.Entry, *, open_part: Any, closed: Any) -> bool:  # noqa: ANN401
    """Test whether an entry that is kept says the same as one that comes again under its id."""
    part = models.SealedPart.objects.filter(pk=row.pk).first()
    if part is None:
        return bool(opened_part(case, row) == merged(open_part, closed))
    key = vault.data_key(case.pk, case.wrapped_key)
    return bool(opened_part(case, row) == open_part) and seal.same(bytes(part.mark), mark_of(key, closed))


def place_of(entry_id: UUID) -> str:
    """Return what the open part of an entry is bound to."""
    return f"entry.sealed:{entry_id}"
