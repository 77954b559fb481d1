"""Compile the instruments that come with the product, and know which of their versions were released.

Pure: reads packaged files only.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from amparo.forms.compile import Compiled, compile_instrument
from amparo.forms.defects import Defect, InstrumentRefused
from amparo.forms.lint import version_defects

RELEASES = "versions.yaml"


@cache
def packaged_instruments() -> tuple[Compiled, ...]:
    """Return every packaged instrument, compiled; InstrumentRefused if one changed without a new version."""
    folder = files("amparo.forms").joinpath("sources")
    names = sorted(
        one.name for one in folder.iterdir() if one.name.endswith(".yaml") and one.name != RELEASES
    )
    return tuple(
        _checked(compile_instrument(folder.joinpath(name).read_bytes(), name=name), name) for name in names
    )


def _checked(compiled: Compiled, name: str) -> Compiled:
    defects = release_defects(compiled)
    if defects:
        raise InstrumentRefused(name, defects)
    return compiled


def release_defects(compiled: Compiled) -> list[Defect]:
    """Return a defect when the version of a compiled form was released with other content."""
    known = released_versions().get(compiled.form_id, {})
    return version_defects(compiled.form_id, compiled.version, compiled.sha256, known)


@cache
def released_versions() -> Mapping[str, Mapping[str, str]]:
    """Return form id → version → SHA-256 of the form that was released under it."""
    text = files("amparo.forms").joinpath("sources", RELEASES).read_text(encoding="utf-8")
    said: Mapping[str, Mapping[str, str]] = yaml.safe_load(text)
    return said
