"""Find what the Guide of this node calls a thing, in the reader's language.

A text that the Guide has only in another language keeps its own `lang`, so that it is read out rightly.
"""

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from amparo.cases.evaluation import this_guide
from amparo.guide import Citation, Guide, Text, place_in, text_of, title_of, told_in_words


def the_guide() -> Guide:
    """Return the Guide as it stands in this node's country."""
    return this_guide()


def guide_word(kind: str, key: str) -> SafeString:
    """Return one text of the Guide as HTML; kinds are those of `amparo.guide.text_of`."""
    return _as_html(text_of(the_guide(), kind, key, _language()))


def guide_text(kind: str, key: str) -> str:
    """Return one text of the Guide as plain text, for choices of a form."""
    return text_of(the_guide(), kind, key, _language()).text


def source_word(source: str, *, short: bool = False) -> SafeString:
    """Return the title of a source as HTML; `short` as a phone shows it."""
    return _as_html(title_of(the_guide(), source, _language(), short=short))


def place_word(cited: Citation) -> SafeString:
    """Return the place a citation points to as HTML; empty where the title of the source names it."""
    place = place_in(the_guide(), cited, _language())
    return _as_html(Text(place, "en" if place and told_in_words(cited.ref) else "", reviewed=True))


def _as_html(found: Text) -> SafeString:
    if found.language in ("", _language()):
        return format_html("{}", found.text)
    return format_html('<span lang="{}">{}</span>', found.language, found.text)


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
