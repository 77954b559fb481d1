"""Hold the compiler to its word: same source, same bytes; defects with sheet, row and reason."""

import hashlib
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.forms.compile import compile_instrument
from amparo.forms.defects import Defect, InstrumentRefused, defect_of
from amparo.forms.lint import structural_defects
from amparo.forms.workbook import Workbook
from tests.forms.samples import HERE, XLSFORMS, a_question, a_source, in_all, the_intake

FOREIGN = {
    "unhcr_rms_capi_v2.xlsx": 359,
    "unhcr_sd_referential.xlsx": 359,
    "unhcr_xfu_koboexamples.xlsx": 16,
    "unicef_liberia_std.xlsx": 9,
    "ona_double_repeat.xlsx": 2,
    "pyxform_widgets.xls": 36,
}


def refusal_of(content: bytes, name: str = "sample.yaml") -> list[Defect]:
    with pytest.raises(InstrumentRefused) as refused:
        compile_instrument(content, name=name)
    return list(refused.value.defects)


@pytest.mark.parametrize(("name", "binds"), FOREIGN.items())
def test_foreign_forms_compile_as_plain_instruments(name: str, binds: int) -> None:
    compiled = compile_instrument((XLSFORMS / name).read_bytes(), name=name)

    assert compiled.xform.count(b"<bind ") >= binds
    assert compiled.version
    assert not compiled.bindings.save_to
    assert compiled.md5 == hashlib.md5(compiled.xform, usedforsecurity=False).hexdigest()


@pytest.mark.parametrize(
    ("name", "row", "choice", "count"),
    [
        ("unhcr_xfu_demo.xlsx", 7, "never", 4),
        ("unhcr_xfu_demo_adapt1.xlsx", 7, "never", 4),
        ("unicef_liberia_coverage.xlsx", 155, "1", 118),
    ],
)
def test_repeated_choice_names_are_refused_by_sheet_row_and_reason(
    name: str, row: int, choice: str, count: int
) -> None:
    defects = refusal_of((XLSFORMS / name).read_bytes(), name)

    assert (defects[0].sheet, defects[0].row, defects[0].column) == ("choices", row, "name")
    assert f"'{choice}' is already used in row" in defects[0].reason
    assert len(defects) == count
    assert f"{name}: sheet choices, row {row}, column name:" in str(InstrumentRefused(name, defects))


def test_repeated_choice_names_pass_where_the_form_allows_them() -> None:
    row = {"list_name": "l", "name": "a", "label": "A"}
    book = {"choices": [row, row], "settings": [{"allow_choice_duplicates": "yes"}]}

    assert structural_defects(Workbook("form", book, own=False)) == []
    assert len(structural_defects(Workbook("form", book | {"settings": []}, own=False))) == 1


def test_the_media_a_foreign_form_needs_are_named_but_not_invented() -> None:
    compiled = compile_instrument(
        (XLSFORMS / "unhcr_rms_capi_v2.xlsx").read_bytes(), name="unhcr_rms_capi_v2.xlsx"
    )

    assert [(file.name, file.content) for file in compiled.media] == [("admin_level.csv", None)]


def test_external_choices_become_a_media_file() -> None:
    compiled = compile_instrument(
        (XLSFORMS / "ona_external_choice.xlsx").read_bytes(), name="ona_external_choice.xlsx"
    )

    assert compiled.media[0].name == "itemsets.csv"
    assert (compiled.media[0].content or b"").startswith(b'"list_name"')


def test_foreign_form_without_version_gets_one_that_changes_with_its_content() -> None:
    name = "unhcr_sd_referential.xlsx"

    compiled = compile_instrument((XLSFORMS / name).read_bytes(), name=name)

    assert compiled.version == f"sha-{hashlib.sha256((XLSFORMS / name).read_bytes()).hexdigest()[:12]}"
    assert f'version="{compiled.version}"'.encode() in compiled.xform


def test_the_same_source_gives_the_same_bytes_in_another_process() -> None:
    script = (
        "import hashlib; from amparo.forms.packaged import packaged_instruments as p;"
        "print(next(c.sha256 for c in p() if c.form_id == 'intake'))"
    )

    shown = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            cwd=HERE.parents[1],
            env={"PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }

    assert shown == {the_intake().sha256}


def test_pyxform_errors_of_a_text_source_point_to_its_line() -> None:
    source = a_source(a_question(relevant="${nobody} = 1"))
    lines = source.decode().splitlines()
    last_question = max(at for at, text in enumerate(lines) if text == "- type: text") + 1

    defect = refusal_of(source)[0]

    assert (defect.sheet, defect.row, defect.column) == ("survey", last_question, "relevant")
    assert "nobody" in defect.reason


@pytest.mark.parametrize(
    ("question", "column"),
    [
        ({"type": "text", "label": in_all("x")}, "name"),
        ({"name": "x", "label": in_all("x")}, "type"),
        ({"type": "text", "name": "x", "label": "only one"}, "label"),
        ({"type": "group", "name": "x"}, "children"),
    ],
)
def test_a_misshapen_question_is_refused_with_its_line_and_part(
    question: dict[str, object], column: str
) -> None:
    source = a_source(question)
    last = max(at for at, text in enumerate(source.decode().splitlines()) if text.startswith("- ")) + 1

    [defect] = refusal_of(source)

    assert (defect.sheet, defect.row, defect.column) == ("survey", last, column)


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"a: 1\na: 2", 2, "written twice"),
        (b"a: &x 1\nb: *x", 2, "aliases"),
        (b"a: [", 1, "YAML"),
        (b"- 1", 0, "needs settings"),
        (b"settings: {}", 0, "needs settings"),
        (b"\xff\xfe", 0, "UTF-8"),
    ],
)
def test_unsound_text_sources_are_refused_with_their_line(content: bytes, line: int, reason: str) -> None:
    defect = refusal_of(content)[0]

    assert defect.row == line
    assert reason in defect.reason


@pytest.mark.parametrize("name", ["broken.xlsx", "broken.xls"])
@pytest.mark.parametrize("content", [b"", b"not a sheet", b"PK\x03\x04 half a zip", b"\xd0\xcf\x11\xe0" * 64])
def test_damaged_spreadsheets_are_refused_without_a_traceback(name: str, content: bytes) -> None:
    assert refusal_of(content, name)[0].reason


def test_unknown_kinds_of_file_are_refused_by_name() -> None:
    assert "'.docx'" in refusal_of(b"x", "form.docx")[0].reason


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_no_bytes_make_the_text_reader_fail_in_any_other_way(content: bytes) -> None:
    refusal_of(content)


def test_messages_of_pyxform_become_defects() -> None:
    defect = defect_of(
        "[row : 7] On the 'choices' sheet, the 'name' value is invalid. Learn more: https://x.invalid/"
    )

    assert (defect.sheet, defect.row, defect.column) == ("choices", 7, "name")
    assert "https" not in defect.reason


@given(st.text(max_size=200))
def test_every_message_becomes_a_defect(message: str) -> None:
    assert defect_of(message).reason
