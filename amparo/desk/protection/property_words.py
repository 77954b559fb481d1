"""Name what is kept of a child's identity and words, as the case page calls it.

A property without a name here is not shown on the page: better silent than raw.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.places.countries import country_name


def word_titles() -> dict[str, str]:
    """Return the titles of what a child may have said, in the order in which the page tells it."""
    return {
        "own_words": _("In her own words"),
        "wishes_now": _("What she wishes now"),
        "fear_words": _("What she fears"),
        "separation_account": _("How she was separated from her family"),
        "separation_cause": _("Why she was separated from her family"),
        "journey_account": _("Her journey"),
        "health_notes": _("Her health"),
        "support_needed": _("The support she needs"),
        "age_doubt_reasons": _("Reasons for doubt about the age"),
        "accompaniment_basis": _("How we know who she travels with"),
        "harm_signs": _("Signs that were seen"),
        "separation_told_by": _("Who told how she was separated"),
        "own_words_audio": _("Recording of her voice"),
        "withhold_reason": _("Why she wants somebody kept out"),
    }


def parts_of(words: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - sealed JSON
    """Return title and text of each thing said in one entry: one text from the desk, many from a form."""
    if not isinstance(words, Mapping):
        return []
    if "text" in words:
        return [(_("What she said"), plain(words))]
    told = [(title, _answer(name, words.get(name))) for name, title in word_titles().items()]
    return [(title, text) for title, text in told if text]


def _answer(name: str, value: Any) -> str:  # noqa: ANN401 - sealed JSON
    """Say an answer that was chosen from a list in the words of that list; told text stays as it was told."""
    inner = value.get("value", value) if isinstance(value, Mapping) else value
    said = _chosen().get(name, dict[str, str])()
    if isinstance(inner, list | tuple):
        return ", ".join(said.get(plain(one), plain(one)) for one in inner)
    return said.get(plain(inner), plain(inner))


def _chosen() -> dict[str, Callable[[], dict[str, str]]]:
    return {
        "separation_cause": _separation_causes,
        "harm_signs": _harm_signs,
        "separation_told_by": _told_by,
    }


def _harm_signs() -> dict[str, str]:
    return {
        "controlled": _("Somebody else answers or decides for the child"),
        "papers-held": _("Somebody else keeps her papers or telephone"),
        "debt": _("She owes money for the journey or must work it off"),
        "coached": _("An account that seems rehearsed"),
        "injuries": _("Injuries or fear of touch"),
        "told-harm": _("She told of harm without being asked"),
        "none": _("None seen"),
    }


def _told_by() -> dict[str, str]:
    return {
        "child": _("The child"),
        "adult-with-child": _("The adult with the child"),
        "family": _("Her family, by other means"),
        "document": _("A document"),
        "seen": _("Whoever received her saw it"),
        "other": _("Another source"),
    }


def _separation_causes() -> dict[str, str]:
    return {
        "journey": _("During the journey"),
        "border-or-authority": _("At the border or by an authority"),
        "violence": _("Violence or threats"),
        "disaster": _("Disaster"),
        "left-alone": _("Left alone"),
        "sent-ahead": _("Family left before or after"),
        "death": _("Death of the caregiver"),
        "other": _("Another cause"),
    }


def plain(value: Any) -> str:  # noqa: ANN401
    """Return a kept value as text: a text, a list, or a value with its source."""
    if isinstance(value, Mapping):
        inner = value.get("text", value.get("value", ""))
        return plain(inner)
    if isinstance(value, list | tuple):
        return ", ".join(plain(one) for one in value)
    return "" if value is None else str(value)


def name_of(identity: Mapping[str, Any]) -> str:
    """Return what she is called: as she said it, else her given names, else her nickname."""
    told = (plain(identity.get(key)) for key in ("name_as_told", "given_names", "nickname"))
    return next((name for name in told if name), "") or _("A child whose name is unknown")


def short_name_of(identity: Mapping[str, Any]) -> str:
    """Return the short name of titles and the bar on a phone."""
    told = (plain(identity.get(key)) for key in ("nickname", "given_names", "name_as_told"))
    return next((name.split()[0] for name in told if name.split()), "") or _("this child")


def has_document(identity: Mapping[str, Any]) -> bool:
    """Test whether a document stands behind what is written of who she is or how old."""
    known = [_sources(identity.get(key)) for key in ("name_as_told", "given_names", "birth_date")]
    return any("document" in source for source in [*known, plain(identity.get("age_basis"))])


def _sources(told: Any) -> str:  # noqa: ANN401
    return plain(told.get("source")) if isinstance(told, Mapping) else ""


def kin_of(identity: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return brothers, sisters and other family as small cards."""
    siblings = [_card(row, _("brother or sister")) for row in _rows(identity, "siblings")]
    return siblings + [_card(row, _("family")) for row in _rows(identity, "family")]


def _rows(identity: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    rows = identity.get(key)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _card(row: Mapping[str, Any], relation: str) -> dict[str, str]:
    """Read one row of a form; its columns are named sibling_name, member_name and so on."""
    told = {key.rpartition("_")[2]: plain(value) for key, value in row.items()}
    country = country_name(told.get("country", ""), get_language() or "es") or ""
    return {
        "name": told.get("name") or _("name unknown"),
        "relation": _relations().get(told.get("relation", ""), relation),
        "where": ", ".join(part for part in (told.get("where") or told.get("place", ""), country) if part),
        "telephone": told.get("phone") or told.get("contact", ""),
    }


def _relations() -> dict[str, str]:
    return {
        "mother": _("mother"),
        "father": _("father"),
        "grandparent": _("grandparent"),
        "aunt-uncle": _("aunt or uncle"),
        "other-relative": _("family"),
        "caregiver": _("caregiver, no relative"),
    }
