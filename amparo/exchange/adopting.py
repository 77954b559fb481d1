"""Put a signed trust list in the place of the held one, and read the root key that vouches for it.

Works on files alone, so that a node can adopt a list before its database stands. An older list is refused.
Design: security design 4.1.
"""

import os
from pathlib import Path

from amparo.base import seal
from amparo.exchange.trust import TrustList, TrustListRolledBack, read_trust_list

MAX_ROOT_TEXT = 200


class TrustListMissing(Exception):
    """This node holds no trust list that it can use; it can exchange nothing until it adopts one."""


def root_public(path: Path) -> bytes:
    """Read the public root key that was handed over in person; raises `TrustListMissing`."""
    try:
        return seal.from_text(path.read_text(encoding="ascii")[:MAX_ROOT_TEXT].strip())
    except (OSError, UnicodeDecodeError, seal.KeyUnusable):
        raise TrustListMissing(f"{path.name} holds no root key; adopt a trust list again.") from None


def adopt(text: str, root: bytes, *, trust_list: Path, trust_root: Path) -> TrustList:
    """Put a trust list in the place of the held one.

    Raises:
        TrustListWrong: this root did not sign it, or it is not written as it must be.
        TrustListRolledBack: it is older than the held one, or signed by another root than the held one was.
    """
    if trust_root.exists() and root_public(trust_root) != root:
        raise TrustListRolledBack("This node trusts another root; remove its root key by hand to change it.")
    held = read_trust_list(trust_list.read_text("ascii"), root) if trust_list.exists() else None
    found = read_trust_list(text, root, held=held)
    _write(trust_root, seal.to_text(root) + "\n")
    _write(trust_list, text)
    return found


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
