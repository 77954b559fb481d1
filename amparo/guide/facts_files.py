"""Read the facts of one case from a file or from the pipe, JSON or YAML, and say the line of what does not fit.

Nothing of the answers is repeated in a message. No evaluation here.
"""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, cast

from amparo.guide.errors import FactsRefused, FileUnreadable, Problem
from amparo.guide.placing import Source, located
from amparo.guide.reading import LARGEST, decoded, read_text, read_yaml, unreadable

PIPE = "-"
_JSON_SAYS = {
    "Expecting property name enclosed in double quotes": "a key in double quotes is expected here",
    "Expecting ',' delimiter": "a comma or a closing bracket is expected here",
    "Expecting ':' delimiter": "a colon is expected here",
    "Expecting value": "a value is expected here",
    "Extra data": "there is more after the end of the document",
    "Unterminated string starting at": "the quote opened here is never closed",
    "Invalid control character at": "a line end or control character stands within quotes",
    "Invalid \\escape": "this sign after \\ means nothing",
    "Illegal trailing comma before end of object": "take out the comma before the closing bracket",
    "Illegal trailing comma before end of array": "take out the comma before the closing bracket",
}


@contextmanager
def facts_from(name: str) -> Iterator[dict[str, Any]]:
    """Lend the facts of a file, or of the pipe for `-`; a refusal inside is told by file and line.

    GuideFaulty or FactsRefused when they cannot be read.
    """
    place = "stdin" if name == PIPE else Path(name).name
    text = _piped() if name == PIPE else read_text(Path(name))
    found = _plain(text, place)
    if not isinstance(found, dict):
        raise FactsRefused([Problem(place, "must be a mapping of facts")])
    try:
        yield cast(dict[str, Any], found)
    except FactsRefused as fault:
        raise FactsRefused(located(fault.problems, [Source(place, partial(_as_yaml, text))])) from fault


def _piped() -> str:
    if sys.stdin is None:  # closed by the shell with <&-
        raise FileUnreadable([Problem("stdin", "there is nothing to read: the input is closed")])
    try:
        return decoded(sys.stdin.buffer.read(LARGEST + 1), name="stdin")
    except OSError as fault:
        raise FileUnreadable([unreadable(fault, "stdin")]) from fault


def _plain(text: str, place: str) -> object:
    is_json = place.endswith(".json") or text.lstrip().startswith(("{", "["))
    return _json(text, place) if is_json and text.strip() else read_yaml(text, name=place)


def _json(text: str, place: str) -> object:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len({key for key, _ in pairs}) != len(pairs):
            read_yaml(
                _as_yaml(text), name=place
            )  # it names the line; what follows is for what it cannot read
            raise FactsRefused([Problem(place, "holds the same key twice in one mapping")])
        return dict(pairs)

    try:
        return cast(object, json.loads(text, object_pairs_hook=once))
    except json.JSONDecodeError as fault:
        raise FactsRefused([_json_problem(f"{place}:{fault.lineno}:{fault.colno}", fault.msg)]) from fault
    except ValueError as fault:  # a number with thousands of digits
        raise FactsRefused([Problem(place, "holds a number that is too long")]) from fault
    except RecursionError as fault:
        raise FactsRefused([Problem(place, "is nested too deeply")]) from fault


def _json_problem(place: str, told: str) -> Problem:
    said = _JSON_SAYS.get(told)
    return (
        Problem(place, "is not readable as JSON: {told}", told=told) if said is None else Problem(place, said)
    )


def _as_yaml(text: str) -> str:
    """Return JSON as the YAML that has the same lines: only what YAML reads otherwise is replaced."""
    return re.sub(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\/", "?", text.replace("\t", " "))
