"""Show which ministries a profile may name, and that each wrong field is named with what to write there."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from amparo.node.home import PROFILES
from amparo.node.profile import Profile, ProfileWrong, read_profile

GOOD: dict[str, Any] = {
    "id": "gobernacion",
    "name": {"es": "Gobernación"},
    "issuer": "https://login.ministry.example/realm",
    "client_id": "amparo-mx",
    "agencies": ["mx-proteccion", "mx-albergue"],
}


def _read(folder: Path, *entries: object, demonstration: bool = True) -> Profile:
    data = yaml.safe_load((PROFILES / "mx.yaml").read_text("utf-8"))
    data |= {"sign_in": list(entries), "demonstration": demonstration}
    (folder / "node.yaml").write_text(yaml.safe_dump(data), "utf-8")
    return read_profile(folder / "node.yaml")


def test_a_ministry_stands_on_the_side_of_its_agencies(tmp_path: Path) -> None:
    other = GOOD | {"id": "migracion", "agencies": ["mx-migracion"], "second_step": {"acr": ["gold"]}}

    first, second = _read(tmp_path, GOOD, other).ministries

    assert (first.side, first.acr, second.side, second.acr) == ("protection", (), "migration", ("gold",))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"agencies": ["mx-proteccion", "mx-migracion"]}, "must all be of one sector"),
        ({"agencies": ["mx-proteccion", "mx-supervision"]}, "must all be of one sector"),
        ({"agencies": ["nobody"]}, "no agency of this node"),
        ({"agencies": []}, "agencies is missing"),
        ({"issuer": "http://login.ministry.example"}, "https"),
        ({"issuer": "https://user:word@login.ministry.example"}, "https"),
        ({"issuer": "https://login.ministry.example/?a=b"}, "https"),
        ({"issuer": "https://login.ministry.example/#a"}, "https"),
        ({"issuer": "http://127.0.0.1.evil.example"}, "https"),
        ({"issuer": "file:///etc/passwd"}, "https"),
        ({"id": "Con Espacio"}, "small letters"),
        ({"id": "../keyring"}, "small letters"),
        ({"client_id": ""}, "client_id is missing"),
        ({"name": "x"}, "name is missing"),
        ({"second_step": ["mfa"]}, "second_step"),
        ({"second_step": {"amr": "mfa"}}, "second_step.amr"),
    ],
)
def test_a_wrong_field_is_named(changed: dict[str, object], words: str, tmp_path: Path) -> None:
    with pytest.raises(ProfileWrong, match=words):
        _read(tmp_path, GOOD | changed)


def test_two_ministries_of_one_id_and_a_thing_that_is_no_list_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileWrong, match="two ministries of one id"):
        _read(tmp_path, GOOD, GOOD)
    with pytest.raises(ProfileWrong, match="list of ministries"):
        _read(tmp_path, "gobernacion")


def test_only_a_demonstration_reaches_a_provider_without_tls_and_only_on_this_machine(tmp_path: Path) -> None:
    here = GOOD | {"issuer": "http://127.0.0.1:9400"}

    assert _read(tmp_path, here).ministries[0].issuer == "http://127.0.0.1:9400"
    with pytest.raises(ProfileWrong, match="https"):
        _read(tmp_path, here, demonstration=False)
