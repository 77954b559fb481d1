"""Make small instruments and submissions for the tests of forms; all names are invented."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from amparo.forms.compile import Compiled
from amparo.forms.packaged import packaged_instruments

HERE = Path(__file__).parent
XLSFORMS = HERE / "xlsforms"
CODES = ("es", "en", "fr", "pt", "ht")


def in_all(text: str) -> dict[str, str]:
    """Return a text in each language, marked by it."""
    return {code: f"{text} {code}" for code in CODES}


def a_source(*questions: Mapping[str, Any], **changed: object) -> bytes:
    """Write a sound text instrument with these questions; `changed` replaces whole sections."""
    source: dict[str, Any] = {
        "settings": {
            "form_id": "sample",
            "version": "1",
            "default_language": "es",
            "title": in_all("Muestra"),
        },
        "languages": {code: {"name": code.upper(), "reviewed": "true"} for code in CODES},
        "entities": [{"list_name": "children", "label": "'child'"}],
        "choices": {"kinds": {"none": in_all("nada"), "stated": in_all("dicho")}},
        "survey": [a_question(name="bound", save_to="name_as_told"), *questions],
    }
    return yaml.safe_dump(source | changed, allow_unicode=True, sort_keys=False).encode()


def a_question(**changed: object) -> dict[str, Any]:
    """Return one sound text question, with changes."""
    return {"type": "text", "name": "asked", "label": in_all("Pregunta")} | changed


def the_intake() -> Compiled:
    """Return the compiled intake of first contact."""
    return next(one for one in packaged_instruments() if one.form_id == "intake")


def a_submission(
    body: str, *, meta: str = "<instanceID>uuid:1</instanceID>", form_id: str = "intake"
) -> bytes:
    """Write the XML of a submission."""
    return f'<data id="{form_id}" version="2026112101">{body}<meta>{meta}</meta></data>'.encode()
