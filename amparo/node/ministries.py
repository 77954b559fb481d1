"""Read from the profile which ministries' identity providers may vouch for people of which agencies.

Only https, but for a demonstration on this machine alone. A provider vouches for one sector: one that could vouch for
child protection and for the migration authority, or for those who oversee them, would stand above the firewall.
Decision: 0029.
"""

import re
from typing import Any

from amparo.access.ministry_rules import Ministry
from amparo.access.rules import AgencyProfile, Sector, side_of
from amparo.node.profile_fields import ProfileWrong, required

_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_PATH = r"(/[A-Za-z0-9._~-]+)*/?"
_OUTSIDE = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?" + _PATH)
_HERE = re.compile(r"http://(127\.0\.0\.1|localhost)(:[0-9]{1,5})?" + _PATH)


def ministries_from(
    data: dict[str, Any], agencies: tuple[AgencyProfile, ...], where: str
) -> tuple[Ministry, ...]:
    """Return the providers of the field `sign_in`; raises ProfileWrong with the field and what to write there."""
    listed = data.get("sign_in") or []
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise ProfileWrong(f"{where}: sign_in must be a list of ministries.")
    here = data.get("demonstration") is True
    found = tuple(
        _ministry(one, agencies, f"{where}: sign_in[{n}]", here=here) for n, one in enumerate(listed)
    )
    if len({one.id for one in found}) < len(found):
        raise ProfileWrong(f"{where}: sign_in has two ministries of one id.")
    return found


def _ministry(
    data: dict[str, Any], agencies: tuple[AgencyProfile, ...], where: str, *, here: bool
) -> Ministry:
    named = tuple(str(one) for one in required(data, "agencies", list, where))
    step = data.get("second_step") or {}
    if not isinstance(step, dict):
        raise ProfileWrong(f"{where}: second_step must have lists acr or amr.")
    return Ministry(
        id=_id(data, where),
        name=required(data, "name", dict, where),
        issuer=_issuer(data, where, here=here),
        client_id=required(data, "client_id", str, where),
        agencies=named,
        side=_side(named, agencies, where),
        acr=_texts(step, "acr", where),
        amr=_texts(step, "amr", where),
    )


def _id(data: dict[str, Any], where: str) -> str:
    value = str(required(data, "id", str, where))
    if not _ID.fullmatch(value):
        raise ProfileWrong(f"{where}: id must be small letters, digits and hyphens, at most 40.")
    return value


def _issuer(data: dict[str, Any], where: str, *, here: bool) -> str:
    """Return the address of a provider exactly as it calls itself; `here` lets one on this machine do without TLS."""
    value = str(required(data, "issuer", str, where))
    if _OUTSIDE.fullmatch(value) or (here and _HERE.fullmatch(value)):
        return value
    raise ProfileWrong(f"{where}: issuer must be an address with https:// and nothing after a ? or #.")


def _side(named: tuple[str, ...], agencies: tuple[AgencyProfile, ...], where: str) -> str:
    """Return the side of the node on which the agencies of one provider are, all of one sector."""
    sectors = {one.id: Sector(one.sector) for one in agencies}
    if unknown := [one for one in named if one not in sectors]:
        raise ProfileWrong(f"{where}: agencies names {unknown[0]}, which is no agency of this node.")
    ours = {sectors[one] for one in named}
    if len(ours) != 1:
        raise ProfileWrong(
            f"{where}: agencies must all be of one sector; write another entry for the others."
        )
    return side_of(ours.pop())


def _texts(step: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    said = step.get(name) or []
    if not isinstance(said, list) or not all(isinstance(one, str) and one for one in said):
        raise ProfileWrong(
            f"{where}: second_step.{name} must be a list of texts, as the provider writes them."
        )
    return tuple(said)
