"""Say why nobody was signed in with a ministry, and what to do; never whether somebody has an account."""

from django.utils.translation import gettext as _


def refused_words(code: str, name: str) -> tuple[str, str]:
    """Return a heading and what to do, for a code of the sign-in and the ministry's name."""
    again = _("Begin again from the sign-in page.")
    used = (_("This sign-in was used already or ran out"), again)
    told = {"name": name}
    return {
        "away": (
            _("%(name)s does not answer now") % told,
            _("Sign in with your password or passkey, or try again later."),
        ),
        "too-many": (_("Too many tries"), _("Wait a minute, then begin again from the sign-in page.")),
        "declined": (_("You did not sign in with %(name)s") % told, again),
        "other-attempt": used,
        "too-late": used,
        "other-person": (_("Somebody else is signed in here now"), again),
        "not-bound": (
            _("This opens no account here"),
            _("Sign in with your password or passkey, then connect %(name)s under My account.") % told,
        ),
        "taken": (
            _("This cannot be connected with your account"),
            _("Look whether you are signed in with %(name)s as yourself. If so, tell your administrator.")
            % told,
        ),
    }.get(
        code,
        (
            _("What %(name)s answered could not be verified") % told,
            _("Nobody was signed in. Begin again; if it happens twice, tell your administrator."),
        ),
    )
