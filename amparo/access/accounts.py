"""Fit allauth to this house: people are invited, nobody signs up.

How long a sign-in lasts stands in `access/signing_in.py`.
"""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

_STEP = "allauth.mfa.stages.AuthenticateStage"
_OWN_STEP = "amparo.access.ministry_sign_in.OwnSecondStep"


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Close the sign-up page; accounts are made by an administrator."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Say that nobody may sign up."""
        return False

    def get_login_stages(self) -> list[str]:
        """Put the node's own second step where the library's stands: a ministry may have vouched for one."""
        stages: list[str] = super().get_login_stages()
        return [_OWN_STEP if one == _STEP else one for one in stages]
