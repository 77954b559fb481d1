"""Speak of one Guide, of the region or of a country, in the reader's language; marks what is in another language.

Pages of a case speak of the node's own Guide (`desk.guide_words`); the browser may show any that is kept here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.desk.guide_words import the_guide
from amparo.desk.spoken import length_in_words
from amparo.guide import Citation, Guide, Said, Text, load, place_in, text_of, title_of, told_in_words
from amparo.guide.durations import Duration
from amparo.guide.editions import REGION, countries, edition
from amparo.guide.in_words import Lexicon, one_line, tell
from amparo.places.countries import country_name


@dataclass(frozen=True)
class SourceLine:
    """One citation as people read it: title and place as HTML, and what the Guide keeps of it (in English)."""

    id: str
    title: SafeString
    place: SafeString
    mark: str  # verified, related or unsure
    norm: str


class Wording:
    """The words of one Guide in one language; `choice` is what the reader asked for in `?country=`, if anything."""

    def __init__(self, guide: Guide, *, choice: str = "") -> None:
        self.guide, self.choice = guide, choice
        self.language = get_language() or settings.LANGUAGE_CODE

    @property
    def suffix(self) -> str:
        """Return what a link must carry on so that the reader stays in the Guide chosen."""
        return f"?country={self.choice}" if self.choice else ""

    @property
    def whose(self) -> str:
        """Say whose Guide is read: a country's name, or the region."""
        code = self.guide.country if self.guide.overlay else None
        return country_name(code, self.language) or code if code else _("the whole region")

    def text(self, kind: str, key: str) -> SafeString:
        """Return one text as HTML; kinds are those of `amparo.guide.text_of`."""
        return self.html(text_of(self.guide, kind, key, self.language))

    def plain(self, kind: str, key: str) -> str:
        """Return one text as plain text, to search in."""
        return text_of(self.guide, kind, key, self.language).text

    def from_english(self, kind: str, said: str) -> SafeString:
        """Return what the Guide writes in English (`choice`, `counted`) in the reader's language, if it is told."""
        told = self.guide.texts.get(self.language, {}).get((kind, said))
        return self.html(told or Text(said, "en", reviewed=True))

    def source(self, key: str, *, short: bool = False) -> SafeString:
        """Return the title of a source."""
        return self.html(title_of(self.guide, key, self.language, short=short))

    def roles(self, roles: Iterable[str]) -> str:
        """Name roles, each with the body that plays it in this country where the overlay names one."""
        return ", ".join(self._role(role) for role in roles)

    def authority(self, role: str) -> str:
        """Return the name of the body that plays a role in this country; empty where nobody has named it."""
        found = self.guide.authorities.get(role)
        return (
            "" if found is None else found.name.get(self.language) or found.name.get("es") or found.name["en"]
        )

    def said(self, condition: str) -> Said:
        """Return a condition in words."""
        return tell(condition, self.lexicon)

    def line(self, condition: str) -> str:
        """Return a condition in words as one line."""
        return one_line(self.said(condition), self.lexicon)

    @cached_property
    def lexicon(self) -> Lexicon:
        """What conditions are told with."""
        return Lexicon(self.guide.texts, self.guide.facts, self.language)

    def deadline(self, limit: Duration | None) -> str:
        """Say by when; without a limit of the Guide or the country, at once."""
        if limit is None:
            return _("At once; no number of hours is set here.")
        return _("Within %(span)s") % {"span": length_in_words(limit.months, limit.rest)}

    def sources(self, cited: Iterable[Citation]) -> tuple[SourceLine, ...]:
        """Return citations in words, each once, the surest first."""
        lines = dict.fromkeys(self._source_line(each) for each in cited)
        return tuple(sorted(lines, key=lambda line: ("verified", "related", "unsure").index(line.mark)))

    def words(self, said: Mapping[str, str]) -> SafeString:
        """Return words a file has in several languages: in the reader's, else in Spanish, else in English."""
        language = next(code for code in (self.language, "es", "en") if code in said)
        return self.html(Text(said[language], language, reviewed=False))

    def html(self, found: Text) -> SafeString:
        """Return a text as HTML, with its `lang` where it is not the reader's language."""
        if found.language in ("", self.language):
            return format_html("{}", found.text)
        return format_html('<span lang="{}">{}</span>', found.language, found.text)

    def _role(self, role: str) -> str:
        name, called = self.authority(role), self.plain("role", role)
        return f"{called} ({name})" if name and name != called else called

    def _source_line(self, cited: Citation) -> SourceLine:
        place = place_in(self.guide, cited, self.language)
        words = self.html(Text(place, "en" if place and told_in_words(cited.ref) else "", reviewed=True))
        source = self.guide.sources.get(cited.id)
        norms = source.norms if source else ()
        norm = next((norm["norm"] for norm in norms if norm.get("ref") == cited.ref), "")
        return SourceLine(cited.id, self.source(cited.id), words, mark_of(cited), norm)


@dataclass(frozen=True)
class OnCall:
    """Who can be reached at night, as the overlay names it."""

    name: SafeString
    note: SafeString


def on_call_of(wording: Wording) -> OnCall | None:
    """Return who is on call in the country of the Guide shown; None where no overlay says."""
    one = edition(wording.guide.country or "")
    raw = (one.overlay or {}).get("on_call") if one else None
    return OnCall(wording.words(raw["name"]), wording.words(raw["note"])) if raw else None


def mark_of(cited: Citation) -> str:
    """Return how sure a citation is: verified, related (verified, but in part or by analogy), or unsure."""
    if not cited.verified:
        return "unsure"
    return "verified" if cited.fit == "direct" else "related"


def wording_of(request: HttpRequest) -> Wording:
    """Return the Guide a reader asked for: `?country=region`, a country with an overlay, or else this node's own.

    Raises:
        Http404: there is no such Guide here.
    """
    choice = request.GET.get("country", "")
    if choice in countries():
        return Wording(load(choice), choice=choice)
    if choice == REGION:
        return Wording(load(), choice=choice)
    if choice:
        raise Http404(_("This country has no rules of its own in the Guide."))
    return Wording(the_guide())
