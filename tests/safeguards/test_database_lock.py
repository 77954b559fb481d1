"""Show that the database itself refuses what the Guide blocks, whoever asks and by whatever code."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.rules import Actor, Role
from amparo.base.clock import now
from amparo.base.ids import random_id, uuid7
from amparo.cases import actions, queries
from amparo.cases.models import Case, Entry, EntryKind, Standing
from amparo.desk.guide_words import the_guide
from amparo.exchange.models import Transfer
from tests.factories import a_case, a_device, an_actor

pytestmark = pytest.mark.django_db
ROLES: dict[str, Callable[[], Actor]] = {
    "caseworker": lambda: an_actor(Role.CASEWORKER),
    "supervisor": lambda: an_actor(Role.SUPERVISOR),
    "first contact": lambda: an_actor(Role.FIRST_CONTACT, "mx-albergue"),
    "telephone": a_device,
    "administrator": lambda: an_actor(Role.ADMINISTRATOR),
    "migration officer": lambda: an_actor(Role.MIGRATION_OFFICER, "mx-migracion"),
    "system": lambda: SYSTEM,
}


def write(case_id: UUID, action: str, by: Actor, **value: object) -> None:
    """Write an act as no code of ours may: past every action."""
    with transaction.atomic():
        Entry.objects.bulk_create(
            [
                Entry(
                    id=uuid7(),
                    case_id=case_id,
                    kind=EntryKind.ACTION,
                    name=action,
                    value={"by_role": "child-protection-authority", "override": "none", **value},
                    at=now(),
                    recorded_at=now(),
                    actor=by.id,
                    role=by.role,
                    agency=by.agency,
                    source="desk",
                )
            ]
        )


def blocked_in(case_id: UUID) -> dict[str, list[str]]:
    with acting_as(SYSTEM):
        found: dict[str, list[str]] = Standing.objects.get(pk=case_id).blocked
    return found


@pytest.mark.parametrize("who", ROLES)
def test_no_role_can_write_an_act_that_the_guide_blocks(who: str) -> None:
    case_id, by = a_case(), ROLES[who]()
    blocked = blocked_in(case_id)

    for action in blocked:
        with acting_as(by), pytest.raises(DatabaseError):
            write(case_id, action, by)

    assert len(blocked) > 15
    with acting_as(SYSTEM):
        assert not Entry.objects.filter(case_id=case_id, kind=EntryKind.ACTION).exists()


@pytest.mark.parametrize("kind", ["emergency", "two-person"])
def test_calling_it_an_override_does_not_help(kind: str) -> None:
    case_id, by = a_case(), an_actor()

    for action in blocked_in(case_id):
        with acting_as(by), pytest.raises(DatabaseError):
            write(case_id, action, by, override=kind)


def test_what_is_free_is_written() -> None:
    case_id, by = a_case(), an_actor()
    free = [action for action in the_guide().vocabulary.actions if action not in blocked_in(case_id)]

    with acting_as(by):
        for action in free:
            write(case_id, action, by)

        assert Entry.objects.filter(case_id=case_id, kind=EntryKind.ACTION).count() == len(free)


def test_what_others_did_is_written_although_it_was_forbidden() -> None:
    case_id, by = a_case(), an_actor()

    with acting_as(by):
        actions.report_found(
            case_id=case_id,
            action="detain",
            by=by,
            at=now(),
            found_by_role="migration-authority",
            entry_id=uuid7(),
        )

        file = queries.case_for(by, case_id, purpose="casework")

    assert "detain" in {breach.action for breach in file.evaluation.breaches}


@pytest.mark.parametrize("who", ["caseworker", "supervisor", "system"])
def test_a_child_cannot_be_let_go_before_she_was_handed_over(who: str) -> None:
    case_id, by = a_case(), ROLES[who]()

    with acting_as(by), pytest.raises(DatabaseError), transaction.atomic():
        Case.objects.filter(pk=case_id).update(released_at=now())

    with acting_as(SYSTEM):
        assert Case.objects.get(pk=case_id).released_at is None


@pytest.mark.parametrize("who", ["caseworker", "supervisor", "system"])
def test_her_record_cannot_be_proposed_to_anybody_while_the_guide_blocks_it(who: str) -> None:
    case_id, by = a_case(), ROLES[who]()
    agency = an_actor().body
    assert {"send-record", "hand-over"} <= blocked_in(case_id).keys()

    with acting_as(by), pytest.raises(DatabaseError), transaction.atomic():
        Transfer.objects.create(
            id=uuid7(),
            thread=random_id(),
            side="sender",
            case_id=case_id,
            peer_node="hn",
            peer_agency="hn-dinaf",
            agency_id=agency,
            stage="proposed",
            profile="transfer",
            urgent=False,
            wrapped_key=b"k",
            sealed_proposal=b"x",
            proposed_at=now(),
            answer_due=now() + timedelta(hours=72),
        )

    with acting_as(SYSTEM):
        assert not Transfer.objects.filter(case_id=case_id).exists()


def test_an_act_is_judged_again_where_what_was_kept_is_older_than_the_rules() -> None:
    case_id, by = a_case(), an_actor()
    free = next(action for action in the_guide().vocabulary.actions if action not in blocked_in(case_id))
    with acting_as(SYSTEM):
        kept = blocked_in(case_id)
        Standing.objects.filter(pk=case_id).update(blocked=kept | {free: ["an-obligation-of-before"]})

    with acting_as(by):
        actions.require_free(case_id=case_id, action=free, by=by)
        write(case_id, free, by)

    assert free not in blocked_in(case_id)
