"""Say whether an override lifts a block, and when it makes an obligation due at once.

Pure. An override lifts missing entries, never a hold, and only for its own obligation; no override lifts a
block on the actions that are never lifted. The one exception is the joint emergency. Vocabulary: override,
override_limits.
"""

from datetime import datetime

from amparo.guide.evaluation import Bar
from amparo.guide.facts import Case
from amparo.guide.model import Guide, JointEmergency, Obligation

# The body that must be one of the two who decide together.
PROTECTION = "child-protection-authority"


def lifts(
    guide: Guide, obligation: Obligation, bar: Bar, *, action: str, override: str, by_role: str | None
) -> bool:
    """Test whether this override, used by this role, lifts the bar of this obligation on this action."""
    if override == "none" or action in guide.vocabulary.never_lifted or bar.absolute:
        return False
    joint = joint_emergency_of(guide, action) if override == "emergency" else None
    if joint is not None and by_role != joint.who:
        return False
    if joint is not None and obligation.id in joint.lifts:
        return joint.lifts_holds or not bar.held
    # One event names one role: of the two people, the one from child protection has to be the one recorded.
    if override == "two-person" and by_role != PROTECTION:
        return False
    return obligation.override == override and not bar.held


def due_after_emergency(guide: Guide, case: Case) -> dict[str, datetime]:
    """Return the obligations due at once because an emergency override was used, and when it was."""
    due: dict[str, datetime] = {}
    for event in case.events:
        if event.override == "emergency" and event.action not in guide.vocabulary.never_lifted:
            for key in _owed(guide, event.action, event.by_role):
                due.setdefault(key, event.at)
    return due


def _owed(guide: Guide, action: str, by_role: str) -> list[str]:
    joint = joint_emergency_of(guide, action)
    lifted = joint.lifts if joint is not None and joint.who == by_role else ()
    own = (
        each.id
        for each in guide.obligations.values()
        if action in each.blocks and each.override == "emergency"
    )
    return [*lifted, *own]


def joint_emergency_of(guide: Guide, action: str) -> JointEmergency | None:
    """Return the joint emergency of an action: who may use it and what it lifts; None where it has none."""
    return next((joint for joint in guide.vocabulary.joint_emergencies if joint.action == action), None)
