"""Use `amparo forms` as a form author does."""

from pathlib import Path

import pytest

from amparo.cli import main
from tests.forms.samples import HERE, XLSFORMS, a_question, a_source, the_intake

INTAKE = HERE.parents[1] / "amparo" / "forms" / "sources" / "intake.yaml"


def test_compile_writes_the_exact_bytes_and_says_what_is_unreviewed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "intake.xml"

    code = main(["forms", "compile", str(INTAKE), "--lint", "--out", str(out)])

    shown = capsys.readouterr().out
    assert (code, out.read_bytes()) == (0, the_intake().xform)
    assert "not reviewed by a native specialist: fr, pt, ht" in shown
    assert [path.name for path in tmp_path.iterdir()] == ["intake.xml"]


def test_compile_refuses_a_defective_form_with_sheet_row_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "form.xml"

    code = main(["forms", "compile", str(XLSFORMS / "unhcr_xfu_demo.xlsx"), "--out", str(out)])

    lines = capsys.readouterr().err.splitlines()
    assert code == 1
    assert lines[0].startswith(
        "unhcr_xfu_demo.xlsx: sheet choices, row 7, column name: The choice name 'never'"
    )
    assert not out.exists()


def test_lint_holds_a_spreadsheet_to_our_own_rules(capsys: pytest.CaptureFixture[str]) -> None:
    form = str(XLSFORMS / "unhcr_xfu_koboexamples.xlsx")

    plain, strict = main(["forms", "compile", form]), main(["forms", "compile", form, "--lint"])

    assert (plain, strict) == (0, 1)
    assert "is missing in 'ht'" in capsys.readouterr().err


def test_compile_of_a_missing_or_odd_file_is_a_plain_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = tmp_path / "notes.txt"
    odd.write_text("hello")

    codes = [main(["forms", "compile", str(tmp_path / "nowhere.xlsx")]), main(["forms", "compile", str(odd)])]

    shown = capsys.readouterr().err
    assert codes == [2, 1]
    assert "cannot be read" in shown
    assert "Traceback" not in shown


def test_compile_to_a_place_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "sample.yaml"
    source.write_bytes(a_source(a_question()))

    code = main(["forms", "compile", str(source), "--out", str(tmp_path / "no" / "form.xml")])

    assert code == 2
    assert "cannot be written" in capsys.readouterr().err


def test_lint_refuses_a_released_version_that_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = tmp_path / "intake.yaml"
    changed.write_text(INTAKE.read_text().replace("¿Cómo está de salud?", "¿Cómo se siente de salud?"))

    code = main(["forms", "compile", str(changed), "--lint"])

    assert code == 1
    assert "was released with other content" in capsys.readouterr().err
