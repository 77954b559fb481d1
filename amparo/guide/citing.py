"""Say a source and the place in it as a reader's language writes them: "Convención …", "párr. 12".

Only words: numbers, symbols and letters of a place never change, and a place in words we do not know stays as
it is. Which citation may stand as a norm is decided elsewhere.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from amparo.guide.model import Citation, Guide, Language, Text
from amparo.guide.texts import text_of

# The places as the Guide writes them, in English; each stands before a number, `ff.` after one.
_ENGLISH = (
    "para.",
    "paras.",
    "art.",
    "arts.",
    "p.",
    "item",
    "principle",
    "standard",
    "step",
    "communication",
)
_AND_ON = "ff."
_SAID: Mapping[Language, tuple[str, ...]] = {
    "es": ("párr.", "párrs.", "art.", "arts.", "pág.", "punto", "principio", "norma", "paso", "comunicación"),
    "fr": ("par.", "par.", "art.", "art.", "p.", "point", "principe", "standard", "étape", "communication"),
    "pt": ("par.", "pars.", "art.", "arts.", "p.", "item", "princípio", "padrão", "passo", "comunicação"),
    "ht": (
        "paragraf", "paragraf", "atik", "atik", "paj", "pwen", "prensip", "nòm", "etap", "kominikasyon",
    ),
}  # fmt: skip
_ON: Mapping[Language, str] = {"es": "y ss.", "fr": "et suiv.", "pt": "e ss.", "ht": "ak sa ki vin apre"}
_WORDS: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {
        language: dict(zip((*_ENGLISH, _AND_ON), (*said, _ON[language]), strict=True))
        for language, said in _SAID.items()
    }
)
_PLACE = re.compile(
    r"(?<![\w.])(?:" + "|".join(map(re.escape, _ENGLISH)) + r")(?= \(?\w?\d| \(\w\))|(?<=\d )ff\.(?!\w)"
)


def reference_in(ref: str, language: Language) -> str:
    """Return a place such as `paras. 31-32` as `language` writes it; what is not known stays untouched."""
    words = _WORDS.get(language, {})
    return _PLACE.sub(lambda found: words.get(found[0], found[0]), ref)


def told_in_words(ref: str) -> bool:
    """Test whether a place is told in words, such as `BID Report`, which the Guide has in English only."""
    return _PLACE.search(ref) is None and re.search(r"[A-Za-z]{5}", ref) is not None


def title_of(guide: Guide, source: str, language: Language, *, short: bool = False) -> Text:
    """Return the title of a source as for `text_of`; `short` gives the form for a phone where there is one."""
    full = text_of(guide, "source", source, language)
    if not short:
        return full
    return guide.texts.get(full.language, {}).get(("source", f"{source}/short"), full)


def place_in(guide: Guide, cited: Citation, language: Language) -> str:
    """Return where in its source a citation points, or nothing where the title names the place already."""
    source = guide.sources.get(cited.id)
    named = source is not None and _words(cited.ref) <= _words(source.title)
    return "" if named else reference_in(cited.ref, language)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
