"""Say who may do what, and why not: roles, sectors and the table of rights.

Pure: no database, no clock. The table is small on purpose; a right that is not in it does not exist.
The matrix in docs/reference/rights.md is printed from it. Guide: data-firewall. Decision: 0002.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Sector(StrEnum):
    """The side a body stands on; protection and migration never read each other's records."""

    PROTECTION = "protection"
    MIGRATION = "migration"
    TRACING = "tracing"
    HEALTH = "health"
    OVERSIGHT = "oversight"
    SECRETARIAT = "secretariat"
    SYSTEM = "system"


class Role(StrEnum):
    """What a person or device is here for; one role at a time."""

    FIRST_CONTACT = "first-contact"
    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    MIGRATION_OFFICER = "migration-officer"
    SECRETARIAT = "secretariat"
    # Speaks for a State in the regional work; reads no child.
    COUNTRY_DELEGATE = "country-delegate"
    ADMINISTRATOR = "administrator"
    DEVICE = "device"
    SYSTEM = "system"
    NOBODY = "nobody"


# The Guide speaks of bodies; this is the body each of our roles acts for.
GUIDE_ROLES = {
    Role.FIRST_CONTACT: "first-contact-officer",
    Role.DEVICE: "first-contact-officer",
    Role.CASEWORKER: "child-protection-authority",
    Role.SUPERVISOR: "supervisor",
    Role.MIGRATION_OFFICER: "migration-authority",
    Role.SYSTEM: "system",
}

# Adoption by States is public; proposals and comments are for whoever is signed in, and hold nothing of a child.
_REGIONAL_READ = {"proposal.read", "guide.try-file"}
_REGIONAL_WRITE = _REGIONAL_READ | {"proposal.make", "comment.write"}
_CASE_READ = {"case.list", "case.read", "gate.read"}
_CASE_WRITE = {"case.record", "case.attest", "case.act", "case.report-found"}
# Overrides: act first in an emergency; propose or second; see to what is owed afterwards.
_OVERRIDE = {"override.emergency", "override.two-person", "override.follow-up"}
RIGHTS: dict[Role, frozenset[str]] = {
    Role.FIRST_CONTACT: frozenset(
        _CASE_READ | _REGIONAL_READ | {"case.attest", "case.act", "case.report-found", "override.emergency"}
    ),
    Role.CASEWORKER: frozenset(
        _CASE_READ
        | _REGIONAL_READ
        | _CASE_WRITE
        | _OVERRIDE
        | {"override.confirm", "transfer.send", "transfer.receive", "transfer.read"}
    ),
    Role.SUPERVISOR: frozenset(
        _CASE_READ
        | _REGIONAL_READ
        | _CASE_WRITE
        | _OVERRIDE
        | {"override.review", "incident.read", "incident.close"}
        | {"transfer.send", "transfer.receive", "transfer.read", "device.manage"}
    ),
    Role.MIGRATION_OFFICER: frozenset({"gate.read"} | _REGIONAL_READ),
    Role.SECRETARIAT: frozenset(_REGIONAL_WRITE | {"trust-list.publish", "proposal.decide", "comment.hide"}),
    Role.COUNTRY_DELEGATE: frozenset(_REGIONAL_WRITE | {"adoption.answer"}),
    Role.ADMINISTRATOR: frozenset({"device.manage", "audit.verify"} | _REGIONAL_READ),
    Role.DEVICE: frozenset({"form.read", "form.submit", "case.open"}),
    Role.NOBODY: frozenset(),
    Role.SYSTEM: frozenset(
        {"case.open", "case.record", "envelope.send", "envelope.receive", "transfer.receive"}
    ),
}


# Which acts of the Guide a role may do, once the Guide leaves them free. What migration authorities, courts or police
# do is not done here: it is written down as found, and judged.
_FIRST_CONTACT_ACTS = {"interview"}
_CASEWORK_ACTS = _FIRST_CONTACT_ACTS | {
    "place", "separate-siblings", "separate-from-family", "contact-family", "contact-consulate", "reunify",
    "hand-over", "send-record", "close-case",
}  # fmt: skip
DOES: dict[Role, frozenset[str]] = {
    Role.FIRST_CONTACT: frozenset(_FIRST_CONTACT_ACTS),
    Role.CASEWORKER: frozenset(_CASEWORK_ACTS),
    Role.SUPERVISOR: frozenset(_CASEWORK_ACTS | {"issue-bid", "age-exam", "decide-adult"}),
}


@dataclass(frozen=True)
class Actor:
    """Who acts: a person, a device or the system; `reach` is node only for the system itself.

    `country` is the State (ISO 3166 alpha-2) for which the agency of a delegate speaks; empty for everybody else.
    """

    id: UUID
    role: Role
    sector: Sector
    agency_id: UUID | None
    agency: str
    reach: str = "agency"
    country: str = ""

    @property
    def body(self) -> UUID:
        """The agency for which this actor acts; raises NotAllowed for the system and for nobody."""
        if self.agency_id is None:
            raise NotAllowed("act-for-an-agency")
        return self.agency_id

    @property
    def guide_role(self) -> str:
        """The role under which the Guide lets this actor attest; empty when it knows none."""
        return GUIDE_ROLES.get(self.role, "")


@dataclass(frozen=True)
class AgencyProfile:
    """One body that works in this node; `leads_for` names the agencies whose intakes it leads.

    `country` is the State whose delegation it is in the regional work, else empty.
    """

    id: str
    name: dict[str, str]
    sector: str
    kind: str
    telephone: str
    leads_for: tuple[str, ...]
    country: str = ""


class NotAllowed(Exception):
    """This actor has no right to this act; `act` is the name in the table of rights."""

    def __init__(self, act: str) -> None:
        super().__init__(f"Your role has no right to do this ({act}).")
        self.act = act


def may_do(actor: Actor, action: str) -> bool:
    """Test whether an act of the Guide is this role's to do, supposing that the Guide leaves it free."""
    return action in DOES.get(actor.role, frozenset())


def may(actor: Actor, act: str) -> bool:
    """Test whether the table of rights gives this act to the actor's role."""
    return act in RIGHTS[actor.role]


# An agency of any sector may have an administrator; every other role belongs to one sector.
_SECTOR_OF = {
    Role.FIRST_CONTACT: Sector.PROTECTION,
    Role.CASEWORKER: Sector.PROTECTION,
    Role.SUPERVISOR: Sector.PROTECTION,
    Role.MIGRATION_OFFICER: Sector.MIGRATION,
    Role.SECRETARIAT: Sector.SECRETARIAT,
    Role.COUNTRY_DELEGATE: Sector.SECRETARIAT,
}


def role_refusal(role: Role, sector: Sector, country: str = "") -> str:
    """Say why nobody of an agency of this sector may have this role; empty when somebody may.

    `country` is that of a State's delegation: its people speak for that State, never for the secretariat.
    """
    if role is Role.COUNTRY_DELEGATE and sector is Sector.SECRETARIAT and not country:
        return (
            f"{role} is a role in the delegation of a State; this agency of sector {sector} has no country."
        )
    if role is Role.SECRETARIAT and country:
        return f"{role} is no role in the delegation of a State; invite as {Role.COUNTRY_DELEGATE}."
    if role is Role.ADMINISTRATOR or _SECTOR_OF.get(role) is sector:
        return ""
    if role not in _SECTOR_OF:
        return f"{role} is no role of a person."
    return f"{role} is a role in agencies of sector {_SECTOR_OF[role]}; this agency's sector is {sector}."
