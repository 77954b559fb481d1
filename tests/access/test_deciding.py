"""Show that one rule decides, that each of its parts can refuse, and that nobody without a reason gets through."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.access.deciding import Ask, Budget, Decision, Reason, decide, usual_purpose
from amparo.access.rights import NO_WAY_TO_A_CHILD, RIGHTS_OF_ACTS
from amparo.access.roles import NO_PERSON, POSTS, REACHES, Purpose, Reach, Relation, Role, Sector

ASSIGNED = Ask(Role.CASEWORKER, Sector.PROTECTION, Relation.ASSIGNED, "case.read", Purpose.CASEWORK)
FILES = {Reach.P2, Reach.P3}
SHOWING_A_FILE = sorted(act for act, right in RIGHTS_OF_ACTS.items() if right.shows & FILES)

roles, sectors, relations = (st.sampled_from(list(kind)) for kind in (Role, Sector, Relation))
acts = st.sampled_from(sorted(RIGHTS_OF_ACTS))
purposes = st.sampled_from([*Purpose, "", "curiosity"])
budgets = st.builds(
    Budget,
    st.integers(0, 60),
    st.none() | st.integers(0, 60),
    st.none() | st.integers(0, 60),
    st.booleans(),
)
asks = st.builds(Ask, roles, sectors, relations, acts, purposes, st.booleans(), budgets)


def test_whoever_is_assigned_reads_for_her_work() -> None:
    decision = decide(ASSIGNED)

    assert decision == Decision(True)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"act": "case.peek"}, Reason.NO_SUCH_ACT),
        ({"act": "override.review"}, Reason.ROLE),
        ({"role": Role.SUPERVISOR, "act": "case.assign"}, Reason.RELATION),
        ({"sector": Sector.MIGRATION}, Reason.SECTOR),
        ({"relation": Relation.NONE}, Reason.RELATION),
        ({"relation": Relation.SUPERVISOR}, Reason.RELATION),
        ({"relation": Relation.RECEIVING_AGENCY}, Reason.RELATION),
        ({"purpose": Purpose.GUARDIANSHIP}, Reason.PURPOSE),
        ({"purpose": "curiosity"}, Reason.PURPOSE),
        ({"withheld": True}, Reason.WITHHELD),
        ({"budget": Budget(40, 40)}, Reason.BUDGET),
        ({"budget": Budget(30, 40, 30)}, Reason.STEP_UP),
    ],
)
def test_each_part_of_the_rule_refuses_alone(change: dict[str, object], reason: Reason) -> None:
    decision = decide(replace(ASSIGNED, **change))  # type: ignore[arg-type]

    assert decision == Decision(False, (reason,))


def test_every_reason_is_given_and_not_only_the_first() -> None:
    stranger = Ask(
        Role.MIGRATION_OFFICER, Sector.MIGRATION, Relation.NONE, "case.read", "", True, Budget(40, 40)
    )

    assert decide(stranger).reasons == (
        Reason.ROLE, Reason.SECTOR, Reason.RELATION, Reason.PURPOSE, Reason.WITHHELD, Reason.BUDGET,
    )  # fmt: skip


def test_a_step_up_opens_the_way_to_the_limit_and_no_further() -> None:
    stepped = [
        decide(replace(ASSIGNED, budget=Budget(n, 40, 30, stepped_up=True))).allowed for n in (30, 39, 40)
    ]

    assert stepped == [True, True, False]


@given(asks)
def test_the_rule_gives_reasons_exactly_where_it_refuses(ask: Ask) -> None:
    decision = decide(ask)

    assert decision.allowed == (not decision.reasons)
    assert set(decision.reasons) <= set(Reason)
    assert len(set(decision.reasons)) == len(decision.reasons)


@given(asks)
def test_what_is_withheld_or_over_budget_never_opens_more(ask: Ask) -> None:
    freer = decide(replace(ask, withheld=False, budget=Budget()))

    assert freer.allowed or not decide(ask).allowed


@given(asks)
def test_no_file_of_a_child_is_opened_without_a_relation_to_her(ask: Ask) -> None:
    opened = decide(ask).allowed and ask.act in SHOWING_A_FILE and ask.role is not Role.SYSTEM

    assert not (opened and ask.relation is Relation.NONE)
    assert not (opened and ask.withheld)
    assert not (opened and ask.purpose not in set(Purpose))


@given(asks)
def test_the_migration_side_is_shown_the_gate_and_nothing_else(ask: Ask) -> None:
    asked = replace(ask, sector=Sector.MIGRATION)

    assert not decide(asked).allowed or RIGHTS_OF_ACTS[ask.act].shows <= {Reach.GATE, Reach.WHO_READ}


@pytest.mark.parametrize("role", sorted(NO_WAY_TO_A_CHILD))
def test_some_roles_have_no_way_to_a_child_at_all(role: Role) -> None:
    every = product(Sector, Relation, RIGHTS_OF_ACTS, Purpose)

    reached = {
        act
        for sector, relation, act, purpose in every
        if decide(Ask(role, sector, relation, act, purpose)).allowed and RIGHTS_OF_ACTS[act].shows
    }

    assert reached == set()


def test_every_role_of_a_person_either_reaches_a_child_or_says_why_not() -> None:
    silent = {role for role in set(Role) - NO_PERSON if not POSTS[role].purposes}

    assert silent == set(NO_WAY_TO_A_CHILD)


def test_the_tables_name_every_role_and_side_and_leave_no_right_unused() -> None:
    used = {
        act
        for role, sector, relation, purpose, act in product(Role, Sector, Relation, Purpose, RIGHTS_OF_ACTS)
        if decide(Ask(role, sector, relation, act, purpose)).allowed
    }

    assert set(POSTS) == set(Role)
    assert set(REACHES) == set(Sector)
    assert used == set(RIGHTS_OF_ACTS)


def test_no_role_is_given_an_act_that_it_can_never_do() -> None:
    idle = [
        (act, role)
        for act, right in RIGHTS_OF_ACTS.items()
        for role in right.roles
        if not any(
            decide(Ask(role, sector, relation, act, purpose)).allowed
            for sector, relation, purpose in product(POSTS[role].sectors, Relation, [*Purpose])
        )
    ]

    assert idle == []


@pytest.mark.parametrize("role", [role for role in Role if POSTS[role].purposes])
def test_the_usual_purpose_of_a_role_is_one_of_its_own(role: Role) -> None:
    assert usual_purpose(role) == POSTS[role].purposes[0]


def test_a_role_that_reads_nothing_has_no_purpose() -> None:
    assert usual_purpose(Role.ADMINISTRATOR) == ""


def test_only_the_node_itself_needs_no_relation() -> None:
    without = [
        role
        for role in Role
        for sector in POSTS[role].sectors
        for purpose in Purpose
        for act in RIGHTS_OF_ACTS
        if RIGHTS_OF_ACTS[act].relations and decide(Ask(role, sector, Relation.NONE, act, purpose)).allowed
    ]

    assert set(without) == {Role.SYSTEM}
