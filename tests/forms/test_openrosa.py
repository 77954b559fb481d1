"""Read our OpenRosa answers the way a strict client does."""

import base64
import json
import zlib

import defusedxml.ElementTree as SafeTree
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.forms import openrosa
from amparo.forms.openrosa import FormEntry, ManifestEntry

LIST = f"{{{openrosa.XFORMS_LIST}}}"
MANIFEST = f"{{{openrosa.XFORMS_MANIFEST}}}"


def test_form_list_has_every_element_a_phone_insists_on() -> None:
    entry = FormEntry(
        "intake", "Registro & más", "1", "a" * 32, "https://n.invalid/f?a=1&b=2", "https://n.invalid/m"
    )

    root = SafeTree.fromstring(openrosa.render_form_list([entry]))

    [form] = root
    assert (root.tag, form.tag) == (f"{LIST}xforms", f"{LIST}xform")
    assert [(one.tag.removeprefix(LIST), one.text) for one in form] == [
        ("formID", "intake"),
        ("name", "Registro & más"),
        ("version", "1"),
        ("hash", "md5:" + "a" * 32),
        ("downloadUrl", "https://n.invalid/f?a=1&b=2"),
        ("manifestUrl", "https://n.invalid/m"),
    ]


def test_a_form_without_media_has_no_manifest() -> None:
    text = openrosa.render_form_list([FormEntry("f", "F", "1", "b" * 32, "https://n.invalid/f")])

    assert b"manifestUrl" not in text


@pytest.mark.parametrize(("approval", "kind"), [(False, "entityList"), (True, "approvalEntityList")])
def test_an_entity_list_says_its_kind_and_where_to_ask_about_deletions(approval: bool, kind: str) -> None:
    entry = ManifestEntry("children.csv", "7", "https://n.invalid/c", "https://n.invalid/i", approval)

    [file] = SafeTree.fromstring(openrosa.render_manifest([entry]))

    assert file.get("type") == kind
    assert [one.tag.removeprefix(MANIFEST) for one in file] == [
        "filename",
        "hash",
        "downloadUrl",
        "integrityUrl",
    ]


def test_a_plain_media_file_has_no_kind() -> None:
    [file] = SafeTree.fromstring(
        openrosa.render_manifest([ManifestEntry("a.csv", "c" * 32, "https://n.invalid/a")])
    )

    assert file.attrib == {}
    assert file.findtext(f"{MANIFEST}hash") == "md5:" + "c" * 32


def test_integrity_answers_for_each_entity() -> None:
    root = SafeTree.fromstring(openrosa.render_integrity({"e1": True, "e2": False}))

    assert {one.get("id"): one.findtext("deleted") for one in root.iter("entity")} == {
        "e1": "true",
        "e2": "false",
    }


@given(st.text())
def test_any_message_makes_a_readable_response(message: str) -> None:
    root = SafeTree.fromstring(openrosa.render_response(message, nature="submit_failed"))

    [said] = root
    assert said.tag == f"{{{openrosa.RESPONSE}}}message"
    assert said.get("nature") == "submit_failed"
    assert set(said.text or "") <= set(message) | {"\n"}


def test_markup_in_a_message_is_escaped() -> None:
    root = SafeTree.fromstring(openrosa.render_response("<b>&"))

    assert [child.text for child in root] == ["<b>&"]


def test_settings_for_the_phone_come_back_from_the_code() -> None:
    packed = openrosa.collect_settings("https://n.invalid/openrosa", "phone-1", "secret")

    general = json.loads(zlib.decompress(base64.b64decode(packed)))["general"]

    assert (general["server_url"], general["username"], general["password"]) == (
        "https://n.invalid/openrosa",
        "phone-1",
        "secret",
    )
