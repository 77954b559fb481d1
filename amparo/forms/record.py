"""Turn the answers of a submission into a record: facts, identity, words, agreement, evidence.

Pure: no database, no clock. A blank answer is absent, never "no". What does not fit the Guide's schema is
dropped with its reason,
and the submission itself is kept whole elsewhere, so nothing is lost.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jsonschema import Draft202012Validator

from amparo.forms.bindings import Bindings, Property, child_properties, repeated_parts
from amparo.forms.submission import Answer, ParsedSubmission
from amparo.forms.vocabulary import Vocabulary, guide_vocabulary

Value = str | int | tuple[str, ...]
# The years a child of today and her family can have lived through. A telephone whose clock was never set says 0001 or
# 9999, and such a moment cannot even be put into another zone.
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class Told:
    """One value with where it comes from: who told it, how sure, and how it must be protected."""

    value: Value
    protection: str
    source: tuple[str, ...] = ()
    certainty: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceClaim:
    """One evidence entry that the form says is done. The node still checks who may attest it."""

    key: str
    at: str
    role: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """An answer that did not become part of the record, and why; the reason holds no answer."""

    path: str
    reason: str


@dataclass(slots=True)
class IntakeRecord:
    """What one submission says of one child, by part; `facts` lacks only the Guide's `on` and `country`."""

    facts: dict[str, Any] = field(default_factory=dict)
    fact_sources: dict[str, Told] = field(default_factory=dict)
    identity: dict[str, Told] = field(default_factory=dict)
    words: dict[str, Told] = field(default_factory=dict)
    consent: dict[str, Told] = field(default_factory=dict)
    origin: dict[str, Told] = field(default_factory=dict)
    care: dict[str, Told] = field(default_factory=dict)
    interview: dict[str, Told] = field(default_factory=dict)
    evidence: list[EvidenceClaim] = field(default_factory=list)
    siblings: list[dict[str, str]] = field(default_factory=list)
    family: list[dict[str, str]] = field(default_factory=list)
    started_at: str = ""
    ended_at: str = ""
    dropped: list[Dropped] = field(default_factory=list)


class _Unusable(Exception):
    """An answer cannot become a value; the text says why, without the answer."""


def answers_to_record(
    bindings: Bindings, submission: ParsedSubmission, *, vocabulary: Vocabulary | None = None
) -> IntakeRecord:
    """Read every bound answer of a submission into the record.

    `bindings` are those of the compiled form and version that the submission names.
    """
    record = IntakeRecord()
    record.started_at = _clock_of(submission.answers, "start", record)
    record.ended_at = _clock_of(submission.answers, "end", record)
    said = dict(_bound_answers(bindings, submission.answers, record))
    _place_all(said, record, vocabulary or guide_vocabulary())
    _first_contact(submission.answers, record)
    _attest(said, record, vocabulary or guide_vocabulary())
    record.siblings = _rows(submission.answers, bindings, "sibling")
    record.family = _rows(submission.answers, bindings, "family_member")
    return record


def _bound_answers(
    bindings: Bindings, answers: Answer, record: IntakeRecord
) -> Iterator[tuple[str, tuple[Property, Value, str]]]:
    properties = child_properties()
    for path, saved in bindings.save_to.items():
        text = answers.text_at(*_below_root(path)).strip()
        if not text:
            continue
        known = properties.get(saved)
        if known is None:
            record.dropped.append(Dropped(path, f"'{saved}' is not a declared property of a child."))
            continue
        try:
            yield saved, (known, _value(known, text), path)
        except _Unusable as unusable:
            record.dropped.append(Dropped(path, str(unusable)))


def _below_root(path: str) -> list[str]:
    return path.strip("/").split("/")[1:]


def _value(known: Property, text: str) -> Value:
    if known.shape == "list":
        words = tuple(dict.fromkeys(text.split()))
        return tuple(word for word in words if word != known.empty)
    if known.shape == "int":
        return _whole(text)
    if known.shape == "moment":
        return _moment(text)
    if known.empty and text == known.empty:
        raise _Unusable("The answer means none.")
    return text


def _whole(text: str) -> int:
    try:
        number = float(text)
    except ValueError as error:
        raise _Unusable("The answer is not a number.") from error
    if not number.is_integer():
        raise _Unusable("The answer is not a whole number.")
    return int(number)


def _moment(text: str) -> str:
    """Return a date and time with its offset; without one it could be hours away, so it is refused."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _Unusable("The answer is not a date and time.") from error
    if moment.tzinfo is None:
        raise _Unusable("The date and time have no offset from UTC.")
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise _Unusable(f"The year is not between {EARLIEST_YEAR} and {LATEST_YEAR}.")
    return moment.isoformat()


def _clock_of(answers: Answer, name: str, record: IntakeRecord) -> str:
    """Return when the telephone says that the form was begun or closed; blank when that cannot be used."""
    text = answers.text_at(name).strip()
    try:
        return _moment(text) if text else ""
    except _Unusable as unusable:
        record.dropped.append(Dropped(f"/data/{name}", str(unusable)))
        return ""


def _place_all(
    said: Mapping[str, tuple[Property, Value, str]], record: IntakeRecord, vocabulary: Vocabulary
) -> None:
    values = {name: value for name, (_, value, _) in said.items()}
    for name, (known, value, path) in said.items():
        told = Told(
            value, known.protection, _words(values.get(known.source)), str(values.get(known.certainty, ""))
        )
        if known.kind == "fact":
            _place_fact(known, told, path, record, vocabulary)
        elif known.kind != "evidence":
            part: dict[str, Told] = getattr(record, known.kind)
            part[name] = told


def _words(value: Value | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),) if value is not None else ()


def _place_fact(known: Property, told: Told, path: str, record: IntakeRecord, vocabulary: Vocabulary) -> None:
    value: Any = list(told.value) if isinstance(told.value, tuple) else told.value
    if isinstance(value, list):
        earlier = record.facts.get(known.fact, [])
        value = list(dict.fromkeys([*value, *earlier] if known.first else [*earlier, *value]))
    schema = vocabulary.facts_schema["properties"][known.fact]
    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    if not checker.is_valid(value):
        record.dropped.append(Dropped(path, f"The answer does not fit the fact '{known.fact}' of the Guide."))
        return
    record.facts[known.fact] = value
    record.fact_sources[known.fact] = told


def _first_contact(answers: Answer, record: IntakeRecord) -> None:
    """Fill the moment of first contact from the start of the form, unless it was said to be another time.

    An answered accompaniment becomes known, at the latest, in the talk that recorded it; its start is the
    earlier
    moment, so no deadline for the child begins late.
    """
    another_time = answers.text_at("contact", "contact_now").strip() == "no"
    if record.started_at and not another_time:
        record.facts.setdefault("first_contact_at", record.started_at)
    if record.started_at and record.facts.get("accompaniment") in ("unaccompanied", "separated"):
        record.facts["accompaniment_known_at"] = record.started_at


def _attest(
    said: Mapping[str, tuple[Property, Value, str]], record: IntakeRecord, vocabulary: Vocabulary
) -> None:
    role = record.interview.get("interviewer_role")
    for known, value, path in said.values():
        for key in _words(value) if known.kind == "evidence" else ():
            reason = _claim_refusal(key, record.ended_at, str(role.value) if role else "", vocabulary)
            if reason:
                record.dropped.append(Dropped(path, reason))
            else:
                record.evidence.append(EvidenceClaim(key, record.ended_at, str(role.value) if role else ""))


def _claim_refusal(key: str, at: str, role: str, vocabulary: Vocabulary) -> str:
    """Say why an evidence entry cannot be claimed; empty when it can.

    It is dated when the form was closed: nothing counts as done before it was written down.
    """
    if key not in vocabulary.evidence:
        return "This is no evidence entry of the Guide."
    if not at:
        return "The form does not say when it was closed."
    return "" if role in vocabulary.evidence[key] else f"The role given may not attest '{key}'."


def _rows(answers: Answer, bindings: Bindings, name: str) -> list[dict[str, str]]:
    """Return the filled rows of one declared repeat, each a map of its filled answers."""
    paths: Sequence[str] = [path for path in sorted(bindings.repeats) if path.endswith(f"/{name}")]
    if name not in repeated_parts():
        return []
    rows = (
        {cell.name: cell.text.strip() for cell in row.children if cell.text.strip()}
        for path in paths
        for row in answers.at(*_below_root(path))
    )
    return [row for row in rows if row]
