"""Check, before anything is served, that the keys fit this database and that nothing erased came back with it.

Looks only. Decision: 0021.
"""

from amparo.access import vault
from amparo.access.actor import SYSTEM, acting_as, for_purpose
from amparo.cases import models
from amparo.cases.erasing import came_back
from amparo.keys.trouble import WrongKey


class ErasedCameBack(Exception):
    """The database holds records that were erased: it was restored from an older copy."""


class KeysDoNotFit(Exception):
    """The keys that wrap are not those of this database."""


def require_fit_to_serve() -> None:
    """Raise what keeps this node from being served.

    Raises:
        ErasedCameBack, KeysDoNotFit: with what to do.
        amparo.keys.trouble.KeysTrouble: keys or ledger cannot be used.
    """
    with acting_as(SYSTEM), for_purpose("start"):
        if found := came_back():
            raise ErasedCameBack(
                f"{len(found)} erased records came back with a restored database; nothing is served."
                " Run: amparo restore-check"
            )
        newest = models.Case.objects.order_by("-id").first()
        try:
            if newest is not None:
                vault.open_label(newest.pk, newest.sealed_label)
        except WrongKey as wrong:
            raise KeysDoNotFit(
                "The keys that wrap do not open this database. Bring back the key file that belongs to it."
            ) from wrong
