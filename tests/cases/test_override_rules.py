"""Try on many invented people, hours and words what must hold of every override."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.access.rules import DOES, RIGHTS, Role
from amparo.cases.override_rules import (
    CONFIRM_WITHIN,
    ENDS,
    JOINT_ACTION,
    JOINT_DUTIES,
    NEVER_LIFTED,
    PROPOSAL_WAITS,
    SHORTEST_REASONS,
    WRITTEN_WITHIN,
    Kind,
    Signer,
    Stage,
    Step,
    confirm_refusal,
    emergency_refusal,
    grown,
    must_go_back,
    open_to,
    owed,
    review_refusal,
    second_refusal,
    stage_of,
    words_refusal,
)
from amparo.guide import PROTECTION, load

THEN = datetime(2026, 3, 2, 8, tzinfo=UTC)
ROLES = [*load().vocabulary.roles, ""]
PEOPLE = [UUID(int=number) for number in range(3)]
signers = st.builds(Signer, st.sampled_from(PEOPLE), st.sampled_from(ROLES))
hours = st.floats(0, 100).map(lambda number: THEN + timedelta(hours=number))
steps = st.sets(st.sampled_from(list(Step)))
kinds = st.sampled_from(list(Kind))
agreed = st.dictionaries(st.sampled_from("abc"), st.lists(st.sampled_from("xyz")))


@given(signers, signers)
def test_two_decide_only_when_they_are_two_and_one_protects_children(first: Signer, second: Signer) -> None:
    allowed = not second_refusal(first, second)

    assert allowed == (first.id != second.id and PROTECTION in {first.guide_role, second.guide_role})


@given(signers, signers)
def test_who_signs_first_and_who_second_makes_no_difference(first: Signer, second: Signer) -> None:
    assert second_refusal(first, second) == second_refusal(second, first)


@given(signers, signers, hours)
def test_a_parting_is_confirmed_only_by_another_of_child_protection_within_a_day(
    first: Signer, second: Signer, at: datetime
) -> None:
    allowed = not confirm_refusal(first, second, acted_at=THEN, at=at)

    assert allowed == (
        first.id != second.id and second.guide_role == PROTECTION and at - THEN <= CONFIRM_WITHIN
    )


@given(st.sets(st.sampled_from(PEOPLE)), signers)
def test_nobody_reviews_what_she_signed(signed: set[UUID], reviewer: Signer) -> None:
    allowed = not review_refusal(signed, reviewer)

    assert allowed == (reviewer.guide_role == "supervisor" and reviewer.id not in signed)


@given(st.text())
def test_what_passes_for_reasons_is_long_enough_and_no_single_word_repeated(text: str) -> None:
    if not words_refusal(text):
        assert len(text.strip()) >= SHORTEST_REASONS
        assert len(set(text.split())) > 1


@given(st.text(alphabet=" \t\n\u00a0\u2003"))
def test_blank_is_no_reason(text: str) -> None:
    assert words_refusal(text) == "blank"


@given(steps, hours)
def test_a_proposal_is_done_only_with_the_second_signature(taken: set[Step], at: datetime) -> None:
    stage = stage_of(Kind.TWO_PERSON, taken, since=THEN, at=at)

    assert (stage is Stage.DONE) == (Step.SECONDED in taken)
    if not taken & set(ENDS):
        assert stage is (Stage.EXPIRED if at - THEN > PROPOSAL_WAITS else Stage.WAITING)


@given(kinds, steps, hours)
def test_nothing_is_owed_before_the_act_and_afterwards_the_guardian_and_the_review_always(
    kind: Kind, taken: set[Step], at: datetime
) -> None:
    stage = stage_of(kind, taken, since=THEN, at=at)

    due = owed(kind, taken, stage)

    assert stage is Stage.DONE or not due
    if stage is Stage.DONE:
        assert {Step.GUARDIAN_TOLD, Step.REVIEWED} - taken <= set(due)
        assert not set(due) & taken


@given(kinds, steps)
def test_what_is_owed_shrinks_with_each_step_and_never_grows(kind: Kind, taken: set[Step]) -> None:
    before = set(owed(kind, taken, Stage.DONE))

    for step in before:
        assert set(owed(kind, taken | {step}, Stage.DONE)) < before


def test_a_parting_owes_all_that_the_vocabulary_names() -> None:
    due = owed(Kind.JOINT, (), Stage.DONE)

    assert due[0] is Step.CONFIRMED
    assert set(JOINT_DUTIES) <= set(due)
    assert not set(JOINT_DUTIES) & set(owed(Kind.EMERGENCY, (), Stage.DONE))


@given(kinds, steps, hours)
def test_a_child_goes_back_after_a_day_unless_confirmed_or_back_already(
    kind: Kind, taken: set[Step], at: datetime
) -> None:
    back = must_go_back(kind, taken, acted_at=THEN, at=at)

    settled = bool(taken & {Step.CONFIRMED, Step.CHILD_BACK})
    assert back == (kind is Kind.JOINT and not settled and at - THEN > CONFIRM_WITHIN)


@given(agreed, agreed)
def test_a_signature_covers_what_was_signed_for_and_nothing_more(
    signed: dict[str, list[str]], now_standing: dict[str, list[str]]
) -> None:
    new = grown(signed, now_standing)

    for duty, terms in now_standing.items():
        assert (duty in new) == (duty not in signed or not set(terms) <= set(signed[duty]))
    assert grown(signed, signed) == ()


@given(signers, signers, steps, hours, kinds)
def test_nobody_is_offered_a_signature_that_would_be_refused(
    reader: Signer, first: Signer, taken: set[Step], at: datetime, kind: Kind
) -> None:
    stage = stage_of(kind, taken, since=THEN, at=at)

    offered = open_to(reader, first, {first.id}, stage, owed(kind, taken, stage))

    if Step.SECONDED in offered:
        assert not second_refusal(first, reader)
    if Step.WITHDRAWN in offered:
        assert reader.id == first.id
    if Step.REVIEWED in offered:
        assert not review_refusal({first.id}, reader)
    if Step.CONFIRMED in offered:
        assert not confirm_refusal(first, reader, acted_at=THEN, at=THEN)
    if stage in (Stage.EXPIRED, Stage.WITHDRAWN, Stage.DECLINED):
        assert offered == ()


@pytest.mark.parametrize(
    ("after", "code"),
    [
        (timedelta(0), ""),
        (WRITTEN_WITHIN, ""),
        (WRITTEN_WITHIN + timedelta(seconds=1), "too-old"),
        (-timedelta(seconds=1), "in-future"),
    ],
)
def test_an_emergency_is_written_down_within_a_day(after: timedelta, code: str) -> None:
    assert emergency_refusal(acted_at=THEN, at=THEN + after) == code


@pytest.mark.parametrize(
    "role",
    [Role.MIGRATION_OFFICER, Role.ADMINISTRATOR, Role.SECRETARIAT, Role.DEVICE, Role.NOBODY, Role.SYSTEM],
)
def test_no_other_role_has_any_right_to_an_override(role: Role) -> None:
    assert not {right for right in RIGHTS[role] if right.startswith("override.")}


def test_a_first_contact_may_only_act_first_and_only_what_is_hers() -> None:
    rights = {right for right in RIGHTS[Role.FIRST_CONTACT] if right.startswith("override.")}

    assert rights == {"override.emergency"}
    assert JOINT_ACTION not in DOES[Role.FIRST_CONTACT]


def test_the_closed_lists_are_those_of_the_guide() -> None:
    vocabulary = load().vocabulary

    assert frozenset(NEVER_LIFTED) == vocabulary.never_lifted
    assert [joint.action for joint in vocabulary.joint_emergencies] == [JOINT_ACTION]
    assert {joint.who for joint in vocabulary.joint_emergencies} == {PROTECTION}


def test_two_signers_of_the_same_account_are_one_person_whatever_their_roles() -> None:
    somebody = uuid4()

    assert second_refusal(Signer(somebody, PROTECTION), Signer(somebody, "supervisor")) == "same-person"
