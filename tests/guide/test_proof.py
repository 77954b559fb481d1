"""Prove that no overlay opens what the region blocks: weaker ones are refused with a case, stricter ones taken."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amparo.guide import Guide, OverlayWeakens, evaluate, load, load_overlay
from amparo.guide.document import Raw, region
from amparo.guide.loading import build
from amparo.guide.proof import unproved
from amparo.guide.proof_scope import to_be_proved
from amparo.guide.weakening import weakenings
from tests.guide.cases import written
from tests.guide.guide_documents import some_facts

HEAD = "overlay: {country: MX, version: 0.0.1-test, status: for a test}\n"
WHEN = "facts.missing != 'no' || facts.asylum == 'applied'"


def country(
    *,
    obligations: dict[str, Raw] | None = None,
    evidence: dict[str, Raw] | None = None,
    guards: list[Raw] | None = None,
) -> Guide:
    """Return the Guide of a country that changes these fields, whether it may or not."""
    whole = region()
    changed = {key: {**raw, **(obligations or {}).get(key, {})} for key, raw in whole.obligations.items()}
    entries = {key: {**raw, **(evidence or {}).get(key, {})} for key, raw in whole.evidence.items()}
    words = {**whole.vocabulary, "fact_guards": [*whole.vocabulary["fact_guards"], *(guards or [])]}
    return build(replace(whole, obligations=changed, evidence=entries, vocabulary=words, country="MX"))


def told(guide: Guide) -> str:
    return "\n".join(map(str, unproved(load(), guide)))


def condition_of(key: str, name: str) -> str:
    return str(region().obligations[key][name])


# ---- weaker: refused with a case ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "fields", "place", "said"),
    [
        (
            "legal-aid",
            {"applies": "false"},
            "legal-aid.applies",
            "the region refuses decide-migration-status",
        ),
        (
            "legal-aid",
            {"applies": condition_of("legal-aid", "applies") + " && facts.asylum != 'applied'"},
            "legal-aid.applies",
            'asylum: "applied"',
        ),
        ("legal-aid", {"due": "'return' in facts.decision_kind"}, "legal-aid.due", "the overlay would not"),
        (
            "meet-immediate-needs",
            {"reopen_while": "'medical' in facts.needs_now"},
            "meet-immediate-needs.reopen_while",
            'needs_now: ["',
        ),
        (
            "missing-child",
            {"hold_while": {"close-case": "facts.missing == 'yes'"}},
            "missing-child.hold_while",
            'missing: "unknown"',
        ),
        (
            "verify-accompanying-adult",
            {"block_when": {"reunify": "facts.recipient == 'relative'"}},
            "verify-accompanying-adult.block_when",
            "the region refuses",
        ),
        (
            "education-access",
            {"due": condition_of("education-access", "due").replace("36", "72")},
            "education-access.due",
            "age_in_months: ",
        ),
    ],
)
def test_weaker_condition_is_refused_with_a_case(key: str, fields: Raw, place: str, said: str) -> None:
    found = told(country(obligations={key: fields}))

    assert f"{place}: " in found
    assert said in found
    assert "on these facts" in found


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        ("release-plan", {"needed_when": "false"}),
        ("age-settled", {"needed_when": "facts.age_status == 'doubtful'"}),
        ("no-open-claim-or-appeal", {"contradicts": "facts.asylum == 'applied'"}),
    ],
)
def test_weaker_evidence_is_refused_with_a_case(key: str, fields: Raw) -> None:
    found = told(country(evidence={key: fields}))

    assert f"evidence.{key}." in found
    assert "on these facts" in found


HOLDING = {key: raw["hold_while"] for key, raw in region().obligations.items() if raw.get("hold_while")}


@pytest.mark.parametrize("key", HOLDING)
def test_hold_may_not_become_a_block_that_people_can_lift(key: str) -> None:
    # It still blocks whatever it blocked, always even, but as something missing, which an override may lift.
    fields = {"hold_while": dict.fromkeys(HOLDING[key], "false"), "reopen_while": "true"}

    found = told(country(obligations={key: fields}))

    assert f"{key}.hold_while: " in found
    assert "in the region so that no override lifts it, and with the overlay no longer" in found


def test_duty_may_not_cease_to_cover_a_child_once_it_is_done() -> None:
    # Nothing is blocked, asked for or missing by then; but the child would no longer count as protected.
    raw = region().obligations["no-undue-delay"]
    done = " && ".join(f"'{entry}' in evidence.done" for entry in raw["requires"])

    found = told(country(obligations={"no-undue-delay": {"applies": f"({raw['applies']}) && !({done})"}}))

    assert "no-undue-delay covers the child in the region, and with the overlay no longer" in found


def test_duty_opened_again_may_not_count_as_met_where_nobody_is_asked_and_nothing_blocked() -> None:
    again = {"due": "'food' in facts.needs_now", "reopen_while": "facts.missing != 'no'"}
    whole = country(obligations={"no-undue-delay": again})
    narrowed = country(
        obligations={
            "no-undue-delay": {
                **again,
                "reopen_while": "facts.missing != 'no' && 'food' in facts.needs_now",
            }
        }
    )

    found = "\n".join(map(str, unproved(whole, narrowed)))

    assert "no-undue-delay is not met in the region, and with the overlay it would be" in found


def test_narrower_evidence_is_refused_where_a_duty_depends_on_its_being_done() -> None:
    # The missing child stays a duty after a report; a report the country does not count would end the duty.
    due = "facts.missing != 'no' || 'missing-report' in evidence.done"
    whole = country(obligations={"missing-child": {"applies": due}})
    narrowed = country(
        obligations={"missing-child": {"applies": due}}, evidence={"missing-report": {"attest": ["guardian"]}}
    )

    found = "\n".join(map(str, unproved(whole, narrowed)))

    assert "evidence.missing-report.attest: " in found
    assert "missing-report (child-protection-authority)" in found
    assert 'missing: "unknown"' not in found


def test_guard_that_lets_protection_fall_is_refused() -> None:
    guard = {
        "fact": "age_status",
        "value": "doubtful",
        "unless": "facts.country == 'HN'",
        "becomes": "adult-established",
    }

    found = told(country(guards=[guard]))

    assert "fact_guards[0]: on these facts" in found
    assert 'age_status: "doubtful"' in found
    assert "more obligations as well" in found


def test_case_is_small_and_true() -> None:
    weaker = country(obligations={"legal-aid": {"applies": "facts.asylum != 'applied'"}})

    found = told(weaker)

    assert found.splitlines() == [
        "legal-aid.applies: on these facts the region refuses decide-migration-status because of legal-aid; "
        "the overlay would allow it",
        '    country: "MX"',
        '    on: "2026-03-02"',
        '    asylum: "applied"',
        *found.splitlines()[4:],
    ]
    assert len(found.splitlines()) <= 8


def test_same_overlay_is_refused_in_the_same_words() -> None:
    weaker = {"legal-aid": {"applies": "facts.asylum != 'applied'"}}

    assert told(country(obligations=weaker)) == told(country(obligations=weaker))


def test_condition_that_cannot_be_put_exactly_is_refused() -> None:
    further = condition_of("legal-aid", "applies") + " || size(facts.fear_countries) > 20"

    found = told(country(obligations={"legal-aid": {"applies": further}}))

    assert found == (
        "overlay: cannot be proved to protect as much as the region does; "
        "write the condition as the region's one || something more"
    )


def test_solver_that_gives_up_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    stricter = country(
        obligations={"legal-aid": {"applies": condition_of("legal-aid", "applies") + " || true"}}
    )

    monkeypatch.setattr("amparo.guide.proof._EFFORT", 1)

    assert "cannot be proved" in told(stricter)


# ---- stricter: taken ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        ("legal-aid", {"applies": "true"}),
        ("legal-aid", {"due": "true"}),
        ("education-access", {"due": condition_of("education-access", "due").replace("36", "24")}),
        ("missing-child", {"hold_while": {"*": "facts.missing != 'no'"}}),
        ("missing-child", {"applies": condition_of("missing-child", "applies") + " || true"}),
        (
            "meet-immediate-needs",
            {"reopen_while": "size(facts.needs_now) > 0 || facts.health_needs == 'urgent'"},
        ),
        (
            "meet-immediate-needs",
            {"reopen_while": "facts.needs_now.exists(n, n != 'food') || 'food' in facts.needs_now"},
        ),
        ("verify-accompanying-adult", {"block_when": {}}),
    ],
)
def test_stricter_condition_is_taken(key: str, fields: Raw) -> None:
    assert told(country(obligations={key: fields})) == ""


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        ("age-settled", {"attest": ["court"]}),
        ("guardian-appointed", {"attest": ["court"]}),
        ("release-plan", {"needed_when": "true"}),
        (
            "no-open-claim-or-appeal",
            {"contradicts": "facts.asylum != 'refused-final' || facts.appeal_state != 'final'"},
        ),
    ],
)
def test_stricter_evidence_is_taken(key: str, fields: Raw) -> None:
    assert told(country(evidence={key: fields})) == ""


def test_stricter_guard_is_taken() -> None:
    guard = {
        "fact": "asylum",
        "value": "refused-final",
        "unless": "'no-open-claim-or-appeal' in evidence.done",
        "becomes": "unknown",
    }

    assert told(country(guards=[guard])) == ""


# ---- from the overlay file ------------------------------------------------------------------------


def test_overlay_file_with_a_weaker_condition_names_its_line(tmp_path: Path) -> None:
    path = written(
        tmp_path, HEAD + "obligations:\n  - id: legal-aid\n    applies: \"facts.asylum != 'applied'\"\n"
    )

    with pytest.raises(OverlayWeakens) as fault:
        load_overlay(path)

    assert str(fault.value).startswith("overlay.yaml:4: legal-aid.applies: on these facts the region refuses")


def test_overlay_file_with_a_weaker_guard_names_its_own_line(tmp_path: Path) -> None:
    guard = "  - {fact: age_status, value: doubtful, unless: 'false', becomes: adult-established}\n"

    with pytest.raises(OverlayWeakens) as fault:
        load_overlay(written(tmp_path, HEAD + "fact_guards:\n" + guard))

    assert "overlay.yaml:3: fact_guards[0]: on these facts" in str(fault.value)
    assert "vocabulary.yaml" not in str(fault.value)


def test_overlay_file_with_a_guard_is_judged_by_it(tmp_path: Path) -> None:
    proof = "\"'no-open-claim-or-appeal' in evidence.done\""
    guard = f"{{fact: asylum, value: refused-final, unless: {proof}, becomes: unknown}}"
    guide = load_overlay(written(tmp_path, HEAD + f"fact_guards: [{guard}]"))

    found = evaluate(guide, {"on": "2026-03-02", "country": "MX", "asylum": "refused-final"})

    assert "asylum" in found.guarded


def test_overlay_of_names_and_deadlines_never_loads_the_solver(tmp_path: Path) -> None:
    body = "authorities: {court: {name: {en: Court}}}\nobligations: [{id: legal-aid, deadline: P1D}]"
    path = written(tmp_path, HEAD + body)
    asked = (
        "import sys; from pathlib import Path; from amparo.guide import load, load_overlay; "
        f"load_overlay(Path({str(path)!r})); load('HN'); load('GT'); sys.exit('z3' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


# ---- whatever is taken never opens what the region blocks -----------------------------------------

CONDITIONS = ("applies", "due", "reopen_while")
PIECES = (
    "true", "false", WHEN, "facts.asylum != 'applied'", "size(facts.needs_now) > 1", "'age-settled' in evidence.done",
    "'return-child' in events.done", "facts.age_in_months >= 192", "facts.decision_kind.all(d, d != 'return')",
    "facts.destination_country in facts.fear_countries", "facts.origin_country == facts.country",
    "facts.age_status in ['adult-established', 'came-of-age']",
)  # fmt: skip


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    """Draw an overlay's changes: conditions made looser or tighter, roles taken away, a guard."""
    whole = region()
    key = draw(st.sampled_from([k for k, raw in whole.obligations.items() if raw["severity"] == "hard"]))
    name = draw(st.sampled_from([n for n in CONDITIONS if n in whole.obligations[key]]))
    piece, sign = draw(st.sampled_from(PIECES)), draw(st.sampled_from(["||", "&&", "|| !", "&& !"]))
    found: dict[str, Any] = {
        "obligations": {key: {name: f"({whole.obligations[key][name]}) {sign}({piece})"}},
        "evidence": {},
    }
    if draw(st.booleans()):
        several = [k for k, raw in whole.evidence.items() if len(raw["attest"]) > 1]
        entry = draw(st.sampled_from(several))
        found["evidence"] = {entry: {"attest": whole.evidence[entry]["attest"][1:]}}
    if draw(st.booleans()):
        kind = draw(st.sampled_from([k for k in load().facts.values() if k.choices and k.type == "text"]))
        value, becomes = draw(st.sampled_from(kind.choices)), draw(st.sampled_from(kind.choices))
        found["guards"] = [{"fact": kind.name, "value": value, "unless": piece, "becomes": becomes}]
    return found


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes(), st.integers(0, 10_000))
def test_whatever_is_taken_blocks_all_that_the_region_blocks(changed: dict[str, Any], seed: int) -> None:
    guide = country(**changed)
    refused = unproved(load(), guide)

    if refused:
        assert all("on these facts" in each.reason or "more obligations" in each.reason for each in refused)
        return
    for facts in some_facts(20, seed=seed):
        ours, theirs = evaluate(load(), facts), evaluate(guide, facts)
        assert ours.blocked.keys() <= theirs.blocked.keys()
        for old, new in zip(ours.obligations, theirs.obligations, strict=True):
            assert old.bars.keys() <= new.bars.keys()
            assert not old.is_open or new.is_open


def test_shipped_overlays_are_proved() -> None:
    for code in ("MX", "HN", "GT"):
        guide = load(code)

        assert unproved(load(), guide) == []


def test_what_has_to_be_proved_is_named() -> None:
    changed = country(
        obligations={
            "legal-aid": {"due": "true", "hold_while": {"return-child": "true"}},
            "missing-child": {"due": "!(facts.missing in ['no'])"},
        },
        evidence={"age-settled": {"attest": ["court"]}},
    )

    assert list(to_be_proved(load(), changed)) == [
        ("missing-child", "due"),
        ("evidence.age-settled", "attest"),
    ]
    assert list(weakenings(region(), region())) == []
