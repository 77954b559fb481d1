"""Hold the keys of this node, read once per process from its home.

The file is checked by `amparo.base.keyring`; nothing here prints or writes a key.
"""

from functools import cache
from pathlib import Path

from django.conf import settings

from amparo.base.keyring import Keyring, read_keyring


def node_keyring() -> Keyring:
    """Return the keys of this node.

    Raises:
        amparo.base.keyring.KeyringMissing, KeyringUnsafe, KeyringWrong: the file cannot be used.
    """
    return _read(settings.HOME.keyring)


@cache
def _read(path: Path) -> Keyring:
    return read_keyring(path)
