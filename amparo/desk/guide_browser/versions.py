"""Show the versions of the Guide: each country's rules, what they add, and how versions differ, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.text import slugify

from amparo.desk.guide_browser import duty
from amparo.desk.guide_browser.frame import not_in_the_guide, nothing_said, show
from amparo.desk.guide_browser.jumping import Part, jump_list
from amparo.desk.guide_browser.wording import SourceLine, Wording, on_call_of, wording_of
from amparo.guide import load
from amparo.guide.difference_words import heading_of
from amparo.guide.differences import Change, group_of
from amparo.guide.editions import REGION, Edition, edition, editions
from amparo.places.countries import country_name

SHOWN, WHOLE = 2, 8  # changes of one duty shown before the rest folds; duties that are not folded whole


@dataclass(frozen=True)
class Group:
    """Changes read under one heading; `obligation` is its id where the Guide shown has a page for it.

    `anchor` is the id of the heading on the page.

    `folded` holds those that come after the first few: they open on a press, and stand open on paper.
    """

    anchor: str
    heading: str
    obligation: str
    shown: list[duty.Told]
    folded: list[duty.Told]


@dataclass(frozen=True)
class Body:
    """Who plays a role in one country; without a name nobody has told us yet."""

    role: str
    title: SafeString
    name: str
    sources: tuple[SourceLine, ...]


def countries(request: HttpRequest) -> HttpResponse:
    """List the countries that have rules of their own."""
    wording = wording_of(request)
    rows = [(each, _named(each, wording)) for each in editions() if each.country]
    return show(request, "countries", wording, rows=rows)


def country(request: HttpRequest, code: str) -> HttpResponse:
    """Show what one country adds, who plays each role, and what is still to be confirmed."""
    if code != code.upper():  # "no rules of its own" would be false of a country that has them
        return redirect("desk:guide-country", code.upper())
    one = edition(code)
    if one is None or one.country is None:
        return not_in_the_guide(request, nothing_said("country"))
    wording = Wording(load(one.country), choice=one.name)
    overlay = one.overlay or {}
    return show(
        request,
        "country",
        wording,
        one=one,
        name=_named(one, wording),
        note=overlay.get("overlay", {}).get("note", ""),
        bodies=_bodies(wording),
        unnamed=_unnamed(wording),
        groups=_groups(wording, [change for change in duty.overlay_changes(one.name) if _is_rule(change)]),
        unsure=_unsure(wording, one),
        unverified=[wording.words(said) for said in overlay.get("unverified", ())],
        on_call=on_call_of(wording),
    )


def versions(request: HttpRequest) -> HttpResponse:
    """List the versions kept here: the region now, the countries, earlier ones."""
    wording = wording_of(request)
    rows = [
        (each, _address(each), _named(each, wording), len(_changes(each)) if each.name != REGION else 0)
        for each in editions()
    ]
    return show(request, "versions", wording, rows=rows)


def version(request: HttpRequest, name: str) -> HttpResponse:
    """Show one version and how it differs from the region as it is now; the region now, from the version before."""
    one = next((each for each in editions() if name in (each.name, _address(each))), None)
    if one is None:
        return not_in_the_guide(request, nothing_said("version"))
    wording = Wording(load(one.country), choice=one.name if one.country else wording_of(request).choice)
    groups = _groups(wording, _changes(one))
    return show(
        request,
        "version",
        wording,
        one=one,
        name=_named(one, wording),
        groups=groups,
        jump=jump_list(Part(group.anchor, group.heading) for group in groups),
        before=_before() if one.name == REGION else None,
        countries=[(each, _named(each, wording)) for each in editions() if each.country],
        duties=len(one.document.obligations),
        sources=len(one.document.sources),
    )


def _address(one: Edition) -> str:
    """Return the name of an edition in its address: the region's number, which stays its address once it is kept."""
    return one.version if one.name == REGION else one.name


def _before() -> Edition | None:
    """Return the version before the one now, if any is kept."""
    return next((each for each in editions() if each.frozen), None)


def _changes(one: Edition) -> tuple[Change, ...]:
    """Return the differences told on the page of an edition; of the region now, those from the version before."""
    compared = _before() if one.name == REGION else one
    return duty.overlay_changes(compared.name) if compared else ()


def _named(one: Edition, wording: Wording) -> str:
    return country_name(one.country, wording.language) or one.country if one.country else ""


def _is_rule(change: Change) -> bool:
    return change.about not in ("guide", "authority", "source")


def _groups(wording: Wording, changes: Iterable[Change]) -> list[Group]:
    found: list[Group] = []
    for (about, key), group in groupby(changes, key=group_of):
        listed = list(group)
        page = key if about == "obligation" and key in wording.guide.obligations else ""
        told = [duty.told_in(wording, change) for change in listed]
        heading = heading_of(listed[0], wording.language)
        shown = SHOWN if len(found) < WHOLE else 0
        found.append(Group(slugify(f"{about}-{key}"), heading, page, told[:shown], told[shown:]))
    return found


def _bodies(wording: Wording) -> list[Body]:
    named = wording.guide.authorities
    return [
        Body(role, wording.text("role", role), wording.authority(role), wording.sources(named[role].sources))
        for role in wording.guide.vocabulary.roles
        if role in named
    ]


def _unnamed(wording: Wording) -> list[SafeString]:
    bearers = {role for one in wording.guide.obligations.values() for role in one.duty_bearer} - {
        "system",
        "child",
    }
    missing = [
        role for role in wording.guide.vocabulary.roles if role in bearers - wording.guide.authorities.keys()
    ]
    return [wording.text("role", role) for role in missing]


def _unsure(wording: Wording, one: Edition) -> tuple[SourceLine, ...]:
    """Return the sources of this country that nobody has confirmed, wherever the Guide cites them."""
    national = {key for key, source in wording.guide.sources.items() if source.weight == "national"}
    prefix = f"{(one.country or '').lower()}-"
    cites = [cite for each in wording.guide.obligations.values() for cite in each.sources]
    cites += [cite for body in wording.guide.authorities.values() for cite in body.sources]
    return wording.sources(
        cite for cite in cites if cite.id in national and cite.id.startswith(prefix) and not cite.verified
    )
