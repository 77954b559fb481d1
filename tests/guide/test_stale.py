"""Show which evidence no longer holds when a fact changes, what a fact contradicts, and when a block is stuck.

Planted faults tried, each seen to turn a test here red: "nobody knows" as news, a ground that any answer shakes, a
limit that must be passed and not only reached, a contradicted entry that counts.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.guide import GuideFaulty, OverlayWeakens, evaluate, load_overlay
from amparo.guide.document import region
from amparo.guide.loading import build
from amparo.guide.model import FactKind
from amparo.guide.stale import stuck, unmet_since, withdrawn_by
from tests.guide.cases import ana, done, facts, moment, the_guide, written

GUIDE = the_guide()
EVERY = frozenset(GUIDE.evidence)
NOON = moment("2026-03-02T12:00:00-06:00")
GROUNDS = [(key, ground) for key, one in GUIDE.evidence.items() for ground in one.rests_on]
# What the child said, chose or agreed to, and that she was heard: she is not asked to tell it again.
HERS = {
    "identity-as-told", "child-heard-apart", "child-heard-on-risk", "child-informed-before-hearing",
    "views-or-silence-recorded", "hearing-setting-suitable", "views-weight-explained", "child-reaction-recorded",
    "self-identification-recorded", "child-preferred-option", "child-willing-to-reunify", "child-wish-on-contact",
    "consular-wish-written", "tracing-consent-recorded", "asylum-wish-recorded", "child-prepared-for-return",
    "placement-reviewed-with-child", "goals-reviewed-with-child", "survivor-sets-the-pace", "age-consent",
}  # fmt: skip


def _answer(kind: FactKind, ground: str) -> Any:  # noqa: ANN401  # whatever the schema asks for
    """Return an answer that is new to whoever knows nothing, and fits the ground."""
    _, _, said = ground.partition("/")
    some = said or next((one for one in kind.choices if one != "unknown"), "GT")
    return [some] if kind.type == "texts" else some


# ---- stale ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "ground"), GROUNDS)
def test_every_ground_of_every_entry_withdraws_it_and_is_no_decoration(key: str, ground: str) -> None:
    fact = ground.partition("/")[0]
    after = facts(**{fact: _answer(GUIDE.facts[fact], ground)})
    entry = GUIDE.evidence[key]
    bare = replace(entry, rests_on=tuple(one for one in entry.rests_on if one.partition("/")[0] != fact))

    found = withdrawn_by(GUIDE, facts(), after, {key})
    without = withdrawn_by(replace(GUIDE, evidence={**GUIDE.evidence, key: bare}), facts(), after, {key})

    assert found == {key: (fact,)}
    assert without == {}


@pytest.mark.parametrize("key", ["risk-screened-individually", "adult-suitability-finding", "home-assessed"])
def test_new_fear_withdraws_risk_suitability_and_caregiver_entries(key: str) -> None:
    before, after = facts(fear_or_risk="none-stated"), facts(fear_or_risk="stated")

    assert withdrawn_by(GUIDE, before, after, EVERY)[key] == ("fear_or_risk",)


@pytest.mark.parametrize(
    "key", ["return-risk-assessment", "return-caregiver-accepted", "transfer-receiver-named"]
)
def test_a_new_destination_withdraws_what_was_found_of_the_other(key: str) -> None:
    before, after = facts(destination_country="HN"), facts(destination_country="GT")

    assert key in withdrawn_by(GUIDE, before, after, EVERY)


def test_a_first_destination_is_new_to_what_was_found_before_anybody_knew_one() -> None:
    assert "return-risk-assessment" in withdrawn_by(GUIDE, facts(), facts(destination_country="GT"), EVERY)


def test_another_adult_withdraws_what_was_found_of_the_former() -> None:
    before, after = facts(adult_with_child="relative"), facts(adult_with_child="unrelated")

    found = withdrawn_by(GUIDE, before, after, EVERY)

    assert {"relationship-finding", "adult-risk-check", "adult-suitability-finding"} <= found.keys()


def test_a_child_missing_a_second_time_is_searched_for_anew() -> None:
    found = withdrawn_by(GUIDE, facts(missing="no"), facts(missing="yes"), EVERY)

    assert {"missing-report", "search-actions", "linked-nodes-alerted", "family-told-if-safe"} <= found.keys()


def test_calm_news_and_nobody_knows_withdraw_nothing() -> None:
    for calm in ("none-stated", "unknown"):
        assert withdrawn_by(GUIDE, facts(fear_or_risk="stated"), facts(fear_or_risk=calm), EVERY) == {}
    assert withdrawn_by(GUIDE, facts(destination_country="HN"), facts(destination_country="ZZ"), EVERY) == {}


def test_a_country_added_to_those_she_fears_is_new_and_one_less_is_not() -> None:
    one, two = facts(fear_countries=["HN"]), facts(fear_countries=["HN", "GT"])

    assert "return-risk-assessment" in withdrawn_by(GUIDE, one, two, EVERY)
    assert withdrawn_by(GUIDE, two, one, EVERY) == {}


def test_the_same_answer_again_withdraws_nothing() -> None:
    assert withdrawn_by(GUIDE, ana(), ana(), EVERY) == {}


def test_what_is_not_done_is_not_withdrawn() -> None:
    assert withdrawn_by(GUIDE, facts(), facts(fear_or_risk="stated"), set()) == {}


def test_no_hearing_and_no_word_of_the_child_rests_on_a_fact() -> None:
    assert HERS <= EVERY
    assert [key for key in HERS if GUIDE.evidence[key].rests_on] == []


def test_no_entry_rests_on_the_answer_it_is_the_proof_of() -> None:
    # Signed first and then written down, the finding would withdraw its own proof.
    proofs = [(guard.fact, guard.value, guard.unless.text) for guard in GUIDE.vocabulary.guards]
    loops = [
        (key, ground)
        for key, ground in GROUNDS
        for fact, value, unless in proofs
        if f"'{key}'" in unless and ground in (fact, f"{fact}/{value}")
    ]

    assert loops == []


@given(st.sets(st.sampled_from(sorted(EVERY))), st.sampled_from(sorted(GUIDE.facts)), st.data())
def test_withdrawing_names_only_done_entries_that_rest_on_what_changed(
    entries: set[str], name: str, data: st.DataObject
) -> None:
    choices = GUIDE.facts[name].choices
    if not choices or GUIDE.facts[name].type != "text":
        return
    before, after = (facts(**{name: data.draw(st.sampled_from(choices))}) for _ in range(2))

    found = withdrawn_by(GUIDE, before, after, entries)

    assert found.keys() <= entries
    assert all(because == (name,) for because in found.values())
    assert found == {} or before != after


def test_withdrawing_never_frees_an_act() -> None:
    known = ana(evidence=done(*EVERY))
    gone = withdrawn_by(GUIDE, known, {**known, "destination_country": "GT", "missing": "yes"}, EVERY)
    left = {key: one for key, one in known["evidence"].items() if key not in gone}

    before, after = evaluate(GUIDE, known), evaluate(GUIDE, {**known, "evidence": left})

    assert gone
    assert before.blocked.keys() <= after.blocked.keys()


# ---- contradictions ------------------------------------------------------------------------------

AGAINST = [
    ("no-open-claim-or-appeal", {"asylum": "applied"}, {"asylum": "refused-final"}),
    (
        "non-custodial-care-recorded",
        {"care_setting": "deprived-of-liberty"},
        {"care_setting": "family-based"},
    ),
    ("place-open", {"care_setting": "deprived-of-liberty"}, {"care_setting": "family-based"}),
    ("place-suits-sex-and-age", {"proposed_place": "unsafe-for-this-child"}, {"proposed_place": "suitable"}),
    ("bid-in-favour-of-return", {"risk_outcome": "danger-found"}, {"risk_outcome": "unknown"}),
    ("relationship-checked-both-sides", {"family_located": "no"}, {"family_located": "located"}),
    ("arrival-confirmed", {"missing": "yes"}, {"missing": "no"}),
    ("solution-in-place", {"missing": "yes"}, {"missing": "no", "care_setting": "with-family"}),
]


def test_every_contradiction_of_the_guide_is_tried_here() -> None:
    assert {key for key, one in GUIDE.evidence.items() if one.contradicts} == {key for key, _, _ in AGAINST}


@pytest.mark.parametrize(("key", "against", "fitting"), AGAINST)
def test_an_entry_does_not_count_while_a_fact_speaks_against_it(
    key: str, against: dict[str, str], fitting: dict[str, str]
) -> None:
    contradicted = evaluate(GUIDE, facts(evidence=done(key), **against))
    agreed = evaluate(GUIDE, facts(evidence=done(key), **fitting))
    asking = [one.id for one in GUIDE.obligations.values() if key in (*one.requires, *one.after)]

    assert (contradicted.contradicted, agreed.contradicted) == ((key,), ())
    assert asking
    for name in asking:
        if contradicted.status(name).state != "not-applicable" and key in GUIDE.obligations[name].requires:
            assert key in contradicted.status(name).missing
        assert key not in agreed.status(name).missing


def test_a_fact_nobody_knows_contradicts_nothing() -> None:
    assert evaluate(GUIDE, facts(evidence=done(*EVERY))).contradicted == ()


# ---- stuck ---------------------------------------------------------------------------------------


def test_a_hard_duty_open_with_a_block_is_stuck_after_the_limit_and_not_before() -> None:
    evaluation = evaluate(GUIDE, ana(), at=NOON)
    since = unmet_since(evaluation, {}, NOON)

    assert "meet-immediate-needs" in since
    assert stuck(GUIDE, since, NOON + timedelta(hours=24) - timedelta(seconds=1)) == ()
    assert "meet-immediate-needs" in stuck(GUIDE, since, NOON + timedelta(hours=24))


def test_since_when_is_remembered_and_what_was_met_starts_anew() -> None:
    evaluation, earlier = evaluate(GUIDE, ana(), at=NOON), NOON - timedelta(days=3)
    before = {"meet-immediate-needs": earlier, "no-such-duty": earlier}
    entries = done(*GUIDE.obligations["meet-immediate-needs"].requires)
    met = evaluate(GUIDE, ana(needs_now=[], evidence=entries), at=NOON)

    assert unmet_since(evaluation, before, NOON)["meet-immediate-needs"] == earlier
    assert "no-such-duty" not in unmet_since(evaluation, before, NOON)
    assert "meet-immediate-needs" not in unmet_since(met, before, NOON)


def test_soft_duties_and_those_not_due_are_never_stuck() -> None:
    evaluation = evaluate(GUIDE, ana(), at=NOON)

    kept = unmet_since(evaluation, {}, NOON)

    assert all(GUIDE.obligations[key].severity == "hard" for key in kept)
    assert all(evaluation.status(key).is_open and evaluation.status(key).blocks for key in kept)


def test_a_country_may_tell_of_stuck_blocks_sooner(tmp_path: Path) -> None:
    head = "overlay: {country: MX, version: 1.0.0, status: draft}\n"
    sooner = load_overlay(written(tmp_path, head + "stuck_after: PT12H\n"))
    since = {"appoint-guardian": NOON}

    assert stuck(sooner, since, NOON + timedelta(hours=12)) == ("appoint-guardian",)
    assert stuck(GUIDE, since, NOON + timedelta(hours=12)) == ()


def test_a_country_may_not_tell_of_stuck_blocks_later(tmp_path: Path) -> None:
    head = "overlay: {country: MX, version: 1.0.0, status: draft}\n"

    with pytest.raises(OverlayWeakens, match="stuck_after"):
        load_overlay(written(tmp_path, head + "stuck_after: PT36H\n"))


# ---- bad data ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "wrong", "told"),
    [
        ("rests_on", ["fears"], "'fears' is no known fact"),
        ("rests_on", ["fear_or_risk/sometimes"], "'sometimes' is no answer to fear_or_risk"),
        ("contradicts", "'place-open' in evidence.done", "may read facts only"),
        ("contradicts", "facts.fear_or_risk", "must give true or false"),
    ],
)
def test_a_ground_that_leads_nowhere_is_refused(field: str, wrong: object, told: str) -> None:
    document = region()
    entry = {**document.evidence["place-open"], field: wrong}

    with pytest.raises(GuideFaulty, match=told):
        build(replace(document, evidence={**document.evidence, "place-open": entry}))


def test_a_limit_that_is_no_duration_is_refused() -> None:
    document = region()

    with pytest.raises(GuideFaulty, match=r"vocabulary\.stuck_after"):
        build(replace(document, vocabulary={**document.vocabulary, "stuck_after": "one day"}))
