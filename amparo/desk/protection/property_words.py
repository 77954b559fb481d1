"""Name what is kept of a child's identity and words, as the case page calls it.

A property without a name here is not shown on the page: better silent than raw.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


def word_title(name: str) -> str:
    """Return the title of something the child said; plain "What she said" where there is no better one."""
    return {
        "own_words": _("In her own words"),
        "wishes_now": _("What she wishes now"),
        "fear_words": _("What she fears"),
        "separation_account": _("How she was separated from her family"),
        "separation_cause": _("Why she was separated from her family"),
        "journey_account": _("Her journey"),
        "health_notes": _("Her health"),
        "support_needed": _("The support she needs"),
        "age_doubt_reasons": _("Reasons for doubt about the age"),
        "accompaniment_basis": _("How we know who she travels with"),
    }.get(name, _("What she said"))


def plain(value: Any) -> str:  # noqa: ANN401
    """Return a kept value as text: a text, a list, or a value with its source."""
    if isinstance(value, Mapping):
        inner = value.get("text", value.get("value", ""))
        return plain(inner)
    if isinstance(value, list | tuple):
        return ", ".join(plain(one) for one in value)
    return "" if value is None else str(value)


def name_of(identity: Mapping[str, Any]) -> str:
    """Return what she is called: as she said it, else her given names, else her nickname."""
    told = (plain(identity.get(key)) for key in ("name_as_told", "given_names", "nickname"))
    return next((name for name in told if name), "") or _("A child whose name is unknown")


def short_name_of(identity: Mapping[str, Any]) -> str:
    """Return the short name of titles and the bar on a phone."""
    told = (plain(identity.get(key)) for key in ("nickname", "given_names", "name_as_told"))
    return next((name.split()[0] for name in told if name.split()), "") or _("this child")


def kin_of(identity: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return brothers, sisters and other family as small cards."""
    rows = [("sibling", row) for row in _rows(identity, "sibling")]
    rows += [("family", row) for row in _rows(identity, "family_member")]
    return [_card(kind, row) for kind, row in rows]


def _rows(identity: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    rows = identity.get(key) or []
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _card(kind: str, row: Mapping[str, Any]) -> dict[str, str]:
    def find(*parts: str) -> str:
        return next(
            (plain(value) for key, value in row.items() if any(part in key for part in parts) and value), ""
        )

    relation = find("relation")
    return {
        "name": find("name") or _("name unknown"),
        "relation": _relation(relation)
        if relation
        else (_("brother or sister") if kind == "sibling" else _("family")),
        "where": find("where", "place", "whereabouts", "location", "country"),
        "telephone": find("phone"),
    }


def _relation(code: str) -> str:
    return {
        "mother": _("mother"),
        "father": _("father"),
        "sister": _("sister"),
        "brother": _("brother"),
        "sibling": _("brother or sister"),
        "grandmother": _("grandmother"),
        "grandfather": _("grandfather"),
        "grandparent": _("grandparent"),
        "aunt": _("aunt"),
        "uncle": _("uncle"),
        "aunt-uncle": _("aunt or uncle"),
        "cousin": _("cousin"),
        "guardian": _("guardian"),
        "spouse": _("husband or wife"),
        "child": _("own child"),
    }.get(code, _("family"))
