"""Read the nodes, agencies and keys that stand in a trust list, and refuse whatever is not as it must be.

Pure; checks form, not signatures (`trust` does). Each refusal names the place in the list and what to write.
Design: security design 4.1.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from amparo.base import seal
from amparo.base.clock import MomentWrong, read_moment
from amparo.exchange.profiles import Sector

NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_TELEPHONE = re.compile(r"[+0-9 ()-]{3,40}")
_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]_-]+(/[A-Za-z0-9._~/-]*)?")


class TrustListWrong(Exception):
    """A trust list is not signed by the root we know, or not written as it must be."""


@dataclass(frozen=True)
class ListedKey:
    """A public key and the time it is good for: `since` inclusive, `until` exclusive."""

    id: str
    public: bytes
    since: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        """Test whether the key is good at a moment."""
        return self.since <= at < self.until


@dataclass(frozen=True)
class ListedAgency:
    """What the trust list says of one agency; `sends` and `receives` are profile names."""

    id: str
    node: str
    country: str
    sector: Sector
    names: Mapping[str, str]
    duty_telephone: str
    sends: frozenset[str]
    receives: frozenset[str]
    speaks: frozenset[int]
    sign_keys: tuple[ListedKey, ...]
    seal_keys: tuple[ListedKey, ...]

    def name_in(self, language: str) -> str:
        """Return the agency's name in a language, or in Spanish, or its id."""
        return self.names.get(language) or self.names.get("es") or self.id


@dataclass(frozen=True)
class ListedNode:
    """What the trust list says of one node; `url` is where its envelopes go."""

    id: str
    country: str
    url: str
    sign_keys: tuple[ListedKey, ...]
    agencies: tuple[ListedAgency, ...]


def read_nodes(document: Mapping[str, Any], where: str) -> tuple[ListedNode, ...]:
    """Return the nodes of a trust list's document; raises `TrustListWrong` with the place.

    No id and no key may stand twice, or a signature could be taken for somebody else's.
    """
    nodes = tuple(_node(one, f"{where}: nodes[{n}]") for n, one in enumerate(_all(document, "nodes", where)))
    agencies = [agency for node in nodes for agency in node.agencies]
    parties: list[ListedNode | ListedAgency] = [*nodes, *agencies]
    _require_once([party.id for party in parties], where, "id")
    signing = [key.id for party in parties for key in party.sign_keys]
    _require_once(signing + [key.id for agency in agencies for key in agency.seal_keys], where, "key")
    return nodes


def read_span(fields: Mapping[str, Any], first: str, last: str, where: str) -> tuple[datetime, datetime]:
    """Return two moments of which the first comes earlier; raises `TrustListWrong`."""
    try:
        span = read_moment(fields.get(first)), read_moment(fields.get(last))
    except MomentWrong as wrong:
        raise TrustListWrong(f"{where}: {first} or {last}: {wrong}") from None
    if span[0] >= span[1]:
        raise TrustListWrong(f"{where}: {last} must come after {first}.")
    return span


def read_number(fields: Mapping[str, Any], name: str, where: str) -> int:
    """Return a whole number above 0; raises `TrustListWrong`."""
    value = fields.get(name)
    if type(value) is not int or value < 1:
        raise TrustListWrong(f"{where}: {name} must be a whole number above 0.")
    return value


def _node(one: object, where: str) -> ListedNode:
    fields = _fields(one, where)
    node = _matching(fields, "id", NAME, where)
    country = _matching(fields, "country", _COUNTRY, where)
    agencies = _all(fields, "agencies", where)
    return ListedNode(
        id=node,
        country=country,
        url=_matching(fields, "url", _URL, where).rstrip("/"),
        sign_keys=_keys(fields, "sign_keys", where, _sign_key),
        agencies=tuple(_agency(a, node, country, f"{where}.agencies[{n}]") for n, a in enumerate(agencies)),
    )


def _agency(one: object, node: str, country: str, where: str) -> ListedAgency:
    fields = _fields(one, where)
    if fields.get("sector") not in list(Sector):
        raise TrustListWrong(f"{where}: sector must be one of {', '.join(Sector)}.")
    if fields.get("country", country) != country:
        raise TrustListWrong(f"{where}: country must be that of its node.")
    return ListedAgency(
        id=_matching(fields, "id", NAME, where),
        node=node,
        country=country,
        sector=Sector(fields["sector"]),
        names=_names(fields, where),
        duty_telephone=_matching(fields, "duty_telephone", _TELEPHONE, where),
        sends=frozenset(_texts(fields, "sends", where)),
        receives=frozenset(_texts(fields, "receives", where)),
        speaks=frozenset(_numbers(fields, "speaks", where)),
        sign_keys=_keys(fields, "sign_keys", where, _sign_key),
        seal_keys=_keys(fields, "seal_keys", where, _seal_key),
    )


def _keys(
    fields: dict[str, Any], name: str, where: str, read: Callable[[str], bytes]
) -> tuple[ListedKey, ...]:
    return tuple(_key(one, f"{where}.{name}[{n}]", read) for n, one in enumerate(_all(fields, name, where)))


def _key(one: object, where: str, read: Callable[[str], bytes]) -> ListedKey:
    fields = _fields(one, where)
    try:
        public = read(str(fields.get("public")))
    except seal.KeyUnusable as wrong:
        raise TrustListWrong(f"{where}: {wrong}") from None
    if fields.get("id") != seal.key_id(public):
        raise TrustListWrong(f"{where}: id is not the name of this key.")
    since, until = read_span(fields, "since", "until", where)
    return ListedKey(id=seal.key_id(public), public=public, since=since, until=until)


def _sign_key(text: str) -> bytes:
    return _of_length(text, seal.KEY_BYTES)


def _seal_key(text: str) -> bytes:
    return _of_length(text, seal.SEAL_PUBLIC_BYTES)


def _of_length(text: str, length: int) -> bytes:
    public = seal.from_text(text)
    if len(public) != length:
        raise seal.KeyUnusable(f"A key of this kind has {length} bytes.")
    return public


def _fields(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TrustListWrong(f"{where}: must be an object.")
    return value


def _all(fields: Mapping[str, Any], name: str, where: str) -> list[Any]:
    value = fields.get(name)
    if not isinstance(value, list):
        raise TrustListWrong(f"{where}: {name} must be a list.")
    return value


def _texts(fields: dict[str, Any], name: str, where: str) -> list[str]:
    if not all(isinstance(one, str) for one in _all(fields, name, where)):
        raise TrustListWrong(f"{where}: {name} must be a list of texts.")
    return list(fields[name])


def _numbers(fields: dict[str, Any], name: str, where: str) -> list[int]:
    if not all(type(one) is int and one > 0 for one in _all(fields, name, where)):
        raise TrustListWrong(f"{where}: {name} must be a list of whole numbers above 0.")
    return list(fields[name])


def _names(fields: dict[str, Any], where: str) -> dict[str, str]:
    names = fields.get("names")
    if not isinstance(names, dict) or not all(isinstance(name, str) and name for name in names.values()):
        raise TrustListWrong(f"{where}: names must give a text for each language.")
    return names


def _matching(fields: dict[str, Any], name: str, form: re.Pattern[str], where: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or form.fullmatch(value) is None:
        raise TrustListWrong(f"{where}: {name} is missing or not written as it must be.")
    return value


def _require_once(ids: list[str], where: str, what: str) -> None:
    doubled = sorted({one for one in ids if ids.count(one) > 1})
    if doubled:
        raise TrustListWrong(f"{where}: {what} {doubled[0]} stands twice.")
