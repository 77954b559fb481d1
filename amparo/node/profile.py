"""Read what makes a node this node: its country, name, languages, agencies and address.

A profile is one YAML file, `node.yaml`, in the home of the node. It holds no secret and no child data.
A wrong profile stops the node at once, with the place and the reason; nothing is guessed.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from amparo.access.ministry_rules import Ministry
from amparo.access.rules import AgencyProfile, Sector
from amparo.node.ministries import ministries_from
from amparo.node.profile_fields import ProfileWrong as ProfileWrong
from amparo.node.profile_fields import one_of, required
from amparo.places.countries import country_names

KINDS = ("country", "secretariat")
SECTORS = tuple(sector.value for sector in Sector if sector is not Sector.SYSTEM)
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
MAX_SOCKET = 100  # what an address of a Unix socket holds on every system
LANGUAGES = ("es", "en", "fr", "pt", "ht")


@dataclass(frozen=True)
class Profile:
    """What makes a node this node. `overlay` is the country code of the Guide overlay, or empty.

    `migration_url` is the address of the migration authority's own server; empty where no such agency works here.
    `witnesses` are the nodes that cosign our audit trail, and whose trails we cosign. `key_process` is the socket of
    the key process, or empty where the keys that wrap are in the node's own file.
    `ministries` are the identity providers whose people may sign in with them (decision 0029).
    A demonstration has only invented people and children: nobody needs a second factor or a second person there. It is
    refused for any address but this machine's own.
    """

    id: str
    kind: str
    country: str
    name: dict[str, str]
    languages: tuple[str, ...]
    overlay: str
    timezone: str
    url: str
    agencies: tuple[AgencyProfile, ...]
    witnesses: tuple[str, ...] = ()
    demonstration: bool = False
    key_process: str = ""
    migration_url: str = ""
    ministries: tuple[Ministry, ...] = ()


def read_profile(path: Path) -> Profile:
    """Read and check a profile file.

    Raises:
        ProfileWrong: the file is missing, is not YAML, or a field is missing or out of its vocabulary.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as wrong:
        raise ProfileWrong(f"{path.name}: cannot be read ({wrong.__class__.__name__}).") from wrong
    if not isinstance(data, dict):
        raise ProfileWrong(f"{path.name}: must be a list of fields with values.")
    return _profile_from(data, path.name)


def _profile_from(data: dict[str, Any], where: str) -> Profile:
    """Check the fields one by one, so that the first wrong one is named."""
    agencies = tuple(
        _agency_from(one, f"{where}: agencies[{n}]")
        for n, one in enumerate(required(data, "agencies", list, where))
    )
    return Profile(
        id=required(data, "id", str, where),
        kind=one_of(data, "kind", KINDS, where),
        country=required(data, "country", str, where),
        name=required(data, "name", dict, where),
        languages=_languages(data, where),
        overlay=str(data.get("overlay") or ""),
        timezone=required(data, "timezone", str, where),
        url=required(data, "url", str, where).rstrip("/"),
        agencies=agencies,
        witnesses=_witnesses(data, where),
        demonstration=_demonstration(data, where),
        key_process=_socket(data, where),
        migration_url=_migration_url(data, agencies, where),
        ministries=ministries_from(data, agencies, where),
    )


def _demonstration(data: dict[str, Any], where: str) -> bool:
    """Return whether this is a demonstration; only a node that nobody else can reach may be one."""
    if data.get("demonstration", False) not in (True, False):
        raise ProfileWrong(f"{where}: demonstration is true or false.")
    if data.get("demonstration") and urlsplit(str(data.get("url"))).hostname not in _THIS_MACHINE:
        raise ProfileWrong(
            f"{where}: demonstration is for http://127.0.0.1 only; a node with real children leaves it out."
        )
    return bool(data.get("demonstration"))


def _socket(data: dict[str, Any], where: str) -> str:
    place = data.get("key_process") or ""
    if place and not (isinstance(place, str) and place.startswith("/") and len(place) < MAX_SOCKET):
        raise ProfileWrong(
            f"{where}: key_process must be the full path of a socket, shorter than {MAX_SOCKET} signs."
        )
    return str(place)


def _migration_url(data: dict[str, Any], agencies: tuple[AgencyProfile, ...], where: str) -> str:
    """Return where the migration authority's own server answers: as written, or one hundred ports further."""
    if not any(agency.sector == Sector.MIGRATION for agency in agencies):
        return ""
    if written := str(data.get("migration_url") or ""):
        return written.rstrip("/")
    parts = urlsplit(data["url"])
    if not parts.hostname or parts.port is None:
        raise ProfileWrong(
            f"{where}: migration_url is missing: a migration authority works here, and signs in at its own address."
        )
    return f"{parts.scheme}://{parts.hostname}:{parts.port + 100}"


def _agency_from(data: Any, where: str) -> AgencyProfile:  # noqa: ANN401 - whatever the file says
    if not isinstance(data, dict):
        raise ProfileWrong(f"{where}: must be a list of fields with values, as id, name and sector.")
    return AgencyProfile(
        id=required(data, "id", str, where),
        name=required(data, "name", dict, where),
        sector=one_of(data, "sector", SECTORS, where),
        kind=required(data, "kind", str, where),
        telephone=required(data, "telephone", str, where),
        leads_for=tuple(data.get("leads_for") or ()),
        country=_country(data, where),
    )


def _witnesses(data: dict[str, Any], where: str) -> tuple[str, ...]:
    """Return the ids of other nodes; none is well for a node that stands alone."""
    named = data.get("witnesses") or []
    if not isinstance(named, list) or not all(isinstance(one, str) and one for one in named):
        raise ProfileWrong(f"{where}: witnesses must be a list of ids of other nodes, as in [hn, region].")
    if data.get("id") in named:
        raise ProfileWrong(f"{where}: witnesses must be other nodes; nobody is witness of itself.")
    return tuple(named)


def _country(data: dict[str, Any], where: str) -> str:
    """Return the State of a delegation; empty for every other agency."""
    code = str(data.get("country") or "")
    known = code in country_names() and code != "ZZ"
    if code and not (known and data.get("sector") == Sector.SECRETARIAT):
        raise ProfileWrong(
            f"{where}: country is for the delegation of a State (sector secretariat), as in MX."
        )
    return code


def _languages(data: dict[str, Any], where: str) -> tuple[str, ...]:
    languages = tuple(required(data, "languages", list, where))
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown or not languages:
        raise ProfileWrong(f"{where}: languages must be some of {', '.join(LANGUAGES)}.")
    return languages
