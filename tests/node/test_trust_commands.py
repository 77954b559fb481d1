"""Show how nodes come to trust each other: a card each, a list signed by the root, adopted and never rolled back."""

import json
import stat
from pathlib import Path

import pytest

from amparo.base import seal
from amparo.base.clock import now
from amparo.cli import main
from amparo.exchange.adopting import root_public
from amparo.exchange.trust import TrustListRolledBack
from amparo.exchange.trust_document import TrustListWrong
from amparo.node import trust
from amparo.node.home import PROFILES, Home, make_home, this_home


@pytest.fixture(autouse=True)
def _forget_the_home() -> object:
    this_home.cache_clear()
    yield
    this_home.cache_clear()


def _run(home: Home, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    this_home.cache_clear()
    monkeypatch.setenv("AMPARO_HOME", str(home.path))
    return main(["trust", *words])


def _a_home(folder: Path, profile: str) -> Home:
    return make_home(folder / profile, PROFILES / f"{profile}.yaml")


@pytest.fixture
def region(tmp_path: Path) -> Home:
    return _a_home(tmp_path, "region")


@pytest.fixture
def mexico(tmp_path: Path) -> Home:
    return _a_home(tmp_path, "mx")


@pytest.fixture
def card(
    mexico: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    _run(mexico, monkeypatch, "card")
    path = tmp_path / "mx.json"
    path.write_text(capsys.readouterr().out, "utf-8")
    return path


def test_a_card_has_agencies_and_public_keys_and_nothing_private(card: Path, mexico: Home) -> None:
    said = json.loads(card.read_text("utf-8"))

    private = [key["private"] for key in json.loads(mexico.keyring.read_text())["sign"]]
    assert [one["id"] for one in said["agencies"]] == [one.id for one in mexico.profile.agencies]
    assert not any(secret in card.read_text("utf-8") for secret in private)
    receiving = [one["id"] for one in said["agencies"] if one["receives"]]
    assert receiving == ["mx-proteccion", "mx-albergue", "mx-tutoria"], (
        "only child protection receives transfers"
    )


def test_a_published_list_is_adopted_by_key_or_by_fingerprint(
    card: Path, region: Home, mexico: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    out = tmp_path / "trust-list.jws"

    published = _run(region, monkeypatch, "publish", str(card), "--out", str(out))
    said = capsys.readouterr().out
    fingerprint = said.split("Fingerprint: ")[1].strip()
    adopted = _run(mexico, monkeypatch, "adopt", str(out), "--root", fingerprint)

    assert (published, adopted) == (0, 0)
    assert mexico.trust_list.read_text("ascii") == out.read_text("ascii").strip()
    assert seal.key_id(root_public(mexico.trust_root)) == fingerprint


def test_the_root_key_is_made_once_and_readable_by_its_account_alone(region: Home) -> None:
    first, again = trust.root_key(region), trust.root_key(region)

    path = region.keys / "trust-root.key"
    assert first.private == again.private
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_root_key_that_others_could_read_is_refused(region: Home) -> None:
    trust.root_key(region)
    (region.keys / "trust-root.key").chmod(0o644)

    with pytest.raises(trust.RootKeyUnsafe):
        trust.root_key(region)


def test_each_list_published_has_the_next_number(
    card: Path, region: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "trust-list.jws"

    for _ in range(3):
        _run(region, monkeypatch, "publish", str(card), "--out", str(out))

    assert trust.next_number(out, trust.root_key(region)) == 4


def test_an_older_list_never_takes_the_place_of_a_newer_one(card: Path, region: Home, mexico: Home) -> None:
    root, cards = trust.root_key(region), [trust.read_card(card)]
    older, newer = (trust.publish(cards, root=root, number=number, at=now()) for number in (1, 2))
    trust.adopt(mexico, newer, root.public)

    with pytest.raises(TrustListRolledBack):
        trust.adopt(mexico, older, root.public)

    assert mexico.trust_list.read_text("ascii") == newer


def test_a_list_of_another_root_is_refused_even_with_its_key(card: Path, region: Home, mexico: Home) -> None:
    root, other, cards = trust.root_key(region), seal.new_sign_keys(), [trust.read_card(card)]
    trust.adopt(mexico, trust.publish(cards, root=root, number=1, at=now()), root.public)
    foreign = trust.publish(cards, root=other, number=2, at=now())

    with pytest.raises(TrustListRolledBack):
        trust.adopt(mexico, foreign, other.public)
    with pytest.raises(TrustListWrong):
        trust.adopt(mexico, foreign, root.public)


@pytest.mark.parametrize("words", ["nonsense", "A" * 22, ""])
def test_a_wrong_root_is_refused_in_words(
    words: str, card: Path, region: Home, mexico: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    out = tmp_path / "trust-list.jws"
    _run(region, monkeypatch, "publish", str(card), "--out", str(out))

    code = _run(mexico, monkeypatch, "adopt", str(out), "--root", words)

    assert code == 1
    assert capsys.readouterr().err.startswith(("--root must", "The key in trust-root.txt"))
    assert not mexico.trust_list.exists()


@pytest.mark.parametrize("content", ["", "[]", "{}", "\x00"])
def test_a_file_that_is_no_card_is_named(
    content: str,
    region: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(content, "utf-8")

    code = _run(region, monkeypatch, "publish", str(wrong), "--out", str(tmp_path / "list"))

    assert code == 1
    assert "wrong.json" in capsys.readouterr().err
