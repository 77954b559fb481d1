"""Hold the Guide to the shipped scenarios, and the reader of scenarios to what it promises a lawyer."""

from pathlib import Path

import pytest

from amparo.guide import GuideFaulty
from amparo.guide.scenarios import Scenario, guide_of, judge_scenario, read_scenarios, shipped_files
from tests.guide.cases import written

SHIPPED = [(path.stem, scenario) for path in shipped_files() for scenario in read_scenarios(path)]
ONE = """
scenarios:
  - title: Una niña sola
    why: Sin tutora no se decide nada
    starts_from: child-first-contact
"""


def read_one(folder: Path, text: str) -> Scenario:
    (scenario,) = read_scenarios(written(folder, ONE + text))
    return scenario


def refusals_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(GuideFaulty) as raised:
        read_scenarios(written(folder, text))
    return [str(problem) for problem in raised.value.problems]


@pytest.mark.parametrize("file", [path.name for path in shipped_files()])
def test_every_shipped_scenario_holds(file: str) -> None:
    chosen = [scenario for name, scenario in SHIPPED if f"{name}.yaml" == file]

    differences = [str(each.what) for one in chosen for each in judge_scenario(guide_of(one), one)]

    assert chosen
    assert differences == []


def test_every_shipped_scenario_says_what_and_why_in_spanish_and_english() -> None:
    for _, scenario in SHIPPED:
        assert {"es", "en"} <= scenario.title.keys(), scenario.place
        assert {"es", "en"} <= scenario.why.keys(), scenario.place
        assert all(len(text) > 20 for text in scenario.why.values()), scenario.place


def test_titles_and_reasons_are_not_repeated() -> None:
    for language in ("es", "en"):
        titles = [scenario.title[language] for _, scenario in SHIPPED]
        reasons = [scenario.why[language] for _, scenario in SHIPPED]
        assert len(set(titles)) == len(titles)
        assert len(set(reasons)) == len(reasons)


# ---- what a difference looks like ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        (
            "open: [family-unity]",
            "family-unity: expected open, the Guide says guarding",
        ),
        (
            "missing: {legal-aid: [lawyer-named]}",
            "legal-aid: expected missing lawyer-named, the Guide says file-access-given, "
            "lawyer-met-privately, lawyer-named",
        ),
        ("ask: {legal-aid: [asylum]}", "legal-aid: expected to ask asylum, the Guide asks -"),
        (
            "blocks: {legal-aid: [return-child]}",
            "legal-aid: expected to block return-child, the Guide blocks decide-migration-status, return-child",
        ),
        (
            "blocked: [separate-siblings]",
            "separate-siblings: expected to be blocked, the Guide lets it happen",
        ),
        ("blocked: {detain: []}", "detain: expected blocked by -, the Guide says no-detention"),
        ("free: [detain]", "detain: expected to be free, the Guide blocks it: no-detention"),
        ("breaches: {detain: [no-detention]}", "breaches: expected detain / no-detention, the Guide says -"),
        ("not_counted: [age-settled]", "not counted: expected age-settled, the Guide says -"),
        ("guarded: [age_status]", "believed only with proof: expected age_status, the Guide says -"),
        (
            "overrides: [{action: detain, with: emergency by court, still: []}]",
            "detain, emergency by court: expected still blocked by -, the Guide says no-detention",
        ),
        (
            "overrides: [{action: detain, with: two-person by court, lifts: [no-detention]}]",
            "detain, two-person by court: expected to lift no-detention, the Guide lifts -",
        ),
    ],
)
def test_difference_says_what_was_expected_and_what_the_guide_says(
    tmp_path: Path, expect: str, said: str
) -> None:
    scenario = read_one(tmp_path, f"    expect: {{{expect}}}\n")

    differences = judge_scenario(guide_of(scenario), scenario)

    assert [each.what.reason for each in differences] == [said]
    assert differences[0].what.place == "overlay.yaml:3"


@pytest.mark.parametrize(
    ("facts", "expect", "because"),
    [
        ("{}", "met: [legal-aid]", "still missing: file-access-given, lawyer-met-privately, lawyer-named"),
        ("{}", "free: [detain]", "no-detention blocks detain: it is never possible"),
        ("{}", "met: [interim-regular-status]", "not known: bia_state, bid_state"),
        (
            "{missing: 'yes'}",
            "blocked: {close-case: [closure-criteria, complaint-channel]}",
            "missing-child blocks close-case: a fact holds it, whatever is attested",
        ),
        (
            "{needs_now: [food]}",
            "blocked: {interview: [safe-first-interview]}",
            "meet-immediate-needs blocks interview: a fact opens it again",
        ),
        (
            "{}",
            "blocked: {adopt: [bid-when-required]}",
            "no-premature-adoption blocks adopt: missing adoption-judicial-decision, "
            "bid-decided-with-reasons, tracing-closed-with-reasons",
        ),
    ],
)
def test_difference_says_why(tmp_path: Path, facts: str, expect: str, because: str) -> None:
    scenario = read_one(tmp_path, f"    facts: {facts}\n    expect: {{{expect}}}\n")

    (difference, *_) = judge_scenario(guide_of(scenario), scenario)

    assert because in [reason.reason for reason in difference.because]


# ---- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("    expect: {opne: [legal-aid]}", "expect.opne: is not a field here"),
        ("    expect: {open: [legal-ade]}", "expect.open: legal-ade is no known obligation; near: legal-aid"),
        ("    expect: {open: [legal-aid], met: [legal-aid]}", "legal-aid is expected in two states"),
        ("    expect: {free: [detein]}", "expect.free: detein is no known action; near: detain"),
        (
            "    expect: {blocked: {detain: [no-detentions]}}",
            "no-detentions is no known name here; near: no-detention",
        ),
        ("    expect: {guarded: [agestatus]}", "agestatus is no known name here; near: age_status"),
        (
            "    done: [age-setled]\n    expect: {}",
            "done: age-setled is no known evidence entry; near: age-settled",
        ),
        ("    done: [age-settled by curt]\n    expect: {}", "done: curt is no known role; near: court"),
        ("    done: ['age settled, by court']\n    expect: {}", "done: cannot be read; write it like this"),
        (
            "    done: [all of legal-ade]\n    expect: {}",
            "done: legal-ade is no known obligation; near: legal-aid",
        ),
        (
            "    done: [all of legal-aid except age-settled]\n    expect: {}",
            "age-settled is no known entry that this obligation requires",
        ),
        ("    not_done: [age-settled]\n    expect: {}", "age-settled is no known entry done so far"),
        ("    events: [detein]\n    expect: {}", "events: detein is no known action; near: detain"),
        ("    events: [detain with force]\n    expect: {}", "events: force is no known override"),
        ("    facts: {age_status: chld}\n    expect: {}", "facts.age_status: must be one of"),
        ("    facts: {agestatus: child}\n    expect: {}", "facts.agestatus: is not a fact"),
        ("    facts: {evidence: {}}\n    expect: {}", "facts.evidence: write it under done"),
        ("    due_since: {legal-aid: soon}\n    expect: {}", "due_since.legal-aid: must be a day"),
        ("    overlay: none.yaml\n    expect: {}", "overlay: no such file beside this one"),
        (
            "    expect: {overrides: [{action: detain, with: emergency by court}]}",
            "say what it lifts, or which obligations still refuse",
        ),
        ("    expect: {overrides: [{action: detain, with: emergency, still: []}]}", "with: cannot be read"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    (problem,) = refusals_of(tmp_path, ONE + text + "\n")

    assert said in problem
    assert problem.startswith("overlay.yaml:")


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    second = ONE.removeprefix("\nscenarios:\n").replace("Una niña", "Un niño")
    text = ONE + "    expect: {free: [detein]}\n" + second + "    expect: {free: [retrn-child]}\n"

    told = refusals_of(tmp_path, text)

    assert [each.split(": expect")[0] for each in told] == ["overlay.yaml:6", "overlay.yaml:10"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scenarios: {}", "scenarios: must be a list"),
        ("cases: []", "cases: is not a field here"),
        ("scenarios: [{title: x, expect: {}}]", "why: is missing"),
        ("scenarios: [{title: x, why: {fr: y}, expect: {}}]", "must be told in Spanish (es) or English (en)"),
        (
            "scenarios: [{title: x, why: y, starts_from: nowhere, expect: {}}]",
            "nowhere is no known starting point",
        ),
        (
            "scenarios: [{title: x, why: y, facts: {'on': '2026-03-02'}, expect: {}}]",
            "facts.country: is missing",
        ),
        (
            "starting_points: {a: {starts_from: b}, b: {starts_from: a}}\n"
            "scenarios: [{title: x, why: y, starts_from: a, expect: {}}]",
            "a starts from itself",
        ),
    ],
)
def test_file_that_is_no_file_of_scenarios_is_refused(tmp_path: Path, text: str, said: str) -> None:
    assert any(said in each for each in refusals_of(tmp_path, text))


def test_same_title_twice_is_refused(tmp_path: Path) -> None:
    twice = (
        ONE + "    expect: {}\n" + ONE.removeprefix("\nscenarios:\n") + "    expect: {open: [legal-aid]}\n"
    )

    assert refusals_of(tmp_path, twice) == ["overlay.yaml:7: the title is there already at overlay.yaml:3"]


# ---- the short forms ----------------------------------------------------------------------------


def test_evidence_counts_by_the_first_role_on_the_morning_of_the_day(tmp_path: Path) -> None:
    scenario = read_one(tmp_path, "    done: [guardian-appointed]\n    expect: {}\n")

    assert scenario.facts["evidence"] == {
        "guardian-appointed": {
            "done": True,
            "at": "2026-03-02T08:00:00Z",
            "by_role": "child-protection-authority",
        }
    }


def test_who_and_when_may_be_said(tmp_path: Path) -> None:
    scenario = read_one(tmp_path, "    done: [guardian-appointed by court at 2026-03-01]\n    expect: {}\n")

    (entry,) = scenario.facts["evidence"].values()
    assert (entry["at"], entry["by_role"]) == ("2026-03-01T08:00:00Z", "court")


def test_all_of_an_obligation_may_be_done_but_some(tmp_path: Path) -> None:
    scenario = read_one(
        tmp_path, "    done: [all of legal-aid except lawyer-named and file-access-given]\n    expect: {}\n"
    )

    assert list(scenario.facts["evidence"]) == ["lawyer-met-privately"]


def test_event_says_what_who_when_and_which_override(tmp_path: Path) -> None:
    scenario = read_one(
        tmp_path, "    events: [place by care-provider at 2026-03-01 with emergency]\n    expect: {}\n"
    )

    assert scenario.facts["events"] == [
        {"action": "place", "at": "2026-03-01T12:00:00Z", "by_role": "care-provider", "override": "emergency"}
    ]


def test_scenario_changes_what_its_starting_point_says(tmp_path: Path) -> None:
    text = """
starting_points:
  with-guardian: {starts_from: child-first-contact, done: [guardian-appointed, guardian-trained]}
scenarios:
  - {title: x, why: y, starts_from: with-guardian, country: HN, facts: {age_in_months: 3},
     not_done: [guardian-trained], expect: {}}
"""

    (scenario,) = read_scenarios(written(tmp_path, text))

    assert list(scenario.facts["evidence"]) == ["guardian-appointed"]
    assert (scenario.facts["age_in_months"], scenario.facts["country"]) == (3, "HN")
    assert guide_of(scenario).country == "HN"


def test_overlay_on_trial_lies_beside_the_file(tmp_path: Path) -> None:
    written(
        tmp_path,
        "overlay: {country: XX, version: 0.0.1, status: trial}\nobligations: [{id: legal-aid, deadline: P1D}]\n",
        "trial.yaml",
    )
    scenario = read_one(
        tmp_path,
        "    overlay: trial.yaml\n    facts: {decision_kind: [status]}\n"
        "    due_since: {legal-aid: 2026-02-01}\n    expect: {late: [legal-aid]}\n",
    )

    assert judge_scenario(guide_of(scenario), scenario) == []
