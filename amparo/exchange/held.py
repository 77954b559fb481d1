"""Hold the signed trust list that this node works with, and the root key that vouches for it.

The list is read again when its file changes. An older list never takes the place of a newer one, neither in the
file nor against the number kept in the database. Design: security design 4.1.
"""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from amparo.base.clock import now
from amparo.exchange import models
from amparo.exchange.adopting import TrustListMissing as TrustListMissing
from amparo.exchange.adopting import root_public
from amparo.exchange.trust import TrustList, TrustListRolledBack, read_trust_list


def held_trust_list() -> TrustList:
    """Return the list this node works with.

    Raises:
        TrustListMissing: there is no list or no root key in the home.
        TrustListWrong: the file was touched: the root did not sign it.
    """
    home = settings.HOME
    try:
        changed = home.trust_list.stat()
        return _read(home.trust_list, home.trust_root, changed.st_mtime_ns, changed.st_size)
    except FileNotFoundError:
        raise TrustListMissing("This node has no trust list yet; adopt one: amparo trust adopt.") from None


def trust_now() -> TrustList:
    """Return the held list after comparing it with the newest that the database remembers.

    Raises:
        TrustListMissing, TrustListWrong: as `held_trust_list`.
        TrustListRolledBack: somebody put an older file in its place.
    """
    trust = held_trust_list()
    newest = models.TrustListHeld.objects.order_by("-number").first()
    if newest is None or newest.number < trust.number:
        models.TrustListHeld.objects.get_or_create(
            number=trust.number, defaults={"digest": trust.digest, "since": now()}
        )
    elif (newest.number, newest.digest) != (trust.number, trust.digest):
        raise TrustListRolledBack(f"Trust list {trust.number} cannot take the place of {newest.number}.")
    return trust


def held_text() -> str:
    """Return the signed text of the held list, for whoever asks; raises `TrustListMissing`, `TrustListWrong`."""
    held_trust_list()
    text: str = settings.HOME.trust_list.read_text(encoding="ascii")
    return text


@lru_cache(maxsize=4)
def _read(path: Path, root: Path, _changed: int, _size: int) -> TrustList:
    return read_trust_list(path.read_text(encoding="ascii").strip(), root_public(root))
