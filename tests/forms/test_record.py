"""Hold the record to its word: it fits the Guide, a blank is unknown, and what is dropped says why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from amparo.forms.bindings import child_properties
from amparo.forms.record import IntakeRecord, answers_to_record
from amparo.forms.submission import parse_submission
from amparo.forms.vocabulary import guide_vocabulary
from tests.forms.samples import a_submission, the_intake

ENDED = "<end>2026-03-02T09:00:00.000-06:00</end>"
STARTED = "<start>2026-03-02T08:30:00.000-06:00</start>"
PATHS = {saved: path.split("/")[2:] for path, saved in the_intake().bindings.save_to.items()}


def recorded(said: dict[str, str], around: str = STARTED + ENDED) -> IntakeRecord:
    groups: dict[str, str] = {}
    for saved, text in said.items():
        group, name = PATHS[saved]
        groups[group] = f"{groups.get(group, '')}<{name}>{text}</{name}>"
    body = around + "".join(f"<{name}>{inside}</{name}>" for name, inside in groups.items())
    return answers_to_record(the_intake().bindings, parse_submission(a_submission(body)))


def test_an_empty_form_says_only_when_it_was_filled() -> None:
    record = recorded({})

    assert record.facts == {"first_contact_at": "2026-03-02T08:30:00-06:00"}
    assert (record.identity, record.words, record.evidence, record.dropped) == ({}, {}, [], [])


ANSWERS = st.dictionaries(
    st.sampled_from(sorted(PATHS)),
    st.sampled_from(["", "none", "yes", "no", "unknown", "child", "es HN", "7", "x y", "2026-03-02"]),
)


@settings(max_examples=150, deadline=None)
@given(ANSWERS)
def test_facts_always_fit_the_guide_and_no_answer_vanishes(said: dict[str, str]) -> None:
    record = recorded(said)
    facts = {**record.facts, "on": "2026-03-02", "country": "MX"}
    properties = child_properties()

    kept = {
        known
        for part in ("identity", "words", "consent", "origin", "care", "interview")
        for known in getattr(record, part)
    }
    dropped = {the_intake().bindings.save_to[one.path] for one in record.dropped}
    facts_said = {
        name for name in said if properties[name].kind == "fact" and properties[name].fact in record.facts
    }
    evidence_said = {name for name in said if properties[name].kind == "evidence" and said[name] == "none"}

    assert Draft202012Validator(guide_vocabulary().facts_schema).is_valid(facts)
    assert {name for name, text in said.items() if text} <= kept | dropped | facts_said | evidence_said


def test_asked_and_nothing_needed_is_an_empty_list_not_an_absent_one() -> None:
    assert recorded({"needs_now": "none"}).facts["needs_now"] == []


def test_the_preferred_language_comes_first_and_once() -> None:
    said = {"preferred_language": "mam", "languages_known": "es mam quc"}

    assert recorded(said).facts["language"] == ["mam", "es", "quc"]


def test_the_preferred_language_comes_first_wherever_a_form_asks_for_it() -> None:
    saved = the_intake().bindings.save_to
    backwards = replace(the_intake().bindings, save_to=dict(reversed(list(saved.items()))))
    body = "<language><preferred_language>mam</preferred_language><languages_known>es</languages_known></language>"

    record = answers_to_record(backwards, parse_submission(a_submission(body)))

    assert record.facts["language"] == ["mam", "es"]


def test_an_answer_that_does_not_fit_the_guide_is_dropped_with_its_reason_and_without_the_answer() -> None:
    record = recorded({"fear_or_risk": "terror"})

    [dropped] = record.dropped
    assert "fear_or_risk" not in record.facts
    assert (dropped.path, "terror" in dropped.reason) == ("/data/risk/fear_or_risk", False)


@pytest.mark.parametrize("text", ["2026-03-02T08:00:00", "yesterday", "2026-13-02T08:00:00Z"])
def test_a_moment_without_offset_is_not_used(text: str) -> None:
    record = recorded({"first_contact_at": text}, around="")

    assert "first_contact_at" not in record.facts
    assert len(record.dropped) == 1


@given(st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)), st.integers(-12 * 60, 14 * 60))  # noqa: DTZ001
def test_moments_keep_their_instant(moment: datetime, minutes: int) -> None:
    aware = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))

    record = recorded({"first_contact_at": aware.isoformat()})

    read = datetime.fromisoformat(record.facts["first_contact_at"])
    assert read.astimezone(UTC) == aware.astimezone(UTC)


def test_first_contact_is_the_start_of_the_form_unless_it_was_another_time() -> None:
    another = recorded({}, around=STARTED + "<contact><contact_now>no</contact_now></contact>")

    assert "first_contact_at" not in another.facts
    assert recorded({}).facts["first_contact_at"] == "2026-03-02T08:30:00-06:00"


@pytest.mark.parametrize(
    ("said", "known"), [("unaccompanied", True), ("separated", True), ("accompanied", False)]
)
def test_being_alone_is_known_from_the_talk_that_recorded_it(said: str, known: bool) -> None:
    assert ("accompaniment_known_at" in recorded({"accompaniment": said}).facts) is known


def test_evidence_is_dated_at_the_end_of_the_form_and_carries_the_role() -> None:
    [claim] = recorded({"done_care": "needs-checked", "interviewer_role": "first-contact-officer"}).evidence

    assert (claim.key, claim.role, claim.at) == (
        "needs-checked",
        "first-contact-officer",
        "2026-03-02T09:00:00-06:00",
    )


@pytest.mark.parametrize(
    ("said", "around", "reason"),
    [
        ({"done_care": "needs-checked"}, ENDED, "may not attest"),
        ({"done_care": "needs-checked", "interviewer_role": "migration-authority"}, ENDED, "may not attest"),
        (
            {"done_care": "all-is-well", "interviewer_role": "first-contact-officer"},
            ENDED,
            "no evidence entry",
        ),
        (
            {"done_care": "needs-checked", "interviewer_role": "first-contact-officer"},
            "",
            "when it was closed",
        ),
    ],
)
def test_evidence_that_cannot_count_is_dropped_with_its_reason(
    said: dict[str, str], around: str, reason: str
) -> None:
    record = recorded(said, around)

    assert record.evidence == []
    assert [reason in one.reason for one in record.dropped] == [True]


def test_values_carry_who_told_them_and_how_sure() -> None:
    told = recorded({"name_as_told": "Ana", "identity_told_by": "child seen", "identity_certainty": "sure"})

    name = told.identity["name_as_told"]
    assert (name.value, name.protection, name.source, name.certainty) == (
        "Ana",
        "P2",
        ("child", "seen"),
        "sure",
    )


def test_what_to_withhold_and_from_whom_is_kept_as_agreement() -> None:
    record = recorded(
        {"withhold_what": "whereabouts fear", "withhold_from": "origin-consulate", "agreed_by": "nobody"}
    )

    assert record.consent["withhold_what"].value == ("whereabouts", "fear")
    assert record.consent["withhold_from"].value == ("origin-consulate",)
    assert record.consent["agreed_by"].value == ()


EXTREMES = (
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "1989-12-31T23:59:59Z",
    "2101-01-01T00:00:00Z",
)


@pytest.mark.parametrize("text", EXTREMES)
def test_a_year_that_no_child_lived_in_is_dropped_with_its_reason_and_without_the_answer(text: str) -> None:
    record = recorded({"first_contact_at": text}, around=ENDED)

    [dropped] = record.dropped
    assert "first_contact_at" not in record.facts
    assert ("year" in dropped.reason, text[:4] in dropped.reason) == (True, False)


@pytest.mark.parametrize("text", EXTREMES)
@pytest.mark.parametrize("name", ["start", "end"])
def test_a_clock_that_was_never_set_dates_nothing_and_says_so(name: str, text: str) -> None:
    record = recorded({}, around=f"<{name}>{text}</{name}>")

    assert (record.started_at, record.ended_at, record.facts) == ("", "", {})
    assert [one.path for one in record.dropped] == [f"/data/{name}"]
