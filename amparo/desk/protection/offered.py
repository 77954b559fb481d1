"""Say what another agency proposes in words: who she is, what she said, what is owed, what was done.

A property without a name here is not shown: better silent than raw. It stays in the case when she is taken over.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.desk.fact_words import answers_in_words
from amparo.desk.guide_words import guide_word, the_guide
from amparo.desk.protection.handover_words import part_in_words
from amparo.desk.protection.property_words import kin_of, parts_of, plain
from amparo.places.countries import country_name

Line = tuple[str, str]
Part = Mapping[str, Any]


def offered_in_words(parts: Mapping[str, Any]) -> list[tuple[str, list[Line]]]:
    """Return each part that has something to tell: its title, and lines of name and value."""
    told = (
        (name, list(say(parts[name]))) for name, say in _SAY.items() if isinstance(parts.get(name), Mapping)
    )
    return [(part_in_words(name), lines) for name, lines in told if lines]


def _identity(part: Part) -> Iterator[Line]:
    for name, title in identity_titles().items():
        if value := plain(part.get(name)):
            yield (
                title,
                _sex(value) if name == "sex" else _countries(value) if name == "nationalities" else value,
            )


def identity_titles() -> dict[str, str]:
    """Return the titles of what is told of who a child is."""
    return {
        "name_as_told": _("Name as told"),
        "given_names": _("Given names"),
        "family_names": _("Family names"),
        "nickname": _("How friends call the child"),
        "other_names": _("Other names"),
        "sex": _("Sex"),
        "birth_date": _("Day of birth"),
        "age_years_as_told": _("Age as told, in years"),
        "nationalities": _("Nationality"),
        "origin_place_text": _("Where the child comes from"),
        "physical_marks": _("Marks to be recognised by"),
        "intended_destination": _("Where the child wants to go"),
    }


def _sex(value: str) -> str:
    return {"female": _("girl"), "male": _("boy")}.get(value, _("another answer"))


def _countries(value: str) -> str:
    codes = [code.strip() for code in value.split(",")]
    return ", ".join(country_name(code, get_language() or "es") or code for code in codes)


def _family(part: Part) -> Iterator[Line]:
    for kin in kin_of(part):
        yield kin["name"], ", ".join(one for one in (kin["relation"], kin["where"], kin["telephone"]) if one)


def _listed(part: Part, name: str) -> list[Any]:
    """Return a list of a part; what a peer wrote there otherwise is nothing."""
    found = part.get(name)
    return found if isinstance(found, list) else []


def _words(part: Part) -> Iterator[Line]:
    for said in _listed(part, "said"):
        if isinstance(said, Mapping):
            yield from parts_of(said.get("words"))


def _facts(part: Part) -> Iterator[Line]:
    for name, told in part.items():
        value = told.get("value") if isinstance(told, Mapping) else None
        if name in the_guide().facts and not _is_moment(name) and (words := answers_in_words(name, value)):
            yield guide_word("fact", name), ", ".join(words)


def _is_moment(name: str) -> bool:
    return the_guide().facts[name].type in ("date", "date-time")


def _owed(part: Part) -> Iterator[Line]:
    for duty in _listed(part, "open"):
        if isinstance(duty, str) and duty in the_guide().obligations:
            yield _("Still owed"), guide_word("obligation", duty)


def _done(part: Part) -> Iterator[Line]:
    for key, told in part.items():
        if key in the_guide().evidence and isinstance(told, Mapping) and told.get("done") is True:
            yield guide_word("evidence", key), guide_word("role", str(told.get("by_role", "")))


# In the order in which somebody who must decide wants to read it.
_SAY: dict[str, Callable[[Part], Iterator[Line]]] = {
    "identity": _identity,
    "hearings": _words,
    "account": _words,
    "family": _family,
    "facts": _facts,
    "safeguards": _owed,
    "evidence": _done,
}
