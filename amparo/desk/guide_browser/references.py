"""Show what the Guide rests on and what it speaks of: each source, each act, and the choices that are our own."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from amparo.desk.guide_browser import duty
from amparo.desk.guide_browser.frame import not_in_the_guide, nothing_said, show
from amparo.desk.guide_browser.jumping import Part, jump_list
from amparo.desk.guide_browser.wording import Wording, mark_of, wording_of
from amparo.guide import Citation, Obligation, reference_in


@dataclass(frozen=True)
class Use:
    """Where a source is cited: the place in it, how sure that is, and the duty."""

    place: str
    mark: str
    obligation: str
    title: SafeString


@dataclass(frozen=True)
class Barrier:
    """What one duty has against an act."""

    obligation: str
    title: SafeString
    absolute: bool
    forbidden: duty.Forbidden
    exception: str
    verified: bool

    @property
    def anchor(self) -> str:
        """Return the id of its heading: the duty's own, apart from every other id of the page."""
        return f"duty-{self.obligation}"


def sources(request: HttpRequest) -> HttpResponse:
    """List the sources by weight, each with how often it is cited and how surely."""
    wording = wording_of(request)
    groups = [
        (
            weight,
            label,
            [_source_row(wording, key) for key, one in wording.guide.sources.items() if one.weight == weight],
        )
        for weight, label in _weights().items()
    ]
    groups = [group for group in groups if group[2]]
    jump = jump_list(Part(weight, label) for weight, label, _rows in groups)
    return show(request, "sources", wording, groups=groups, jump=jump)


def source(request: HttpRequest, source_id: str) -> HttpResponse:
    """Show one source: what the Guide keeps of it, where it is cited, and how sure each place is."""
    wording = wording_of(request)
    one = wording.guide.sources.get(source_id)
    if one is None:
        return not_in_the_guide(request, nothing_said("source"))
    norms = [(reference_in(norm.get("ref", ""), wording.language), norm["norm"]) for norm in one.norms]
    return show(
        request,
        "source",
        wording,
        title=wording.source(source_id),
        weight=_weights().get(one.weight, one.weight),
        norms=norms,
        uses=_uses(wording, source_id),
    )


def actions(request: HttpRequest) -> HttpResponse:
    """List the acts that a duty may stand against."""
    wording = wording_of(request)
    rows = [
        (action, wording.text("action", action), len(_against(wording, action)), _never(wording, action))
        for action in wording.guide.vocabulary.actions
    ]
    return show(request, "actions", wording, rows=rows)


def action(request: HttpRequest, action: str) -> HttpResponse:
    """Show what stands against one act: until what is done, what holds it back, who may allow it earlier."""
    wording = wording_of(request)
    if action not in wording.guide.vocabulary.actions:
        return not_in_the_guide(request, nothing_said("action"))
    barriers = [_barrier(wording, one, action) for one in _against(wording, action)]
    barriers.sort(key=lambda each: (not each.absolute, not each.verified))
    return show(
        request,
        "action",
        wording,
        title=wording.text("action", action),
        barriers=barriers,
        jump=jump_list(Part(each.anchor, each.title) for each in barriers),
        absolute=any(each.absolute for each in barriers),
        never_lifted=_never(wording, action),
    )


def choices(request: HttpRequest) -> HttpResponse:
    """Show what is our own choice and no source's, open to review."""
    wording = wording_of(request)
    listed = [wording.from_english("choice", said) for said in wording.guide.vocabulary.design_choices]
    unsourced = [
        (one.id, wording.text("obligation", one.id))
        for one in wording.guide.obligations.values()
        if not any(cited.grounds for cited in one.sources)
    ]
    return show(request, "choices", wording, listed=listed, unsourced=unsourced)


def _weights() -> dict[str, str]:
    return {
        "treaty": _("Treaties"),
        "authoritative": _("Courts and treaty bodies"),
        "political": _("Commitments of States"),
        "operational": _("Standards and manuals of practice"),
        "national": _("National law and practice"),
    }


def _cited(wording: Wording, source_id: str) -> list[tuple[Obligation, Citation]]:
    ones = wording.guide.obligations.values()
    return [(one, cited) for one in ones for cited in one.sources if cited.id == source_id]


def _source_row(wording: Wording, key: str) -> tuple[str, SafeString, int, int]:
    cited = _cited(wording, key)
    return key, wording.source(key), len(cited), sum(mark_of(each) == "verified" for _, each in cited)


def _uses(wording: Wording, source_id: str) -> list[Use]:
    found = [
        Use(
            reference_in(cited.ref, wording.language),
            mark_of(cited),
            one.id,
            wording.text("obligation", one.id),
        )
        for one, cited in _cited(wording, source_id)
    ]
    return sorted(found, key=lambda use: ("verified", "related", "unsure").index(use.mark))


def _against(wording: Wording, action: str) -> list[Obligation]:
    return [
        one for one in wording.guide.obligations.values() if one.severity == "hard" and action in one.blocks
    ]


def _never(wording: Wording, action: str) -> bool:
    return action in wording.guide.vocabulary.never_lifted


def _barrier(wording: Wording, one: Obligation, action: str) -> Barrier:
    forbidden = next(each for each in duty.forbidden_by(wording, one) if each.action == action)
    exception = duty.exception_in_words(one)
    grounded = any(cited.grounds for cited in one.sources)
    return Barrier(one.id, wording.text("obligation", one.id), one.absolute, forbidden, exception, grounded)
