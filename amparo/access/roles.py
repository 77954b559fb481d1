"""Name who acts here, on which side she stands, how she may be related to a child, and what for.

Pure: closed words and one table of roles. Which acts a role may do stands in `rights.py`.
Guide: data-firewall. Design: security design 5. Decisions: 0002, 0019.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Sector(StrEnum):
    """The side a body stands on; protection and migration never read each other's records."""

    PROTECTION = "protection"
    MIGRATION = "migration"
    TRACING = "tracing"
    HEALTH = "health"
    CONSULAR = "consular"
    OVERSIGHT = "oversight"
    SECRETARIAT = "secretariat"
    SYSTEM = "system"


class Role(StrEnum):
    """What a person or device is here for; one role at a time."""

    FIRST_CONTACT = "first-contact"
    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    PANEL_MEMBER = "panel-member"
    GUARDIAN = "guardian"
    LEGAL_REPRESENTATIVE = "legal-representative"
    MIGRATION_OFFICER = "migration-officer"
    CONSULATE = "consulate"
    SERVICE_PROVIDER = "service-provider"
    DATA_PROTECTION_OFFICER = "data-protection-officer"
    OVERSIGHT = "oversight"
    SECRETARIAT = "secretariat"
    # Speaks for a State in the regional work; reads no child.
    COUNTRY_DELEGATE = "country-delegate"
    # Keeps the node running; reads no child.
    ADMINISTRATOR = "administrator"
    DEVICE = "device"
    SYSTEM = "system"
    NOBODY = "nobody"


class Relation(StrEnum):
    """How a reader stands to one child's case at this moment."""

    ASSIGNED = "assigned"
    TEAM = "team"
    SUPERVISOR = "supervisor"
    GUARDIAN = "guardian"
    LEGAL_REPRESENTATIVE = "legal-representative"
    RECEIVING_AGENCY = "receiving-agency"
    OVERSIGHT_SAMPLE = "oversight-sample"
    # She does not work with the child, and opened the case for four hours in danger of life.
    BREAK_GLASS = "break-glass"
    NONE = "none"


class Purpose(StrEnum):
    """What somebody reads or writes for; it stands on the trail, and the child may ask for it."""

    CASEWORK = "casework"
    SUPERVISION = "supervision"
    TRANSFER = "transfer"
    HEARING = "hearing"
    DETERMINATION = "determination"
    GUARDIANSHIP = "guardianship"
    REPRESENTATION = "representation"
    MIGRATION = "migration"
    DATA_PROTECTION = "data-protection"
    OVERSIGHT = "oversight"


class Reach(StrEnum):
    """What an act shows of a child: the classes of the security design 3, the gate, and who has read (no content)."""

    GATE = "gate"
    WHO_READ = "who-read"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


@dataclass(frozen=True)
class Post:
    """What a role may be: on which sides, in which relations to a child, and for what, the usual purpose first."""

    sectors: frozenset[Sector]
    relations: frozenset[Relation]
    purposes: tuple[Purpose, ...]


def _post(sectors: set[Sector], relations: set[Relation], *purposes: Purpose) -> Post:
    return Post(frozenset(sectors), frozenset(relations), purposes)


_NONE: set[Relation] = set()
_EVERY_BODY = set(Sector) - {Sector.SYSTEM}
_PROTECTION = {Sector.PROTECTION}
_REGION = {Sector.SECRETARIAT}
_HANDED = {Relation.ASSIGNED, Relation.RECEIVING_AGENCY}

POSTS: Mapping[Role, Post] = {
    Role.FIRST_CONTACT: _post(
        _PROTECTION, {Relation.TEAM, Relation.ASSIGNED, Relation.BREAK_GLASS}, Purpose.CASEWORK, Purpose.HEARING
    ),
    Role.CASEWORKER: _post(
        _PROTECTION, _HANDED | {Relation.TEAM, Relation.BREAK_GLASS},
        Purpose.CASEWORK, Purpose.TRANSFER, Purpose.HEARING,
    ),
    Role.SUPERVISOR: _post(
        _PROTECTION, _HANDED | {Relation.SUPERVISOR, Relation.BREAK_GLASS},
        Purpose.SUPERVISION, Purpose.CASEWORK, Purpose.TRANSFER, Purpose.HEARING,
    ),
    Role.PANEL_MEMBER: _post(_PROTECTION, {Relation.ASSIGNED}, Purpose.DETERMINATION, Purpose.HEARING),
    Role.GUARDIAN: _post(_PROTECTION, {Relation.GUARDIAN}, Purpose.GUARDIANSHIP),
    Role.LEGAL_REPRESENTATIVE: _post(_PROTECTION, {Relation.LEGAL_REPRESENTATIVE}, Purpose.REPRESENTATION),
    Role.MIGRATION_OFFICER: _post({Sector.MIGRATION}, _NONE, Purpose.MIGRATION),
    # What these two are given comes in a sealed profile, chosen by the sender; nothing of it is read here.
    Role.CONSULATE: _post({Sector.CONSULAR}, _NONE),
    Role.SERVICE_PROVIDER: _post({Sector.HEALTH, Sector.PROTECTION}, _NONE),
    Role.DATA_PROTECTION_OFFICER: _post(
        _EVERY_BODY - {Sector.SECRETARIAT, Sector.CONSULAR}, {Relation.TEAM}, Purpose.DATA_PROTECTION
    ),
    Role.OVERSIGHT: _post({Sector.OVERSIGHT}, {Relation.OVERSIGHT_SAMPLE}, Purpose.OVERSIGHT),
    Role.SECRETARIAT: _post(_REGION, _NONE),
    Role.COUNTRY_DELEGATE: _post(_REGION, _NONE),
    Role.ADMINISTRATOR: _post(_EVERY_BODY, _NONE),
    Role.DEVICE: _post({Sector.PROTECTION, Sector.MIGRATION}, _NONE),
    # The node itself stands in no relation to a child; see `deciding`.
    Role.SYSTEM: _post({Sector.SYSTEM}, _NONE, *Purpose),
    Role.NOBODY: _post({Sector.SYSTEM}, _NONE),
}  # fmt: skip

# What each side may see of a child at all, whoever asks there.
REACHES: Mapping[Sector, frozenset[Reach]] = {
    Sector.PROTECTION: frozenset(Reach),
    Sector.MIGRATION: frozenset({Reach.GATE, Reach.WHO_READ}),
    Sector.TRACING: frozenset({Reach.WHO_READ}),
    Sector.HEALTH: frozenset({Reach.WHO_READ}),
    Sector.CONSULAR: frozenset(),
    Sector.OVERSIGHT: frozenset({Reach.GATE, Reach.WHO_READ, Reach.P1, Reach.P2}),
    Sector.SECRETARIAT: frozenset(),
    Sector.SYSTEM: frozenset(Reach),
}

# Roles that the node gives to itself and to telephones, never to an account.
NO_PERSON = frozenset({Role.DEVICE, Role.SYSTEM, Role.NOBODY})
