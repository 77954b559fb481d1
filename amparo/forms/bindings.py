"""Know where each answer goes: which property it is saved to, and what that property is.

Pure: reads the compiled XForm and the packaged table of properties. A property that is not in the table has
no place to go,
so the lint refuses it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, get_args
from xml.etree.ElementTree import Element

import defusedxml.ElementTree as SafeTree
import yaml

XFORMS = "{http://www.w3.org/2002/xforms}"
ENTITIES = "{http://www.opendatakit.org/xforms/entities}"

Kind = Literal["fact", "identity", "words", "consent", "evidence", "origin", "care", "interview"]
Protection = Literal["P1", "P2", "P3"]
Shape = Literal["text", "list", "int", "moment"]


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a child that an instrument may save.

    kind: the part of the record it belongs to. protection: P1 facts without identity, P2 identity, P3 her
    own words
    and what could endanger her. fact: the fact of the Guide it fills. empty: the choice that means "asked,
    and none".
    """

    name: str
    kind: Kind
    protection: Protection
    shape: Shape = "text"
    fact: str = ""
    first: bool = False  # goes to the head of its list (the preferred language before the others)
    empty: str = ""
    source: str = ""  # the property that says who told this
    certainty: str = ""  # the property that says how sure it is


@dataclass(frozen=True, slots=True)
class Bindings:
    """What a compiled instrument says of its own answers. Paths look like "/data/who/sex"."""

    entity_list: str = ""
    save_to: Mapping[str, str] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    repeats: frozenset[str] = frozenset()


@cache
def child_properties() -> Mapping[str, Property]:
    """Return the declared properties of the entity list `children`, by name."""
    declared = yaml.safe_load(_table())["children"]
    return MappingProxyType({name: _property(name, said) for name, said in declared.items()})


@cache
def repeated_parts() -> Mapping[str, Property]:
    """Return the repeats whose rows belong to a record (siblings, family), by the name of the repeat."""
    declared = yaml.safe_load(_table())["repeats"]
    return MappingProxyType({name: _property(name, said) for name, said in declared.items()})


def _table() -> str:
    return files("amparo.forms").joinpath("data/properties.yaml").read_text(encoding="utf-8")


def _property(name: str, said: Mapping[str, str]) -> Property:
    one = Property(name, **{"fact": name if said["kind"] == "fact" else "", **said})  # type: ignore[arg-type]
    if (
        one.kind not in get_args(Kind)
        or one.protection not in get_args(Protection)
        or one.shape not in get_args(Shape)
    ):
        raise ValueError(f"properties.yaml: {name} has an unknown kind, protection or shape.")
    return one


def read_bindings(xform: bytes) -> Bindings:
    """Read the bindings out of the bytes of a compiled XForm (trusted: made by our compiler)."""
    root = SafeTree.fromstring(xform)
    binds = list(root.iter(f"{XFORMS}bind"))
    return Bindings(
        entity_list=next((one.get("dataset", "") for one in root.iter() if _local(one) == "entity"), ""),
        save_to={one.get("nodeset", ""): saved for one in binds if (saved := one.get(f"{ENTITIES}saveto"))},
        files=frozenset(one.get("nodeset", "") for one in binds if one.get("type") == "binary"),
        repeats=frozenset(one.get("nodeset", "") for one in root.iter(f"{XFORMS}repeat")),
    )


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
