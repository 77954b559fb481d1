"""Show that the shipped scenarios try all of the Guide, and say what they leave out."""

from collections.abc import Callable

import pytest

from amparo.guide import Guide, evaluate
from tests.guide import scenario_coverage as coverage
from tests.guide.cases import done, facts, the_guide
from tests.guide.scenario_coverage import Names, Tried, covered, tried
from tests.guide.test_properties import drawn_case

EVERYBODY = "it covers every record, whoever it is about"
ALWAYS_ASKED = "it is asked of everybody it covers and nothing holds it: not met, it is open"
# States no case can reach, and why. A test below shows it of each.
UNREACHABLE = {
    **dict.fromkeys(
        (
            f"{key}: not-applicable"
            for key in ("confidentiality", "data-firewall", "safe-disaggregated-statistics")
        ),
        EVERYBODY,
    ),
    **dict.fromkeys(
        (
            f"{key}: guarding"
            for key in (
                "identify-child-on-contact",
                "admit-for-evaluation",
                "determine-accompaniment",
                "screen-vulnerabilities",
                "safe-first-interview",
                "interpreter",
                "meet-immediate-needs",
                "child-protection-notified-first",
                "no-detention",
                "appoint-guardian",
                "child-friendly-information",
                "bia-before-decisions",
                "indigenous-culture-language",
                "no-undue-delay",
                "family-based-care-first",
                "placement-review",
                "health-and-recovery",
                "xenophobia-incidents",
            )
        ),
        ALWAYS_ASKED,
    ),
}
# A reopening that never stands alone: while it lasts, an entry is contradicted and so missing too.
NEVER_ALONE = {"no-detention reopens": "open care on record contradicts a child who is locked up"}
KINDS: dict[str, tuple[Callable[[Guide], Names], Callable[[Tried], Names]]] = {
    "states": (coverage.all_states, coverage.states),
    "blocks": (coverage.all_blocks, coverage.blocks),
    "limits of blocks": (coverage.all_limits, coverage.limits),
    "gates": (coverage.all_gates, coverage.gates),
    "holds and reopenings": (coverage.all_holds, coverage.holds),
    "absolute": (coverage.all_absolute, coverage.absolute),
    "overrides that lift": (coverage.all_lifts, coverage.lifts),
    "overrides that are refused": (coverage.all_refused, coverage.refused),
    "joint emergency": (coverage.all_joint, coverage.joint_emergency),
    "owed after an emergency": (coverage.all_owed, coverage.owed),
    "duties that fall due after": (coverage.all_after, coverage.after),
    "guards": (coverage.all_guards, coverage.guards),
}


@pytest.mark.parametrize("kind", KINDS)
def test_scenarios_try_everything_of_this_kind(kind: str) -> None:
    everything, of_case = KINDS[kind]

    untried = set(everything(the_guide())) - covered(of_case) - UNREACHABLE.keys() - NEVER_ALONE.keys()

    assert sorted(untried) == []


def test_there_are_more_than_150_scenarios() -> None:
    assert len(tried()) >= 150


def test_every_action_is_blocked_and_every_action_that_can_be_is_free() -> None:
    never_free = {a for o in the_guide().obligations.values() if o.absolute for a in o.blocks}
    actions = set(the_guide().vocabulary.actions)

    blocked = {action for case in tried() for action in case.scenario.expected.blocked}
    free = {action for case in tried() for action in case.scenario.expected.free}

    assert actions - blocked == set()
    assert actions - free - never_free == set()


def test_word_of_another_role_and_unknown_facts_are_tried() -> None:
    assert len(covered(coverage.wrong_roles)) >= 10
    assert len(covered(coverage.asked)) >= 10
    assert len(covered(coverage.breached)) >= 8


# ---- what cannot be reached ---------------------------------------------------------------------


def test_state_is_called_unreachable_exactly_where_the_rules_leave_no_way_to_it() -> None:
    obligations = the_guide().obligations.values()
    everybody = {f"{each.id}: not-applicable" for each in obligations if each.applies.text == "true"}
    always = {f"{each.id}: guarding" for each in obligations if each.due is None and not each.hold_while}

    assert dict.fromkeys(everybody, EVERYBODY) | dict.fromkeys(always, ALWAYS_ASKED) == UNREACHABLE


def test_care_on_record_never_stands_beside_a_child_who_is_locked_up() -> None:
    entries = done(*the_guide().obligations["no-detention"].requires)

    status = evaluate(the_guide(), facts(care_setting="deprived-of-liberty", evidence=entries)).status(
        "no-detention"
    )

    assert (status.state, status.missing) == ("open", ("non-custodial-care-recorded",))
    assert status.bars["detain"].reopened


def test_no_drawn_case_reaches_what_is_called_unreachable() -> None:
    found = {
        f"{status.id}: {status.state}"
        for seed in range(300)
        for status in evaluate(the_guide(), drawn_case(seed)).obligations
    }

    assert found & UNREACHABLE.keys() == set()
    assert len(found) > 150
