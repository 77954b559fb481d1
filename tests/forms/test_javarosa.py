"""Let a third-party engine fill the intake as a phone would, and talk to a door over the wire."""

import json
from collections.abc import Mapping
from functools import cache

import pytest
import yaml

from amparo.forms.record import answers_to_record
from amparo.forms.submission import parse_submission
from amparo.guide.document import DATA
from amparo.guide.evaluate import evaluate
from amparo.guide.loading import load
from tests.forms.javarosa import client as javarosa
from tests.forms.javarosa.client import Answers, JavaMissing, JavaRosaClient, Result
from tests.forms.samples import HERE, the_intake

pytestmark = pytest.mark.java


def ana() -> dict[str, str | int | list[str]]:
    answers: dict[str, str | int | list[str]] = json.loads((HERE / "answers" / "ana.json").read_text())
    return answers


def filled(changed: Answers, *, without: tuple[str, ...] = (), language: str = "Español (es)") -> Result:
    said = {path: value for path, value in {**ana(), **changed}.items() if path not in without}
    media: Mapping[str, bytes] = {one.name: one.content or b"" for one in the_intake().media}
    return JavaRosaClient(language=language).fill_offline(the_intake().xform, said, media)


@cache
def ana_filled() -> Result:
    return filled({})


def test_ana_is_taken_down_by_the_engine_and_read_back_whole() -> None:
    result = ana_filled()
    submission = parse_submission(result.xml)
    record = answers_to_record(the_intake().bindings, submission)

    assert (result.outcome, result.problems, result.unasked) == ("filled", [], [])
    assert submission.instance_id == result.instance_id
    assert record.dropped == []
    assert record.facts["needs_now"] == ["food", "water", "shelter", "rest", "safety"]
    assert record.facts["first_contact_at"] == "2026-03-02T08:30:00-06:00"
    assert (record.facts["age_status"], record.facts["age_in_months"]) == ("child", 120)
    assert record.facts["adult_verification"] == "not-needed"
    assert (record.origin["origin_pcode"].value, record.origin["origin_vintage"].value) == ("HN0501", "2025")
    assert record.identity["name_as_told"].value == "Ana Lucía"
    assert record.words["own_words"].protection == "P3"
    assert [row["member_relation"] for row in record.family] == ["mother"]


def test_the_guide_reads_anas_form_as_it_reads_her_first_example() -> None:
    record = answers_to_record(the_intake().bindings, parse_submission(ana_filled().xml))
    evidence = {one.key: {"done": True, "at": one.at, "by_role": one.role} for one in record.evidence}
    facts = {**record.facts, "on": record.ended_at[:10], "country": "MX", "evidence": evidence}
    example = yaml.safe_load((DATA / "examples" / "01-ana-first-contact.yaml").read_text(encoding="utf-8"))

    found = evaluate(load(), facts)

    todo = {one.id for one in found.obligations if one.state in ("open", "late")}
    # Whether a determination is required is the caseworker's finding, not a question of the intake.
    assert todo == set(example["expect"]["open"]) - {"bid-when-required"}


def test_what_nobody_asked_ana_is_unknown_and_not_no() -> None:
    record = answers_to_record(the_intake().bindings, parse_submission(ana_filled().xml))

    silent = {
        "health_needs",
        "disability",
        "trafficking_or_gbv",
        "birth_registered",
        "discrimination_incident",
    }

    assert silent.isdisjoint(record.facts)


def test_the_engine_makes_one_new_entity_without_a_name_in_its_label() -> None:
    [entity] = parse_submission(ana_filled().xml).entities

    assert (entity.dataset, entity.create, entity.update) == ("children", True, False)
    assert entity.label.endswith(" HN")


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("Español (es)", "Si marca «nada por ahora», no marque otra necesidad."),
        ("Kreyòl ayisyen (ht)", "Si ou make « anyen pou kounye a », pa make lòt bezwen."),
    ],
)
def test_a_wrong_answer_is_refused_in_the_officers_language(language: str, message: str) -> None:
    result = filled({"/safety/needs_now": ["none", "food"]}, language=language)

    assert result.outcome == "refused-by-engine"
    assert [(one["path"], one["kind"], one["message"]) for one in result.problems] == [
        ("/safety/needs_now", "constraint", message)
    ]


def test_a_form_without_the_needs_of_the_child_cannot_be_finished() -> None:
    result = filled({}, without=("/safety/needs_now",))

    assert result.outcome == "refused-by-engine"
    assert [(one["path"], one["kind"]) for one in result.problems] == [("/safety/needs_now", "required")]


def test_an_age_of_eighteen_or_more_as_told_is_a_doubt_and_never_an_adult() -> None:
    record = answers_to_record(the_intake().bindings, parse_submission(filled({"/age/age_years": 19}).xml))

    assert record.facts["age_status"] == "doubtful"


def test_only_a_year_of_birth_counts_as_the_youngest_age_possible() -> None:
    changed: Answers = {"/age/age_known": "partial", "/age/birth_year": 2015}

    result = filled(changed, without=("/age/age_years",))
    record = answers_to_record(the_intake().bindings, parse_submission(result.xml))

    today = parse_submission(result.xml).answers.text_at("start")
    year, month = int(today[:4]), int(today[5:7])
    assert record.facts["age_in_months"] == (year - 2015) * 12 + month - 12 - 1


def test_a_full_date_of_birth_gives_whole_months() -> None:
    changed: Answers = {"/age/age_known": "birth-date", "/age/birth_date": "2015-01-01"}

    result = filled(changed, without=("/age/age_years",))
    record = answers_to_record(the_intake().bindings, parse_submission(result.xml))

    today = parse_submission(result.xml).answers.text_at("start")
    assert record.facts["age_in_months"] == (int(today[:4]) - 2015) * 12 + int(today[5:7]) - 1


def test_siblings_are_taken_down_one_by_one() -> None:
    changed: Answers = {
        "/company/siblings_present": "present",
        "/company/sibling_count": 2,
        "/company/sibling/sibling_name": "Luis",
        "/company/sibling[2]/sibling_name": "Sara",
        "/company/sibling[2]/sibling_age": 4,
    }

    record = answers_to_record(the_intake().bindings, parse_submission(filled(changed).xml))

    assert record.siblings == [{"sibling_name": "Luis"}, {"sibling_name": "Sara", "sibling_age": "4"}]


def test_an_answer_to_a_question_that_is_not_asked_is_reported_and_not_sent() -> None:
    result = filled({"/risk/fear_or_risk": "none-stated", "/risk/fear_words": "secreto"})

    assert result.unasked == ["/risk/fear_words"]
    assert b"secreto" not in result.xml


def test_signs_of_harm_change_the_fact_and_none_seen_does_not() -> None:
    seen = answers_to_record(
        the_intake().bindings, parse_submission(filled({"/risk/harm_signs": ["debt"]}).xml)
    )
    none = answers_to_record(
        the_intake().bindings, parse_submission(filled({"/risk/harm_signs": ["none"]}).xml)
    )

    assert seen.facts["trafficking_or_gbv"] == "indicated"
    assert "trafficking_or_gbv" not in none.facts


def test_a_place_that_is_on_no_list_is_kept_in_her_words() -> None:
    blank = ("/origin/origin_department", "/origin/origin_municipality")

    record = answers_to_record(the_intake().bindings, parse_submission(filled({}, without=blank).xml))

    assert "origin_pcode" not in record.origin
    assert "origin_vintage" not in record.origin
    assert record.origin["origin_place_text"].value == "Una colonia de San Pedro Sula, cerca del río"


def test_without_java_the_client_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(JavaMissing, match="openjdk"):
        javarosa.java("java")
