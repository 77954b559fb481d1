"""Say in words and signs what a State answered and where a proposal stands; never by colour alone."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.desk.context import in_language
from amparo.guide import Problem
from amparo.guide.saying import say
from amparo.monitor.rules import (
    ChangedMeanwhile,
    DayWrong,
    Kind,
    MonitorRefused,
    ObligationUnknown,
    ReasonMissing,
    SentBefore,
    Stance,
    Status,
    StatusRefused,
    TextWrong,
)
from amparo.places.countries import country_name


@dataclass(frozen=True)
class Mark:
    """A word, the class of its mark, and a sign for where there is no room for the word."""

    word: str
    look: str
    sign: str = ""


def stance_mark(stance: Stance) -> Mark:
    """Return how an answer of a State is shown."""
    return {
        Stance.ADOPTED: Mark(_("Adopted"), "done", "●"),
        Stance.WITH_RESERVATION: Mark(_("Adopted with a reservation"), "doubt", "◐"),
        Stance.UNDER_STUDY: Mark(_("Under study"), "plain", "○"),
        Stance.NOT_ADOPTED: Mark(_("Not adopted"), "plain", "✕"),
        Stance.NOT_ANSWERED: Mark(_("Not answered"), "none", "–"),
    }[stance]


def status_mark(status: Status) -> Mark:
    """Return how the place of a proposal is shown."""
    return {
        Status.OPEN: Mark(_("Open"), "plain"),
        Status.DISCUSSED: Mark(_("Under discussion"), "plain"),
        Status.ACCEPTED: Mark(_("Accepted for the next version"), "done"),
        Status.DECLINED: Mark(_("Declined"), "doubt"),
        Status.WITHDRAWN: Mark(_("Withdrawn"), "none"),
    }[status]


def move_words(to: Status) -> str:
    """Return what the button of a move says."""
    return {
        Status.DISCUSSED: _("Put under discussion"),
        Status.ACCEPTED: _("Accept for the next version"),
        Status.DECLINED: _("Decline"),
        Status.WITHDRAWN: _("Withdraw"),
    }[to]


def kind_words(kind: Kind) -> str:
    """Return what a proposal would do."""
    return {
        Kind.CHANGE: _("Change a duty of the Guide"),
        Kind.ADD: _("Add a duty to the Guide"),
        Kind.OVERLAY: _("Add or change the rules of a country"),
        Kind.SCENARIO: _("Add an example case (scenario)"),
    }[kind]


def fault_words(fault: MonitorRefused) -> str:
    """Say what to put right."""
    return {
        ReasonMissing: _("Write the reason."),
        DayWrong: _("Write a day that has come, from 1900 on."),
        TextWrong: _("Write a text, not too long."),
        ObligationUnknown: _("Choose duties of the Guide."),
        StatusRefused: _("From where it stands now, the proposal cannot go there."),
        ChangedMeanwhile: _("Somebody else wrote here meanwhile. Look at it again; nothing was overwritten."),
        SentBefore: _("This page was sent before with another text. The first one is kept."),
    }[type(fault)]


def problem_words(problem: Problem) -> str:
    """Say one problem of a file in the reader's language, else in English."""
    try:
        return say(problem.said, language(), **dict(problem.values))
    except (KeyError, IndexError, ValueError):
        # A sentence whose blanks do not fit its values is still better than no answer.
        return problem.said


def country_words(code: str) -> str:
    """Name a country in the reader's language."""
    return country_name(code, language()) or code


def told_in(words: dict[str, str]) -> str:
    """Return a text that is kept in several languages, in the reader's."""
    return in_language(words, language())


def language() -> str:
    """Return the reader's language."""
    return get_language() or settings.LANGUAGE_CODE
