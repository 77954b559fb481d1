"""Make somebody of a role on a side in a relation to the child, as real rows, and read what the table says of her.

The table of rights is read here without the rule that is tried.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.test import Client

from amparo.access import vault
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import Agency, Person
from amparo.access.rights import RIGHTS_OF_ACTS
from amparo.access.roles import NO_PERSON, POSTS, REACHES, Purpose, Relation, Role, Sector
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import models
from amparo.cases.tie_models import GIVEN
from amparo.node.address_rights import NEEDS
from tests.safeguards.addresses import Address
from tests.trust.size import COLUMN

PEOPLE = sorted(set(Role) - NO_PERSON)
# The migration authority has a server of its own, with its own table here; this one keeps no account of hers.
SIDES = sorted(set(Sector) - {Sector.SYSTEM, Sector.MIGRATION})
# An answer that shows or does what was asked for.
OPEN = frozenset({200, 204, 302})


@dataclass(frozen=True)
class Stand:
    """One role on one side in one relation to the child, as real rows."""

    role: Role
    sector: Sector
    relation: Relation


def stands_of(role: Role) -> Iterator[Stand]:
    """Yield how somebody of a role can stand; quick leaves out most sides on which nobody has this role."""
    own = sorted(POSTS[role].sectors & set(SIDES) - {Sector.PROTECTION})[:1]
    for sector in SIDES if COLUMN == "full" else (Sector.PROTECTION, *own):
        for relation in Relation:
            yield Stand(role, sector, relation)


@contextmanager
def standing_as(stand: Stand, case_id: UUID) -> Iterator[Client]:
    """Be somebody who stands so, for the length of a `with`; everything is undone."""
    with transaction.atomic():
        person = person_who_stands(stand, case_id)
        client = Client(raise_request_exception=False, headers={"accept-language": "en"})
        client.force_login(person)
        yield client
        transaction.set_rollback(True)


def person_who_stands(stand: Stand, case_id: UUID) -> Person:
    """Return somebody new who stands so, with the rows that this takes."""
    with acting_as(SYSTEM):
        case = models.Case.objects.select_related("agency").get(pk=case_id)
        home = case.agency
        ours = stand.relation in (Relation.TEAM, Relation.SUPERVISOR) and home.sector == stand.sector
        person = Person.objects.create(
            email=f"{uuid4().hex[:10]}@example.org", agency=home if ours else _body(stand.sector),
            role=stand.role.value, name="Prueba",
        )  # fmt: skip
        if stand.relation in GIVEN:
            _give(case, person, stand.relation)
    return person


def _give(case: models.Case, person: Person, relation: Relation) -> None:
    tie = uuid7()
    why = vault.seal_data(
        vault.data_key(case.pk, case.wrapped_key), {"why": "de prueba"}, place=f"tie.why:{tie}"
    )
    models.Tie.objects.create(
        id=tie, case=case, led_by_id=case.agency_id, taken_in_by_id=case.taken_in_by_id, person=person,
        relation=relation.value, since=now(), actor=uuid4(), role="supervisor", agency="test", sealed_why=why,
    )  # fmt: skip


def _body(sector: Sector) -> Agency:
    fields = {"name": {"es": "Otra"}, "sector": sector, "kind": "other", "telephone": "0"}
    return Agency.objects.get_or_create(code=f"mx-a0-{sector}", defaults=fields)[0]


def standing_of(stand: Stand) -> Relation:
    """Return the relation that such rows give in truth: what a role cannot have it does not have."""
    if stand.relation in (Relation.TEAM, Relation.SUPERVISOR):
        if stand.sector is not Sector.PROTECTION:
            return Relation.NONE
        return Relation.SUPERVISOR if stand.role is Role.SUPERVISOR else Relation.TEAM
    if stand.relation in GIVEN and stand.relation in POSTS[stand.role].relations:
        return stand.relation
    return Relation.NONE


def table_says(stand: Stand, address: Address) -> bool:
    """Return what the table says: does this address open to somebody who stands so?"""
    needs = NEEDS[address.name]
    if needs.open_because or needs.signed_in:
        return True
    return any(table_gives(stand.role, stand.sector, standing_of(stand), act) for act in needs.acts)


def table_gives(role: Role, sector: Sector, relation: Relation, act: str) -> bool:
    """Read the table of rights without the rule that is under test."""
    right, post = RIGHTS_OF_ACTS[act], POSTS[role]
    related = not right.relations or relation in right.relations & post.relations
    meant = not (right.shows or right.relations) or bool(
        set(post.purposes) & (right.purposes or set(Purpose))
    )
    return (
        role in right.roles
        and sector in post.sectors
        and right.shows <= REACHES[sector]
        and related
        and meant
    )


def is_asked(stand: Stand, address: Address, number: int) -> bool:
    """Quick asks all that should open, and one in eight of what should not, each address as many stands in turn."""
    if COLUMN == "full" or table_says(stand, address):
        return True
    return (number + list(Relation).index(stand.relation)) % 8 == 0
