"""Keep exit codes and messages right where the shell, the disk or the person does not play along."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from amparo.cli import main
from tests.guide.cases import ana, written


def saved(folder: Path, case: object) -> str:
    return str(written(folder, json.dumps(case), "facts.json"))


def ended(command: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of shell; `amparo` in it is this program."""
    whole = command.replace("amparo", f"{sys.executable} -m amparo")
    return subprocess.run(["sh", "-c", whole], capture_output=True, check=False)


def test_closed_input_is_told() -> None:
    told = ended("amparo guide explain --facts - <&-")

    assert (told.returncode, told.stderr.decode()) == (
        2,
        "stdin: no hay nada que leer: la entrada está cerrada\n",
    )


def test_binary_input_is_told(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(bytes(range(256)))

    told = ended(f"amparo guide explain --facts - <{tmp_path}/f")

    assert told.returncode == 2
    assert told.stderr.startswith(b"stdin:")


def test_full_disk_is_told(tmp_path: Path) -> None:
    told = ended(f"amparo guide explain --facts {saved(tmp_path, ana())} >/dev/full")

    assert told.returncode == 2
    assert told.stderr.decode().startswith("stdout: no se puede escribir: ")
    assert told.stderr.count(b"\n") == 1


@pytest.mark.parametrize(("asked", "code"), [("explain", 0), ("may adopt", 1)])
def test_reader_who_leaves_early_gets_no_traceback_and_no_permission(
    tmp_path: Path, asked: str, code: int
) -> None:
    facts_file = saved(tmp_path, ana())

    told = ended(f"{{ amparo guide {asked} --facts {facts_file}; echo $? >{tmp_path}/code; }} | true")

    assert told.stderr == b""
    assert (tmp_path / "code").read_text(encoding="utf-8").strip() == str(code)


def test_closed_outputs_change_no_exit_code(tmp_path: Path) -> None:
    assert ended(f"amparo guide may detain --facts {saved(tmp_path, ana())} >&- 2>&-").returncode == 1
    assert ended("amparo guide check /nowhere >&- 2>&-").returncode == 2


def test_language_nobody_has_is_told_and_spanish_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(written(tmp_path, ""))

    assert main(["guide", "check", path, "--language", "xx"]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("--language: no es un idioma de estos mensajes")
    assert second == "overlay.yaml: está vacío"


@pytest.mark.parametrize(
    "words", [[], ["guide"], ["guide", "ask"], ["guide", "may"], ["guide", "check", "a", "b"]]
)
def test_question_that_is_none_is_bad_input(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(words)

    assert end.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_path_that_is_too_long_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guide", "check", "x" * 5000]) == 2
    assert capsys.readouterr().err.endswith(": no existe ese archivo\n")


def test_nothing_a_child_said_is_repeated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story = "Mi tío Rigoberto me pegó"
    case = {
        **ana(), story: story, "age_status": story, "on": story, "needs_now": [story], "country": story,
        "evidence": {story: {"done": story, "at": story, "by_role": story, story: story}},
        "events": [{"action": story, "at": story}],
    }  # fmt: skip

    main(["guide", "explain", "--facts", saved(tmp_path, case)])

    assert "Rigoberto" not in capsys.readouterr().err
