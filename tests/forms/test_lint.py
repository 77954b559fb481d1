"""See each rule for our own instruments refuse what it is there to refuse."""

import pytest

from amparo.forms.compile import compile_instrument
from amparo.forms.defects import Defect, InstrumentRefused
from amparo.forms.lint import REQUIRED_LANGUAGES, version_defects
from tests.forms.samples import a_question, a_source, in_all


def defects_of(source: bytes) -> list[Defect]:
    try:
        compile_instrument(source, name="sample.yaml")
    except InstrumentRefused as refused:
        return list(refused.defects)
    return []


def test_a_sound_instrument_has_no_defect() -> None:
    assert defects_of(a_source(a_question(hint=in_all("Pista")))) == []


@pytest.mark.parametrize("code", REQUIRED_LANGUAGES)
@pytest.mark.parametrize("column", ["label", "hint", "constraint_message", "required_message"])
@pytest.mark.parametrize("text", [None, "", "-", " — "])
def test_words_missing_in_one_language_are_refused(code: str, column: str, text: str | None) -> None:
    words = {**in_all("Palabra"), code: text}
    spoken = {one: said for one, said in words.items() if said is not None}

    defects = defects_of(a_source(a_question(**{column: spoken})))

    assert [(one.sheet, one.column) for one in defects] == [("survey", f"{column}::{code}")]
    assert f"in '{code}'" in defects[0].reason


def test_choices_without_a_translation_are_refused() -> None:
    choices = {"kinds": {"none": {**in_all("nada"), "ht": "-"}}}

    defects = defects_of(a_source(a_question(type="select_one kinds"), choices=choices))

    assert [(one.sheet, one.column) for one in defects] == [("choices", "label::ht")]


def test_a_question_without_any_label_is_refused_once_per_language() -> None:
    bare = {key: value for key, value in a_question().items() if key != "label"}

    assert len(defects_of(a_source(bare))) == len(REQUIRED_LANGUAGES)


def test_unknown_save_to_is_refused_with_its_line() -> None:
    source = a_source(a_question(save_to="bank_account"))

    defects = defects_of(source)

    assert [(one.sheet, one.column) for one in defects] == [("survey", "save_to")]
    assert "'bank_account'" in defects[0].reason
    assert source.decode().splitlines()[defects[0].row - 1] == "- type: text"


def test_answers_that_the_fact_cannot_hold_are_refused() -> None:
    choices = {"kinds": {"stated": in_all("dicho"), "maybe": in_all("quizás")}}

    defects = defects_of(
        a_source(a_question(type="select_one kinds", save_to="fear_or_risk"), choices=choices)
    )

    assert [(one.sheet, one.column) for one in defects] == [("choices", "name")]
    assert "'maybe'" in defects[0].reason


def test_evidence_that_the_guide_does_not_know_is_refused() -> None:
    choices = {"kinds": {"needs-checked": in_all("hecho"), "all-is-well": in_all("todo bien")}}

    defects = defects_of(
        a_source(a_question(type="select_multiple kinds", save_to="done_care"), choices=choices)
    )

    assert ["'all-is-well'" in one.reason for one in defects] == [True]


@pytest.mark.parametrize("version", ["", "v 1!"])
def test_an_instrument_without_a_plain_version_is_refused(version: str) -> None:
    row = {"form_id": "sample", "version": version, "default_language": "es", "title": in_all("Muestra")}

    assert [one.column for one in defects_of(a_source(settings=row))] == ["version"]


def test_a_title_missing_in_one_language_is_refused() -> None:
    title = {code: text for code, text in in_all("Muestra").items() if code != "pt"}
    row = {"form_id": "sample", "version": "1", "default_language": "es", "title": title}

    assert [one.column for one in defects_of(a_source(settings=row))] == ["title"]


def test_an_unreviewed_language_must_say_so_to_its_reader() -> None:
    languages = {
        code: {"name": code, "reviewed": "true" if code == "es" else "false"} for code in REQUIRED_LANGUAGES
    }

    assert [one.column for one in defects_of(a_source(languages=languages))] == ["notice"] * 4


def test_a_released_version_with_other_content_is_refused() -> None:
    released = {"1": "aaa"}

    assert version_defects("sample", "1", "bbb", released)[0].column == "version"
    assert version_defects("sample", "1", "aaa", released) == []
    assert version_defects("sample", "2", "bbb", released) == []
