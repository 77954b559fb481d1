"""Write the answers that ODK Collect and other OpenRosa clients expect, exactly.

Pure: values in, bytes out. One missing element makes a phone drop a whole list, so nothing here is optional
by accident.
Norms: OpenRosa 1.0 form list, manifest and response documents.
"""

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from xml.etree.ElementTree import Element, SubElement, tostring

VERSION_HEADER = "X-OpenRosa-Version"
LENGTH_HEADER = "X-OpenRosa-Accept-Content-Length"
INCOMPLETE_FIELD = "*isIncomplete*"
XML_PART = "xml_submission_file"
CONTENT_TYPE = "text/xml; charset=utf-8"
HEADERS: Mapping[str, str] = MappingProxyType({VERSION_HEADER: "1.0"})

XFORMS_LIST = "http://openrosa.org/xforms/xformsList"
XFORMS_MANIFEST = "http://openrosa.org/xforms/xformsManifest"
RESPONSE = "http://openrosa.org/http/response"


@dataclass(frozen=True, slots=True)
class FormEntry:
    """One published instrument. `md5`: of the exact bytes at `download_url`; no `manifest_url`: no media."""

    form_id: str
    name: str
    version: str
    md5: str
    download_url: str
    manifest_url: str = ""


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One file of an instrument. `hash` is the MD5, or for an entity list any mark that changes with it.

    With `integrity_url` the file is an entity list; `approval` then keeps phones from adding rows by
    themselves.
    """

    filename: str
    hash: str
    download_url: str
    integrity_url: str = ""
    approval: bool = False


def render_form_list(forms: Iterable[FormEntry]) -> bytes:
    """Write the list of forms that a phone may download."""
    root = Element("xforms", xmlns=XFORMS_LIST)
    for form in forms:
        entry = SubElement(root, "xform")
        _add(entry, "formID", form.form_id)
        _add(entry, "name", form.name)
        _add(entry, "version", form.version)
        _add(entry, "hash", f"md5:{form.md5}")
        _add(entry, "downloadUrl", form.download_url)
        if form.manifest_url:
            _add(entry, "manifestUrl", form.manifest_url)
    return _document(root)


def render_manifest(files: Iterable[ManifestEntry]) -> bytes:
    """Write the list of files that one form needs."""
    root = Element("manifest", xmlns=XFORMS_MANIFEST)
    for file in files:
        kind = "approvalEntityList" if file.approval else "entityList"
        entry = SubElement(root, "mediaFile", {"type": kind} if file.integrity_url else {})
        _add(entry, "filename", file.filename)
        _add(entry, "hash", f"md5:{file.hash}")
        _add(entry, "downloadUrl", file.download_url)
        if file.integrity_url:
            _add(entry, "integrityUrl", file.integrity_url)
    return _document(root)


def render_integrity(deleted: Mapping[str, bool]) -> bytes:
    """Say which of the entities a phone asked for are deleted; unknown ids are left out by the caller."""
    root = Element("data")
    entities = SubElement(root, "entities")
    for entity_id, gone in deleted.items():
        _add(SubElement(entities, "entity", id=entity_id), "deleted", "true" if gone else "false")
    return _document(root)


def render_response(message: str, *, nature: str = "") -> bytes:
    """Write the answer to a submission; phones show `message` to their user.

    nature: "submit_success" or "submit_failed" where the client may care; empty leaves it out.
    """
    root = Element("OpenRosaResponse", xmlns=RESPONSE)
    said = SubElement(root, "message", {"nature": nature} if nature else {})
    said.text = _writable(message)
    return _document(root)


def collect_settings(server_url: str, username: str, password: str) -> str:
    """Return the text of the QR code that sets up ODK Collect: zlib, then base64, of its settings."""
    general = {
        "server_url": server_url,
        "username": username,
        "password": password,
        "form_update_mode": "match_exactly",
    }
    settings = {"general": general, "admin": {}, "project": {"name": "Amparo"}}
    return base64.b64encode(zlib.compress(json.dumps(settings, sort_keys=True).encode())).decode()


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _writable(text)


def _writable(text: str) -> str:
    """Leave out characters that no XML document may hold."""
    return "".join(
        letter
        for letter in text
        if letter in "\t\n\r"
        or " " <= letter <= "\ud7ff"
        or "\ue000" <= letter <= "\ufffd"
        or letter > "\uffff"
    )


def _document(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written
