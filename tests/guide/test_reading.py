"""Read YAML as YAML 1.2 means it, and name the line where it goes wrong."""

from pathlib import Path

import pytest

from amparo.guide import GuideFaulty
from amparo.guide.reading import read_file, read_yaml


@pytest.mark.parametrize(
    "word",
    ["on", "off", "yes", "no", "NO", "Yes", "True", "1.5", "1_000", "0x10", "12:30", "2026-03-02", "010"],
)
def test_words_of_yaml_one_one_stay_text(word: str) -> None:
    assert read_yaml(f"key: {word}", name="f.yaml") == {"key": word}


def test_plain_values_are_read() -> None:
    text = "{a: true, b: false, c: null, d: 12, e: -1, f: '12', g: [x], h: ~, on: yes}"

    found = read_yaml(text, name="f.yaml")

    assert found == {
        "a": True, "b": False, "c": None, "d": 12, "e": -1, "f": "12", "g": ["x"], "h": None, "on": "yes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3:1"),
        ("a:\n  b: 1\n  b: 2\n", "f.yaml:3:3"),
        ("a: [1, 2\n", "f.yaml:2:1"),
        ("a: !!python/object/apply:os.system [id]\n", "f.yaml:1:4"),
        ("? [1, 2]\n: 3\n", "f.yaml:1:3"),
        ("a: &x {<<: *x}\n", "f.yaml:1"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1"),
    ],
)
def test_fault_names_its_line(text: str, place: str) -> None:
    with pytest.raises(GuideFaulty) as fault:
        read_yaml(text, name="f.yaml")

    assert fault.value.problems[0].place.startswith(place)


def test_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes(b"a: \xff\xfe")

    with pytest.raises(GuideFaulty, match=r"f\.yaml:1: not UTF-8 text \(byte 3\)"):
        read_file(tmp_path / "f.yaml")


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GuideFaulty, match="no such file"):
        read_file(tmp_path / "f.yaml")
