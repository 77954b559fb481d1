"""Show that no line of the Guide is decoration: without it a check fails or somebody sees something else.

Rules are tried on the shipped scenarios. Words are tried on what is published. What must be there is tried on the
check of shapes and keys.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from amparo.guide import Guide, evaluate, shape
from amparo.guide.checking import check
from amparo.guide.document import Document, Raw, region
from amparo.guide.facts import kinds_of
from amparo.guide.idle import idle
from amparo.guide.publishing import content_of
from amparo.guide.refusals import refusals
from amparo.guide.scenarios import judged
from amparo.guide.stale import withdrawn_by
from tests.guide.cases import done, facts, the_guide
from tests.guide.decoration import by_role, look_for, noticed, removals, with_obligation, without
from tests.guide.scenario_coverage import tried

REGION = region()
KINDS = kinds_of(REGION.schema)


# ---- rules: a scenario comes out otherwise ------------------------------------------------------


@pytest.mark.parametrize("key", the_guide().obligations)
def test_without_any_rule_of_an_obligation_some_scenario_comes_out_otherwise(key: str) -> None:
    obligation = the_guide().obligations[key]

    unnoticed = [
        name
        for name, left in removals(obligation)
        if noticed(with_obligation(left, name), key, look=look_for(name)) is None
    ]

    assert unnoticed == []


def test_another_clock_makes_some_scenario_late_or_not() -> None:
    unnoticed = []
    for key, obligation in the_guide().obligations.items():
        clock = "missing-since" if obligation.clock != "missing-since" else "first-contact"
        if noticed(with_obligation(replace(obligation, clock=clock), "clock"), key) is None:
            unnoticed.append(key)

    assert unnoticed == []


def test_a_hard_obligation_made_soft_lets_something_happen() -> None:
    hard = [each for each in the_guide().obligations.values() if each.severity == "hard"]

    unnoticed = [
        each.id
        for each in hard
        if noticed(with_obligation(replace(each, severity="soft"), "severity"), each.id) is None
    ]

    assert unnoticed == []


def test_a_wider_applies_reaches_some_scenario_it_left_out() -> None:
    everybody = the_guide().obligations["confidentiality"].applies
    bound = [each for each in the_guide().obligations.values() if each.applies != everybody]

    unnoticed = [
        each.id
        for each in bound
        if noticed(with_obligation(replace(each, applies=everybody), "applies"), each.id) is None
    ]

    assert len(bound) == 57
    assert unnoticed == []


# ---- evidence -----------------------------------------------------------------------------------


def evidence_without(guide: Guide, key: str, **changed: object) -> Guide:
    return replace(guide, evidence={**guide.evidence, key: replace(guide.evidence[key], **changed)})  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["needed_when", "contradicts"])
def test_without_a_condition_of_evidence_some_scenario_comes_out_otherwise(field: str) -> None:
    keys = [key for key, entry in the_guide().evidence.items() if getattr(entry, field) is not None]
    askers = {e: o.id for o in the_guide().obligations.values() for e in (*o.requires, *o.after)}

    def change_of(key: str) -> Any:  # noqa: ANN401  # a change of a Guide
        return lambda guide: evidence_without(guide, key, **{field: None})

    unnoticed = [key for key in keys if noticed(change_of(key), askers[key]) is None]

    assert keys
    assert unnoticed == []


@pytest.mark.parametrize("at", range(max(len(each.attest) for each in the_guide().evidence.values())))
def test_word_of_a_role_taken_out_of_attest_no_longer_counts(at: int) -> None:
    guide = the_guide()
    roles, _ = by_role(guide, at)
    shorter = replace(
        guide,
        evidence={
            key: replace(one, attest=tuple(role for role in one.attest if role != roles.get(key)))
            for key, one in guide.evidence.items()
        },
    )
    entries = {key: {**done(key)[key], "by_role": role} for key, role in roles.items()}

    lost = evaluate_not_counted(shorter, entries)

    assert evaluate_not_counted(guide, entries) == set()
    assert lost == roles.keys()


def evaluate_not_counted(guide: Guide, entries: Mapping[str, object]) -> set[str]:
    return set(evaluate(guide, facts(evidence=entries)).not_counted)


def test_every_ground_of_an_entry_withdraws_it_when_it_changes() -> None:
    guide = the_guide()
    silent = []
    for key, entry in guide.evidence.items():
        for ground in entry.rests_on:
            fact, _, answer = ground.partition("/")
            kind = guide.facts[fact]
            new = answer or next(c for c in (*kind.choices, "HN") if c not in (kind.default, kind.unknown))
            told = {fact: [new] if kind.type == "texts" else new}
            left = evidence_without(guide, key, rests_on=tuple(g for g in entry.rests_on if g != ground))
            if withdrawn_by(guide, {}, told, [key]) == withdrawn_by(left, {}, told, [key]):
                silent.append(f"{key}: {ground}")

    assert silent == []


# ---- words: what is published, and what a refusal tells -----------------------------------------


def parts_of(raw: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401  # plain values
    """Walk through every field and item below a plain value."""
    inside = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    for name, value in inside:
        yield (*path, name)
        yield from parts_of(value, (*path, name))


def cut(raw: Any, path: tuple[Any, ...]) -> Any:  # noqa: ANN401  # plain values
    left = copy.deepcopy(raw)
    inner = left
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return left


def refused(document: Document, key: str, raw: Raw) -> bool:
    """Tell whether the check refuses an obligation as it is left."""
    if shape.OBLIGATION(raw, key):
        return True
    one = replace(document, obligations={**document.obligations, key: raw})
    return bool([each for each in (*check(one, KINDS), *idle(one)) if key in each.place])


# What people read and no rule does: each is in what is published, and the page of the duty shows it.
WORDS = {"applies_when", "deadline_note", "note", "disaggregate"}


@pytest.mark.parametrize("key", REGION.obligations)
def test_every_line_of_an_obligation_is_a_rule_a_need_or_words_that_are_published(key: str) -> None:
    raw = REGION.obligations[key]
    rules = {name.split("[")[0].split(".")[0] for name, _ in removals(the_guide().obligations[key])}

    idle_lines = []
    for path in parts_of(raw):
        is_rule = path[0] in rules and path[0] != "indicator"
        is_words = path[0] in WORDS or path[-1] in ("es", "better", "fit") or path[0] == "tasks"
        if not (is_rule or is_words or refused(REGION, key, cut(raw, path))):
            idle_lines.append(".".join(map(str, path)))

    assert idle_lines == []


def test_words_are_published_as_they_are_written() -> None:
    listed = {each["id"]: each for each in content_of(REGION)["obligations"]}

    assert listed == REGION.obligations
    assert content_of(REGION)["evidence"] == REGION.evidence
    assert content_of(REGION)["vocabulary"] == REGION.vocabulary
    assert content_of(REGION)["sources"] == REGION.sources


def test_every_line_of_evidence_is_needed_or_tried_above() -> None:
    tried_above = {"needed_when", "contradicts", "rests_on", "attest"}

    idle_lines = [
        f"{key}.{field}"
        for key, raw in REGION.evidence.items()
        for field in raw
        if field not in tried_above and not shape.EVIDENCE(without(raw, field), key)
    ]

    assert idle_lines == []


def test_title_norms_and_missing_entries_are_told_in_refusals() -> None:
    guide = the_guide()
    told = {
        one.obligation: one
        for case in tried()
        if case.guide.country is None
        for action in case.evaluation.blocked
        for one in refusals(guide, case.evaluation, action)
    }

    hard = {key: each for key, each in guide.obligations.items() if each.blocks}
    assert told.keys() == hard.keys()
    for key, each in hard.items():
        assert told[key].title == each.title
        assert {*told[key].norms, *told[key].related, *told[key].to_be_confirmed} == set(each.sources)


def test_a_citation_without_its_fit_becomes_the_ground_of_a_refusal() -> None:
    supporting = [
        c for o in the_guide().obligations.values() for c in o.sources if c.fit == "supporting" and c.verified
    ]

    assert supporting
    assert all(not each.grounds and replace(each, fit="direct").grounds for each in supporting)


# ---- vocabulary ---------------------------------------------------------------------------------


def test_without_any_guard_some_scenario_comes_out_otherwise() -> None:
    guards = the_guide().vocabulary.guards

    def change_of(at: int) -> Any:  # noqa: ANN401  # a change of a Guide
        return lambda guide: replace(
            guide, vocabulary=replace(guide.vocabulary, guards=(*guards[:at], *guards[at + 1 :]))
        )

    assert len(guards) == 8
    assert [guards[at].fact for at in range(len(guards)) if noticed(change_of(at)) is None] == []


def joint_changes(guide: Guide) -> Iterator[tuple[str, Any]]:
    (joint,) = guide.vocabulary.joint_emergencies
    yield "action", replace(joint, action="place")
    yield "who", replace(joint, who="migration-authority")
    yield "lifts_holds", replace(joint, lifts_holds=False)
    for key in joint.lifts:
        yield f"lifts {key}", replace(joint, lifts=tuple(each for each in joint.lifts if each != key))


def test_without_any_part_of_the_joint_emergency_some_scenario_comes_out_otherwise() -> None:
    def change_of(joint: Any) -> Any:  # noqa: ANN401  # a change of a Guide
        return lambda guide: replace(guide, vocabulary=replace(guide.vocabulary, joint_emergencies=(joint,)))

    unnoticed = [name for name, joint in joint_changes(the_guide()) if noticed(change_of(joint)) is None]

    # `family-unity` has an emergency override of its own as well: the two say the same.
    assert unnoticed == ["lifts family-unity"]


def test_never_lifted_is_a_second_lock_on_each_of_its_actions() -> None:
    guide = the_guide()
    weak = replace(
        guide,
        obligations={
            key: replace(each, override="emergency", absolute=False, hold_while={})
            for key, each in guide.obligations.items()
        },
    )

    for action in sorted(guide.vocabulary.never_lifted):
        left = replace(
            weak, vocabulary=replace(weak.vocabulary, never_lifted=weak.vocabulary.never_lifted - {action})
        )
        assert lifted_by_emergency(weak, action) == set(), action
        assert lifted_by_emergency(left, action) != set(), action


def lifted_by_emergency(guide: Guide, action: str) -> set[str]:
    found = evaluate(guide, facts())
    still = refusals(guide, found, action, override="emergency", by_role="child-protection-authority")
    return set(found.blocked.get(action, ())) - {each.obligation for each in still}


def test_judging_again_gives_the_same_so_that_a_difference_comes_from_the_line() -> None:
    case = tried()[0]

    assert noticed(lambda guide: replace(guide)) is None
    assert judged(case.guide, case.scenario) == case.evaluation
