"""Read a YAML file of the Guide as YAML 1.2 means it, and say the line where it goes wrong.

Safe: only text, numbers, true, false, null, lists and mappings; `on`, `yes`, `no`, the country NO and dates
stay text. Duplicate keys are refused, as the second would silently win.
"""

import re
from pathlib import Path
from typing import Any

import yaml

from amparo.guide.errors import GuideFaulty, Problem

_LONGEST_NUMBER = 18  # digits; nothing here counts further, and longer ones cost time
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]  # its class depends on whether libyaml is there
    """SafeLoader with the scalars of YAML 1.2 only."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(true|false)\Z"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(null|~|)\Z"), ["n", "~", ""])
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"-?(0|[1-9][0-9]*)\Z"), list("-0123456789")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"<<\Z"), ["<"])


def _mapping(loader: yaml.constructor.SafeConstructor, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else None
        if name is None or name == "<<":
            raise yaml.constructor.ConstructorError(None, None, "keys must be plain text", key.start_mark)
        if name in seen:
            raise yaml.constructor.ConstructorError(None, None, f"duplicate key {name!r}", key.start_mark)
        seen.add(name)
    pairs = ((loader.construct_object(key, deep=True), value) for key, value in node.value)
    return {key: loader.construct_object(value, deep=True) for key, value in pairs}


def _whole(_: object, node: yaml.ScalarNode) -> int:
    if len(node.value) > _LONGEST_NUMBER:
        raise yaml.constructor.ConstructorError(None, None, "number too long", node.start_mark)
    return int(node.value)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:int", _whole)


def read_yaml(text: str, *, name: str) -> Any:  # noqa: ANN401  # its shape is checked by who asked
    """Return what a YAML 1.2 text says; GuideFaulty with `name:line:column` when it says nothing sound."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  # a safe loader with fewer types
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        raise GuideFaulty([Problem(place, str(fault.problem or fault.context))]) from fault
    except (yaml.YAMLError, RecursionError) as fault:
        raise GuideFaulty([Problem(name, "not readable as YAML: " + str(fault).splitlines()[0])]) from fault


def read_file(path: Path) -> Any:  # noqa: ANN401  # its shape is checked by who asked
    """Return what a YAML or JSON file says; GuideFaulty naming the file when it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        raise GuideFaulty([Problem(path.name, f"not UTF-8 text (byte {fault.start})")]) from fault
    except OSError as fault:
        raise GuideFaulty([Problem(path.name or str(path), fault.strerror or "cannot be read")]) from fault
    return read_yaml(text, name=path.name)
