"""Show that what is published can be adopted elsewhere: whole, unchanged, and the same bytes each time."""

import json
from dataclasses import replace
from typing import Any

import pytest

from amparo.guide.document import region
from amparo.guide.errors import GuideFaulty
from amparo.guide.loading import build, load
from amparo.guide.publishing import as_bytes, content_hash, overlay_document, published, read_published
from tests.guide.corpus import trial_overlay


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return published()


def read(files: dict[str, bytes], name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files[name])
    return found


def test_published_guide_read_back_is_the_region(files: dict[str, bytes]) -> None:
    back = read_published(files["guide.json"], name="guide.json")

    assert replace(back, places=region().places, files=region().files) == region()
    assert list(back.obligations) == list(region().obligations)


def test_published_overlay_read_back_is_the_guide_of_that_country(files: dict[str, bytes]) -> None:
    back = build(read_published(files["overlays/MX.json"], name="overlays/MX.json"))

    own = load("MX")
    assert (back.country, back.overlay) == ("MX", own.overlay)
    assert back.authorities == own.authorities
    assert dict(back.obligations) == dict(own.obligations)


def test_every_overlay_of_the_product_is_published(files: dict[str, bytes]) -> None:
    published_overlays = {name for name in files if name.startswith("overlays/")}

    assert "overlays/MX.json" in published_overlays
    assert {
        f"overlays/{read(files, name)['country']}.json" for name in published_overlays
    } == published_overlays


def test_same_data_give_the_same_bytes(files: dict[str, bytes]) -> None:
    assert published() == files


def test_changed_content_is_noticed(files: dict[str, bytes]) -> None:
    raw = read(files, "guide.json")
    raw["content"]["obligations"][0]["severity"] = "soft"

    with pytest.raises(GuideFaulty, match="content_hash"):
        read_published(as_bytes(raw), name="guide.json")


@pytest.mark.parametrize("text", [b"{", b"[]", b"\xff", b'{"kind": "guide"}'])
def test_what_is_no_published_guide_is_refused_by_name(text: bytes) -> None:
    with pytest.raises(GuideFaulty, match=r"theirs\.json"):
        read_published(text, name="theirs.json")


def test_published_document_of_another_kind_is_no_guide(files: dict[str, bytes]) -> None:
    with pytest.raises(GuideFaulty, match="whole Guide"):
        read_published(files["texts.json"], name="texts.json")


def test_hash_does_not_depend_on_the_order_of_keys() -> None:
    assert content_hash({"b": 1, "a": "ñ"}) == content_hash({"a": "ñ", "b": 1})
    assert content_hash({"a": [1, 2]}) != content_hash({"a": [2, 1]})


def test_overlay_says_each_change_with_both_values() -> None:
    raw = trial_overlay() | {"stuck_after": "PT1H"}

    changes = overlay_document(raw)["content"]["changes"]

    assert changes["obligations_added"] == ["zz-absolute", "zz-loops", "zz-rounds"]
    assert changes["evidence_added"] == ["zz-entry"]
    assert changes["obligations_changed"]["appoint-guardian"]["deadline"]["region"] is None
    assert changes["vocabulary_changed"]["stuck_after"]["country"] == "PT1H"
    assert changes["coming_of_age_horizon"] == "P1Y6M"


def test_overlay_that_changes_nothing_says_so() -> None:
    empty = {"overlay": {"country": "ZZ", "version": "0.1.0", "status": "draft"}}

    changes = overlay_document(empty)["content"]["changes"]

    assert not any(changes.values())
