"""Write what a node hands to the secretariat, so that it can stand in the trust list: public halves only.

Pure: reads the keyring it is given, no clock, no file. A private half never gets in: only `public` is copied.
Design: security design 4.1.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amparo.base import seal
from amparo.base.clock import moment_text
from amparo.base.keyring import DatedKey, Keyring
from amparo.exchange.line import SPEAKS
from amparo.exchange.profiles import Sector


@dataclass(frozen=True)
class AgencyEntry:
    """What a node says of one of its agencies; `sends` and `receives` are profile names."""

    id: str
    sector: Sector
    names: Mapping[str, str]
    duty_telephone: str
    sends: Collection[str]
    receives: Collection[str]


def node_entry(
    keyring: Keyring, *, country: str, url: str, agencies: Sequence[AgencyEntry]
) -> dict[str, Any]:
    """Return one member of `nodes` in a trust list's document.

    Args:
        keyring: the node's keys; it must hold keys of each agency.
        country: ISO 3166, two capital letters.
        url: where envelopes for this node go.
        agencies: who works there.
    """
    return {
        "id": keyring.node,
        "country": country,
        "url": url,
        "sign_keys": [listed_key(key) for key in keyring.sign],
        "agencies": [_agency(entry, keyring) for entry in agencies],
    }


def _agency(entry: AgencyEntry, keyring: Keyring) -> dict[str, Any]:
    keys = keyring.agencies[entry.id]
    return {
        "id": entry.id,
        "sector": entry.sector.value,
        "names": dict(entry.names),
        "duty_telephone": entry.duty_telephone,
        "sends": sorted(entry.sends),
        "receives": sorted(entry.receives),
        "speaks": list(SPEAKS),
        "sign_keys": [listed_key(key) for key in keys.sign],
        "seal_keys": [listed_key(key) for key in keys.seal],
    }


def listed_key(key: DatedKey) -> dict[str, str]:
    """Return a key as the trust list shows it: id, public half, since when and until when."""
    return {
        "id": key.pair.id,
        "public": seal.to_text(key.pair.public),
        "since": moment_text(key.since),
        "until": moment_text(key.until),
    }
