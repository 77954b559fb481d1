"""Keep under which words a child's name is found, whenever who she is becomes known or is corrected.

The words are blind (HMAC under a key of the agency that leads her case); her names stand beside them sealed, so that a
search opens no case. Only names are indexed, never what she told. Decision: 0023.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import transaction

from amparo import names
from amparo.access import vault
from amparo.access.actor import SYSTEM, acting_as
from amparo.cases import models

# Raise it when the rules of sound or the keys change; `amparo cases reindex` then writes the keys of older rows again.
EDITION = 1
# Where names stand in an identity, the surest first.
_NAMES = ("given_names", "family_names", "name_as_told", "nickname", "first_name", "other_names")
_LONGEST = 200
# So many rows are read and written in one transaction.
_BATCH = 200


def names_in(identity: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names in an identity as intake, desk or a peer wrote it; a value is text or has it in `value`."""
    values = (identity.get(name) for name in _NAMES)
    told = (value.get("value") if isinstance(value, Mapping) else value for value in values)
    return tuple(
        dict.fromkeys(one.strip()[:_LONGEST] for one in told if isinstance(one, str) and one.strip())
    )


def keep_names(case: models.Case, identity: Mapping[str, Any]) -> None:
    """Write the keys of a child's names in place of those she had; in the transaction that writes who she is."""
    told = names_in(identity)
    case.sealed_names = vault.seal_names(case.pk, told)
    case.names_edition = EDITION
    case.save(update_fields=["sealed_names", "names_edition"])
    models.NameKey.objects.filter(case_id=case.pk).delete()
    models.NameKey.objects.bulk_create(rows_of(case, told))


def reindex_names(*, told: Callable[[int], object] | None = None, again: bool = False) -> int:
    """Write the keys of all cases that have none of this edition, and return how many there were.

    Each batch is one transaction: stopped at any point, the next run goes on. `again` takes every case anew, as after
    the key of the indexes was replaced.
    """
    if again:
        with acting_as(SYSTEM):
            models.Case.objects.update(names_edition=0)
    done = 0
    while count := _reindex_some():
        done += count
        if told:
            told(done)
    return done


def _reindex_some() -> int:
    with acting_as(SYSTEM), transaction.atomic():
        outdated = models.Case.objects.select_for_update(skip_locked=True).exclude(names_edition=EDITION)
        cases = list(outdated.order_by("pk")[:_BATCH])
        for case in cases:
            key = vault.data_key(case.pk, case.wrapped_key)
            identity = vault.open_data(key, case.sealed_identity, place=f"case.identity:{case.pk}")
            keep_names(case, identity)
    return len(cases)


def rows_of(case: models.Case, told: tuple[str, ...]) -> Iterator[models.NameKey]:
    """Yield the rows under which these names of a case are found, unsaved."""
    keys = sorted(names.keys_of(told, row=case.pk.int))
    blinds = vault.blind_words(case.agency_id, ((key.kind.name, key.word) for key in keys))
    # Two words of one index may become the same 32 bits.
    for kind, blind in sorted({(key.kind.value, blind) for key, blind in zip(keys, blinds, strict=True)}):
        yield models.NameKey(
            case=case, agency_id=case.agency_id, taken_in_by_id=case.taken_in_by_id, kind=kind, blind=blind
        )
