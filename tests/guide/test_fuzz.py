"""Spoil the files of the Guide at random: whatever comes of it, nothing but a named fault is raised."""

import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amparo.guide import Faulty, Problem, evaluate, load_overlay
from amparo.guide.document import DATA, read_document
from amparo.guide.facts_files import facts_from
from amparo.guide.loading import build
from amparo.guide.saying import told
from tests.guide.cases import examples, the_guide

FILES = (
    "guide.yaml", "vocabulary.yaml", "evidence.yaml", "sources.yaml", "facts.schema.json",
    "obligations/closure.yaml", "obligations/status.yaml",
)  # fmt: skip
OVERLAYS = sorted(path.name for path in (DATA / "overlays").glob("*.yaml"))
ODD: tuple[object, ...] = (
    None, True, 0, -1, 10**17, "", " ", "no", "P1Y2W", "facts.x == 'y'", "<<", "\u0430", "__proto__", [], [[]], {},
    {"": ""}, {"en": 1}, ["a", "a"], {"cel": "true"}, "crc", "detain", "unknown", "{braces}", "true || ", 1.5,
)  # fmt: skip
calm = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


def spoilt_values(raw: Any, random: Random, times: int) -> Any:  # noqa: ANN401  # plain values of any shape
    """Delete, replace, repeat or move some values anywhere in a document."""
    for _ in range(times):
        places = list(_places(raw))
        if places:
            _spoil(*random.choice(places), random)
    return raw


def _places(raw: object) -> list[tuple[Any, Any]]:
    keys = list(raw) if isinstance(raw, dict) else range(len(raw)) if isinstance(raw, list) else ()
    found: list[tuple[Any, Any]] = []
    for key in keys:
        found += [(raw, key), *_places(raw[key])]  # type: ignore[index]  # one of the two above
    return found


def _spoil(parent: Any, key: Any, random: Random) -> None:  # noqa: ANN401  # a mapping or a list
    match random.randrange(4):
        case 0:
            del parent[key]
        case 1 if isinstance(parent, list):
            parent.append(parent[key])
        case 2 if isinstance(parent, dict):
            parent[random.choice(("id", "cel", "x", "applies", "*", "on"))] = parent[key]
        case _:
            parent[key] = random.choice(ODD)


def spoilt_bytes(raw: bytes, random: Random, times: int) -> bytes:
    """Cut, repeat or replace some bytes."""
    changed = bytearray(raw)
    for _ in range(times):
        at, long = random.randrange(len(changed)), random.randrange(12)
        piece = random.choice(
            (b"", random.randbytes(long), b"&a *a", b"!!int ", b"\t", b"- ", b"{", b"'", b": ")
        )
        changed[at : at + long] = piece
    return bytes(changed)


def only_named_faults(ask: Callable[[], object]) -> None:
    """Ask; whatever is wrong must be told by place, in both languages. Any other error is let through."""
    problems: tuple[Problem, ...] | None = None
    try:
        ask()
    except Faulty as fault:
        problems = fault.problems

    assert problems is None or problems
    assert all(each.place and told(each, "en") and told(each, "es") for each in problems or ())


@pytest.fixture(scope="module")
def guide_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("guide")
    for name in FILES[:5]:
        shutil.copy(DATA / name, folder / name)
    shutil.copytree(DATA / "obligations", folder / "obligations")
    return folder


def in_place(folder: Path, name: str, content: bytes) -> None:
    """Read the Guide with one file spoilt, then put the file back."""
    (folder / name).write_bytes(content)
    try:
        only_named_faults(lambda: build(read_document(folder)))
    finally:
        shutil.copy(DATA / name, folder / name)


def as_yaml(raw: object) -> bytes:
    return yaml.safe_dump(raw, allow_unicode=True, sort_keys=False).encode()


@given(name=st.sampled_from(FILES), seed=st.integers(0, 2**32), times=st.integers(1, 3))
@calm
def test_guide_with_spoilt_values_is_taken_or_told(
    guide_folder: Path, name: str, seed: int, times: int
) -> None:
    raw = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))

    in_place(guide_folder, name, as_yaml(spoilt_values(raw, Random(seed), times)))


@given(name=st.sampled_from(FILES), seed=st.integers(0, 2**32), times=st.integers(1, 4))
@calm
def test_guide_with_spoilt_bytes_is_taken_or_told(
    guide_folder: Path, name: str, seed: int, times: int
) -> None:
    in_place(guide_folder, name, spoilt_bytes((DATA / name).read_bytes(), Random(seed), times))


@given(name=st.sampled_from(OVERLAYS), seed=st.integers(0, 2**32), times=st.integers(1, 3))
@calm
def test_overlay_with_spoilt_values_is_taken_or_told(
    tmp_path: Path, name: str, seed: int, times: int
) -> None:
    raw = yaml.safe_load((DATA / "overlays" / name).read_text(encoding="utf-8"))
    path = tmp_path / "overlay.yaml"
    path.write_bytes(as_yaml(spoilt_values(raw, Random(seed), times)))

    only_named_faults(lambda: load_overlay(path))


@given(name=st.sampled_from(OVERLAYS), seed=st.integers(0, 2**32), times=st.integers(1, 4))
@calm
def test_overlay_with_spoilt_bytes_is_taken_or_told(tmp_path: Path, name: str, seed: int, times: int) -> None:
    path = tmp_path / "overlay.yaml"
    path.write_bytes(spoilt_bytes((DATA / "overlays" / name).read_bytes(), Random(seed), times))

    only_named_faults(lambda: load_overlay(path))


@given(name=st.sampled_from(sorted(examples())), seed=st.integers(0, 2**32), times=st.integers(1, 4))
@settings(calm, max_examples=60)
def test_facts_with_spoilt_values_are_taken_or_told(tmp_path: Path, name: str, seed: int, times: int) -> None:
    raw = deepcopy(examples()[name]["facts"])
    path = tmp_path / "facts.yaml"
    path.write_bytes(as_yaml(spoilt_values(raw, Random(seed), times)))

    def ask() -> None:
        with facts_from(str(path)) as facts:
            evaluate(the_guide(), facts)

    only_named_faults(ask)
