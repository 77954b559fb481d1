"""Show that keys survive restarts, and that a key file others could read is refused."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from amparo.base import keyring, seal

NOW = datetime(2026, 11, 21, 10, 0, 0, 250_000, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


@pytest.fixture
def held(path: Path) -> keyring.Keyring:
    return keyring.load_or_make(path, node="mx", agencies=["mx-proteccion"], at=NOW)


def _changed(path: Path, **fields: object) -> None:
    document: dict[str, Any] = json.loads(path.read_text())
    path.write_text(json.dumps({**document, **fields}))


def test_first_start_makes_a_file_for_this_account_alone(held: keyring.Keyring, path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["keys.json"]
    assert len(held.index_key) == 32


def test_a_file_from_before_the_index_gets_its_key_at_the_next_start(
    held: keyring.Keyring, path: Path
) -> None:
    document = json.loads(path.read_text())
    del document["index_key"]
    path.write_text(json.dumps(document))

    read = keyring.read_keyring(path)
    again = keyring.load_or_make(path, node="mx", agencies=["mx-proteccion"], at=NOW)

    assert read.index_key == b""
    assert len(again.index_key) == 32
    assert keyring.read_keyring(path) == again
    assert again.agencies == held.agencies


def test_second_start_finds_the_same_keys(held: keyring.Keyring, path: Path) -> None:
    again = keyring.load_or_make(path, node="mx", agencies=["mx-proteccion"], at=NOW + 50 * DAY)

    assert again == held


def test_new_agency_gets_keys_and_the_old_ones_stay(held: keyring.Keyring, path: Path) -> None:
    agencies = ["mx-proteccion", "mx-albergue"]

    later = keyring.load_or_make(path, node="mx", agencies=agencies, at=NOW + DAY)

    assert later.agencies["mx-proteccion"] == held.agencies["mx-proteccion"]
    assert len(later.agency_sign_key("mx-albergue", NOW + DAY).public) == 32
    assert keyring.read_keyring(path) == later


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o666])
@pytest.mark.usefixtures("held")
def test_file_that_others_could_use_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)

    with pytest.raises(keyring.KeyringUnsafe, match="chmod 600"):
        keyring.read_keyring(path)


@pytest.mark.usefixtures("held")
def test_link_to_a_key_file_is_refused(path: Path) -> None:
    link = path.with_name("link.json")
    link.symlink_to(path)

    with pytest.raises(keyring.KeyringUnsafe):
        keyring.read_keyring(link)


def test_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(keyring.KeyringUnsafe):
        keyring.read_keyring(tmp_path)


@pytest.mark.usefixtures("held")
def test_file_of_another_account_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody_else = path.stat().st_uid + 1
    monkeypatch.setattr("os.geteuid", lambda: somebody_else)

    with pytest.raises(keyring.KeyringUnsafe):
        keyring.read_keyring(path)


def test_missing_file_is_named(path: Path) -> None:
    with pytest.raises(keyring.KeyringMissing, match=r"keys\.json"):
        keyring.read_keyring(path)


@pytest.mark.parametrize(
    "fields",
    [
        {"format_version": 3},
        {"sign": [{}]},
        {"agencies": []},
        {"agencies": {"mx-proteccion": []}},
        {"sign": [{"id": "x", "private": seal.to_text(bytes(32)), "since": "now", "until": "now"}]},
    ],
)
@pytest.mark.usefixtures("held")
def test_file_we_did_not_write_is_refused_without_a_trace_of_it(path: Path, fields: dict[str, Any]) -> None:
    _changed(path, **fields)

    with pytest.raises(keyring.KeyringWrong, match=r"^keys\.json is not a key file"):
        keyring.read_keyring(path)


@pytest.mark.parametrize("content", ["", "{", "[]", "1", "\xff"])
@pytest.mark.usefixtures("held")
def test_file_that_is_no_json_object_is_refused(path: Path, content: str) -> None:
    path.write_text(content, encoding="latin-1")

    with pytest.raises(keyring.KeyringWrong):
        keyring.read_keyring(path)


@pytest.mark.parametrize(("name", "value"), [("id", "A" * 22), ("since", "2026-11-21T10:00:00")])
@pytest.mark.usefixtures("held")
def test_key_under_a_wrong_name_or_undated_is_refused(path: Path, name: str, value: str) -> None:
    document = json.loads(path.read_text())
    document["sign"][0][name] = value
    path.write_text(json.dumps(document))

    with pytest.raises(keyring.KeyringWrong):
        keyring.read_keyring(path)


@pytest.mark.usefixtures("held")
def test_keys_of_another_node_are_refused(path: Path) -> None:
    with pytest.raises(keyring.KeyringWrong, match="node mx, not of hn"):
        keyring.load_or_make(path, node="hn", agencies=[], at=NOW)


def test_sign_keys_are_good_for_a_year(held: keyring.Keyring) -> None:
    key = held.node_sign_key(NOW)

    assert held.node_sign_key(NOW + 364 * DAY) == key
    for moment in (NOW - DAY, NOW + 365 * DAY):
        with pytest.raises(keyring.KeyMissing):
            held.node_sign_key(moment)
        with pytest.raises(keyring.KeyMissing):
            held.agency_sign_key("mx-proteccion", moment)


def test_newest_of_two_good_keys_signs(held: keyring.Keyring) -> None:
    newer = keyring.DatedKey(seal.new_sign_keys(), NOW + DAY, NOW + 300 * DAY)
    both = keyring.Keyring(held.node, sign=(newer, *held.sign), agencies=held.agencies)

    assert both.node_sign_key(NOW + 2 * DAY) == newer.pair
    assert both.node_sign_key(NOW) == held.sign[0].pair


def test_seal_key_opens_for_thirty_days_after_its_time_and_no_longer(held: keyring.Keyring) -> None:
    key = held.agencies["mx-proteccion"].seal[0].pair

    assert held.seal_private(key.id, NOW + 119 * DAY) == key.private
    with pytest.raises(keyring.KeyMissing):
        held.seal_private(key.id, NOW + 120 * DAY)
    with pytest.raises(keyring.KeyMissing):
        held.seal_private("A" * 22, NOW)


def test_unknown_agency_has_no_key(held: keyring.Keyring) -> None:
    with pytest.raises(keyring.KeyMissing, match="agency hn-proteccion"):
        held.agency_sign_key("hn-proteccion", NOW)


def test_printed_form_shows_no_key(held: keyring.Keyring) -> None:
    assert repr(held) == "Keyring(node='mx')"
    assert seal.to_text(held.sign[0].pair.private) not in repr(held.sign[0])


def test_crash_before_the_last_step_leaves_the_old_file(
    held: keyring.Keyring, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise OSError("power cut")

    other = keyring.new_keyring("mx", [], at=NOW)
    monkeypatch.setattr(Path, "replace", crash)

    with pytest.raises(OSError, match="power cut"):
        keyring.write_keyring(other, path)

    monkeypatch.undo()
    assert keyring.read_keyring(path) == held
    keyring.write_keyring(other, path)
    assert keyring.read_keyring(path) == other
