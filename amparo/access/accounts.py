"""Fit allauth to this house: people are invited, nobody signs up, a session has an end."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Close the sign-up page; accounts are made by an administrator."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Say that nobody may sign up."""
        return False
