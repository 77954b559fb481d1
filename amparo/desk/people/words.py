"""Say in words what is proposed, where it stands, and why something about people cannot be done."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from amparo.access.actions import AccountClosed, AccountExists, EmailWrong, RoleUnfit
from amparo.access.colleagues import ChangeLine
from amparo.access.invitations import InvitationShut
from amparo.access.key_changes import CEREMONY, DESTROY_OLD, KINDS, NEW_KEY, KeysStillUsed
from amparo.access.people_changes import InvitedAlready, NameMissing, TeamNotHere
from amparo.access.teams import TeamExists, TeamNotEmpty
from amparo.access.two_persons import PersonNotHere
from amparo.cases.erasing import ERASE
from amparo.desk.context import role_in_words

# Everything about people that a person can put right herself.
TROUBLES = (
    AccountClosed, AccountExists, EmailWrong, RoleUnfit, InvitedAlready, NameMissing, TeamNotHere, TeamExists,
    TeamNotEmpty, PersonNotHere, KeysStillUsed,
)  # fmt: skip


def trouble(wrong: Exception) -> str:
    """Say what stands in the way and what to do."""
    words: Mapping[type[Exception], str] = {
        AccountClosed: _("There was an account under this e-mail; it is closed. Use another e-mail."),
        AccountExists: _("There is an account under this e-mail."),
        EmailWrong: _("This is no e-mail address. Write it as name@place.example."),
        RoleUnfit: _("Nobody of this agency can have this role, or it is her role already."),
        InvitedAlready: _("There is an open invitation under this e-mail. Withdraw it first."),
        NameMissing: _("Write the name."),
        KeysStillUsed: _("Rows are still under a former key. The administrator runs: amparo keys rewrap"),
        TeamNotHere: _("There is no such team."),
        TeamExists: _("There is a team of this name."),
        TeamNotEmpty: _("People work in this team. Move them first."),
        PersonNotHere: _("There is no such open account in your agency, or it is your own."),
    }
    return words.get(type(wrong), "")


def change_words(line: ChangeLine) -> str:
    """Say in one sentence what a change does."""
    role = role_in_words(line.what.get("role", ""))
    if line.kind == "person-invite":
        told = {"name": line.what.get("name", ""), "email": line.what.get("email", ""), "role": role}
        return _("Invite %(name)s (%(email)s) as %(role)s") % told
    if line.kind == "person-role":
        return _("Make %(name)s %(role)s") % {"name": line.subject, "role": role}
    if line.kind == "person-renew":
        return _("Let %(name)s set a new password and second step") % {"name": line.subject}
    if line.kind in KINDS:
        return key_change_words(line.kind)
    if line.kind == ERASE:
        return _("Erase a record for good")
    return line.kind.replace("-", " ")


def key_change_words(kind: str) -> str:
    """Say what a change of keys does."""
    return {
        NEW_KEY: _("Make a new key that locks from now on"),
        DESTROY_OLD: _("Destroy the keys that were retired 30 days ago or more"),
        CEREMONY: _("Hold the ceremony that makes the agency's key for what is sealed"),
    }[kind]


def state_words(state: str) -> str:
    """Say where a change, an invitation or an account stands."""
    return {
        "waiting": _("waits for a second person"),
        "confirmed": _("confirmed"),
        "declined": _("declined"),
        "withdrawn": _("withdrawn"),
        "over": _("ran out"),
        "open": _("open"),
        "closed": _("closed"),
        "used": _("used"),
    }.get(state, state)


def shut_words(shut: InvitationShut) -> tuple[str, str]:
    """Say why an invitation lets nobody in, and what to do."""
    ask = _("Ask the colleague who sent it for a new invitation.")
    return {
        "used": (
            _("This invitation was used"),
            _("Sign in with your password. If it was not you who used it, call your administrator now."),
        ),
        "over": (_("This invitation ran out"), ask),
        "withdrawn": (_("This invitation was withdrawn"), ask),
        "another-confirmer": (
            _("Another colleague makes this code"),
            _("Only whoever confirmed an invitation can make its code anew."),
        ),
        "confirmer": (
            _("Another colleague makes this link"),
            _("Whoever confirmed an invitation holds its code and cannot also make its link."),
        ),
    }.get(
        shut.why,
        (
            _("This invitation is not known"),
            _("Look at the link again: it may be cut off, or replaced by a newer one."),
        ),
    )
