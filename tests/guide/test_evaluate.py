"""Judge cases the examples do not reach: deadlines, rounds, evidence, errors."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from amparo.guide import Guide, evaluate
from amparo.guide.durations import duration
from amparo.guide.engine import condition
from amparo.guide.model import Evidence, Obligation
from tests.guide.cases import NOON, ana, done, examples, facts, moment, the_guide


def with_obligation(key: str, **changed: Any) -> Guide:  # noqa: ANN401  # any field of an obligation
    guide = the_guide()
    changed_one: Obligation = replace(guide.obligations[key], **changed)
    for each in (
        changed_one.applies,
        changed_one.due,
        changed_one.reopen_while,
        *changed_one.hold_while.values(),
    ):
        if each is not None:
            guide.engine.compile(each.text)
    return replace(guide, obligations={**guide.obligations, key: changed_one})


# ---- deadlines ---------------------------------------------------------------------------------


def test_deadline_counts_from_its_clock_and_is_late_once_passed() -> None:
    guide = with_obligation("appoint-guardian", deadline=duration("PT24H"))
    case = ana(accompaniment_known_at="2026-03-02T08:40:00-06:00")

    before = evaluate(guide, case, at=moment("2026-03-03T08:40:00-06:00")).status("appoint-guardian")
    after = evaluate(guide, case, at=moment("2026-03-03T08:40:01-06:00")).status("appoint-guardian")

    assert (before.state, after.state) == ("open", "late")
    assert before.due == moment("2026-03-03T14:40:00Z")
    assert (before.on_time, after.on_time) == (True, False)


def test_deadline_falls_back_to_first_contact_where_nobody_noted_when_it_was_known() -> None:
    guide = with_obligation("appoint-guardian", deadline=duration("P1D"))
    case = facts(first_contact_at="2026-03-02T08:00:00Z")

    status = evaluate(guide, case).status("appoint-guardian")

    assert status.due == moment("2026-03-03T08:00:00Z")


def test_deadline_without_clock_never_runs_out() -> None:
    guide = with_obligation("appoint-guardian", deadline=duration("PT1S"))

    status = evaluate(guide, facts()).status("appoint-guardian")

    assert (status.state, status.due) == ("open", None)


@pytest.mark.parametrize(("on", "state"), [("2026-06-01", "open"), ("2026-06-02", "late")])
def test_day_is_judged_at_its_end(on: str, state: str) -> None:
    case = {**examples()["12-four-months-without-review"]["facts"], "on": on}

    assert evaluate(the_guide(), case).status("placement-review").state == state


def test_nothing_is_late_where_nothing_is_asked() -> None:
    guide = with_obligation("missing-child", deadline=duration("PT1H"))

    status = evaluate(guide, facts(missing="no", missing_since="2026-01-01T00:00:00Z")).status(
        "missing-child"
    )

    assert (status.state, status.due) == ("guarding", None)


@pytest.mark.parametrize(
    ("clock", "known"),
    [
        ("placement-start", {"events": [{"action": "place", "at": "2026-03-01T10:00:00Z"}]}),
        ("decision-issued", {"events": [{"action": "issue-bid", "at": "2026-03-01T10:00:00Z"}]}),
        ("solution-started", {"events": [{"action": "reunify", "at": "2026-03-01T10:00:00Z"}]}),
        ("missing-since", {"missing_since": "2026-03-01T10:00:00Z"}),
        ("family-request", {"reunification_asked_at": "2026-03-01T10:00:00Z"}),
    ],
)
def test_each_clock_starts_where_the_vocabulary_says(clock: str, known: dict[str, Any]) -> None:
    guide = with_obligation("appoint-guardian", deadline=duration("P1D"), clock=clock)

    status = evaluate(guide, facts(**known)).status("appoint-guardian")

    assert status.due == moment("2026-03-02T10:00:00Z")


def test_since_due_clock_starts_when_first_found_and_is_given_back() -> None:
    guide = with_obligation("legal-aid", deadline=duration("P2D"))
    case = facts(decision_kind=["status"])
    now = moment("2026-03-02T09:00:00Z")

    first = evaluate(guide, case, at=now)
    later = evaluate(guide, case, at=now + timedelta(days=3), first_due=first.first_due)

    assert first.first_due["legal-aid"] == now
    assert first.status("legal-aid").state == "open"
    assert later.first_due["legal-aid"] == now
    assert later.status("legal-aid").state == "late"


def test_memory_is_kept_while_nothing_is_due() -> None:
    remembered = {"legal-aid": moment("2026-01-01T00:00:00Z")}

    evaluation = evaluate(the_guide(), facts(), first_due=remembered)

    assert evaluation.first_due["legal-aid"] == remembered["legal-aid"]


def test_coming_of_age_starts_when_the_horizon_is_reached() -> None:
    guide = with_obligation("aging-out-plan", deadline=duration("P1M"))
    horizon = replace(guide, coming_of_age_horizon=duration("P12M"))
    remembered = {"aging-out-plan": moment("2026-01-01T00:00:00Z")}

    young = evaluate(horizon, facts(age_in_months=203), first_due=remembered).status("aging-out-plan")
    near = evaluate(horizon, facts(age_in_months=204), first_due=remembered).status("aging-out-plan")
    without = evaluate(guide, facts(age_in_months=204), first_due=remembered).status("aging-out-plan")

    assert (young.state, near.state, without.state) == ("open", "late", "open")


def test_late_obligation_asks_the_supervisor_for_reasons() -> None:
    case = examples()["12-four-months-without-review"]["facts"]
    earlier = {**case, "on": "2026-05-01"}

    late, in_time = evaluate(the_guide(), case), evaluate(the_guide(), earlier)

    assert "delay-reasons-recorded" in late.status("no-undue-delay").missing
    assert "delay-reasons-recorded" not in in_time.status("no-undue-delay").missing


# ---- rounds ------------------------------------------------------------------------------------

REVIEW = ("placement-reviewed-with-child", "placement-adequacy-judged", "next-review-date-set")


@pytest.mark.parametrize(("on", "state"), [("2026-06-30", "met"), ("2026-07-01", "late")])
def test_recurring_deadline_starts_again_with_each_round(on: str, state: str) -> None:
    case = facts(
        on=on,
        care_setting="residential",
        care_since="2026-01-01T10:00:00Z",
        evidence=done(*REVIEW, at="2026-04-01T10:00:00Z"),
    )

    status = evaluate(the_guide(), case).status("placement-review")

    assert status.state == state
    assert set(status.missing) == (set() if state == "met" else set(REVIEW))


def test_round_counts_from_its_oldest_entry() -> None:
    evidence = done(*REVIEW, at="2026-06-20T10:00:00Z") | done(REVIEW[0], at="2026-03-01T10:00:00Z")
    case = facts(
        on="2026-06-25", care_setting="residential", care_since="2026-01-01T10:00:00Z", evidence=evidence
    )

    assert evaluate(the_guide(), case).status("placement-review").state == "late"


# ---- evidence, guards, states ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "counts"),
    [
        ({"done": True, "at": NOON, "by_role": "court"}, True),
        ({"done": False, "at": NOON, "by_role": "court"}, False),
        ({"done": True, "at": NOON, "by_role": "migration-authority"}, False),
        ({"done": True, "at": "2026-03-03T00:00:00-06:00", "by_role": "court"}, False),
        ({"done": True, "at": "2026-03-02T23:59:59-06:00", "by_role": "court"}, True),
    ],
)
def test_evidence_counts_only_done_dated_and_attested(entry: dict[str, Any], counts: bool) -> None:
    case = facts(age_status="adult-established", evidence={"age-settled": entry})

    evaluation = evaluate(the_guide(), case)

    assert ("detain" not in evaluation.blocked) is counts
    assert ("age_status" not in evaluation.guarded) is counts


def test_evidence_outside_the_catalogue_is_passed_over() -> None:
    entry = {"done": True, "at": NOON, "by_role": "court"}

    assert evaluate(the_guide(), facts(evidence={"no-such-key": entry})) == evaluate(the_guide(), facts())


def test_hold_keeps_a_complete_obligation_on_guard_and_blocking() -> None:
    needed = the_guide().obligations["closure-criteria"].requires
    calm = {"decision_kind": ["closure"], "appeal_state": "none"}

    met = evaluate(the_guide(), facts(**calm, evidence=done(*needed)))
    held = evaluate(the_guide(), facts(**calm, complaint_open="yes", evidence=done(*needed)))

    assert met.status("closure-criteria").state == "met"
    assert held.status("closure-criteria").state == "guarding"
    assert "closure-criteria" in held.blocked["close-case"]
    assert held.status("closure-criteria").bars["close-case"].held


def test_ask_lists_the_unknown_facts_the_conditions_read() -> None:
    status = evaluate(the_guide(), facts(age_status="child", accompaniment="separated")).status(
        "appoint-guardian"
    )

    assert status.ask == ("guardian_state", "parents_conflict")


def test_what_is_owed_after_an_act_keeps_the_case_from_closing() -> None:
    before = facts(bid_state="decided", evidence=done("views-weight-explained"))
    after = {**before, "events": [{"action": "issue-bid", "at": "2026-03-01T10:00:00Z"}]}

    assert "views-weighed-and-fed-back" not in evaluate(the_guide(), before).blocked["close-case"]
    assert "views-weighed-and-fed-back" in evaluate(the_guide(), after).blocked["close-case"]
    assert evaluate(the_guide(), after).status("views-weighed-and-fed-back").state == "open"


# ---- errors ------------------------------------------------------------------------------------

BROKEN = condition("facts.needs_now[9] == 'food'")


@pytest.mark.parametrize("field", ["applies", "due", "reopen_while"])
def test_condition_that_fails_counts_as_true_and_is_reported(field: str) -> None:
    needed = the_guide().obligations["missing-child"].requires
    guide = with_obligation("missing-child", **{field: BROKEN})
    case = facts(missing="yes", evidence=done(*needed) if field == "reopen_while" else {})

    evaluation = evaluate(guide, case)

    assert evaluation.status("missing-child").state == "open"
    assert [error.condition for error in evaluation.errors] == [BROKEN.text]


def test_block_and_hold_that_fail_count_as_true() -> None:
    guide = with_obligation(
        "missing-child", block_when={"close-case": BROKEN}, hold_while={"close-case": BROKEN}
    )
    needed = the_guide().obligations["missing-child"].requires

    evaluation = evaluate(guide, facts(evidence=done(*needed)))

    assert evaluation.status("missing-child").bars["close-case"].held
    assert evaluation.errors


def test_guard_that_fails_is_not_fulfilled() -> None:
    guide = the_guide()
    guide.engine.compile(BROKEN.text)
    guards = tuple(replace(guard, unless=BROKEN) for guard in guide.vocabulary.guards)
    broken = replace(guide, vocabulary=replace(guide.vocabulary, guards=guards))

    evaluation = evaluate(broken, facts(age_status="adult-established", evidence=done("age-settled")))

    assert "detain" in evaluation.blocked
    assert "age_status" in evaluation.guarded


def test_evidence_whose_need_fails_is_needed() -> None:
    guide = the_guide()
    guide.engine.compile(BROKEN.text)
    entry: Evidence = replace(guide.evidence["medication-continuity"], needed_when=BROKEN)
    broken = replace(guide, evidence={**guide.evidence, entry.key: entry})

    assert entry.key in evaluate(broken, facts()).status("health-and-recovery").missing


def test_moment_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        evaluate(the_guide(), facts(), at=datetime(2026, 3, 2))  # noqa: DTZ001
