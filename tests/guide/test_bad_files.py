"""Refuse every file that is wrong with its file, line, key and reason, in English and in Spanish, and load nothing.

The files and what is told of them stand in bad/files.yaml.
"""

import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
import yaml

from amparo.cli import main
from amparo.guide import Faulty, GuideFaulty, evaluate, load, load_overlay
from amparo.guide.document import DATA, read_document, region
from amparo.guide.facts_files import facts_from
from amparo.guide.loading import build
from amparo.guide.reading import LARGEST
from amparo.guide.saying import told, told_all
from tests.guide.cases import the_guide, written

HEAD = "overlay: {country: MX, version: 0.0.1-test, status: for a test}\n"
# Read by the library itself: the reader of the Guide would refuse what stands in it.
BAD = yaml.safe_load((Path(__file__).parent / "bad" / "files.yaml").read_text(encoding="utf-8"))["bad_files"]
NAMES = [each["bad"] for each in BAD]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the files of the Guide, to be spoilt one at a time."""
    folder = tmp_path_factory.mktemp("sound")
    for name in ("guide.yaml", "vocabulary.yaml", "evidence.yaml", "sources.yaml", "facts.schema.json"):
        shutil.copy(DATA / name, folder / name)
    shutil.copytree(DATA / "obligations", folder / "obligations")
    return folder


def read_bad(bad: dict[str, Any], sound: Path, folder: Path) -> None:
    """Write the bad file and read it as the commands do."""
    if "overlay" in bad:
        path = folder / bad.get("named", "overlay.yaml")
        path.write_bytes(bad["overlay"].encode(bad.get("encoding", "utf-8")))
        load_overlay(path)
    elif "facts" in bad:
        with facts_from(str(written(folder, bad["facts"], bad["named"]))) as facts:
            evaluate(the_guide(), facts)
    else:
        build(read_document(spoilt(bad, sound, folder / "guide")))


def fault_of(bad: dict[str, Any], sound: Path, folder: Path) -> Faulty:
    with pytest.raises(Faulty) as fault:
        read_bad(bad, sound, folder)
    return fault.value


def spoilt(bad: dict[str, Any], sound: Path, guide: Path) -> Path:
    """Return a copy of the Guide with one fault."""
    shutil.copytree(sound, guide)
    if "without" in bad:
        (guide / bad["without"]).unlink()
    elif "beside" in bad:
        (guide / bad["beside"]).write_text(bad["text"], encoding="utf-8")
    else:
        text = (guide / bad["in"]).read_text(encoding="utf-8")
        assert bad["instead_of"] in text
        (guide / bad["in"]).write_text(text.replace(bad["instead_of"], bad["stands"], 1), encoding="utf-8")
    return guide


def test_there_is_a_table_of_many_bad_files() -> None:
    assert len(BAD) >= 100
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("bad", BAD, ids=NAMES)
def test_bad_file_is_refused_by_file_line_key_and_reason(
    tmp_path: Path, sound: Path, bad: dict[str, Any]
) -> None:
    before = load(), load("MX"), region()

    problems = fault_of(bad, sound, tmp_path).problems

    for language in ("en", "es"):
        lines = [told(problem, language) for problem in problems]
        # One fault may bring others to light: what the table names must be told, other lines may stand beside it.
        untold = [want for want in bad[language] if not any(line.startswith(want) for line in lines)]
        assert untold == [], lines
    assert all(one is other for one, other in zip(before, (load(), load("MX"), region()), strict=True))


@pytest.mark.parametrize("kind", ["overlay", "facts"])
def test_command_prints_what_is_wrong_and_nothing_else(
    tmp_path: Path, sound: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    for at, bad in enumerate([each for each in BAD if kind in each][::5]):
        folder = tmp_path / str(at)
        folder.mkdir()
        problems = fault_of(bad, sound, folder).problems
        path = str(next(folder.iterdir()))
        asked = ["check", path] if kind == "overlay" else ["explain", "--facts", path]

        assert main(["guide", *asked]) == (1 if kind == "overlay" else 2)
        assert capsys.readouterr() == ("", told_all(problems, "es") + "\n")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_line_of_the_table_names_a_file(language: str) -> None:
    nameless = [
        told
        for bad in BAD
        for told in bad[language]
        if ".yaml" not in told.split(": ")[0] and ".json" not in told
    ]

    assert nameless == []


# ---- what a table cannot hold ------------------------------------------------------------------


def refused(path: Path) -> str:
    with pytest.raises(GuideFaulty) as fault:
        load_overlay(path)
    return str(fault.value)


def test_file_with_the_mark_of_a_windows_editor_is_read(tmp_path: Path) -> None:
    (tmp_path / "overlay.yaml").write_bytes(b"\xef\xbb\xbf" + HEAD.encode())

    assert load_overlay(tmp_path / "overlay.yaml").country == "MX"


def test_line_ends_of_windows_do_not_move_the_lines(tmp_path: Path) -> None:
    text = HEAD + "obligations:\n  - id: legal-aid\n    deadline: soon\n"
    (tmp_path / "overlay.yaml").write_bytes(text.replace("\n", "\r\n").encode())

    assert refused(tmp_path / "overlay.yaml").startswith("overlay.yaml:4: legal-aid.deadline: ")


def test_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + "# " + "x" * LARGEST)

    assert refused(path) == "overlay.yaml: is too large: at most 2 million bytes"


@pytest.mark.parametrize(
    "text", ["[" * 200_000, "{a: " * 50_000, "- " * 100_000 + "a", "a: [" + "[1]," * 10_000]
)
def test_deep_file_is_refused_without_ending_the_process(tmp_path: Path, text: str) -> None:
    assert refused(written(tmp_path, text)).startswith("overlay.yaml")


def test_mapping_deeper_than_can_be_meant_is_refused(tmp_path: Path) -> None:
    text = "\n".join("  " * level + "a:" for level in range(900))

    assert refused(written(tmp_path, text)) == "overlay.yaml: is nested too deeply: at most 40 levels"


def test_folder_instead_of_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guide", "explain", "--facts", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path.name}: es una carpeta, no un archivo\n"


def test_folder_that_is_no_guide_is_refused_with_every_file_it_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["guide", "check", str(tmp_path)]) == 1
    assert [line.split(":")[0] for line in capsys.readouterr().err.splitlines()] == [
        "evidence.yaml", "facts.schema.json", "guide.yaml", "sources.yaml", "vocabulary.yaml",
    ]  # fmt: skip


def test_link_that_leads_back_to_itself_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "overlay.yaml").symlink_to(tmp_path / "overlay.yaml")

    assert main(["guide", "check", str(tmp_path / "overlay.yaml")]) == 2
    assert "enlace que vuelve a sí mismo" in capsys.readouterr().err


def test_socket_instead_of_a_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind("overlay.yaml")

        assert main(["guide", "check", "overlay.yaml"]) == 2


def test_file_that_may_not_be_read_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, HEAD)
    path.chmod(0)
    as_everybody = os.geteuid() == 0  # root may read everything: for the length of this test, be nobody
    if as_everybody:
        tmp_path.chmod(0o755)
        os.seteuid(65534)
    try:
        code = main(["guide", "check", str(path)])
    finally:
        if as_everybody:
            os.seteuid(0)

    assert code == 2
    assert "overlay.yaml: " in capsys.readouterr().err


def test_facts_and_two_files_are_told_together_and_in_order(
    sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    guide = tmp_path / "guide"
    shutil.copytree(sound, guide)
    for name in ("closure", "transfer"):
        path = guide / "obligations" / f"{name}.yaml"
        path.write_text(
            path.read_text(encoding="utf-8").replace("severity: hard", "severity: firm", 1), "utf-8"
        )
    (guide / "sources.yaml").write_text("sources: [", "utf-8")

    main(["guide", "check", str(guide)])
    first = capsys.readouterr().err
    (guide / "sources.yaml").write_bytes((DATA / "sources.yaml").read_bytes())
    main(["guide", "check", str(guide)])
    second = capsys.readouterr().err

    assert first.startswith("sources.yaml:2:1: ")
    assert [line.partition(":")[0] for line in second.splitlines()] == ["closure.yaml", "transfer.yaml"]


# ---- nothing is loaded half --------------------------------------------------------------------


def test_fault_is_not_remembered_once_the_file_is_mended(sound: Path, tmp_path: Path) -> None:
    guide = tmp_path / "guide"
    shutil.copytree(sound, guide)
    text = (guide / "guide.yaml").read_text(encoding="utf-8")
    (guide / "guide.yaml").write_text("guide: []", encoding="utf-8")
    with pytest.raises(Faulty):
        read_document(guide)

    (guide / "guide.yaml").write_text(text, encoding="utf-8")

    assert read_document(guide).guide == region().guide
