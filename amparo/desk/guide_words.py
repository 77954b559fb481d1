"""Find what the Guide of this node calls a thing, in the reader's language.

A text that the Guide has only in another language keeps its own `lang`, so that it is read out rightly.
"""

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from amparo.guide import Guide, load, text_of


def the_guide() -> Guide:
    """Return the Guide as it stands in this node's country."""
    return load(settings.HOME.profile.overlay or None)


def guide_word(kind: str, key: str) -> SafeString:
    """Return one text of the Guide as HTML; kinds are those of `amparo.guide.text_of`."""
    language = get_language() or settings.LANGUAGE_CODE
    found = text_of(the_guide(), kind, key, language)
    if found.language in ("", language):
        return format_html("{}", found.text)
    return format_html('<span lang="{}">{}</span>', found.language, found.text)


def guide_text(kind: str, key: str) -> str:
    """Return one text of the Guide as plain text, for choices of a form."""
    return text_of(the_guide(), kind, key, get_language() or settings.LANGUAGE_CODE).text
