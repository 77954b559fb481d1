"""Offer templates the words of ages, times and the Guide."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.base.clock import moment_text, now
from amparo.desk.context import role_in_words
from amparo.desk.guide_words import guide_word
from amparo.desk.spoken import age_in_words, day_in_words, left_in_words, moment_in_words
from amparo.places.countries import country_name

register = template.Library()


@register.filter
def age(months: object) -> str:
    """Say an age given in months; a case that does not tell it has an unknown one."""
    return age_in_words(months if isinstance(months, int) else -1)


@register.filter
def moment(value: datetime) -> SafeString:
    """Say a moment, with the exact one in `datetime`."""
    return format_html('<time datetime="{}">{}</time>', moment_text(value), moment_in_words(value, at=now()))


@register.filter
def left(value: datetime) -> SafeString:
    """Say how long is left until a moment."""
    return format_html('<time datetime="{}">{}</time>', moment_text(value), left_in_words(value, at=now()))


@register.filter
def passed(value: datetime) -> bool:
    """Test whether a moment has passed."""
    return value < now()


@register.filter
def day(value: date) -> SafeString:
    """Say a day."""
    on = timezone.localdate()
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), day_in_words(value, on=on))


@register.filter
def guide(key: str, kind: str) -> SafeString:
    """Say what the Guide calls a thing of a kind: `{{ action|guide:"action" }}`."""
    return guide_word(kind, key)


@register.filter
def country(code: str) -> str:
    """Name a country."""
    return country_name(code, get_language() or "es") or code


@register.filter
def role(name: str) -> str:
    """Say what a role of this node is called."""
    return role_in_words(name)


@register.filter
def barred_mark(absolute: bool) -> SafeString:
    """Mark an act that may not be done: never at any level, or not now; the same on every page."""
    words = _("Never") if absolute else _("Not now")
    return format_html('<span class="mark mark--harm">{}</span>', words)
