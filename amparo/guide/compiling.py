"""Answer conditions by Python code made from their parsed form: as CEL answers, in a third of the time or less.

The CEL runtime stays the judge of what a condition means: it checks names and types of every one and answers what
lies outside the grammar; the conformance corpus holds both to the same answers. The code is built from syntax nodes,
never from text. Decision: 15.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from types import CodeType
from typing import Any

from amparo.guide.engine import Answer, Held, RuleEngine, Together, Undecided, Values
from amparo.guide.expressions import (
    All,
    And,
    Compare,
    Exists,
    Expression,
    In,
    Item,
    Listed,
    Not,
    Number,
    Operand,
    Or,
    Size,
    Text,
    Truth,
    Variable,
    variables,
)
from amparo.guide.grammar import ConditionNotUnderstood, parse

_Code = Callable[[Values], int]
_SIGNS: Mapping[str, ast.cmpop] = {
    "==": ast.Eq(),
    "!=": ast.NotEq(),
    "<": ast.Lt(),
    "<=": ast.LtE(),
    ">": ast.Gt(),
    ">=": ast.GtE(),
}


class CompiledEngine:
    """RuleEngine over Python code, with a CEL engine for whatever lies outside the grammar of the Guide."""

    def __init__(self, reference: RuleEngine) -> None:
        self._reference = reference
        self._read: dict[str, Expression] = {}
        self._alone: dict[str, Together] = {}

    def compile(self, text: str) -> None:
        """Let CEL check a condition and keep it; ConditionFaulty when it does not hold together."""
        self._reference.compile(text)
        try:
            self._read[text] = parse(text)
        except ConditionNotUnderstood:
            self._read.pop(text, None)

    def ask(self, text: str, values: Values) -> Answer:
        """Answer one compiled condition."""
        asked = self._alone.get(text) or self._alone.setdefault(text, self.together({text: 1}))
        held = asked(values)
        return Undecided(held.unanswered[text]) if held.unanswered else held.bits == 1

    def together(self, bits: Mapping[str, int]) -> Together:
        """Prepare compiled conditions to be answered in one go; each stands for its bit, an error counts as true."""
        by_cel = self._reference.together(bits)
        if not all(text in self._read for text in bits):  # a condition outside the grammar
            return by_cel
        code = code_of([(self._read[text], bit) for text, bit in bits.items()])

        def answer(values: Values) -> Held:
            try:
                return Held(code(values), {})
            except KeyError:  # a value that is not known here: CEL says what it is
                return by_cel(values)

        return answer


def code_of(asked: Sequence[tuple[Expression, int]]) -> _Code:
    """Return a function that gives the bits of the expressions that hold; KeyError where a value is missing."""
    names = sorted(frozenset().union(*(variables(each) for each, _ in asked)))
    local = {name: f"v{at}" for at, name in enumerate(names)}
    body = [_bound(name, local[name]) for name in names]
    body.append(ast.Assign([ast.Name("held", ast.Store())], ast.Constant(0)))
    body += [ast.If(_node(each, local), [_added(bit)], []) for each, bit in asked]
    arguments = ast.arguments([], [ast.arg("values")], None, [], [], None, [])
    function = ast.FunctionDef("answers", arguments, [*body, ast.Return(_name("held"))], [])
    module = ast.fix_missing_locations(ast.Module([function], []))
    made: dict[str, Any] = {}
    compiled: CodeType = compile(module, "<conditions of the Guide>", "exec")
    exec(compiled, {"__builtins__": {"any": any, "all": all, "len": len}}, made)  # noqa: S102  # built from nodes
    code: _Code = made["answers"]
    return code


def _bound(name: str, local: str) -> ast.stmt:
    value = ast.Subscript(_name("values"), ast.Constant(name), ast.Load())
    return ast.Assign([ast.Name(local, ast.Store())], value)


def _added(bit: int) -> ast.stmt:
    return ast.AugAssign(ast.Name("held", ast.Store()), ast.BitOr(), ast.Constant(bit))


def _node(expression: Expression, local: Mapping[str, str]) -> ast.expr:
    match expression:
        case Truth(value):
            return ast.Constant(value)
        case Variable():
            return _name(local[expression.path])
        case Not(of):
            return ast.UnaryOp(ast.Not(), _node(of, local))
        case And(parts) | Or(parts):
            joined = ast.And() if isinstance(expression, And) else ast.Or()
            return ast.BoolOp(joined, [_node(part, local) for part in parts])
        case Exists(item, among, where) | All(item, among, where):
            return _each("any" if isinstance(expression, Exists) else "all", item, among, where, local)
        case Compare() | In():
            return _compared(expression, local)


def _compared(expression: Compare | In, local: Mapping[str, str]) -> ast.expr:
    if isinstance(expression, In):
        among = _many(expression.among, local)
        return ast.Compare(_value(expression.value, local), [ast.In()], [among])
    right = _value(expression.right, local)
    return ast.Compare(_value(expression.left, local), [_SIGNS[expression.sign]], [right])


def _each(
    kind: str, item: Item, among: Listed | Variable, where: Expression, local: Mapping[str, str]
) -> ast.expr:
    inside = {**local, item.name: f"i_{item.name}"}
    loop = ast.comprehension(ast.Name(inside[item.name], ast.Store()), _many(among, local), [], 0)
    return ast.Call(_name(kind), [ast.GeneratorExp(_node(where, inside), [loop])], [])


def _value(operand: Operand, local: Mapping[str, str]) -> ast.expr:
    match operand:
        case Text(value) | Number(value):
            return ast.Constant(value)
        case Variable():
            return _name(local[operand.path])
        case Item(name):
            return _name(local[name])
        case Size(of):
            return ast.Call(_name("len"), [_many(of, local)], [])


def _many(among: Listed | Variable, local: Mapping[str, str]) -> ast.expr:
    if isinstance(among, Variable):
        return _name(local[among.path])
    return ast.Tuple([ast.Constant(item.value) for item in among.items], ast.Load())


def _name(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())
