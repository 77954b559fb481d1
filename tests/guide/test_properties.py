"""Try on many invented cases what must hold of every case."""

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from amparo.guide import FactsRefused, evaluate
from amparo.guide.document import DATA
from amparo.guide.facts import read_case
from amparo.guide.model import FactKind
from tests.guide.cases import examples, the_guide

GUIDE = the_guide()
SCHEMA = json.loads((DATA / "facts.schema.json").read_text(encoding="utf-8"))


def drawn(dice: random.Random, kind: FactKind) -> object:
    """Draw any answer that fits one fact."""
    if kind.type == "int":
        return dice.randint(kind.minimum or -1, kind.maximum or 360)
    if kind.type == "date":
        return f"{dice.randint(2025, 2027)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    if kind.type == "date-time":
        return moment(dice)
    places = ("MX", "HN", "GT") if "countr" in kind.name else ("es", "mam")
    words = kind.choices or (*places, *(("ZZ",) if kind.default == "ZZ" else ()))
    return dice.sample(words, dice.randint(0, len(words))) if kind.type == "texts" else dice.choice(words)


def moment(dice: random.Random) -> str:
    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=dice.randint(0, 3 * 365 * 1440))
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def drawn_case(seed: int) -> dict[str, Any]:
    """Draw any facts that fit the schema: from a child of whom nothing is known to one of whom all is."""
    dice = random.Random(seed)
    share = dice.random()
    case = {n: drawn(dice, k) for n, k in GUIDE.facts.items() if k.required or dice.random() < share}
    keys, roles = sorted(GUIDE.evidence), GUIDE.vocabulary.roles
    case["evidence"] = {
        key: {
            "done": dice.random() < 0.9,
            "at": moment(dice),
            "by_role": dice.choice(GUIDE.evidence[key].attest if dice.random() < 0.9 else roles),
        }
        for key in dice.sample(keys, int(len(keys) * dice.random()))
    }
    overrides = ("none", "emergency", "two-person")
    case["events"] = [
        {
            "action": dice.choice(GUIDE.vocabulary.actions),
            "at": moment(dice),
            "override": dice.choice(overrides),
        }
        for _ in range(dice.randint(0, 4))
    ]
    return case


def answers() -> st.SearchStrategy[dict[str, Any]]:
    return st.integers(0, 2**40).map(drawn_case)


@settings(max_examples=60, deadline=None)
@given(answers())
def test_any_facts_that_fit_are_judged_without_error(case: dict[str, Any]) -> None:
    evaluation = evaluate(GUIDE, case)

    assert evaluation.errors == ()
    assert [status.id for status in evaluation.obligations] == list(GUIDE.obligations)
    assert set(evaluation.blocked) <= set(GUIDE.vocabulary.actions)


@settings(max_examples=40, deadline=None)
@given(answers(), st.randoms(use_true_random=False))
def test_order_of_facts_evidence_events_and_answers_does_not_matter(
    case: dict[str, Any], dice: random.Random
) -> None:
    def shuffled(value: Any) -> Any:  # noqa: ANN401  # plain values of any shape
        if isinstance(value, dict):
            keys = list(value)
            dice.shuffle(keys)
            return {key: shuffled(value[key]) for key in keys}
        return dice.sample(value, len(value)) if isinstance(value, list) else value

    assert evaluate(GUIDE, shuffled(case)) == evaluate(GUIDE, case)


@settings(max_examples=30, deadline=None)
@given(answers())
def test_same_facts_give_the_same_answer(case: dict[str, Any]) -> None:
    assert evaluate(GUIDE, case) == evaluate(GUIDE, json.loads(json.dumps(case)))


# The README names where an unknown answer may ask for less: `accompaniment-reviewed` after a failed check
# only, `bia-updated` after a reopening only, and a conflict of interest nobody knows of. And what a person signed
# counts again where the fact that spoke against it is no longer known.
DELIBERATE = {
    "care_setting": {"placement-conditions", "closure-criteria"},
    "family_located": {"verify-before-reunification"},
    "adult_verification": {"determine-accompaniment", "verify-accompanying-adult"},
    "bid_state": {"bia-before-decisions"},
    "parents_conflict": {"appoint-guardian"},
}
# Facts whose calm value is their default, because the system itself knows them or nobody may ask.
CALM = {"missing", "complaint_open", "discrimination_incident", "decision_kind", "needs_now"}


def excused(case: dict[str, Any], fact: str) -> set[str]:
    """Return the obligations that may ask for less once nobody knows this fact, as the README says."""
    named = DELIBERATE.get(fact, set())
    if fact == "adult_verification" and case.get("adult_with_child") == "parent":
        # A parent whose link is not yet checked is believed: what rests on her being alone rests on it no more.
        return named | {key for key, one in GUIDE.obligations.items() if "accompaniment" in one.reads}
    return named


def lifted(case: dict[str, Any], fact: str, unknown: object) -> list[tuple[str, str]]:
    """Return the blocks that turning one answer into unknown lifts, apart from those the README names."""
    before = evaluate(GUIDE, case).blocked
    after = evaluate(GUIDE, {**case, fact: unknown}).blocked
    pairs = [
        (action, key)
        for action, behind in before.items()
        for key in behind
        if key not in after.get(action, ())
    ]
    return [(action, key) for action, key in pairs if key not in excused(case, fact)]


def test_turning_any_answer_of_any_example_into_unknown_unblocks_nothing() -> None:
    turned = 0
    for name, example in examples().items():
        for fact, answer in example["facts"].items():
            kind = GUIDE.facts.get(fact)
            if kind is None or kind.unknown is None or kind.unknown == answer or isinstance(answer, list):
                continue
            turned += 1
            assert lifted(example["facts"], fact, kind.unknown) == [], f"{name}: {fact}"
    assert turned > 200


@settings(max_examples=400, deadline=None)
@given(answers(), st.sampled_from(sorted(k for k, v in GUIDE.facts.items() if v.unknown == "unknown")))
def test_turning_an_answer_into_unknown_lifts_no_block(case: dict[str, Any], fact: str) -> None:
    if fact in CALM:
        return

    assert lifted(case, fact, "unknown") == []


@settings(max_examples=60, deadline=None)
@given(answers(), st.sampled_from(sorted(GUIDE.evidence)))
def test_withdrawing_evidence_lifts_no_block_but_those_it_opened(case: dict[str, Any], key: str) -> None:
    without = {**case, "evidence": {k: v for k, v in case.get("evidence", {}).items() if k != key}}

    before, after = evaluate(GUIDE, case).blocked, evaluate(GUIDE, without).blocked

    # `guardian-change-reasoned` is needed only once a guardian was appointed.
    excused = {"appoint-guardian"} if key == "guardian-appointed" else set()
    for action, behind in before.items():
        assert set(behind) - excused <= set(after.get(action, ()))


# ---- our fast check against a JSON Schema library ------------------------------------------------

VALIDATOR = Draft202012Validator(SCHEMA)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 400),
    st.text(max_size=8),
    st.just("unknown"),
    st.lists(st.sampled_from(["food", "es", "HN", 3]), max_size=3),
    st.just({}),
    st.floats(allow_nan=False),
)


@settings(max_examples=300, deadline=None)
@given(answers(), st.sampled_from([*GUIDE.facts, "evidence", "events", "surname"]), ODD)
def test_facts_are_refused_where_json_schema_refuses_them(
    case: dict[str, Any], name: str, odd: object
) -> None:
    changed = {**case, name: odd}
    fits = VALIDATOR.is_valid(changed)

    try:
        read_case(GUIDE, changed)
        taken = True
    except FactsRefused:
        taken = False

    # Dates and whole numbers written as 3.0 are stricter here; nothing is laxer.
    if GUIDE.facts.get(name) is not None and (
        GUIDE.facts[name].type in ("date", "date-time") or isinstance(odd, float)
    ):
        assert fits or not taken
    else:
        assert taken is fits
