"""Make, publish and adopt the trust list: what `amparo trust` does, as functions.

The secretariat's root key lives in its home alone, readable by its account alone. Design: security design 4.1.
"""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from amparo.access.rules import AgencyProfile
from amparo.base import seal
from amparo.base.clock import moment_text
from amparo.base.keyring import Keyring
from amparo.exchange.adopting import TrustListMissing, root_public
from amparo.exchange.adopting import adopt as put_in_place
from amparo.exchange.trust import TrustList, make_trust_list, read_trust_list
from amparo.exchange.trust_document import TrustListWrong
from amparo.exchange.trust_entry import listed_key
from amparo.node.home import Home

LIST_LIFE = timedelta(days=7)
# What this version of Amparo exchanges, by the sector of an agency.
PROFILES_OF: Mapping[str, tuple[str, ...]] = {"protection": ("transfer",)}
SPEAKS = (1,)
MAX_CARD = 256 * 1024


class RootKeyUnsafe(Exception):
    """The root key file cannot be used: it is not this account's alone, or is not a key."""


class CardWrong(Exception):
    """A card file is not one that `amparo trust card` wrote."""


def card_of(home: Home, keyring: Keyring) -> dict[str, Any]:
    """Return what the trust list says of a node: address, agencies and public keys; no private half."""
    return {
        "id": home.profile.id,
        "country": home.profile.country,
        "url": home.profile.url,
        "sign_keys": [listed_key(key) for key in keyring.sign],
        "agencies": [_agency_card(agency, keyring) for agency in home.profile.agencies],
    }


def read_card(path: Path) -> dict[str, Any]:
    """Read a card file; raises `CardWrong` with the name of the file."""
    try:
        with path.open(encoding="utf-8") as file:
            card = json.loads(file.read(MAX_CARD))
    except (OSError, ValueError) as wrong:
        raise CardWrong(f"{path.name}: cannot be read as a card ({wrong.__class__.__name__}).") from wrong
    if not isinstance(card, dict) or "agencies" not in card:
        raise CardWrong(f"{path.name}: is not a card; make one with: amparo trust card.")
    return card


def root_key(home: Home) -> seal.KeyPair:
    """Return the root pair of the secretariat, made on first use; raises `RootKeyUnsafe`."""
    path = home.keys / "trust-root.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        return _held_root(path)
    pair = seal.new_sign_keys()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(seal.to_text(pair.private))
        file.flush()
        os.fsync(file.fileno())
    return pair


def publish(
    cards: Sequence[Mapping[str, Any]],
    *,
    root: seal.KeyPair,
    number: int,
    at: datetime,
    life: timedelta = LIST_LIFE,
) -> str:
    """Sign a trust list of these nodes.

    Args:
        cards: as `card_of` gives them.
        root: the secretariat's pair.
        number: above that of every list before it.
        at: from when; whole seconds count.
        life: until when it may be used.

    Raises:
        TrustListWrong: a card is not as it must be; the message says where.
    """
    document = {
        "format_version": 1,
        "number": number,
        "made": moment_text(at.replace(microsecond=0)),
        "expires": moment_text((at + life).replace(microsecond=0)),
        "nodes": [dict(card) for card in cards],
    }
    return make_trust_list(document, root)


def next_number(published: Path, root: seal.KeyPair) -> int:
    """Return the number after that of the list published before, or 1."""
    if not published.exists():
        return 1
    return read_trust_list(published.read_text(encoding="ascii").strip(), root.public).number + 1


def root_from(text: str, beside: Path) -> bytes:
    """Return the root key that a person was given: the key itself, or its fingerprint (22 signs).

    A fingerprint names the key that stands in `trust-root.txt` in the folder `beside`, where publishing put it.

    Raises:
        TrustListWrong: the text is neither, or another key stands there.
    """
    said = text.strip()
    try:
        public = seal.from_text(said)
        if len(public) == seal.KEY_BYTES:
            return public
        found = root_public(beside / "trust-root.txt")
    except (seal.KeyUnusable, TrustListMissing):
        raise TrustListWrong(
            "--root must be the root key, or its fingerprint with trust-root.txt beside the list."
        ) from None
    if seal.key_id(found) != said:
        raise TrustListWrong("The key in trust-root.txt is not the one with this fingerprint.")
    return found


def adopt(home: Home, text: str, root: bytes) -> TrustList:
    """Put a trust list in place at a node; raises `TrustListWrong`, `TrustListRolledBack`, `TrustListMissing`."""
    return put_in_place(text.strip(), root, trust_list=home.trust_list, trust_root=home.trust_root)


def _held_root(path: Path) -> seal.KeyPair:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(descriptor, encoding="ascii") as file:
            facts = os.fstat(file.fileno())
            if facts.st_mode & 0o077 or facts.st_uid != os.geteuid():
                raise RootKeyUnsafe(f"{path.name} must belong to this account alone: chmod 600 {path.name}")
            return seal.sign_keys_from(seal.from_text(file.read().strip()))
    except (OSError, UnicodeDecodeError, seal.KeyUnusable):
        raise RootKeyUnsafe(f"{path.name} is not a root key that this software wrote.") from None


def _agency_card(agency: AgencyProfile, keyring: Keyring) -> dict[str, Any]:
    profiles = list(PROFILES_OF.get(agency.sector, ()))
    keys = keyring.agencies[agency.id]
    return {
        "id": agency.id,
        "sector": agency.sector,
        "names": agency.name,
        "duty_telephone": agency.telephone,
        "sends": profiles,
        "receives": profiles,
        "speaks": list(SPEAKS),
        "sign_keys": [listed_key(key) for key in keys.sign],
        "seal_keys": [listed_key(key) for key in keys.seal],
    }
