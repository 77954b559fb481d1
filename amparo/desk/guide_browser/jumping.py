"""List the parts of a long page, so that a reader on a telephone goes to one without scrolling past the others.

Says where a part stands and what it is called; a page with few parts gets no list.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from amparo.guide import Obligation

FEWEST = 5  # fewer parts are seen by scrolling a few screens of a telephone


@dataclass(frozen=True)
class Part:
    """One part of a page: the `id` of its heading, and what the heading says."""

    anchor: str
    heading: str


def jump_list(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return the parts in the order of the page; none where they are too few to need a list."""
    listed = tuple(parts)
    return listed if len(listed) >= FEWEST else ()


def parts_of_duty(one: Obligation) -> tuple[Part, ...]:
    """Return the parts of the page of one duty, headed as there; only a binding one forbids anything."""
    forbids = _("What it forbids, always") if one.absolute else _("What it forbids until it is met")
    shown = (
        _("What to do instead, and who may sign it")
        if one.absolute
        else _("How it is shown, and who may sign it")
    )
    return (
        Part("what", _("What to do")),
        *((Part("forbids", forbids),) if one.severity == "hard" and one.blocks else ()),
        Part("asked", shown),
        Part("sources", _("Sources")),
        Part("changes", _("What countries change")),
        Part("counted", _("How it is counted")),
    )
