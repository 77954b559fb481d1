"""Explain refusals by verified norms only, and show each person only what is theirs to do."""

import pytest

from amparo.guide import ActionUnknown, evaluate, may, refusals, tasks_for
from tests.guide.cases import NOON, ana, done, examples, facts, the_guide

GUIDE = the_guide()


def test_refusal_of_detention_names_its_norm_and_what_to_do_instead() -> None:
    (found,) = refusals(GUIDE, evaluate(GUIDE, ana()), "detain")

    assert found.obligation == "no-detention"
    assert ("crc", "art. 37(b)") in [(cited.id, cited.ref) for cited in found.norms]
    assert found.absolute
    assert found.override == "none"
    assert [(entry.key, entry.attest) for entry in found.missing] == [
        ("non-custodial-care-recorded", ("child-protection-authority", "care-provider"))
    ]


def test_unverified_source_is_never_the_ground_of_a_refusal() -> None:
    evaluation = evaluate(GUIDE, facts())
    for action in evaluation.blocked:
        for found in refusals(GUIDE, evaluation, action):
            assert all(cited.verified and cited.fit == "direct" for cited in found.norms)
            assert all(cited.verified and cited.fit == "supporting" for cited in found.related)
            assert not any(cited.verified for cited in found.to_be_confirmed)
            shown = (*found.norms, *found.related, *found.to_be_confirmed)
            assert set(shown) == set(GUIDE.obligations[found.obligation].sources)


def test_refusal_names_every_obligation_that_blocks() -> None:
    evaluation = evaluate(GUIDE, ana())

    for action, behind in evaluation.blocked.items():
        assert tuple(found.obligation for found in refusals(GUIDE, evaluation, action)) == behind


def test_gate_asks_only_for_its_own_entries() -> None:
    evaluation = evaluate(GUIDE, facts())

    found = {each.obligation: each for each in refusals(GUIDE, evaluation, "age-exam")}

    gate = GUIDE.obligations["age-assessment-safeguards"].gate["age-exam"]
    assert tuple(entry.key for entry in found["age-assessment-safeguards"].missing) == gate


def test_hold_is_named_even_with_every_entry_done() -> None:
    evaluation = evaluate(GUIDE, examples()["10-return-but-appeal-pending"]["facts"])

    found = {each.obligation: each for each in refusals(GUIDE, evaluation, "return-child")}

    assert found["return-preconditions"].held
    assert found["return-preconditions"].missing == ()


def test_action_is_free_only_when_nothing_blocks_it() -> None:
    evaluation = evaluate(GUIDE, examples()["09-return-every-precondition-met"]["facts"])

    assert may(GUIDE, evaluation, "return-child")
    assert not may(GUIDE, evaluation, "detain")


def test_unknown_action_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ActionUnknown, match=r"'imprison'.*refuse-entry, detain"):
        refusals(GUIDE, evaluate(GUIDE, ana()), "imprison")


def test_override_leaves_out_only_what_it_lifts() -> None:
    evaluation = evaluate(GUIDE, facts())
    plain = {each.obligation: each.override for each in refusals(GUIDE, evaluation, "interview")}

    left = refusals(GUIDE, evaluation, "interview", override="emergency", by_role="first-contact-officer")

    assert plain == {
        "safe-first-interview": "emergency",
        "interpreter": "emergency",
        "meet-immediate-needs": "none",
    }
    assert [each.obligation for each in left] == ["meet-immediate-needs"]


def test_joint_emergency_is_offered_to_child_protection_only() -> None:
    evaluation = evaluate(GUIDE, facts())

    allowed = refusals(
        GUIDE, evaluation, "separate-from-family", override="emergency", by_role="child-protection-authority"
    )
    denied = refusals(
        GUIDE, evaluation, "separate-from-family", override="emergency", by_role="migration-authority"
    )

    assert allowed == []
    assert denied == refusals(GUIDE, evaluation, "separate-from-family")


def test_tasks_are_those_of_the_role_with_immediate_needs_first() -> None:
    evaluation = evaluate(GUIDE, ana())

    tasks = tasks_for(GUIDE, evaluation, "first-contact-officer")

    assert tasks[0].obligation == "meet-immediate-needs"
    assert tasks[0].immediate
    assert all("first-contact-officer" in GUIDE.obligations[t.obligation].duty_bearer for t in tasks)
    assert {task.state for task in tasks} <= {"open", "late"}


def test_late_tasks_come_before_others() -> None:
    evaluation = evaluate(GUIDE, examples()["12-four-months-without-review"]["facts"])

    tasks = tasks_for(GUIDE, evaluation, "child-protection-authority")

    assert tasks[0].obligation == "placement-review"
    assert tasks[0].state == "late"


def test_task_tells_apart_what_the_role_may_attest() -> None:
    (task,) = [
        t
        for t in tasks_for(GUIDE, evaluate(GUIDE, ana()), "first-contact-officer")
        if t.obligation == "safe-first-interview"
    ]

    assert "private-setting" in task.mine
    assert task.others == ("interviewer-trained",)


def test_role_without_open_duty_has_no_tasks() -> None:
    assert tasks_for(GUIDE, evaluate(GUIDE, ana()), "consulate") == []


def test_reopened_obligation_says_so() -> None:
    needed = GUIDE.obligations["meet-immediate-needs"].requires
    case = facts(needs_now=["food"], evidence=done(*needed, at=NOON))

    found = {each.obligation: each for each in refusals(GUIDE, evaluate(GUIDE, case), "interview")}

    assert found["meet-immediate-needs"].reopened
    assert found["meet-immediate-needs"].missing == ()
