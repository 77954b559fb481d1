"""Show that publishing writes everything or nothing, and never over somebody else's files."""

import hashlib
import json
from pathlib import Path

import pytest

from amparo.cli import main
from amparo.guide import publish_commands
from amparo.guide.document import region
from amparo.guide.errors import GuideFaulty
from amparo.guide.publishing import published, read_published


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_publish_writes_every_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["guide", "publish", str(tmp_path / "open")])

    assert code == 0
    assert files_of(tmp_path / "open") == published()
    assert "documents" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["open"]  # nothing beside is left


def test_index_names_each_file_with_its_hash(tmp_path: Path) -> None:
    publish_commands.publish(tmp_path)

    index = json.loads((tmp_path / "index.json").read_bytes())["content"]["documents"]

    assert {each["address"] for each in index} | {"index.json"} == files_of(tmp_path).keys()
    for each in index:
        text = (tmp_path / each["address"]).read_bytes()
        assert (each["bytes"], each["file_hash"]) == (len(text), "sha256:" + hashlib.sha256(text).hexdigest())


def test_publish_again_replaces_what_it_wrote_before(tmp_path: Path) -> None:
    publish_commands.publish(tmp_path / "open", base="https://example.org/guide")

    publish_commands.publish(tmp_path / "open")

    assert files_of(tmp_path / "open") == published()
    assert [path.name for path in tmp_path.iterdir()] == ["open"]


def test_publish_leaves_a_folder_with_other_files_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letters.txt").write_text("mine", encoding="utf-8")

    code = main(["guide", "publish", str(tmp_path), "--language", "en"])

    assert code == 2
    assert "holds other files" in capsys.readouterr().err
    assert files_of(tmp_path) == {"letters.txt": b"mine"}


def test_publish_leaves_its_own_folder_alone_once_somebody_added_a_file(tmp_path: Path) -> None:
    publish_commands.publish(tmp_path / "open")
    (tmp_path / "open" / "notes.txt").write_text("mine", encoding="utf-8")
    before = files_of(tmp_path / "open")

    with pytest.raises(GuideFaulty, match="other files"):
        publish_commands.publish(tmp_path / "open", base="urn:other:guide")

    assert files_of(tmp_path / "open") == before


def test_publish_into_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "open").write_text("mine", encoding="utf-8")

    with pytest.raises(GuideFaulty, match="must be a folder"):
        publish_commands.publish(tmp_path / "open")

    assert (tmp_path / "open").read_text(encoding="utf-8") == "mine"


def test_publish_under_a_file_is_told_and_not_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")

    assert main(["guide", "publish", str(tmp_path / "file" / "open")]) == 2

    assert str(tmp_path / "file") in capsys.readouterr().err


@pytest.mark.parametrize(
    "base", ["", "guide", "http://example.org", "https://example.org/", "urn:x:", "urn:a b"]
)
def test_identifiers_begin_with_a_sound_base(tmp_path: Path, base: str) -> None:
    with pytest.raises(GuideFaulty, match="--base"):
        publish_commands.publish(tmp_path / "open", base=base)

    assert not (tmp_path / "open").exists()


def test_base_begins_every_identifier_and_leaves_the_content_as_it_is(tmp_path: Path) -> None:
    publish_commands.publish(tmp_path, base="https://example.org/guide")

    guide = json.loads((tmp_path / "guide.json").read_bytes())
    graph = json.loads((tmp_path / "guide.jsonld").read_bytes())["@graph"]

    assert all(node["@id"].startswith("https://example.org/guide/") for node in graph)
    assert guide["identifier"].startswith("https://example.org/guide/")
    assert guide["content_hash"] == json.loads(published()["guide.json"])["content_hash"]
    back = read_published((tmp_path / "guide.json").read_bytes(), name="guide.json")
    assert back.obligations == region().obligations
