"""Show the Guide to everybody: a list by stage that can be searched, one page per obligation, good on paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from amparo.desk.guide_browser import duty
from amparo.desk.guide_browser.everyday import everyday
from amparo.desk.guide_browser.finding import Entry, Found, find
from amparo.desk.guide_browser.frame import not_in_the_guide, nothing_said, show
from amparo.desk.guide_browser.jumping import jump_list, parts_of_duty
from amparo.desk.guide_browser.wording import Wording, wording_of
from amparo.guide import Obligation, place_in
from amparo.guide.editions import REGION, countries
from amparo.places.countries import country_name


@dataclass(frozen=True)
class Row:
    """One duty in a list."""

    id: str
    title: SafeString
    task: SafeString


@dataclass(frozen=True)
class Choice:
    """One thing the list can be narrowed by; `value` "" means all."""

    value: str
    label: str
    chosen: bool


def obligations(request: HttpRequest) -> HttpResponse:
    """List all obligations by stage, or those that were searched for."""
    wording = wording_of(request)
    query = request.GET.get("q", "").strip()[:200]
    wanted = {name: request.GET.get(name, "") for name in ("stage", "who", "act")}
    entries = [_entry(wording, one) for one in wording.guide.obligations.values()]
    found = find(query, entries, everyday(wording.language))
    ones = [wording.guide.obligations[key] for key in found.ids]
    ones = [one for one in ones if _fits(one, **wanted)]
    searched = bool(query or any(wanted.values()))
    return show(
        request,
        "list",
        wording,
        query=query,
        searched=searched,
        narrowed=any(wanted.values()) or bool(wording.choice),
        count=len(ones),
        instead=_instead(found),
        rows=[_row(wording, one) for one in ones] if query else [],
        stages=[] if query else _by_stage(wording, ones),
        narrowing=_narrowing(wording, wanted),
        countries=_country_choices(wording),
    )


def obligation(request: HttpRequest, obligation_id: str) -> HttpResponse:
    """Show one obligation: when, what, who, by when, what it forbids, its sources with their marks."""
    wording = wording_of(request)
    one = wording.guide.obligations.get(obligation_id)
    if one is None:
        return not_in_the_guide(request, nothing_said("obligation"))
    return show(
        request,
        "obligation",
        wording,
        one=one,
        jump=jump_list(parts_of_duty(one)),
        title=wording.text("obligation", one.id),
        stage=wording.text("stage", one.stage),
        tasks=[wording.text("task", f"{one.id}/{at}") for at in range(len(one.tasks))],
        who=wording.roles(one.duty_bearer),
        applies=wording.said(one.applies.text),
        due=wording.said(one.due.text) if one.due else None,
        reopened=wording.said(one.reopen_while.text) if one.reopen_while else None,
        deadline=wording.deadline(one.deadline),
        clock=wording.lexicon.say(f"clock-{one.clock}") if one.deadline else "",
        asked=duty.asked_of(wording, one.requires),
        after=duty.asked_of(wording, one.after),
        after_on=[wording.text("action", action) for action in one.after_on],
        forbidden=duty.forbidden_by(wording, one),
        exception=duty.exception_in_words(one),
        counted=duty.counted_of(wording, one.indicator),
        sources=duty.sources_of(wording, one),
        changed=duty.changed_by_countries(wording, one.id),
        country_names={code: country_name(code, wording.language) or code for code in countries()},
    )


def _fits(one: Obligation, *, stage: str, who: str, act: str) -> bool:
    return (
        (not stage or one.stage == stage)
        and (not who or who in one.duty_bearer)
        and (not act or (one.severity == "hard" and act in one.blocks))
    )


def _entry(wording: Wording, one: Obligation) -> Entry:
    """Gather what can be searched of a duty: all that its page says of it."""
    said = [wording.plain("task", f"{one.id}/{at}") for at in range(len(one.tasks))]
    said += [wording.plain("evidence", key) for key in (*one.requires, *one.after)]
    places = [place_in(wording.guide, cited, wording.language) for cited in one.sources]
    said += [wording.plain("source", cited.id) for cited in one.sources] + places
    said += [*map(wording.authority, one.duty_bearer), wording.line(one.applies.text)]
    acts = [wording.plain("action", action) for action in (one.blocks if one.severity == "hard" else ())]
    articles = [cited.ref for cited in one.sources if cited.ref.startswith("art")]
    title = wording.plain("obligation", one.id)
    return Entry(one.id, title, " · ".join(said), " · ".join(acts + articles))


def _row(wording: Wording, one: Obligation) -> Row:
    return Row(one.id, wording.text("obligation", one.id), wording.text("task", f"{one.id}/0"))


def _by_stage(wording: Wording, ones: list[Obligation]) -> list[tuple[str, SafeString, list[Row]]]:
    listed = [
        (stage, wording.text("stage", stage), [_row(wording, one) for one in ones if one.stage == stage])
        for stage in wording.guide.vocabulary.stages
    ]
    return [each for each in listed if each[2]]


def _instead(found: Found) -> str:
    return " ".join(found.instead) if found.ids else ""


def _narrowing(wording: Wording, wanted: dict[str, str]) -> list[tuple[str, str, list[Choice]]]:
    words = wording.guide.vocabulary
    bearers = {role for one in wording.guide.obligations.values() for role in one.duty_bearer}
    offered = {
        "stage": (_("Stage"), "stage", words.stages),
        "who": (_("Who has to act"), "role", [role for role in words.roles if role in bearers]),
        "act": (_("Act it forbids"), "action", words.actions),
    }
    return [
        (name, label, _choices(wording, kind, keys, wanted[name]))
        for name, (label, kind, keys) in offered.items()
    ]


def _choices(wording: Wording, kind: str, keys: Sequence[str], wanted: str) -> list[Choice]:
    listed = [Choice(key, wording.plain(kind, key), key == wanted) for key in keys]
    return [Choice("", _("all"), not wanted), *listed]


def _country_choices(wording: Wording) -> list[Choice]:
    own = Choice("", _("this place"), not wording.choice)
    region = Choice(REGION, _("the whole region"), wording.choice == REGION)
    named = [
        Choice(code, country_name(code, wording.language) or code, wording.choice == code)
        for code in countries()
    ]
    return [own, region, *named]
