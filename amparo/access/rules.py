"""Say who acts, for which body of the Guide, and whether an agency may have somebody in a role.

Pure: no database, no clock. Who may do what stands in `rights.py`, and `deciding.py` decides. Guide: data-firewall.
Decisions: 0002, 0019.
"""

from dataclasses import dataclass
from uuid import UUID

from amparo.access.rights import RIGHTS as RIGHTS
from amparo.access.roles import NO_PERSON, POSTS
from amparo.access.roles import Role as Role
from amparo.access.roles import Sector as Sector

# The Guide speaks of bodies; this is the body each of our roles acts for.
GUIDE_ROLES = {
    Role.FIRST_CONTACT: "first-contact-officer",
    Role.DEVICE: "first-contact-officer",
    Role.CASEWORKER: "child-protection-authority",
    Role.SUPERVISOR: "supervisor",
    Role.MIGRATION_OFFICER: "migration-authority",
    Role.SYSTEM: "system",
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
    """This actor has no right to this act; `act` is the name in the table of rights, `reasons` codes of the rule.

    `subject` is the child's case that was asked for, where one was: she may ask who tried to reach it.
    """

    def __init__(self, act: str, reasons: tuple[str, ...] = (), *, subject: str = "") -> None:
        super().__init__(f"Your role has no right to do this ({act}).")
        self.act = act
        self.reasons = reasons
        self.subject = subject


def side_of(sector: Sector) -> str:
    """Return at which of the node's two servers people of a sector work: migration, or protection for all others."""
    return "migration" if sector is Sector.MIGRATION else "protection"


def may_do(actor: Actor, action: str) -> bool:
    """Test whether an act of the Guide is this role's to do, supposing that the Guide leaves it free."""
    return action in DOES.get(actor.role, frozenset())


def may(actor: Actor, act: str) -> bool:
    """Test whether the table gives an act to the actor's role, on a side that has it; `deciding` looks at the rest."""
    return act in RIGHTS[actor.role] and actor.sector in POSTS[actor.role].sectors


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
    if role in NO_PERSON:
        return f"{role} is no role of a person."
    sides = POSTS[role].sectors
    if sector in sides:
        return ""
    return f"{role} is a role in agencies of sector {' or '.join(sorted(sides))}; this agency's sector is {sector}."
