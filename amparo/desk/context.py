"""Give each page its frame: the node, who is signed in and for whom, the languages, where to go.

Reads nothing of a child. Error pages use `bare_frame`, which touches neither session nor database.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amparo.access.ministry_links import ministries
from amparo.access.rules import Actor, Role, may

# Translations that no native specialist has read yet; the page says so at its foot.
UNREVIEWED = ("fr", "pt", "ht")


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Return what the base template shows around the page."""
    return bare_frame() | {"reader": _reader(request), "page_path": request.get_full_path()}


def bare_frame() -> dict[str, Any]:
    """Return the frame of a page that nobody in particular reads."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "node_name": in_language(settings.HOME.profile.name, language),
        "page_languages": settings.LANGUAGES,
        "page_language": language,
        "page_language_name": dict(settings.LANGUAGES).get(language, language),
        "unreviewed": language in UNREVIEWED,
        "side": settings.SECTOR,
        "other_door": _other_door(),
        "ministries": [(one.id, in_language(one.name, language)) for one in ministries()],
    }


def own_door() -> str:
    """Return the address at which people of this server's side sign in."""
    profile = settings.HOME.profile
    return str(profile.migration_url if settings.SECTOR == "migration" else profile.url)


def _other_door() -> str:
    """Return where people of the node's other side sign in; empty where there is no other side."""
    profile = settings.HOME.profile
    return str(profile.url if settings.SECTOR == "migration" else profile.migration_url)


def in_language(words: Mapping[str, str], language: str) -> str:
    """Return a text that is kept in several languages, in this one or else in Spanish."""
    return words.get(language) or words.get("es") or next(iter(words.values()), "")


def role_in_words(role: str) -> str:
    """Return what a role is called on screen."""
    return {
        Role.FIRST_CONTACT: _("first contact"),
        Role.CASEWORKER: _("caseworker"),
        Role.SUPERVISOR: _("supervisor"),
        Role.PANEL_MEMBER: _("panel member"),
        Role.GUARDIAN: _("guardian"),
        Role.LEGAL_REPRESENTATIVE: _("legal representative"),
        Role.MIGRATION_OFFICER: _("migration officer"),
        Role.CONSULATE: _("consulate"),
        Role.SERVICE_PROVIDER: _("service provider"),
        Role.DATA_PROTECTION_OFFICER: _("data protection officer"),
        Role.OVERSIGHT: _("oversight"),
        Role.SECRETARIAT: _("regional secretariat"),
        Role.COUNTRY_DELEGATE: _("delegate of a State"),
        Role.ADMINISTRATOR: _("administrator"),
        Role.DEVICE: _("field device"),
        Role.SYSTEM: _("this system"),
    }.get(Role(role) if role in set(Role) else Role.NOBODY, _("unknown role"))


def _reader(request: HttpRequest) -> dict[str, Any] | None:
    """Say who is signed in; None before sign-in, and for a device, which acts but is nobody's account."""
    actor: Actor | None = getattr(request, "actor", None)
    person: Any = getattr(request, "user", None)
    if actor is None or person is None or not person.is_authenticated or actor.role is Role.NOBODY:
        return None
    return {
        "name": person.name,
        "agency": person.agency.name_in(get_language() or settings.LANGUAGE_CODE),
        "role": role_in_words(actor.role),
        "lists_cases": may(actor, "case.list"),
        "reads_transfers": may(actor, "transfer.read"),
        "works_regionally": may(actor, "proposal.make"),
        "cares_for_people": may(actor, "change.propose"),
        "confirms_changes": may(actor, "change.confirm"),
        # What child protection does at its own server only.
        "changes_keys": may(actor, "keys.change") and settings.SECTOR == "protection",
        "sees_erasures": may(actor, "erasure.read") and settings.SECTOR == "protection",
        "watches": may(actor, "reading.alarms"),
        "breaks_glass": may(actor, "glass.break"),
        "reads_gates": may(actor, "gate.read") and settings.SECTOR == "migration",
        "tries_files": settings.SECTOR == "protection",
    }
