"""Refuse a rule of a country that would shut the way by which a child in danger is brought to safety.

Pure. More blocks protect more, except on the acts that rescue: taking a child from a dangerous person, and giving
her a place. There an emergency must still lift what the country adds. Guide: override_limits.
"""

from collections.abc import Iterator

from amparo.guide.document import Document, Raw
from amparo.guide.errors import Problem

_PLACE = "place"
_SHUT = (
    "no emergency would lift this block on {action}, so a child in danger could not be brought to safety; "
    "leave {action} out, or write override: emergency, without absolute and without a hold on it"
)


def shut(region: Document, country: Document) -> Iterator[Problem]:
    """Walk through every block on a rescuing act that the country adds or hardens beyond any emergency."""
    joints = {joint["action"]: joint for joint in region.vocabulary["override_limits"]["joint_emergency"]}
    for key, new in country.obligations.items():
        old = region.obligations.get(key, {"blocks": []})
        for action in (*joints, _PLACE):
            joint = joints.get(action, {"lifts": [], "lifts_holds": False})
            if _is_shut(new, action, joint) and not _was_shut(old, new, action, joint):
                yield Problem(f"{key}.{_field(old, new, action)}", _SHUT, action=action)


def _is_shut(raw: Raw, action: str, joint: Raw) -> bool:
    """Tell whether an obligation blocks the action in a way that no emergency lifts."""
    if action not in raw["blocks"]:
        return False
    held = not {action, "*"}.isdisjoint(raw.get("hold_while", ()))
    lifted = raw["id"] in joint["lifts"] or raw["override"] == "emergency"
    outlasts = held and not (raw["id"] in joint["lifts"] and joint["lifts_holds"])
    return bool(raw.get("absolute")) or not lifted or outlasts


def _was_shut(old: Raw, new: Raw, action: str, joint: Raw) -> bool:
    return _is_shut(old, action, joint) and bool(old.get("absolute")) >= bool(new.get("absolute"))


def _field(old: Raw, new: Raw, action: str) -> str:
    """Name the field to put right: the one that hardened, or else the block itself."""
    changed = [name for name in ("absolute", "override", "hold_while") if old.get(name) != new.get(name)]
    return changed[0] if action in old["blocks"] and changed else "blocks"
