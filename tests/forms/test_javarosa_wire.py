"""Check that the client speaks OpenRosa as strictly as a phone, over HTTP on loopback."""

import json
from pathlib import Path

import pytest

from amparo.forms.submission import named_attachments, parse_submission
from tests.forms.javarosa.client import Answers, JavaRosaClient, Result
from tests.forms.javarosa.door import DEVICE, SECRET, Door, opened
from tests.forms.samples import HERE, the_intake

pytestmark = pytest.mark.java


def sent_through(door: Door, changed: Answers | None = None, secret: str = SECRET) -> Result:
    answers = json.loads((HERE / "answers" / "ana.json").read_text()) | dict(changed or {})
    with opened(door):
        return JavaRosaClient(door.url, DEVICE, secret).fill_and_send("intake", answers)


def test_client_walks_the_whole_protocol_and_sends_what_it_shows() -> None:
    door = Door(the_intake())

    result = sent_through(door)

    [post] = door.posts
    assert (result.outcome, result.status, result.message) == ("sent", 201, "recibido")
    assert result.steps == ["formList 200", "form 200", "manifest 200", "media 200", "HEAD 204", "POST 201"]
    assert post == {"xml_submission_file": result.xml}
    assert all(f"deviceID=collect%3A{DEVICE}" in one for one in door.asked)


def test_client_splits_files_over_the_announced_size_and_marks_all_but_the_last(tmp_path: Path) -> None:
    for name in ("face.jpg", "voice.m4a"):
        (tmp_path / name).write_bytes(name.encode() * 4000)
    files: Answers = {
        "/agreement/photo_agreed": "yes",
        "/agreement/photo": str(tmp_path / "face.jpg"),
        "/agreement/audio_agreed": "yes",
        "/words/own_words_audio": str(tmp_path / "voice.m4a"),
    }
    door = Door(the_intake(), limit=50_000)

    result = sent_through(door, files)

    first, second = door.posts
    named = named_attachments(parse_submission(result.xml), the_intake().bindings.files)
    assert named == {"face.jpg", "voice.m4a"}
    assert first["xml_submission_file"] == second["xml_submission_file"] == result.xml
    assert (first.keys() | second.keys()) - {"xml_submission_file", "*isIncomplete*"} == named
    assert (first["*isIncomplete*"], "*isIncomplete*" in second) == (b"yes", False)
    assert first["face.jpg"] == (tmp_path / "face.jpg").read_bytes()


@pytest.mark.parametrize(
    ("breaks", "message"),
    [
        ("hash", "announced hash"),
        ("portal", "captive portal"),
        ("header", "X-OpenRosa-Version"),
        ("head", "instead of 204"),
        ("post", "POST: status 200"),
        ("conflict", "POST: status 409 recibido"),
    ],
)
def test_client_refuses_a_door_that_breaks_the_protocol(breaks: str, message: str) -> None:
    result = sent_through(Door(the_intake(), breaks=breaks))

    assert result.outcome == "refused-by-server"
    assert message in result.message


def test_client_with_a_wrong_secret_is_turned_away_and_sends_nothing() -> None:
    door = Door(the_intake())

    result = sent_through(door, secret="wrong")

    assert (result.outcome, result.status, door.posts) == ("refused-by-server", 401, [])
