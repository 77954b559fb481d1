"""Say who may stand in which relation to a case, how somebody is excluded from it, and what makes either impossible.

Pure: no database, no clock. Design: security design 5. Decision: 0019.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from amparo.access.roles import POSTS, Relation, Role, Sector

# A word such as "ok" says nothing to whoever asks in a year why somebody could read.
SHORTEST = 10
# Relations that a supervisor gives; a sample of oversight is drawn by the node.
GIVEN_BY_HAND = (Relation.ASSIGNED, Relation.GUARDIAN, Relation.LEGAL_REPRESENTATIVE)


class Because(StrEnum):
    """Why somebody is excluded; the child's own wish is reason enough."""

    CHILD_WISH = "child-wish"
    DANGER = "danger"
    KNOWS_THE_FAMILY = "knows-the-family"


class Kind(StrEnum):
    """Whom a mark excludes: one person, everybody of an agency, everybody of a side."""

    PERSON = "person"
    AGENCY = "agency"
    SECTOR = "sector"


# Sides that a mark can exclude: oversight is how a child complains, and migration sees the gate alone, always.
SIDES = (Sector.HEALTH, Sector.TRACING)


@dataclass(frozen=True)
class Mine:
    """What the rule needs to know of a reader: who she is, for which agency and side."""

    person: UUID
    agency: UUID | None
    sector: Sector


def excluded_text(kind: Kind, who: str) -> str:
    """Return how a mark names whom it excludes."""
    return f"{kind.value}:{who}"


def is_excluded(marks: Collection[str], reader: Mine) -> bool:
    """Test whether any current mark of a case excludes this reader."""
    return bool(set(marks) & set(names_of(reader)))


def names_of(reader: Mine) -> tuple[str, str, str]:
    """Return every name under which a mark can exclude a reader."""
    return (
        excluded_text(Kind.PERSON, str(reader.person)),
        excluded_text(Kind.AGENCY, str(reader.agency or "")),
        excluded_text(Kind.SECTOR, reader.sector),
    )


def relation_of(
    *, role: Role, agency: UUID | None, case_agencies: Collection[UUID], given: Collection[str]
) -> Relation:
    """Return the one relation in which a reader stands to a case.

    Args:
        role: of the reader.
        agency: for which she works; None for the node itself.
        case_agencies: the agency that leads the case and the one that took the child in.
        given: the relations this person was given to this case and that still stand.
    """
    ours = agency is not None and agency in case_agencies
    if ours and role is Role.SUPERVISOR:
        return Relation.SUPERVISOR
    fit = [one for one in Relation if one.value in given and one in POSTS[role].relations]
    if fit:
        return fit[0]
    return Relation.TEAM if ours else Relation.NONE


def tie_refusal(relation: Relation, *, role: Role, sector: Sector, excluded: bool) -> str:
    """Return why a person may not be given a relation: a closed word, or empty.

    `not-given`: nobody gives this relation. `role`: her role is none that can have it. `excluded`: a mark keeps the
    child back from her.
    """
    if relation not in GIVEN_BY_HAND:
        return "not-given"
    if relation not in POSTS[role].relations or sector is not Sector.PROTECTION:
        return "role"
    return "excluded" if excluded else ""


def mark_refusal(kind: Kind, who: str, *, leads: str) -> str:
    """Return why a mark cannot be set: a closed word, or empty.

    `leads`: the agency that leads the case cannot be excluded, or nobody would answer for the child; it hands her over.
    `side`: this side sees nothing that a mark could take away, or is how she complains.
    """
    if kind is Kind.AGENCY and who == leads:
        return "leads"
    if kind is Kind.SECTOR and who not in set(SIDES):
        return "side"
    return ""


def why_refusal(text: str) -> str:
    """Return `why` where a reason is too short to mean anything, else empty."""
    return "" if len(text.strip()) >= SHORTEST else "why"
