"""Report what happened although it was blocked, judged by what was known then; overrides lift only their own."""

from datetime import UTC, datetime
from typing import Any

import pytest

from amparo.guide import evaluate, snapshots
from tests.guide.cases import NOON, done, facts, moment, states, the_guide


def breaches(case: dict[str, Any]) -> list[str]:
    return [breach.obligation for breach in evaluate(the_guide(), case).breaches]


def place(**changed: object) -> dict[str, Any]:
    event = {"action": "separate-from-family", "at": NOON, "by_role": "child-protection-authority"}
    return facts(on="2026-03-05", appeal_state="pending", events=[{**event, **changed}])


def test_joint_emergency_lifts_its_four_obligations_and_their_holds() -> None:
    assert breaches(place(override="emergency")) == []
    assert breaches(place()) == ["bid-when-required", "reasoned-decision", "effective-remedy", "family-unity"]


@pytest.mark.parametrize(
    "role", ["migration-authority", "first-contact-officer", "unknown", "other-authority"]
)
def test_joint_emergency_is_for_child_protection_only(role: str) -> None:
    assert len(breaches(place(override="emergency", by_role=role))) == 4


def test_joint_emergency_makes_its_obligations_due_at_once() -> None:
    evaluation = evaluate(the_guide(), place(override="emergency"))

    owed = {"family-unity", "bid-when-required", "reasoned-decision", "effective-remedy"}
    assert owed <= set(states(evaluation, "open", "late"))
    assert evaluation.first_due["family-unity"] == moment(NOON)


@pytest.mark.parametrize("action", sorted(the_guide().vocabulary.never_lifted))
@pytest.mark.parametrize("override", ["emergency", "two-person"])
def test_no_override_lifts_what_is_never_lifted(action: str, override: str) -> None:
    event = {"action": action, "at": NOON, "by_role": "child-protection-authority"}
    plain = facts(on="2026-03-05", events=[event])
    lifted = facts(on="2026-03-05", events=[{**event, "override": override}])

    assert breaches(plain) == breaches(lifted) != []


def test_override_of_an_obligation_never_lifts_its_own_hold() -> None:
    event = {
        "action": "close-case",
        "at": NOON,
        "by_role": "child-protection-authority",
        "override": "two-person",
    }
    calm = facts(on="2026-03-05", appeal_state="none", events=[event])

    assert breaches(calm) == []
    assert breaches({**calm, "appeal_state": "pending"}) == ["closure-criteria"]


def test_emergency_lifts_missing_entries_but_no_hold() -> None:
    event = {
        "action": "contact-family",
        "at": NOON,
        "by_role": "first-contact-officer",
        "override": "emergency",
    }
    calm = facts(on="2026-03-05", trafficking_or_gbv="confirmed", events=[event])

    held = breaches({**calm, "recipient_linked_to_suspicion": "yes"})

    assert held == ["trafficking-gbv-referral"]
    assert breaches({**calm, "recipient_linked_to_suspicion": "no"}) == []


@pytest.mark.parametrize(
    ("override", "role", "broken"),
    [
        ("two-person", "child-protection-authority", []),
        ("two-person", "migration-authority", ["sibling-unity"]),
        ("emergency", "child-protection-authority", ["sibling-unity"]),
        ("none", "child-protection-authority", ["sibling-unity"]),
    ],
)
def test_two_person_override_needs_child_protection(override: str, role: str, broken: list[str]) -> None:
    event = {"action": "separate-siblings", "at": NOON, "by_role": role, "override": override}

    assert breaches(facts(on="2026-03-05", events=[event])) == broken


def test_later_evidence_does_not_undo_a_breach() -> None:
    needed = the_guide().obligations["no-premature-adoption"].requires
    bid = the_guide().obligations["bid-when-required"].requires
    event = {"action": "adopt", "at": NOON}
    early, late = "2026-03-02T11:59:59-06:00", "2026-03-02T12:00:01-06:00"

    in_time = facts(on="2026-03-05", events=[event], evidence=done(*needed, *bid, at=early))
    too_late = facts(on="2026-03-05", events=[event], evidence=done(*needed, *bid, at=late))

    assert breaches(in_time) == []
    assert breaches(too_late) == ["bid-when-required", "no-premature-adoption"]


def test_what_happened_later_does_not_make_an_earlier_act_a_breach() -> None:
    early, late = "2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z"
    calm = facts(on="2026-03-05", bid_state="decided", evidence=done("views-weight-explained", at=early))

    closed_first = [{"action": "close-case", "at": early}, {"action": "issue-bid", "at": late}]
    closed_last = [{"action": "close-case", "at": late}, {"action": "issue-bid", "at": early}]

    assert "views-weighed-and-fed-back" not in breaches({**calm, "events": closed_first})
    assert "views-weighed-and-fed-back" in breaches({**calm, "events": closed_last})


def test_breach_is_judged_by_what_was_known_then() -> None:
    decided = {"action": "hand-over", "at": NOON, "by_role": "child-protection-authority"}
    entries = (
        "acceptance-written",
        "care-place-ready",
        "siblings-travel-together",
        "papers-and-medication-ready",
    )
    ready = done(*entries, "child-card-updated", "bia-recorded", at="2026-03-01T10:00:00Z")
    known_then = facts(
        on="2026-03-02", recipient="same-state-protection", recipient_linked_to_suspicion="no",
        bid_state="not-required", evidence=ready, events=[],
    )  # fmt: skip
    known_now = {
        **known_then, "on": "2026-03-10", "recipient_linked_to_suspicion": "yes", "events": [decided],
    }  # fmt: skip
    history = snapshots(
        [(moment("2026-03-01T00:00:00Z"), known_then), (moment("2026-03-09T00:00:00Z"), known_now)]
    )

    by_then = evaluate(the_guide(), known_now, history=history)
    by_now = evaluate(the_guide(), known_now)

    assert by_then.breaches == ()
    assert [breach.obligation for breach in by_now.breaches] == ["trafficking-gbv-referral"]


def test_history_also_shows_a_breach_that_later_answers_would_hide() -> None:
    event = {"action": "contact-family", "at": NOON, "by_role": "guardian", "override": "emergency"}
    then = facts(trafficking_or_gbv="indicated", recipient_linked_to_suspicion="yes")
    now = {**then, "on": "2026-03-10", "recipient_linked_to_suspicion": "no", "events": [event]}
    history = snapshots([(moment("2026-03-01T00:00:00Z"), then)])

    assert evaluate(the_guide(), now).breaches == ()
    assert len(evaluate(the_guide(), now, history=history).breaches) == 1


def test_snapshots_know_nothing_before_the_first() -> None:
    history = snapshots([(datetime(2026, 3, 1, tzinfo=UTC), facts())])

    assert history(datetime(2026, 2, 28, tzinfo=UTC)) is None
