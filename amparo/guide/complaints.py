"""Say what is wrong with a condition in words of the Guide, not of the engine that compiles it.

Pure: no engine is asked here. A condition too long or too deep is refused before any engine sees it, so that no
file can make a node slow (Decision: 6).
"""

import re

from amparo.guide.errors import Problem

LONGEST = 1000  # characters; the longest condition of the Guide has a third of that
_DEEPEST = 12  # brackets within each other; the Guide uses four
_MACRO = re.compile(r"\.\s*(all|exists|exists_one|map|filter)\s*\(")
_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_AT = re.compile(r"(?:<input>:)?(\d+):(\d+): (.*)", re.DOTALL)
_PATTERNS = (
    (re.compile(r"undeclared reference to '(?P<name>[^']*)'"), "{name} is no fact and no function here"),
    (
        re.compile(r"found no matching overload for '(?P<sign>[^']*)' applied to '(?P<kinds>[^']*)'"),
        "{sign} cannot be applied to {kinds}",
    ),
    (re.compile(r"gives (?P<kind>\S+), must give true or false"), "must give true or false, not {kind}"),
    (re.compile(r"Syntax error: .*'<EOF>'"), "ends too early: a value or a bracket is missing"),
    (
        re.compile(r"Syntax error: token recognition error at: (?P<found>.*)"),
        "cannot be read from {found} on: is a quote missing?",
    ),
    (
        re.compile(r"Syntax error: (?:mismatched|extraneous) input (?P<found>'[^']*'|\S+)"),
        "{found} is not expected here",
    ),
)


def too_costly(place: str, said: str) -> Problem | None:
    """Return why a condition asks for more time than any rule of the Guide needs, or None."""
    bare = _TEXT.sub("''", said)
    if len(said) > LONGEST:
        return Problem(place, "is too long: a condition has at most {most} characters", most=LONGEST)
    if _goes_through_lists_within_lists(bare):
        return Problem(place, "may not go through a list for each item of another: it may cost any time")
    if re.search(r"\bmatches\s*\(", bare):
        return Problem(place, "may not search with matches: it may cost any time")
    depth = deepest = 0
    for sign in re.findall(r"[()\[\]{}]", bare):
        depth += 1 if sign in "([{" else -1
        deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        return Problem(place, "has more than {most} brackets within each other", most=_DEEPEST)
    return None


def _goes_through_lists_within_lists(bare: str) -> bool:
    open_brackets: list[bool] = []  # whether each bracket still open belongs to all, exists, map, filter
    starts = {match.end() - 1 for match in _MACRO.finditer(bare)}
    for at, sign in enumerate(bare):
        if at in starts and any(open_brackets):
            return True
        if sign in "([{":
            open_brackets.append(at in starts)
        elif sign in ")]}" and open_brackets:
            open_brackets.pop()
    return False


def why_not(place: str, told: str) -> Problem:
    """Return what an engine said of a condition as a problem; the column counts within the condition."""
    found = _AT.match(told)
    line, column, rest = found.groups() if found else ("1", "0", told)
    at = f"{place} ({line}:{column})" if found else place
    for pattern, said in _PATTERNS:
        if match := pattern.search(rest):
            return Problem(at, said, **match.groupdict())
    return Problem(at, "is no condition: {told}", told=rest)
