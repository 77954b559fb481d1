"""Fit allauth to this house: people are invited, nobody signs up.

How long a sign-in lasts stands in `access/signing_in.py`.
"""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Close the sign-up page; accounts are made by an administrator."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Say that nobody may sign up."""
        return False
