"""Turn the files of the Guide into a Guide ready for evaluation, or say everything that is wrong with them.

Every condition is compiled against the declared facts, every key followed to its entry. A Guide is loaded
once per process and country.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from amparo.guide import checking, literals, model, texts
from amparo.guide.compiling import CompiledEngine
from amparo.guide.complaints import too_costly, why_not
from amparo.guide.document import DATA, Document, Raw, region
from amparo.guide.durations import Duration, duration
from amparo.guide.engine import CelEngine, Condition, ConditionFaulty, RuleEngine, VariableType, condition
from amparo.guide.errors import GuideFaulty, OverlayWeakens, Problem
from amparo.guide.facts import kinds_of
from amparo.guide.overlay import lay_over, read_overlay
from amparo.guide.placing import lines_of
from amparo.guide.proof_scope import to_be_proved

_AS_WRITTEN = ("id", "title", "stage", "applies_when", "clock", "severity", "override")
_LISTS = ("facts", "requires", "after", "after_on", "duty_bearer", "blocks", "tasks")


@cache
def load(country: str | None = None) -> model.Guide:
    """Return the Guide of the region, or as one country's overlay tightens it (ISO 3166 alpha-2).

    A country without overlay gets the regional Guide. GuideFaulty when a file is wrong, OverlayWeakens when
    the overlay takes protection away.
    """
    path = DATA / "overlays" / f"{country}.yaml"
    if country is not None and country.isalpha() and path.exists():
        return load_overlay(path)
    return build(region(), country=country)


def load_overlay(path: Path) -> model.Guide:
    """Return the regional Guide with an overlay file laid over it; errors as for `load`."""
    regional = region()
    with lines_of(*regional.files, over=path):
        overlay = read_overlay(path)
        _is_of_its_country(path, overlay)
        country = build(replace(lay_over(regional, overlay), files=()))
        _is_proved(country)
    return country


def _is_proved(country: model.Guide) -> None:
    """Refuse an overlay whose changed conditions are not proved to be as strict: OverlayWeakens with a case."""
    if not any(True for _ in to_be_proved(load(), country)):
        return
    # The solver is large: a country that changes no condition never loads it.
    from amparo.guide.proof import unproved

    problems = unproved(load(), country)
    if problems:
        raise OverlayWeakens(problems)


def _is_of_its_country(path: Path, overlay: Raw) -> None:
    # MX.yaml is what `load("MX")` reads: it may hold nobody else's rules.
    country = overlay["overlay"]["country"]
    if re.fullmatch("[A-Z]{2}", path.stem) and path.stem != country:
        said = "{country} does not fit the name of the file"
        raise GuideFaulty([Problem("overlay.country", said, country=country)])


def build(document: Document, *, country: str | None = None) -> model.Guide:
    """Compile a document into a Guide; GuideFaulty names every problem found."""
    with lines_of(*document.files):
        return _built(document, country)


def _built(document: Document, country: str | None) -> model.Guide:
    kinds = kinds_of(document.schema)
    problems = checking.check(document, kinds)
    engine = CompiledEngine(CelEngine(variables_of(kinds)))
    problems += list(_compile_all(document, engine, kinds))
    if problems:
        raise GuideFaulty(problems)
    evidence = {key: _evidence(key, raw) for key, raw in document.evidence.items()}
    return model.Guide(
        id=document.guide["id"],
        version=document.guide["version"],
        status=document.guide["status"],
        country=document.country or country,
        overlay=document.overlay,
        vocabulary=_vocabulary(document.vocabulary),
        facts=kinds,
        obligations={key: _obligation(raw, evidence) for key, raw in document.obligations.items()},
        evidence=evidence,
        sources={key: _source(key, raw) for key, raw in document.sources.items()},
        authorities={role: _authority(role, raw) for role, raw in document.authorities.items()},
        coming_of_age_horizon=_length(document.coming_of_age_horizon),
        stuck_after=duration(document.vocabulary["stuck_after"]),
        on_call=None if document.on_call is None else _on_call(document.on_call),
        unverified=document.unverified,
        engine=engine,
        texts=texts.read_texts(document),
    )


def variables_of(kinds: Mapping[str, model.FactKind]) -> dict[str, VariableType]:
    """Return every variable that a condition may read, with its type."""
    simple: dict[str, VariableType] = {"texts": "texts", "int": "int"}
    variables = {f"facts.{name}": simple.get(kind.type, "text") for name, kind in kinds.items()}
    variables |= {"evidence.done": "texts", "events.done": "texts"}
    return variables | {"result.state": "text", "result.on_time": "bool", "result.late_elsewhere": "int"}


def conditions_of(document: Document) -> Iterator[tuple[str, str]]:
    """Walk through every condition of a document, each with its place."""
    for key, raw in document.obligations.items():
        yield from _conditions_of_one(f"{document.places.get(key, 'obligations')}: {key}", raw)
    for key, raw in document.evidence.items():
        for name in ("needed_when", "contradicts"):
            if name in raw:
                yield f"evidence.{key}.{name}", raw[name]
    for at, guard in enumerate(document.vocabulary["fact_guards"]):
        yield f"vocabulary.fact_guards[{at}].unless", guard["unless"]


def _conditions_of_one(place: str, raw: Raw) -> Iterator[tuple[str, str]]:
    for name in ("applies", "due", "reopen_while"):
        if name in raw:
            yield f"{place}.{name}", raw[name]
    for name in ("block_when", "hold_while"):
        yield from ((f"{place}.{name}.{action}", said) for action, said in raw.get(name, {}).items())
    for part in ("numerator", "denominator"):
        if raw["indicator"][part]["cel"] is not None:
            yield f"{place}.indicator.{part}.cel", raw["indicator"][part]["cel"]


def _compile_all(
    document: Document, engine: RuleEngine, kinds: Mapping[str, model.FactKind]
) -> Iterator[Problem]:
    known = literals.known_to(document, kinds)
    for place, said in conditions_of(document):
        yield from checking.result_use(place, condition(said))
        if (costly := too_costly(place, said)) is not None:
            yield costly
            continue
        try:
            engine.compile(said)
        except ConditionFaulty as fault:
            yield why_not(place, str(fault))
            continue
        yield from literals.faults(place, said, known)


def _length(text: str | None) -> Duration | None:
    return None if text is None else duration(text)


def _maybe(text: str | None) -> Condition | None:
    return None if text is None else condition(text)


def _obligation(raw: Raw, evidence: Mapping[str, model.Evidence]) -> model.Obligation:
    fields: dict[str, Any] = {name: raw[name] for name in _AS_WRITTEN}
    fields |= {name: raw.get(name) for name in ("deadline_source", "deadline_note", "note")}
    fields |= {name: tuple(raw.get(name, ())) for name in _LISTS}
    fields |= {name: _by_action(raw.get(name, {})) for name in ("block_when", "hold_while")}
    return model.Obligation(
        **fields,
        applies=condition(raw["applies"]),
        due=_maybe(raw.get("due")),
        reopen_while=_maybe(raw.get("reopen_while")),
        gate={action: tuple(keys) for action, keys in raw.get("gate", {}).items()},
        deadline=_length(raw["deadline"]),
        recurring=raw.get("recurring", False),
        absolute=raw.get("absolute", False),
        sources=citations(raw["sources"]),
        indicator=_indicator(raw["indicator"]),
        reads=_reads(raw, evidence),
    )


def _by_action(raw: Raw) -> dict[str, Condition]:
    return {action: condition(said) for action, said in raw.items()}


def _reads(raw: Raw, evidence: Mapping[str, model.Evidence]) -> tuple[str, ...]:
    said: list[str] = []
    for name in sorted({"applies", "due", "block_when", "hold_while", "reopen_while"} & raw.keys()):
        said += raw[name].values() if isinstance(raw[name], dict) else [raw[name]]
    entries = [evidence[key].needed_when for key in (*raw["requires"], *raw.get("after", ()))]
    conditions = [condition(text) for text in said] + [entry for entry in entries if entry is not None]
    return tuple(sorted({fact for each in conditions for fact in each.facts}))


def _indicator(raw: Raw) -> model.Indicator:
    above, below = raw["numerator"], raw["denominator"]
    return model.Indicator(
        raw["name"],
        raw["unit"],
        above["text"],
        below["text"],
        _maybe(above["cel"]),
        _maybe(below["cel"]),
        raw.get("better", "higher"),
    )


def citations(listed: Iterable[Mapping[str, Any]]) -> tuple[model.Citation, ...]:
    """Make citations of their plain form."""
    return tuple(model.Citation(**raw) for raw in listed)


def _evidence(key: str, raw: Raw) -> model.Evidence:
    return model.Evidence(
        key,
        raw["label"],
        tuple(raw["attest"]),
        raw["proof"],
        needed_when=_maybe(raw.get("needed_when")),
        rests_on=tuple(raw.get("rests_on", ())),
        contradicts=_maybe(raw.get("contradicts")),
    )


def _source(key: str, raw: Raw) -> model.Source:
    return model.Source(key, raw["title"], raw["weight"], tuple(raw["norms"]))


def _authority(role: str, raw: Raw) -> model.Authority:
    return model.Authority(role, raw["name"], citations(raw.get("sources", ())))


def _on_call(raw: Raw) -> model.OnCall:
    return model.OnCall(raw["name"], raw["note"], citations(raw.get("sources", ())))


def _vocabulary(raw: Raw) -> model.Vocabulary:
    limits = raw["override_limits"]
    return model.Vocabulary(
        stages=tuple(raw["stages"]),
        roles=tuple(raw["roles"]),
        states=tuple(raw["states"]),
        actions=tuple(raw["actions"]),
        clocks=tuple(raw["clocks"]),
        guards=tuple(
            model.Guard(each["fact"], each["value"], condition(each["unless"]), each["becomes"])
            for each in raw["fact_guards"]
        ),
        never_lifted=frozenset(limits["never_lifted"]),
        joint_emergencies=tuple(
            model.JointEmergency(each["action"], each["who"], tuple(each["lifts"]), each["lifts_holds"])
            for each in limits["joint_emergency"]
        ),
        design_choices=tuple(raw["design_choices"]),
        stuck_after=duration(raw["stuck_after"]),
    )
