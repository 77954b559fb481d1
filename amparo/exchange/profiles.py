"""Say what may be sent to whom: the profiles as data, and what of a case file leaves under one of them.

Pure: no database, no clock, no cryptography. A field that no profile names never leaves; what the child
withheld never leaves; what is sealed leaves only with a reason for each part.
Design: security design 4.5 and 5. Guide: data-firewall.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from amparo.exchange.rules import Move


class Sector(StrEnum):
    """The side an agency of the trust list stands on."""

    PROTECTION = "protection"
    MIGRATION = "migration"
    TRACING = "tracing"
    HEALTH = "health"
    OVERSIGHT = "oversight"
    SECRETARIAT = "secretariat"


class PartClass(StrEnum):
    """How closely a part of a case file is kept: working, personal, or sealed to the agency."""

    WORKING = "P1"
    PERSONAL = "P2"
    SEALED = "P3"


class Why(StrEnum):
    """Why something of a case file stays here."""

    NOT_IN_PROFILE = "not-in-profile"
    WITHHELD = "withheld-by-the-child"
    NOT_CHOSEN = "not-chosen"
    SEALED = "sealed-and-no-reason-given"
    NOT_PLAIN = "more-than-a-plain-value"


@dataclass(frozen=True)
class Profile:
    """What one kind of message may carry.

    `fields` are single plain values, written part.field; `parts` are whole parts with their class.
    `types` are its message types; those in `personal` carry the case file, with basis and the child's view.
    """

    name: str
    from_sectors: frozenset[Sector]
    to_sectors: frozenset[Sector]
    types: frozenset[str]
    personal: frozenset[str]
    fields: frozenset[str] = frozenset()
    parts: Mapping[str, PartClass] = field(default_factory=dict)
    needs_basis: bool = True


_CARE = frozenset({Sector.PROTECTION, Sector.HEALTH, Sector.TRACING})

TRANSFER = Profile(
    name="transfer",
    from_sectors=frozenset({Sector.PROTECTION}),
    to_sectors=frozenset({Sector.PROTECTION}),
    types=frozenset(move.value for move in Move if move is not Move.RECEIPT),
    personal=frozenset({Move.PROPOSE.value}),
    parts={
        "facts": PartClass.WORKING,
        "safeguards": PartClass.WORKING,
        "identity": PartClass.PERSONAL,
        "family": PartClass.PERSONAL,
        "languages": PartClass.PERSONAL,
        "needs": PartClass.PERSONAL,
        "care": PartClass.PERSONAL,
        "guardian": PartClass.PERSONAL,
        "health": PartClass.PERSONAL,
        "education": PartClass.PERSONAL,
        "documents": PartClass.PERSONAL,
        "assessment": PartClass.PERSONAL,
        "determination": PartClass.PERSONAL,
        "plan": PartClass.PERSONAL,
        "hearings": PartClass.PERSONAL,
        "evidence": PartClass.PERSONAL,
        "account": PartClass.SEALED,
        "asylum": PartClass.SEALED,
        "therapy": PartClass.SEALED,
        "whereabouts": PartClass.SEALED,
    },
)

REFERRAL = Profile(
    name="referral",
    from_sectors=frozenset({Sector.PROTECTION}),
    to_sectors=_CARE,
    types=frozenset({"refer", "answer"}),
    personal=frozenset({"refer"}),
    fields=frozenset(
        {
            "identity.first_name",
            "identity.age",
            "identity.languages",
            "need.kind",
            "need.urgency",
            "caseworker.name",
            "caseworker.agency",
            "caseworker.telephone",
        }
    ),
)

GATE = Profile(
    name="gate",
    from_sectors=frozenset({Sector.PROTECTION}),
    to_sectors=frozenset({Sector.MIGRATION}),
    types=frozenset({"gate"}),
    personal=frozenset({"gate"}),
    fields=frozenset(
        {
            "protection.agency",
            "protection.telephone",
            "child.presumed",
            "determination.stage",
            "gate.no_detention",
            "gate.no_return",
            "gate.clearance",
            "hearing.next_on",
        }
    ),
    needs_basis=False,  # no P2 or P3 among its fields: no name, age, place or word of the child
)

PROFILES: Mapping[str, Profile] = {one.name: one for one in (TRANSFER, REFERRAL, GATE)}
LONGEST_PLAIN = 200  # signs: a plain value is a name or a word, no room for a story


@dataclass(frozen=True)
class Stay:
    """Something of the case file that stays here: its place, written part.field, and why."""

    place: str
    why: Why


@dataclass(frozen=True)
class Leaves:
    """What would leave, in the shape of the case file, and what stays with the reason for each."""

    leaves: Mapping[str, Any]
    stays: tuple[Stay, ...]


def what_leaves(
    profile: Profile,
    case_file: Mapping[str, Any],
    withhold: Collection[str],
    *,
    chosen: Collection[str] | None = None,
    why_sealed: Mapping[str, str] | None = None,
) -> Leaves:
    """Split a case file into what leaves under a profile and what stays.

    Args:
        profile: what may be carried.
        case_file: parts by name; a part is a mapping of fields, and in a transfer may go deeper.
        withhold: what the child does not want sent: part, part.field, and so on down. Lists have no place
            of their own: what is withheld is withheld in each of their rows.
        chosen: whole parts that the worker chose to send; None chooses all that are not sealed.
        why_sealed: for each sealed part that is to leave, the reason.
    """
    stays: list[Stay] = []
    leaves: dict[str, Any] = {}
    for part, content in case_file.items():
        refused = _part_stays(profile, part, frozenset(withhold), chosen, why_sealed or {})
        if refused is not None:
            stays.append(Stay(part, refused))
        elif part in profile.parts:
            leaves[part] = _without(content, part, frozenset(withhold), stays)
        else:
            plain = _plain_fields(profile, part, content, frozenset(withhold), stays)
            leaves.update({part: plain} if plain else {})
    return Leaves(leaves, tuple(stays))


def outside(profile: Profile, case_file: Mapping[str, Any]) -> list[str]:
    """Return the places of a case file that no message of a profile may carry, whoever chose them."""
    everything = dict.fromkeys(profile.parts, "carried")
    return [stay.place for stay in what_leaves(profile, case_file, (), why_sealed=everything).stays]


def _part_stays(
    profile: Profile,
    part: str,
    withhold: frozenset[str],
    chosen: Collection[str] | None,
    why_sealed: Mapping[str, str],
) -> Why | None:
    if part in withhold:
        return Why.WITHHELD
    if part not in profile.parts:
        named = any(place.startswith(f"{part}.") for place in profile.fields)
        return None if named else Why.NOT_IN_PROFILE
    if profile.parts[part] is PartClass.SEALED and not why_sealed.get(part, "").strip():
        return Why.SEALED
    sealed_and_reasoned = profile.parts[part] is PartClass.SEALED
    return None if chosen is None or part in chosen or sealed_and_reasoned else Why.NOT_CHOSEN


def _plain_fields(
    profile: Profile, part: str, content: object, withhold: frozenset[str], stays: list[Stay]
) -> dict[str, Any]:
    if not isinstance(content, Mapping):
        stays.append(Stay(part, Why.NOT_PLAIN))
        return {}
    kept = {}
    for name, value in content.items():
        place = f"{part}.{name}"
        if place not in profile.fields:
            stays.append(Stay(place, Why.NOT_IN_PROFILE))
        elif place in withhold:
            stays.append(Stay(place, Why.WITHHELD))
        elif not _is_plain(value):
            stays.append(Stay(place, Why.NOT_PLAIN))
        else:
            kept[name] = value
    return kept


def _is_plain(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(isinstance(one, str) and _is_plain(one) for one in value)
    if isinstance(value, str):
        return len(value) <= LONGEST_PLAIN
    return value is None or isinstance(value, bool | int | float)


def _without(value: object, place: str, withhold: frozenset[str], stays: list[Stay]) -> object:
    """Copy a value without what is withheld anywhere below its place."""
    if isinstance(value, list | tuple):
        return [_without(one, place, withhold, stays) for one in value]
    if not isinstance(value, Mapping):
        return value
    kept = {}
    for name, inner in value.items():
        below = f"{place}.{name}"
        if below in withhold:
            stays.append(Stay(below, Why.WITHHELD))
        else:
            kept[name] = _without(inner, below, withhold, stays)
    return kept
