"""Show that an override is named as the way out exactly where it lifts every reason, and never for more."""

from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.guide import PROTECTION, evaluate, joint_emergency_of, refusals, way_out
from tests.guide.cases import ana, the_guide
from tests.guide.test_properties import drawn_case

GUIDE = the_guide()
OVERRIDES = ("emergency", "two-person")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**40).map(drawn_case))
def test_the_way_out_lifts_everything_and_where_none_is_named_none_does(case: dict[str, object]) -> None:
    evaluation = evaluate(GUIDE, case)

    for action in evaluation.blocked:
        named = way_out(refusals(GUIDE, evaluation, action))
        opening = [
            one
            for one in OVERRIDES
            if not refusals(GUIDE, evaluation, action, override=one, by_role=PROTECTION)
        ]
        assert opening == ([] if named == "none" else [named]), action


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**40).map(drawn_case))
def test_no_way_out_of_what_is_never_lifted_absolute_or_held(case: dict[str, object]) -> None:
    evaluation = evaluate(GUIDE, case)

    for action in evaluation.blocked:
        reasons = refusals(GUIDE, evaluation, action)
        held = any(one.held for one in reasons) and joint_emergency_of(GUIDE, action) is None
        if action in GUIDE.vocabulary.never_lifted or held or any(one.absolute for one in reasons):
            assert way_out(reasons) == "none", action


def test_lifting_one_duty_lifts_no_other() -> None:
    reasons = refusals(GUIDE, evaluate(GUIDE, ana()), "interview")

    assert {one.override for one in reasons} == {"emergency", "none"}
    assert way_out(reasons) == "none"


def test_nothing_against_an_act_needs_no_way_out() -> None:
    assert way_out([]) == "none"
