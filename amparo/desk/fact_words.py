"""Say the answers of facts in words: closed answers by the Guide, countries and languages by their names."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from amparo.base.clock import now
from amparo.desk.guide_words import guide_word, the_guide
from amparo.desk.spoken import age_in_words, moment_in_words
from amparo.places.countries import country_name, country_names

COUNTRY_FACTS = ("origin_country", "destination_country", "fear_countries")
# Languages children bring, each in its own name (ISO 639).
LANGUAGE_NAMES = {
    "es": "español",
    "en": "English",
    "fr": "français",
    "pt": "português",
    "ht": "kreyòl ayisyen",
    "ay": "aymar aru",
    "cab": "garífuna",
    "gn": "avañe'ẽ",
    "kek": "q'eqchi'",
    "mam": "mam",
    "miq": "miskitu",
    "nah": "nāhuatl",
    "qu": "runasimi",
    "quc": "k'iche'",
    "tzo": "tsotsil",
    "yua": "maaya t'aan",
}


def answers_in_words(name: str, value: Any) -> list[str]:  # noqa: ANN401
    """Return the answer of a fact as words, one for each choice; empty where there is none."""
    if value in (None, "", []):
        return []
    return [_one(name, answer) for answer in (value if isinstance(value, list) else [value])]


def _one(name: str, answer: Any) -> str:  # noqa: ANN401
    kind = the_guide().facts.get(name)
    if kind is not None and kind.choices:
        return guide_word("value", f"{name}/{answer}")
    if name in COUNTRY_FACTS:
        return country_name(str(answer), get_language() or "es") or str(answer)
    if name == "language":
        return LANGUAGE_NAMES.get(str(answer).split("-")[0], str(answer))
    if kind is not None and kind.type == "date-time":
        return _moment(str(answer))
    return age_in_words(answer) if name == "age_in_months" else str(answer)


def _moment(text: str) -> str:
    """Say a moment as people do; what cannot be read as one stands as it was written."""
    try:
        return moment_in_words(datetime.fromisoformat(text), at=now())
    except ValueError:
        return text


def country_choices() -> list[tuple[str, str]]:
    """Return countries to choose from, by name in the reader's language."""
    language = get_language() or "es"
    named = [(code, country_name(code, language) or code) for code in country_names()]
    return sorted(named, key=lambda pair: (pair[0] == "ZZ", pair[1]))
