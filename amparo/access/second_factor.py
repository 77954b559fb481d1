"""Ask everybody for a second factor before anything else, and keep its secrets sealed.

Until she has one, whoever signed in acts as nobody: no page shows her a child. A demonstration is exempt.
Design: security design 5 (passkey, or password and a code). Decision: 0020.
"""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from amparo.access.models import Person
from amparo.base import seal

_STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_PLACE, _MARK = "second-factor", "sealed1:"
# What somebody without a second factor may open: the ways to one, and out.
SETTING_UP = frozenset({
    "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "account_reauthenticate", "account_logout", "account_change_password", "set_language",
})  # fmt: skip


def second_factor_missing(person: Person) -> bool:
    """Test whether somebody still has to set up a second factor; a wrong answer here would open a child's file."""
    if settings.DEMONSTRATION:
        return False
    return not Authenticator.objects.filter(user=person, type__in=_STRONG).exists()


class SecondFactorFirst:
    """Lead whoever has no second factor to the page where she sets one up, whatever she asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """Let the pages of setting up through, and nothing else."""
        person, match = request.user, request.resolver_match
        if not isinstance(person, Person) or not second_factor_missing(person):
            return None
        return None if match and match.view_name in SETTING_UP else redirect("mfa_index")


class SealedSecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Seal the secrets of authenticator apps, name this node on keys, and never let the last factor go."""

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is stored: a copy of the database alone makes no codes."""
        sealed = seal.encrypt(_key(), text.encode(), context=_PLACE)
        return _MARK + base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed; what was stored before secrets were sealed comes back as it is."""
        if not encrypted_text.startswith(_MARK):
            return encrypted_text
        sealed = base64.b64decode(encrypted_text.removeprefix(_MARK))
        return seal.decrypt(_key(), sealed, context=_PLACE).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Say whether an authenticator may go: never the last one, but in a demonstration."""
        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=_STRONG)
        return bool(settings.DEMONSTRATION) or others.exclude(pk=authenticator.pk).exists()

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        """Bind passkeys to this node's host, which is one of the few it answers for, and call it by its name."""
        bound: dict[str, Any] = super().get_public_key_credential_rp_entity()
        return bound | {"name": self.get_totp_issuer()}

    def get_totp_issuer(self) -> str:
        """Name the node in the app, so that accounts of two nodes are told apart."""
        return f"Amparo {settings.HOME.profile.id}"


def _key() -> bytes:
    return hashlib.sha256(b"amparo second factor 1" + settings.SECOND_FACTOR_SECRET.encode()).digest()
