"""Say ages, times and what is left of them as people say them, in the reader's language.

The clock is passed in. The exact moment stands behind each time, in `<time datetime>`.
"""

from datetime import date, datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MONTHS_IN_YEAR = 12
# Below this age the months matter.
SMALL_CHILD_YEARS = 3
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def age_in_words(months: int) -> str:
    """Say an age given in whole months; -1 is unknown. Small children in years and months."""
    if months < 0:
        return _("age unknown")
    years, rest = divmod(months, MONTHS_IN_YEAR)
    in_years = ngettext("%(n)d year", "%(n)d years", years) % {"n": years}
    in_months = ngettext("%(n)d month", "%(n)d months", rest) % {"n": rest}
    if years >= SMALL_CHILD_YEARS or (years and not rest):
        return in_years
    return _("%(years)s and %(months)s") % {"years": in_years, "months": in_months} if years else in_months


def span_in_words(span: timedelta) -> str:
    """Say a length of time in its largest unit: "3 hours"; less than a minute counts as one."""
    seconds = max(int(abs(span).total_seconds()), _MINUTE)
    if seconds < _HOUR:
        minutes = seconds // _MINUTE
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if seconds < 2 * _DAY:
        hours = seconds // _HOUR
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = seconds // _DAY
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def length_in_words(months: int, rest: timedelta) -> str:
    """Say a length of time of the Guide: calendar months, or hours and days."""
    if months:
        return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
    return span_in_words(rest)


def left_in_words(due: datetime, *, at: datetime) -> str:
    """Say how long is left until a moment, or how long ago it passed."""
    span = span_in_words(due - at)
    if due < at:
        return _("%(span)s late") % {"span": span}
    return _("%(span)s left") % {"span": span}


def moment_in_words(moment: datetime, *, at: datetime) -> str:
    """Say a moment: "today at 10:42", "yesterday at 22:10", or day, month and hour."""
    there = timezone.localtime(moment)
    day = day_in_words(there.date(), on=timezone.localtime(at).date())
    return _("%(day)s at %(hour)s") % {"day": day, "hour": there.strftime("%H:%M")}


def day_in_words(day: date, *, on: date) -> str:
    """Say a day: today, yesterday, tomorrow, or its date."""
    near = {0: _("today"), -1: _("yesterday"), 1: _("tomorrow")}.get((day - on).days)
    return near or str(formats.date_format(day, "DATE_FORMAT"))
