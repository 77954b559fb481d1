"""Say who opened a child's file, what for, and why somebody was not let in: to her guardian, and to the child herself.

For a child: short sentences to her, no word of law, nothing that frightens without need. Pure but for the language.
"""

from enum import StrEnum

from django.utils.translation import gettext as _

from amparo.access.deciding import Reason
from amparo.access.events import Event
from amparo.access.queries import Reading
from amparo.access.roles import Purpose, Role
from amparo.desk.context import role_in_words


class Manner(StrEnum):
    """To whom the list speaks."""

    GUARDIAN = "guardian"
    CHILD = "child"


def who_in_words(role: str, manner: Manner) -> str:
    """Return who a reader is, by what she does for the child."""
    if manner is Manner.GUARDIAN:
        return role_in_words(role)
    said = {
        Role.FIRST_CONTACT: _("Somebody who received you when you arrived"),
        Role.CASEWORKER: _("Somebody who looks after children"),
        Role.SUPERVISOR: _("Somebody who makes sure that children are looked after well"),
        Role.PANEL_MEMBER: _("Somebody who helps to find out what is best for you"),
        Role.GUARDIAN: _("A person who stands up for you"),
        Role.LEGAL_REPRESENTATIVE: _("A person who defends your rights"),
        Role.MIGRATION_OFFICER: _("Somebody of the migration office"),
        Role.DATA_PROTECTION_OFFICER: _("Somebody who watches over what is kept about you"),
        Role.OVERSIGHT: _("Somebody who checks that you are treated well"),
        Role.ADMINISTRATOR: _("Somebody who takes care of the computers"),
        Role.SYSTEM: _("The computer, without a person"),
    }
    return said.get(Role(role)) or role_in_words(role) if role in set(Role) else role_in_words(role)


def why_in_words(reading: Reading, manner: Manner) -> str:
    """Return why somebody read; empty for a try, of which no purpose is known."""
    if reading.refused:
        return ""
    if manner is Manner.CHILD:
        return _to_the_child(reading)
    return _to_the_guardian(reading)


def refused_in_words(reading: Reading, manner: Manner) -> str:
    """Return why somebody was not let in; empty where she was."""
    said = _refused_to_the_child() if manner is Manner.CHILD else _refused_to_the_guardian()
    found = next((words for code, words in said.items() if code in reading.refused), "")
    return found or (said[Reason.ROLE] if reading.refused else "")


def _to_the_guardian(reading: Reading) -> str:
    if reading.event == Event.READERS_READ:
        return _("to show who has opened this file")
    if reading.event == Event.SEALED_READ:
        return _("to open what is sealed, for the work on the case")
    if reading.in_danger:
        return _("to help her in danger of life, without working with her otherwise")
    said: dict[str, str] = {
        Purpose.CASEWORK: _("to work on the case"),
        Purpose.SUPERVISION: _("to supervise the work"),
        Purpose.TRANSFER: _("to hand the case over"),
        Purpose.HEARING: _("to hear what the child says"),
        Purpose.DETERMINATION: _("to prepare the decision on what is best for her"),
        Purpose.GUARDIANSHIP: _("to stand up for her as her guardian"),
        Purpose.REPRESENTATION: _("to represent her before the law"),
        Purpose.OVERSIGHT: _("to look into how she is served"),
        Purpose.DATA_PROTECTION: _("to see whether her data are protected"),
        Purpose.MIGRATION: _("to see the five facts that the migration authority may see"),
    }
    return said.get(reading.purpose, reading.purpose)


def _to_the_child(reading: Reading) -> str:
    if reading.event == Event.READERS_READ:
        return _("looked at this list, as you are doing now.")
    if reading.event == Event.SEALED_READ:
        return _("opened the part that is kept locked, to help you.")
    if reading.in_danger:
        return _("looked because she or he thought that you were in great danger.")
    said: dict[str, str] = {
        Purpose.CASEWORK: _("looked, to help you."),
        Purpose.SUPERVISION: _("looked, to see that you are helped well."),
        Purpose.TRANSFER: _("looked, so that people in another place can look after you."),
        Purpose.HEARING: _("looked, to listen to you well."),
        Purpose.DETERMINATION: _("looked, to find out what is best for you."),
        Purpose.GUARDIANSHIP: _("looked, to stand up for you."),
        Purpose.REPRESENTATION: _("looked, to defend your rights."),
        Purpose.OVERSIGHT: _("looked, to check that you are treated well."),
        Purpose.DATA_PROTECTION: _("looked, to check that what is kept about you is safe."),
        Purpose.MIGRATION: _("saw five things and no more. She or he cannot see what you told us."),
    }
    return said.get(reading.purpose, _("looked."))


def _refused_to_the_guardian() -> dict[str, str]:
    return {
        Reason.WITHHELD: _("not let in: the child is kept back from this person"),
        Reason.ROLE: _("not let in: nobody in this role may do that"),
        Reason.SECTOR: _("not let in: nobody of this authority may see it"),
        Reason.RELATION: _("not let in: does not work with the child"),
        Reason.BUDGET: _("not let in: had opened too many children that day"),
        Reason.STEP_UP: _("not let in yet: had to prove again who she or he is"),
        Reason.PURPOSE: _("not let in: had no purpose that allows it"),
    }


def _refused_to_the_child() -> dict[str, str]:
    not_hers = _("wanted to look and was not let in: she or he does not work with you.")
    return {
        Reason.WITHHELD: _("wanted to look and was not let in: we keep your papers away from this person."),
        Reason.ROLE: not_hers,
        Reason.SECTOR: not_hers,
        Reason.RELATION: not_hers,
        Reason.BUDGET: _("wanted to look and was not let in: too many children on one day."),
        Reason.STEP_UP: _("had to show again who she or he is before looking."),
        Reason.PURPOSE: _("wanted to look and was not let in: there was no good reason."),
    }
