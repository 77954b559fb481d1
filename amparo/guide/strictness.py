"""Say whether a change of a rule makes it stricter or weaker, where its structure alone decides that.

Pure and careful: what the structure does not decide is left undecided, for a person or the proof of an overlay.
"""

from collections.abc import Mapping
from typing import Literal

from amparo.guide import expressions as ex
from amparo.guide.durations import duration, may_outlast
from amparo.guide.grammar import ConditionNotUnderstood, parse

Effect = Literal["stricter", "weaker", "neither", "undecided"]
# What a condition says when it is not written. Each of them protects more, the more often it holds.
ABSENT: Mapping[str, str] = {
    "applies": "true",
    "due": "true",
    "block_when": "true",
    "needed_when": "true",
    "reopen_while": "false",
    "hold_while": "false",
    "contradicts": "false",
}
_OVERRIDES = ("emergency", "two-person", "none")  # from weak to strict
_NEGATED: Mapping[ex.Sign, ex.Sign] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_Answers = tuple[ex.Operand | ex.Listed, frozenset[str | int], bool]


def condition_effect(old: str, new: str) -> Effect:
    """Tell what happens when a condition changes: it asks or forbids more often, less often, or who knows."""
    try:
        before, now = _inward(parse(old), holds=True), _inward(parse(new), holds=True)
    except ConditionNotUnderstood:
        return "undecided"
    wider, narrower = _implies(before, now), _implies(now, before)
    if wider and narrower:
        return "neither"
    return "stricter" if wider else "weaker" if narrower else "undecided"


def deadline_effect(old: str | None, new: str | None) -> Effect:
    """Tell what a new deadline does; having one is stricter than having none."""
    if old is None or new is None:
        return "weaker" if new is None else "stricter"
    before, now = duration(old), duration(new)
    longer, shorter = may_outlast(now, before), may_outlast(before, now)
    if longer and shorter:
        return "undecided"
    return "weaker" if longer else "stricter" if shorter else "neither"


def override_effect(old: str, new: str) -> Effect:
    """Tell what a new way of exception does; none at all is the strictest."""
    return "stricter" if _OVERRIDES.index(new) > _OVERRIDES.index(old) else "weaker"


def _implies(left: ex.Expression, right: ex.Expression) -> bool:
    """Test whether `right` holds wherever `left` does, as far as structure shows; negation stands inward."""
    if left == right or left == ex.Truth(False) or right == ex.Truth(True):
        return True
    if isinstance(left, ex.Or):
        return all(_implies(part, right) for part in left.parts)
    if isinstance(right, ex.And):
        return all(_implies(left, part) for part in right.parts)
    return (
        (isinstance(left, ex.And) and any(_implies(part, right) for part in left.parts))
        or (isinstance(right, ex.Or) and any(_implies(left, part) for part in right.parts))
        or _answers_imply(_answers(left), _answers(right))
        or _bounds_imply(left, right)
    )


def _answers_imply(left: _Answers | None, right: _Answers | None) -> bool:
    if left is None or right is None or left[0] != right[0]:
        return False
    (_, before, inside), (_, now, still_inside) = left, right
    if inside:
        return before <= now if still_inside else before.isdisjoint(now)
    return not still_inside and now <= before


def _answers(node: ex.Expression) -> _Answers | None:
    """Return what is asked, the answers named, and whether it must be one of them or none of them."""
    match node:
        case ex.Not(of):
            found = _answers(of)
            return None if found is None else (found[0], found[1], not found[2])
        case ex.In(value, ex.Listed(items)) if isinstance(value, ex.Variable):
            return value, frozenset(item.value for item in items), True
        case ex.Compare("==" | "!=" as sign, ex.Variable() as value, ex.Text(text)):
            return value, frozenset({text}), sign == "=="
    return None


def _bounds_imply(left: ex.Expression, right: ex.Expression) -> bool:
    before, now = _bound(left), _bound(right)
    if before is None or now is None or before[:2] != now[:2]:
        return False
    return before[2] >= now[2] if now[1] == ">=" else before[2] <= now[2]


def _bound(node: ex.Expression) -> tuple[ex.Operand, str, int] | None:
    match node:
        case ex.Compare(">=" | "<=" as sign, value, ex.Number(number)):
            return value, sign, number
        case ex.Compare(">", value, ex.Number(number)):
            return value, ">=", number + 1
        case ex.Compare("<", value, ex.Number(number)):
            return value, "<=", number - 1
    return None


def _inward(node: ex.Expression, *, holds: bool) -> ex.Expression:
    """Push negation inward, so that only comparisons with answers are ever denied."""
    match node:
        case ex.Not(of):
            return _inward(of, holds=not holds)
        case ex.And(parts) | ex.Or(parts):
            keeps = isinstance(node, ex.And) == holds
            told = tuple(_inward(part, holds=holds) for part in parts)
            return ex.And(told) if keeps else ex.Or(told)
        case ex.Truth(value):
            return ex.Truth(value == holds)
        case ex.Compare(sign, left, right) if not holds:
            return ex.Compare(_NEGATED[sign], left, right)
        case _:
            return node if holds else ex.Not(node)
