"""Read a YAML file of the Guide as YAML 1.2 means it, and say the line where it goes wrong.

Safe: only text, numbers, true, false, null, lists and mappings; `on`, `yes`, `no`, the country NO and dates
stay text. Duplicate keys are refused, as the second would silently win; so are anchors and aliases, tags of
other types, invisible characters and files too large or too deep to be meant. Nothing is read half.
"""

import errno
import re
from pathlib import Path
from typing import Any

import yaml

from amparo.guide.errors import FileUnreadable, GuideFaulty, Problem

LARGEST = 2_000_000  # bytes; the largest file of the Guide has a fortieth of that
_LONGEST_NUMBER = 18  # digits; nothing here counts further, and longer ones cost time
_DEEPEST = 40  # lists and mappings within each other; the Guide uses seven
_OPENERS_WITHOUT_COUNTING = 3000  # fewer brackets than this cannot exhaust the stack of the parser
_TAG = "tag:yaml.org,2002:"
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Control characters; marks that hide or turn round what is read; line ends that count as none elsewhere.
STRANGE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_OPENER = re.compile(r"[\[{]|[-?](?=[ \t])")
_ANCHOR = re.compile(r"(?<![^\s\[\]{},:?])[&*][0-9A-Za-z_-]")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)", re.ASCII)

_TOLD_AT_ONCE = 20
_STRANGE_SAID = "holds a character that is invisible or turns the text round ({code}): take it out"
_DEEP_SAID = "is nested too deeply: at most {most} levels"
_SYSTEM_SAYS = {
    errno.ENOENT: "there is no such file",
    errno.ENOTDIR: "there is no such file",
    errno.EISDIR: "is a folder, not a file",
    errno.EACCES: "may not be opened: the permission to read it is missing",
    errno.ELOOP: "is a link that leads back to itself",
    errno.ENAMETOOLONG: "there is no such file",
}

# What the parser says, and what a person who writes the file can do about it.
_YAML_SAYS = {
    "did not find expected ',' or ']'": "a list opened with [ on line {line} lacks a comma or its ]",
    "did not find expected ',' or '}'": "a mapping in braces that opens on line {line} lacks a comma or its end",
    "did not find expected node content": "a value is missing, or a bracket is not closed",
    "did not find expected '-' indicator": "an item of this list must begin with a hyphen at the same indentation",
    "did not find expected key": "the indentation or a quote does not fit: a key with a colon is expected here",
    "did not find expected <document start>": "the indentation does not fit the lines before",
    "did not find expected comment or line break": "the text after | or > must begin on the next line",
    "could not find expected ':'": "a colon is missing after the key on line {line}",
    "mapping values are not allowed in this context": (
        "a colon stands where none can: put the text in quotes, or mend the indentation"
    ),
    "found character that cannot start any token": (
        "a value may not begin with this character: put it in quotes; indent with spaces, never with tabs"
    ),
    "found character '\\t(TAB)' that cannot start any token": (
        "a value may not begin with this character: put it in quotes; indent with spaces, never with tabs"
    ),
    "found a tab character that violates indentation": "indent with spaces, never with tabs",
    "found unexpected end of stream": "the quote opened on line {line} is never closed",
    "found unexpected document indicator": "the quote opened on line {line} is never closed",
    "found unknown escape character": "this sign after \\ means nothing: use single quotes, or write \\\\",
    "but found another document": "holds more than one document: take out the line ---",
    "found incompatible YAML document": "is written for another version of YAML: take out the line %YAML",
}


class _Said(yaml.MarkedYAMLError):
    """A fault found while building values, with the sentence that tells it."""

    def __init__(self, mark: Any, said: str, **values: object) -> None:  # noqa: ANN401  # either of two types
        super().__init__(None, None, said, mark)
        self.values = values


class _Loader(_Base):  # type: ignore[misc]  # its class depends on whether libyaml is there
    """SafeLoader with the scalars of YAML 1.2 only, and no other types."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    yaml_constructors: dict[str | None, Any] = {}


_Loader.add_implicit_resolver(_TAG + "bool", re.compile(r"(true|false)\Z"), list("tf"))
_Loader.add_implicit_resolver(_TAG + "null", re.compile(r"(null|~|)\Z"), ["n", "~", ""])
_Loader.add_implicit_resolver(_TAG + "int", re.compile(_WHOLE.pattern + r"\Z"), list("-0123456789"))


def _mapping(loader: yaml.constructor.SafeConstructor, node: yaml.Node) -> dict[Any, Any]:
    if not isinstance(node, yaml.MappingNode):
        raise _wrong_tag(node)
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.tag != _TAG + "str":
            raise _Said(key.start_mark, "keys must be plain text: put this one in quotes")
        if key.value == "<<":
            raise _Said(key.start_mark, "merging with << is not used here: write the fields out")
        if key.value in seen:
            raise _Said(
                key.start_mark, "duplicate key {key}: the second would silently win", key=repr(key.value)
            )
        seen.add(key.value)
    pairs = ((loader.construct_object(key, deep=True), value) for key, value in node.value)
    return {key: loader.construct_object(value, deep=True) for key, value in pairs}


def _list(loader: yaml.constructor.SafeConstructor, node: yaml.Node) -> list[Any]:
    if not isinstance(node, yaml.SequenceNode):
        raise _wrong_tag(node)
    return [loader.construct_object(item, deep=True) for item in node.value]


def _text(_: object, node: yaml.Node) -> str:
    value = _scalar(node)
    if found := STRANGE.search(value):  # written as an escape, so that the check of the file did not see it
        raise _Said(node.start_mark, _STRANGE_SAID, code=f"U+{ord(found[0]):04X}")
    return value


def _whole(_: object, node: yaml.Node) -> int:
    value = _scalar(node)
    if len(value) > _LONGEST_NUMBER:
        raise _Said(node.start_mark, "number too long: at most {most} digits", most=_LONGEST_NUMBER)
    if not _WHOLE.fullmatch(value):
        raise _wrong_tag(node)
    return int(value)


def _flag(_: object, node: yaml.Node) -> bool:
    if _scalar(node) not in ("true", "false"):
        raise _wrong_tag(node)
    return _scalar(node) == "true"


def _nothing(_: object, node: yaml.Node) -> None:
    if _scalar(node) not in ("null", "~", ""):
        raise _wrong_tag(node)


def _scalar(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _wrong_tag(node)
    return str(node.value)


def _other(_: object, node: yaml.Node) -> None:
    raise _wrong_tag(node)


def _wrong_tag(node: yaml.Node) -> _Said:
    tag = node.tag.replace(_TAG, "!!")
    return _Said(node.start_mark, "the tag {tag} is not used here: take it out", tag=tag[:40])


for _kind, _build in {
    "map": _mapping, "seq": _list, "str": _text, "int": _whole, "bool": _flag, "null": _nothing,
}.items():  # fmt: skip
    _Loader.add_constructor(_TAG + _kind, _build)
_Loader.add_constructor(None, _other)


def read_yaml(text: str, *, name: str) -> Any:  # noqa: ANN401  # its shape is checked by who asked
    """Return what a YAML 1.2 text says; GuideFaulty with `name:line:column` when it says nothing sound."""
    _refuse_strange(text, name)
    try:
        _refuse_tricks(text)
        found = yaml.load(text, Loader=_Loader)  # noqa: S506  # a safe loader with fewer types
    except yaml.MarkedYAMLError as fault:
        raise GuideFaulty([_marked(fault, name)]) from fault
    except RecursionError as fault:
        raise GuideFaulty([Problem(name, _DEEP_SAID, most=_DEEPEST)]) from fault
    except yaml.YAMLError as fault:
        told = str(fault).splitlines()[0]
        raise GuideFaulty([Problem(name, "is not readable as YAML: {told}", told=told)]) from fault
    if found is None and compose(text) is None:
        raise GuideFaulty([Problem(name, "is empty")])
    return found


def compose(text: str) -> yaml.Node | None:
    """Return the nodes of a YAML text with their lines, or nothing where it cannot be read."""
    try:
        _refuse_tricks(text)
        return yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError):
        return None


def read_file(path: Path) -> Any:  # noqa: ANN401  # its shape is checked by who asked
    """Return what a YAML or JSON file says; GuideFaulty naming the file when it cannot be read."""
    return read_yaml(read_text(path), name=path.name)


def read_text(path: Path) -> str:
    """Return the text of a file of modest size in UTF-8; FileUnreadable or GuideFaulty naming the file."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as fault:
        raise FileUnreadable([unreadable(fault, path.name or str(path))]) from fault
    return decoded(raw, name=path.name)


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder one may look into; where one may not, reading it will say so."""
    try:
        return path.is_dir()
    except OSError:
        return False


def unreadable(fault: OSError, name: str) -> Problem:
    """Say why a file cannot be opened or read."""
    said = _SYSTEM_SAYS.get(fault.errno or 0)
    if said is not None:
        return Problem(name, said)
    return Problem(name, "cannot be read: {told}", told=fault.strerror or type(fault).__name__)


def decoded(raw: bytes, *, name: str) -> str:
    """Return bytes as text; GuideFaulty when they are too many or not UTF-8."""
    if len(raw) > LARGEST:
        raise GuideFaulty(
            [Problem(name, "is too large: at most {most} million bytes", most=LARGEST // 10**6)]
        )
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise GuideFaulty([Problem(name, "is UTF-16, not UTF-8: save it again as UTF-8")])
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as fault:
        place = f"{name}:{raw[: fault.start].count(10) + 1}"
        said = "not UTF-8 text (byte {byte}): save it again as UTF-8"
        raise GuideFaulty([Problem(place, said, byte=fault.start)]) from fault


def _refuse_strange(text: str, name: str) -> None:
    problems = []
    for found in STRANGE.finditer(text):
        line, column = text.count("\n", 0, found.start()), found.start() - text.rfind("\n", 0, found.start())
        place = f"{name}:{line + 1}:{column}"
        problems.append(Problem(place, _STRANGE_SAID, code=f"U+{ord(found[0]):04X}"))
        if len(problems) == _TOLD_AT_ONCE:
            break
    if problems:
        raise GuideFaulty(problems)


def _refuse_tricks(text: str) -> None:
    # Reading event by event neither builds nor recurses: it cannot be exhausted by what it looks for.
    if not _ANCHOR.search(text) and len(_OPENER.findall(text)) < _OPENERS_WITHOUT_COUNTING:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if getattr(event, "anchor", None):
            said = "anchors and aliases (& and *) are not used here: write it out, or put the text in quotes"
            raise _Said(event.start_mark, said)
        if isinstance(event, yaml.CollectionStartEvent | yaml.CollectionEndEvent):
            depth += 1 if isinstance(event, yaml.CollectionStartEvent) else -1
        if depth > _DEEPEST:
            raise _Said(event.start_mark, _DEEP_SAID, most=_DEEPEST)


def _marked(fault: yaml.MarkedYAMLError, name: str) -> Problem:
    mark = fault.problem_mark or fault.context_mark
    place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
    if isinstance(fault, _Said):
        return Problem(place, str(fault.problem), **fault.values)
    said = _YAML_SAYS.get(str(fault.problem))
    if said is None:
        return Problem(place, "is not readable as YAML: {told}", told=fault.problem or fault.context)
    opened = (fault.context_mark or mark).line + 1 if mark else 1
    return Problem(place, said, line=opened) if "{line}" in said else Problem(place, said)
