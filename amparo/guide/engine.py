"""Ask conditions (CEL) about the facts of a case and get true, false or an error, never anything else.

The port is small on purpose: another engine, on a server or a phone, must only pass the conformance corpus
in `data/conformance.yaml`. An error of the CEL runtime is a value that looks true: it is caught here, once.
Decision: 6 (CEL behind our own port).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from cel_expr_python import cel

VariableType = Literal["text", "texts", "int", "bool"]
Values = Mapping[str, str | int | bool | list[str]]
_NAME = re.compile(r"\b(facts|evidence|events|result)\.(\w+)")
_TEXT = re.compile(r"'[^']*'|\"[^\"]*\"")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the Guide: its text and the variables it reads, such as `facts.age_status`."""

    text: str
    reads: frozenset[str]

    @property
    def facts(self) -> frozenset[str]:
        """Name the facts this condition reads, without the leading `facts.`."""
        return frozenset(name[6:] for name in self.reads if name.startswith("facts."))


def condition(text: str) -> Condition:
    """Make a condition of its text; whether it compiles is asked of the engine."""
    names = _NAME.findall(_TEXT.sub("", text))
    return Condition(text, frozenset(f"{root}.{leaf}" for root, leaf in names))


@dataclass(frozen=True, slots=True)
class Undecided:
    """A condition could not be answered; who asks takes the protective side and reports the reason."""

    reason: str


Answer = bool | Undecided


class Held(NamedTuple):
    """How conditions stand that were asked together: the bits of those that count as true, and what had no answer."""

    bits: int
    unanswered: Mapping[str, str]  # condition -> reason; its bit is set


# Conditions prepared to be answered in one go, about the values they are given.
Together = Callable[[Values], Held]


class ConditionFaulty(Exception):
    """A condition does not compile: an unknown name, a wrong type, or a result that is not true or false."""


class RuleEngine(Protocol):
    """Compile conditions against declared variables; answer them about values."""

    def compile(self, text: str) -> None:
        """Check and keep a condition; ConditionFaulty when it does not hold together."""

    def ask(self, text: str, values: Values) -> Answer:
        """Answer one compiled condition."""

    def together(self, bits: Mapping[str, int]) -> Together:
        """Prepare compiled conditions to be answered in one go; each stands for its bit, an error counts as true."""


class _Expression(Protocol):
    """What this file uses of a compiled expression of the runtime."""

    def eval(self, activation: object) -> Any:  # noqa: ANN401  # a value of the runtime, untyped
        """Evaluate about the values of an activation."""


class CelEngine:
    """RuleEngine over the official C++ CEL runtime (cel-expr-python)."""

    def __init__(self, variables: Mapping[str, VariableType]) -> None:
        types = {
            "text": cel.Type.STRING,
            "texts": cel.Type.List(cel.Type.STRING),
            "int": cel.Type.INT,
            "bool": cel.Type.BOOL,
        }
        self._environment = cel.NewEnv(variables={name: types[kind] for name, kind in variables.items()})
        self._compiled: dict[str, _Expression] = {}
        self._joined: dict[tuple[str, ...], tuple[_Expression, frozenset[str]]] = {}
        self._reads: dict[str, frozenset[str]] = {}

    def compile(self, text: str) -> None:
        """Check and keep a condition; ConditionFaulty when it does not hold together."""
        if text in self._compiled:
            return
        try:
            compiled = self._environment.compile(text)
        except RuntimeError as fault:
            raise ConditionFaulty(_first_line(fault)) from fault
        if compiled.return_type() != cel.Type.BOOL:
            raise ConditionFaulty(f"gives {compiled.return_type().name()}, must give true or false")
        self._compiled[text], self._reads[text] = compiled, condition(text).reads

    def ask(self, text: str, values: Values) -> Answer:
        """Answer one compiled condition."""
        return self._answer(self._compiled[text], self._about(self._reads[text], values))

    def ask_all(self, texts: Sequence[str], values: Values) -> dict[str, Answer]:
        """Answer many compiled conditions about the same values, in one call where none fails."""
        key = tuple(texts)
        if key not in self._joined:
            joined = self._environment.compile("[" + ", ".join(f"({text})" for text in key) + "]")
            self._joined[key] = joined, frozenset().union(*(self._reads[text] for text in key))
        joined, names = self._joined[key]
        activation = self._about(names, values)
        answers = self._together(joined, activation)
        if answers is not None and len(answers) == len(key):
            return dict(zip(key, answers, strict=True))
        return {text: self._answer(self._compiled[text], activation) for text in key}

    def together(self, bits: Mapping[str, int]) -> Together:
        """Prepare compiled conditions to be answered in one go; each stands for its bit, an error counts as true."""
        return lambda values: _held(bits, self.ask_all(tuple(bits), values))

    def _about(self, names: frozenset[str], values: Values) -> object:
        # Handing over a value costs more than most conditions: only those that are read are handed over.
        return self._environment.Activation({name: values[name] for name in names if name in values})

    def _together(self, joined: _Expression, activation: object) -> list[bool] | None:
        try:
            value = joined.eval(activation)
        except RuntimeError:
            return None
        if value.type() == cel.Type.ERROR:
            return None
        answers = value.plain_value()
        return answers if answers.count(True) + answers.count(False) == len(answers) else None

    def _answer(self, compiled: _Expression, activation: object) -> Answer:
        try:
            value = compiled.eval(activation)
        except RuntimeError as fault:  # the iteration budget raises, other errors are values
            return Undecided(_first_line(fault))
        if value.type() != cel.Type.BOOL:
            return Undecided(_first_line(value.value()))
        return bool(value.value())


def _held(bits: Mapping[str, int], answers: Mapping[str, Answer]) -> Held:
    return Held(
        bits=sum(bit for text, bit in bits.items() if answers[text] is not False),
        unanswered={text: said.reason for text, said in answers.items() if isinstance(said, Undecided)},
    )


def _first_line(fault: object) -> str:
    return str(fault).splitlines()[0].removeprefix("INVALID_ARGUMENT: ").removeprefix("ERROR: <input>:")
