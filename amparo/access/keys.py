"""Find the keys of this node: those that sign and open letters, and whoever holds the keys that wrap.

Where the profile names a key process, this process never has a key that wraps. Nothing here prints or writes a key.
Decision: 0021.
"""

from functools import cache
from pathlib import Path

from django.conf import settings

from amparo.base.keyring import Keyring, read_keyring
from amparo.keys.client import KeyProcess
from amparo.keys.holder import Holder, KeyProvider, Reread


class KeysNotHere(Exception):
    """A server of the other side asked for the keys that open what is sealed."""


def node_keyring() -> Keyring:
    """Return the keys with which this node and its agencies sign and open letters, as their file is now.

    Raises:
        KeysNotHere: this is the migration authority's server, which holds none and needs none.
        amparo.base.keyring.KeyringMissing, KeyringUnsafe, KeyringWrong: the file cannot be used.
    """
    _require_our_side()
    return _keyring(settings.HOME.keyring)


def key_provider() -> KeyProvider:
    """Return who wraps and unwraps data keys: the key process that the profile names, else the node's own file."""
    _require_our_side()
    home = settings.HOME
    return _provider(home.key_process, home.wrapping_keys, home.erased)


def _require_our_side() -> None:
    if settings.SECTOR == "migration":
        raise KeysNotHere("The migration authority's server has no keys of the protection side.")


def _keyring(path: Path) -> Keyring:
    return _reader(path).read(path)


@cache
def _reader(path: Path) -> Reread[Keyring]:  # noqa: ARG001 - one for each file
    return Reread(read_keyring)


@cache
def _provider(process: Path | None, keys: Path, ledger: Path) -> KeyProvider:
    return KeyProcess(process) if process else Holder(keys, ledger)
