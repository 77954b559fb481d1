"""Say whether an override could lift what stands against an act, for whom, and who can provide what is missing.

Pure but for the Guide, the profile and the reader's language. The actions judge again; nothing here allows anything.
Guide vocabulary: override, override_limits. Decision: 0013.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from amparo.access.rules import Actor, may, may_do
from amparo.desk.guide_words import guide_text, the_guide
from amparo.guide import Refusal, joint_emergency_of, way_out

# As many missing entries as the page shows of one group.
SHOWN = 3
_RIGHTS = {"emergency": "override.emergency", "two-person": "override.two-person"}


@dataclass(frozen=True)
class Provider:
    """Those who can provide some of what is missing: roles of the Guide, entries, telephones of this node."""

    roles: tuple[str, ...]
    missing: tuple[str, ...]
    telephones: tuple[tuple[str, str], ...]

    @property
    def more(self) -> int:
        """Count the entries behind the first few that a page shows."""
        return max(0, len(self.missing) - SHOWN)


def way_open_to(actor: Actor, action: str, reasons: Sequence[Refusal]) -> str:
    """Return the override that this reader may begin now: `emergency`, `two-person` or empty."""
    way = way_out(reasons)
    if way == "none" or not may_do(actor, action) or not may(actor, _RIGHTS[way]):
        return ""
    return "" if _reserved_to_others(actor, action, way) else way


def way_words(way: str) -> str:
    """Return what the link to an override says."""
    return {
        "emergency": _("Somebody must act now to avert danger to life or safety"),
        "two-person": _("Two people can decide this together"),
    }.get(way, "")


def why_no_way(actor: Actor, action: str, reasons: Sequence[Refusal]) -> str:
    """Say in plain words why this reader can begin no override; empty where none is needed or one is open to her."""
    if not reasons or way_open_to(actor, action, reasons):
        return ""
    way = way_out(reasons)
    if action in the_guide().vocabulary.never_lifted:
        return _("No signature lifts this, not of two people and not in an emergency.")
    if way == "none":
        return _("Nobody can lift this: “%(duty)s”. The way out is to do what it asks.") % {
            "duty": _closed_by(reasons)
        }
    if way == "emergency" and _reserved_to_others(actor, action, way):
        return _(
            "If the child is in danger now, call the child protection authority: only they may act first."
        )
    if way == "two-person":
        return _(
            "Two people could decide this together, one of them of the child protection authority. Call them."
        )
    return _("In danger to life or safety, somebody whose task this is may act first. Call them.")


def _closed_by(reasons: Sequence[Refusal]) -> str:
    """Name the first duty that no override lifts, else the first that another override would have to lift."""
    shut = [one for one in reasons if one.override == "none"] or list(reasons)
    return guide_text("obligation", shut[0].obligation)


def _reserved_to_others(actor: Actor, action: str, way: str) -> bool:
    joint = joint_emergency_of(the_guide(), action) if way == "emergency" else None
    return joint is not None and actor.guide_role != joint.who


def providers_of(reasons: Iterable[Refusal]) -> tuple[Provider, ...]:
    """Group what is missing by who can provide it; people come before the system."""
    by_roles: dict[tuple[str, ...], list[str]] = {}
    for one in (entry for reason in reasons for entry in reason.missing):
        keys = by_roles.setdefault(_people_of(one.attest), [])
        if one.key not in keys:
            keys.append(one.key)
    groups = sorted(by_roles.items(), key=lambda group: group[0][0] == "system")
    return tuple(Provider(roles, tuple(keys), telephones_of(roles)) for roles, keys in groups)


def telephones_of(roles: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the telephones that the profile of this node has for bodies of these roles, with the role of each."""
    wanted = tuple(roles)
    agencies = settings.HOME.profile.agencies
    return tuple((one.kind, one.telephone) for one in agencies if one.kind in wanted and one.telephone)


def _people_of(roles: Iterable[str]) -> tuple[str, ...]:
    """Leave the system out wherever a person can be called instead."""
    return tuple(role for role in roles if role != "system") or ("system",)
