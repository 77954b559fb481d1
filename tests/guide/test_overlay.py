"""Let a country tighten the Guide in its own file, and refuse whatever would weaken it."""

from pathlib import Path

import pytest

from amparo.guide import Faulty, GuideFaulty, OverlayWeakens, evaluate, load, load_overlay
from amparo.guide.document import region
from tests.guide.cases import ana, facts, written

HEAD = "overlay: {country: MX, version: 0.0.1-test, status: for a test}\n"


def refused(folder: Path, body: str, kind: type[Faulty] = OverlayWeakens) -> str:
    with pytest.raises(kind) as fault:
        load_overlay(written(folder, HEAD + body))
    return str(fault.value)


def test_overlay_sets_a_deadline_nobody_had_set(tmp_path: Path) -> None:
    guide = load_overlay(written(tmp_path, HEAD + "obligations: [{id: appoint-guardian, deadline: PT24H}]"))

    status = evaluate(guide, ana(on="2026-03-04")).status("appoint-guardian")

    assert status.state == "late"
    assert guide.country == "MX"


def test_overlay_adds_an_obligation_with_its_own_evidence(tmp_path: Path) -> None:
    body = """
evidence:
  mx-school-bag-given:
    {label: {en: "School bag given", es: "Mochila entregada"}, attest: [care-provider], proof: record}
sources:
  mx-law: {title: "A law", weight: national, norms: []}
obligations:
  - id: mx-school-bag
    title: {en: "A school bag", es: "Una mochila"}
    tasks: [{en: "Give a bag", es: "Entregue una mochila"}]
    stage: services
    duty_bearer: [care-provider]
    applies_when: any child
    applies: "facts.age_status != 'adult-established'"
    facts: [age_status]
    requires: [mx-school-bag-given]
    deadline: P5D
    clock: first-contact
    severity: hard
    blocks: [close-case]
    override: none
    sources: [{id: mx-law, ref: art. 1, verified: false, basis: memory}]
    indicator:
      {name: bags, unit: case, numerator: {text: given, cel: null}, denominator: {text: cases, cel: null}}
"""
    guide = load_overlay(written(tmp_path, HEAD + body))

    evaluation = evaluate(guide, ana())

    assert evaluation.status("mx-school-bag").state == "open"
    assert "mx-school-bag" in evaluation.blocked["close-case"]
    assert guide.texts["es"][("obligation", "mx-school-bag")].text == "Una mochila"


def test_overlay_may_ask_for_more(tmp_path: Path) -> None:
    body = (
        "obligations: [{id: no-undue-delay, severity: hard, blocks: [close-case], "
        "requires: [step-target-dates-set, delay-reasons-recorded, stalled-case-reviewed, nothing-open]}]"
    )
    # An entry that depends on other results may not hold a block, whoever adds the block.
    assert "may not hold a block" in refused(tmp_path, body, GuideFaulty)

    body = "obligations: [{id: child-friendly-information, severity: hard, blocks: [interview]}]"
    guide = load_overlay(written(tmp_path, HEAD + body))

    assert "child-friendly-information" in evaluate(guide, facts()).blocked["interview"]


@pytest.mark.parametrize(
    ("body", "place", "reason"),
    [
        (
            "{id: appoint-guardian, severity: soft, blocks: []}",
            "appoint-guardian.severity",
            "from hard to soft",
        ),
        ("{id: appoint-guardian, blocks: [age-exam]}", "appoint-guardian.blocks", "may not drop issue-bid"),
        (
            "{id: appoint-guardian, requires: [guardian-appointed]}",
            "appoint-guardian.requires",
            "may not drop guardian-suit",
        ),
        ("{id: appoint-guardian, override: emergency}", "appoint-guardian.override", "wider than none"),
        ("{id: sibling-unity, override: emergency}", "sibling-unity.override", "wider than two-person"),
        ("{id: no-detention, absolute: false}", "no-detention.absolute", "may not be taken back"),
        ("{id: placement-review, recurring: false}", "placement-review.recurring", "may not be taken back"),
        ("{id: placement-review, deadline: P4M}", "placement-review.deadline", "P4M may be longer than P3M"),
        (
            "{id: placement-review, deadline: P90D}",
            "placement-review.deadline",
            "P90D may be longer than P3M",
        ),
        ("{id: placement-review, deadline: null}", "placement-review.deadline", "may not be taken away"),
        (
            "{id: effective-remedy, gate: {decide-adult: [lawyer-named]}}",
            "effective-remedy.gate.decide-adult",
            "may not drop",
        ),
        (
            "{id: legal-aid, gate: {return-child: [lawyer-named]}}",
            "legal-aid.gate.return-child",
            "may not drop",
        ),
        (
            "{id: return-preconditions, after: [return-arrival-confirmed]}",
            "return-preconditions.after",
            "may not drop",
        ),
        (
            "{id: appoint-guardian, duty_bearer: [guardian]}",
            "appoint-guardian.duty_bearer",
            "may not drop child-prot",
        ),
        (
            "{id: appoint-guardian, sources: [{id: gc6, ref: para. 33, verified: true, basis: quoted}]}",
            "appoint-guardian.sources",
            "may not drop gc6 para. 34",
        ),
        ("{id: appoint-guardian, clock: since-due}", "appoint-guardian.clock", "may not be changed"),
        ("{id: appoint-guardian, stage: closure}", "appoint-guardian.stage", "may not be changed"),
        ("{id: appoint-guardian, facts: []}", "appoint-guardian.facts", "may not drop"),
        (
            "{id: appoint-guardian, applies_when: never}",
            "appoint-guardian.applies_when",
            "only together with",
        ),
        (
            "{id: appoint-guardian, title: {en: Send home}}",
            "appoint-guardian.title.es",
            "may not say something",
        ),
        (
            "{id: appoint-guardian, title: {en: EN, es: ES, fr: Renvoyer}}",
            "appoint-guardian.title.fr",
            "may not say something",
        ),
        ("{id: appoint-guardian, deadline: P100Y}", "appoint-guardian.deadline", "call everything in time"),
        ("{id: appoint-guardian, deadline: P366D}", "appoint-guardian.deadline", "call everything in time"),
        (
            "{id: missing-child, indicator: {name: x, unit: case, numerator: {text: x, cel: null}, "
            "denominator: {text: x, cel: null}}}",
            "missing-child.indicator",
            "may not be changed",
        ),
    ],
)
def test_weakening_is_refused(tmp_path: Path, body: str, place: str, reason: str) -> None:
    title = region().obligations["appoint-guardian"]["title"]
    body = body.replace("en: EN, es: ES", f"en: {title['en']}, es: {title['es']}")

    found = refused(tmp_path, f"obligations: [{body}]")

    assert f"{place}: " in found
    assert reason in found


@pytest.mark.parametrize("deadline", ["P1Y", "P12M", "P365D", "PT1H"])
def test_deadline_within_a_year_is_taken_where_the_region_sets_none(tmp_path: Path, deadline: str) -> None:
    body = f"obligations: [{{id: appoint-guardian, deadline: {deadline}}}]"

    found = load_overlay(written(tmp_path, HEAD + body)).obligations["appoint-guardian"].deadline

    assert found is not None
    assert found.text == deadline


@pytest.mark.parametrize("deadline", ["P3M", "P89D", "P2M", "P12W"])
def test_shorter_deadline_is_taken(tmp_path: Path, deadline: str) -> None:
    guide = load_overlay(
        written(tmp_path, HEAD + f"obligations: [{{id: placement-review, deadline: {deadline}}}]")
    )

    assert guide.obligations["placement-review"].deadline is not None


@pytest.mark.parametrize(
    ("body", "place", "reason"),
    [
        (
            "age-settled: {attest: [court, migration-authority]}",
            "age-settled.attest",
            "further roles attest: migration",
        ),
        ("age-settled: {proof: attestation}", "age-settled.proof", "must stay document"),
        (
            "age-settled: {label: {en: 'Age written down'}}",
            "age-settled.label.en",
            "may not say something else",
        ),
        (
            "age-settled: {label: {en: x, fr: 'Adulte'}}",
            "age-settled.label.fr",
            "may not say something else",
        ),
        (
            "risk-outcome-reasoned: {rests_on: [destination_country]}",
            "risk-outcome-reasoned.rests_on",
            "drop fear",
        ),
    ],
)
def test_weaker_evidence_is_refused(tmp_path: Path, body: str, place: str, reason: str) -> None:
    found = refused(tmp_path, f"evidence: {{{body}}}")

    assert f"evidence.{place}: " in found
    assert reason in found


def test_fewer_roles_may_attest(tmp_path: Path) -> None:
    guide = load_overlay(written(tmp_path, HEAD + "evidence: {age-settled: {attest: [court]}}"))

    assert guide.evidence["age-settled"].attest == ("court",)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("obligations: [{id: appoint-guardian, remove: true}]", "may not be removed"),
        ("obligations: [{id: name-guardian, severity: hard}]", "obligations[0]: lacks title"),
        ("obligations: [{id: appoint-guardian, colour: red}]", "obligations[0].colour: is not a field here"),
        ("obligations: [{id: legal-aid}, {id: legal-aid, severity: hard}]", "legal-aid is there twice"),
        ("obligations: [{id: legal-aid, deadline: soon}]", "ISO 8601"),
        ("vocabulary: {roles: [mayor]}", "vocabulary: is not a field here"),
        ("authorities: {mayor: {name: {en: Mayor}}}", "authorities.mayor: is no role of the vocabulary"),
        (
            "sources: {crc: {title: x, weight: treaty, norms: []}}",
            "sources.crc: is a source of the region already",
        ),
        ("coming_of_age_horizon: late", "coming_of_age_horizon: not an ISO 8601 duration"),
        ("evidence: {mx-entry: {proof: record}}", "evidence.mx-entry: lacks label, attest"),
        (
            "evidence: {new-entry: {label: {en: x}, attest: [court], proof: record}}",
            "new-entry is not known in the region; something new of this country begins with mx-",
        ),
        ("sources: {law: {title: x, weight: national, norms: []}}", "begins with mx-"),
        (
            "sources: {mx-law: {title: x, weight: treaty, norms: []}}",
            "sources.mx-law.weight: must be national",
        ),
        ("stuck_after: soon", "stuck_after: not an ISO 8601 duration"),
        ("on_call: {name: {en: x, es: x}}", "on_call.note: is missing"),
        ("unverified: [{en: x}]", "unverified[0].es: is missing"),
        (
            "fact_guards: [{fact: age, value: a, unless: 'true', becomes: b}]",
            "fact_guards[0].fact: age is no fact",
        ),
        (
            "fact_guards: [{fact: asylum, value: refused, unless: 'true', becomes: unknown}]",
            "fact_guards[0].value: refused is no answer to asylum",
        ),
        ("obligations: [{id: no-detention, block_when: {detain: 'true'}}]", "would change nothing"),
        ("obligations: {legal-aid: {}}", "must be a list"),
        ("obligations: [3]", "obligations[0]: must be a mapping"),
    ],
)
def test_overlay_that_does_not_fit_is_refused(tmp_path: Path, body: str, told: str) -> None:
    assert told in refused(tmp_path, body, GuideFaulty)


def test_overlay_names_a_country(tmp_path: Path) -> None:
    path = written(tmp_path, "overlay: {country: Mexico, version: '1', status: draft}")

    with pytest.raises(GuideFaulty, match=r"overlay\.country: must be an ISO 3166"):
        load_overlay(path)


def test_norway_stays_a_country(tmp_path: Path) -> None:
    assert (
        load_overlay(written(tmp_path, "overlay: {country: NO, version: '1', status: draft}")).country == "NO"
    )


def test_own_overlays_claim_only_verified_texts() -> None:
    for country in ("MX", "HN", "GT"):
        guide = load(country)
        cited = [each for authority in guide.authorities.values() for each in authority.sources]
        assert all(each.verified and each.id in guide.sources for each in cited)


def test_own_overlays_say_what_the_state_has_to_confirm() -> None:
    for country in ("MX", "HN", "GT"):
        assert load(country).unverified
        assert all(words["en"] and words["es"] for words in load(country).unverified)


def test_country_names_who_can_be_reached_at_any_hour(tmp_path: Path) -> None:
    body = "on_call: {name: {en: On-call worker, es: Guardia}, note: {en: By radio, es: Por radio}}"
    guide = load_overlay(written(tmp_path, HEAD + body))

    assert guide.on_call is not None
    assert guide.on_call.note["es"] == "Por radio"
    assert load().on_call is None


@pytest.mark.parametrize(
    ("length", "taken"), [("PT12H", True), ("PT24H", True), ("P2D", False), ("P1M", False)]
)
def test_block_counts_as_stuck_sooner_never_later(tmp_path: Path, length: str, taken: bool) -> None:
    body = f"stuck_after: {length}"

    if taken:
        assert load_overlay(written(tmp_path, HEAD + body)).stuck_after.text == length
    else:
        assert f"stuck_after: {length} may be longer than PT24H of the region" in refused(tmp_path, body)
