"""Make the key files of a node that it lacks, and carry keys of the first format over into their own file."""

from datetime import datetime
from uuid import UUID

from amparo.base.keyring import (
    Keyring,
    first_wrapping_keys,
    load_or_make,
    read_keyring,
    write_keyring,
)
from amparo.keys.client import KeyProcess
from amparo.keys.holder import Holder
from amparo.keys.rules import Asker
from amparo.keys.wrapping import WrappingKey, WrappingKeys, make_once, write_wrapping
from amparo.node.home import Home


def make_key_files(home: Home, at: datetime) -> Keyring:
    """Make what is missing of a node's keys, and return those that sign and open.

    Keys that wrap are made only where no key process holds them.

    Raises:
        KeyringUnsafe, KeyringWrong: the file that is there cannot be used.
    """
    if home.keyring.exists():
        _carry_over(home, at)
    elif not home.key_process:
        make_once(home.wrapping_keys, at)
    agencies = [agency.id for agency in home.profile.agencies]
    return load_or_make(home.keyring, node=home.profile.id, agencies=agencies, at=at)


def require_keys(home: Home) -> list[str]:
    """Return the ids of the keys that wrap; nothing is served with keys that others can read, or without any.

    Raises:
        KeyringMissing, KeyringUnsafe, KeyringWrong: the keys that sign and open letters cannot be used.
        KeysTrouble: those that wrap cannot be used, or the key process does not answer.
    """
    read_keyring(home.keyring)
    provider = KeyProcess(home.key_process) if home.key_process else Holder(home.wrapping_keys, home.erased)
    return provider.key_ids(Asker(UUID(int=0), "system", "start"))


def _carry_over(home: Home, at: datetime) -> None:
    """Write the keys that wrap into their own file first; only then do they leave the old one."""
    first = first_wrapping_keys(home.keyring)
    if first is None:
        return
    if not home.wrapping_keys.exists():
        write_wrapping(
            WrappingKeys((WrappingKey(*first, since=at.replace(microsecond=0)),)), home.wrapping_keys
        )
    write_keyring(read_keyring(home.keyring), home.keyring)
