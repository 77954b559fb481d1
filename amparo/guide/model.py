"""Say what a Guide is made of: obligations, evidence, sources, vocabulary, the schema of facts.

Only shapes, all frozen: no reading, no evaluation. The Guide is made by `loading.load`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from amparo.guide.durations import Duration
from amparo.guide.engine import Condition, RuleEngine

Language = str
Words = Mapping[Language, str]  # language code -> text
Severity = Literal["hard", "soft"]
Override = Literal["none", "emergency", "two-person"]


@dataclass(frozen=True, slots=True)
class Citation:
    """One source behind an obligation; without `verified` it is shown as to be confirmed."""

    id: str
    ref: str
    verified: bool
    basis: str
    fit: Literal["direct", "supporting"] = "direct"

    @property
    def grounds(self) -> bool:
        """Tell whether this citation may stand as the norm behind a refusal."""
        return self.verified and self.fit == "direct"


@dataclass(frozen=True, slots=True)
class Source:
    """A document the Guide may cite; its weight is treaty, authoritative, political and so on."""

    id: str
    title: str
    weight: str
    norms: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One entry of the evidence catalogue; only an entry by a role in `attest` counts."""

    key: str
    label: Words
    attest: tuple[str, ...]
    proof: str
    needed_when: Condition | None = None
    rests_on: tuple[str, ...] = ()  # facts, or fact/answer; it no longer holds when one becomes new
    contradicts: Condition | None = None  # it does not count while this holds


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is counted for one obligation; a part without condition is counted from the events by words."""

    name: str
    unit: str
    numerator_text: str
    denominator_text: str
    numerator: Condition | None
    denominator: Condition | None
    better: Literal["higher", "lower"] = "higher"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One duty of the Guide: whom it covers, what it asks, by when, what it blocks meanwhile."""

    id: str
    title: Words
    tasks: tuple[Words, ...]
    stage: str
    duty_bearer: tuple[str, ...]
    applies_when: str
    applies: Condition
    due: Condition | None
    facts: tuple[str, ...]
    requires: tuple[str, ...]
    after: tuple[str, ...]
    after_on: tuple[str, ...]
    gate: Mapping[str, tuple[str, ...]]
    deadline: Duration | None
    deadline_source: str | None
    deadline_note: str | None
    clock: str
    recurring: bool
    severity: Severity
    blocks: tuple[str, ...]
    block_when: Mapping[str, Condition]
    hold_while: Mapping[str, Condition]
    reopen_while: Condition | None
    override: Override
    absolute: bool
    note: str | None
    sources: tuple[Citation, ...]
    indicator: Indicator
    reads: tuple[str, ...] = ()  # facts its conditions and those of its evidence read


@dataclass(frozen=True, slots=True)
class Guard:
    """A fact that would take protection away counts only while `unless` holds; else it `becomes` doubtful."""

    fact: str
    value: str
    unless: Condition
    becomes: str


@dataclass(frozen=True, slots=True)
class JointEmergency:
    """The only override that lifts more than its own obligation, and holds too."""

    action: str
    who: str
    lifts: tuple[str, ...]
    lifts_holds: bool


@dataclass(frozen=True, slots=True)
class FactKind:
    """One fact of the schema: its type (`text`, `texts`, `int`, `date`, `date-time`), choices and default."""

    name: str
    type: Literal["text", "texts", "int", "date", "date-time"]
    choices: tuple[str, ...] = ()
    pattern: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    default: str | int | tuple[str, ...] | None = None
    unknown: str | int | tuple[str, ...] | None = None  # the value that means nobody knows, if any
    required: bool = False


@dataclass(frozen=True, slots=True)
class Authority:
    """The body that plays a role in one country."""

    role: str
    name: Words
    sources: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class OnCall:
    """The child protection worker of one country who can be reached at any hour, and how."""

    name: Words
    note: Words
    sources: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The closed lists every obligation, case and screen draws from."""

    stages: tuple[str, ...]
    roles: tuple[str, ...]
    states: tuple[str, ...]
    actions: tuple[str, ...]
    clocks: tuple[str, ...]
    guards: tuple[Guard, ...]
    never_lifted: frozenset[str]
    joint_emergencies: tuple[JointEmergency, ...]
    design_choices: tuple[str, ...]
    stuck_after: Duration  # how long a hard block may stay unmet before a supervisor is told


@dataclass(frozen=True, slots=True)
class Text:
    """A text for people, the language it is in, and whether a native specialist has read it."""

    text: str
    language: Language
    reviewed: bool


# language -> (kind, id) -> text
Texts = Mapping[Language, Mapping[tuple[str, str], Text]]


@dataclass(frozen=True, eq=False)
class Guide:
    """The Guide of the region, or of one country when an overlay was laid over it."""

    id: str
    version: str
    status: str
    country: str | None
    overlay: str | None  # version of the overlay, None where the country has none
    vocabulary: Vocabulary
    facts: Mapping[str, FactKind]
    obligations: Mapping[str, Obligation]
    evidence: Mapping[str, Evidence]
    sources: Mapping[str, Source]
    authorities: Mapping[str, Authority]
    coming_of_age_horizon: Duration | None
    stuck_after: Duration
    on_call: OnCall | None  # None: the country has named nobody yet
    unverified: tuple[Words, ...]  # what the State still has to confirm
    engine: RuleEngine = field(repr=False, compare=False)
    texts: Texts = field(repr=False, compare=False)
