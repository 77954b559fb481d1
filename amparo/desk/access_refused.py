"""Say in words why the rule of access refused, and what she can do now.

Only what a reader may know is said: that a child is not hers, or is kept back from her, looks like no such page.
Codes: `amparo.access.deciding.Reason`.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from amparo.access.deciding import Reason


@dataclass(frozen=True)
class AccessLines:
    """What a refusal of the rule says: what was asked, what is missing, who can help, what to do."""

    heading: str
    what: str
    missing: str
    who: str
    now: str
    address: str
    address_words: str


def access_lines(reasons: tuple[str, ...]) -> AccessLines:
    """Return the words for the first of these reasons that she can do something about."""
    if Reason.BUDGET in reasons:
        return AccessLines(
            heading=_("You have opened as many children as your role opens in a day"),
            what=_("Opening one more child today."),
            missing=_("A higher limit for today. Children you have opened today stay open to you."),
            who=_("A supervisor of your agency."),
            now=_(
                "Call your supervisor and say which child and why. If a child needs something now, do not wait."
            ),
            address="desk:home",
            address_words=_("Back to your own list"),
        )
    if Reason.STEP_UP in reasons:
        return AccessLines(
            heading=_("Show once more that it is you"),
            what=_("Opening one more child today."),
            missing=_("Your passkey or password once more, and why you open this many."),
            who=_("You."),
            now=_("Confirm who you are and go on. If this was not you, call your supervisor at once."),
            address="desk:more-children",
            address_words=_("Confirm who you are"),
        )
    return AccessLines(
        heading=_("Not for this purpose"),
        what=_("Reading a child's case for a purpose that is not one of your role."),
        missing=_("A purpose that goes with your role."),
        who=_("Whoever works with the child."),
        now=_("Open the case from your own list. Ask her caseworker if you need something else."),
        address="desk:home",
        address_words=_("Back to your own list"),
    )
