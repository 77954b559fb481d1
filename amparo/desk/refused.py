"""Say a refusal in four lines: what is refused, what is missing, who can provide it, what you can do now.

A refusal is never a wall. Only verified sources stand as its ground; the page of the duty marks the others.
UX section 2; Guide README "To be confirmed".
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from amparo.access.door import AccessRefused
from amparo.access.rules import Actor, NotAllowed
from amparo.access.two_persons import TwoNeeded
from amparo.access.vault import OpenedTooFast, RecordErased
from amparo.cases.erasing import ErasureRefused
from amparo.cases.incidents import StillStands
from amparo.cases.override_refused import OverrideRefused
from amparo.cases.queries import CaseNotFound
from amparo.cases.refused import ActRefused, CaseReleased, EntryIdTaken, EntryWrong, MayNotAttest
from amparo.cases.withdrawing import DoneBeforeTheNews
from amparo.custody.refused import CustodyRefused
from amparo.desk.access_refused import access_lines
from amparo.desk.citations import SourceLine, source_lines, weight
from amparo.desk.custody_refused import custody_lines
from amparo.desk.erasure_words import erasure_lines
from amparo.desk.errors import not_found
from amparo.desk.guide_words import guide_text, the_guide
from amparo.desk.override_refused import override_lines
from amparo.desk.ways import Provider, providers_of, telephones_of, way_open_to, way_words, why_no_way
from amparo.exchange.refused import TransferNotFound
from amparo.guide import Refusal

# As many as a tired reader takes in; the rest is one step away.
_SHOWN = 3


@dataclass(frozen=True)
class Ground:
    """One obligation behind a refusal."""

    obligation: str
    norms: tuple[SourceLine, ...]


@dataclass(frozen=True)
class Told:
    """The four lines; `missing` are evidence keys and `who` roles of the Guide, else plain words.

    `instead` are the duties whose tasks are done for the child in place of what is never allowed; then nothing
    is called missing, because no signature would allow it. `providers` say who can provide which of it. `override`
    leads to the override that this reader may begin, where everything that stands in the way can be lifted.
    """

    heading: str
    now: str
    what: str = ""
    grounds: tuple[Ground, ...] = ()
    more_grounds: tuple[Ground, ...] = ()
    instead: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    more_missing: tuple[str, ...] = ()
    missing_words: str = ""
    who: tuple[str, ...] = field(default=())
    who_words: str = ""
    providers: tuple[Provider, ...] = ()
    more_providers: tuple[Provider, ...] = ()
    telephones: tuple[tuple[str, str], ...] = ()
    override: str = ""
    override_words: str = ""
    no_override: str = ""
    way_out: str = ""
    way_out_words: str = ""


def refused_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a refusal with its page: 403, or 404 where even a refusal would tell something."""
    if isinstance(exception, CaseNotFound | TransferNotFound | RecordErased):
        return not_found(request, exception)
    return render(request, "desk/refused.html", {"told": told(exception, request)}, status=403)


def expired_page(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Say that a page lay open too long to be sent safely."""
    return render(
        request,
        "desk/error.html",
        {
            "heading": _("This page lay open too long"),
            "what_to_do": _("Nothing was saved. Go back, load the page again and send it once more."),
        },
        status=403,
    )


def told(exception: Exception, request: HttpRequest) -> Told:
    """Put any refusal into the four lines."""
    for kind, say in _SAID:
        if isinstance(exception, kind):
            return say(exception, request)
    return _right(exception)


def _two(refused: TwoNeeded, _request: HttpRequest) -> Told:
    """Say why a change that needs two people is not hers to settle."""
    why = {
        "proposer": _("You proposed this, or your account may be the proposer's: same mailbox or same name."),
        "concerned": _("This is about your own account."),
        "settled": _("Somebody has settled it already."),
        "over": _("Its 24 hours are over."),
    }
    return Told(
        heading=_("This needs another person"),
        what=_("A change that two people make together."),
        missing_words=why.get(refused.why, _("It is another agency's.")),
        who_words=_("Another administrator or supervisor of the agency, or oversight."),
        now=_("Ask one of them to look under “To confirm”. What ran out is proposed again."),
        way_out=reverse("desk:changes"),
        way_out_words=_("See what waits"),
    )


def _not_so(refused: DoneBeforeTheNews | StillStands, request: HttpRequest) -> Told:
    """Say what has to be done anew, or first: neither an old signature nor words stand in for it."""
    common = Told(heading="", now="", way_out=_case_address(request), way_out_words=_("Back to the case"))
    if isinstance(refused, StillStands):
        return replace(
            common,
            heading=_("Words do not end this"),
            what=guide_text("obligation", refused.obligation),
            missing_words=_("What the duty asks for, done and signed; or a corrected answer."),
            who_words=_("Those named under the incident."),
            now=_("Call them. The incident ends by itself when it is put right."),
        )
    changed = "; ".join(guide_text("fact", name) for name in refused.because)
    return replace(
        common,
        heading=_("This was done before something changed"),
        what=guide_text("evidence", refused.evidence),
        missing_words=_("The same, done again. It rests on what has changed: %(facts)s") % {"facts": changed},
        who_words=_("Whoever may sign it."),
        now=_("Do it again with what is known now, and sign it with the day and hour of that."),
    )


def _act(refused: ActRefused, request: HttpRequest) -> Told:
    reasons = sorted(refused.refusals, key=weight)
    grounds = [Ground(one.obligation, source_lines(one.norms)[:_SHOWN]) for one in reasons]
    common = Told(
        heading="",
        now="",
        grounds=tuple(grounds[:_SHOWN]),
        more_grounds=tuple(grounds[_SHOWN:]),
        way_out=_case_address(request),
        way_out_words=_("See what to do first"),
    )
    act = {"act": guide_text("action", refused.action)}
    if reasons[0].absolute:
        return _never(reasons, common, act)
    return _with_ways(_not_yet(reasons, common, act), refused, request)


def _with_ways(told: Told, refused: ActRefused, request: HttpRequest) -> Told:
    """Add the override that could lift everything, where the act itself was asked for; else why there is none."""
    match = request.resolver_match
    if match is None or match.url_name != "act":
        return told
    actor: Actor = request.actor  # type: ignore[attr-defined]
    way = way_open_to(actor, refused.action, refused.refusals)
    address = reverse("desk:override-new", args=[match.kwargs["case_id"], refused.action]) if way else ""
    return replace(
        told,
        override=address,
        override_words=way_words(way),
        no_override=why_no_way(actor, refused.action, refused.refusals),
    )


def _never(reasons: list[Refusal], common: Told, act: dict[str, str]) -> Told:
    """Say that no signature allows it, and what the duty behind it asks to be done for the child."""
    duties = _once(one.obligation for one in reasons if one.absolute)
    bearers = _once(role for duty in duties for role in the_guide().obligations[duty].duty_bearer)
    return replace(
        common,
        heading=_("Never allowed: %(act)s") % act,
        instead=duties,
        who=_people_first(bearers),
        now=_(
            "Nobody can allow this, at any level. Open the case and do for the child what is written above."
        ),
    )


def _not_yet(reasons: list[Refusal], common: Told, act: dict[str, str]) -> Told:
    missing = [one for refusal in reasons for one in refusal.missing]
    keys, providers = _once(one.key for one in missing), providers_of(reasons)
    return replace(
        common,
        heading=_("Not allowed now: %(act)s") % act,
        missing=keys[:_SHOWN],
        more_missing=keys[_SHOWN:],
        missing_words=_("A fact of this case stands against it; look at the reasons above."),
        providers=providers[:_SHOWN],
        more_providers=providers[_SHOWN:],
        telephones=telephones_of(["child-protection-authority"]),
        who_words=_("The child protection authority."),
        now=_(
            "Open the case: what comes first is on top, each with its button."
            " Afterwards this may be possible."
        ),
    )


def _people_first(roles: Iterable[str]) -> tuple[str, ...]:
    """Name those who can be called on the telephone before the system."""
    return tuple(sorted(roles, key=lambda role: role == "system"))[: _SHOWN + 1]


def _attest(refused: MayNotAttest, request: HttpRequest) -> Told:
    return Told(
        heading=_("Your role cannot sign this"),
        what=guide_text("evidence", refused.evidence),
        missing_words=_("The word of somebody whose task it is."),
        who=refused.roles,
        now=_("Tell one of them. The case keeps it on their list."),
        way_out=_case_address(request),
        way_out_words=_("Back to the case"),
    )


def _released(_refused: CaseReleased, _request: HttpRequest) -> Told:
    return Told(
        heading=_("Another node has taken this case over"),
        what=_("Writing in a case that was handed over."),
        missing_words=_("Nothing: the case goes on over there."),
        who_words=_("The agency that took it over."),
        now=_("You can still read what was written here. Call the agency that has the case now."),
    )


def _too_fast(_refused: OpenedTooFast, _request: HttpRequest) -> Told:
    return Told(
        heading=_("Too many children were opened in one minute"),
        what=_("Opening one more child now."),
        missing_words=_("A minute's wait. Nobody can read that many children with care."),
        who_words=_("You."),
        now=_("Wait a minute and open the child again. If this was not you, call your supervisor at once."),
    )


def _sent_before(_refused: EntryIdTaken, request: HttpRequest) -> Told:
    return Told(
        heading=_("This could not be written down"),
        what=_("An answer that differs from the one already sent from this page."),
        missing_words=_("A fresh page. The first answer is kept."),
        who_words=_("You."),
        now=_("Open the case and write the new answer from there."),
        way_out=_case_address(request),
        way_out_words=_("Back to the case"),
    )


def _entry(_refused: EntryWrong, _request: HttpRequest) -> Told:
    return Told(
        heading=_("This could not be written down"),
        what=_("An entry that the Guide does not know, or whose time lies in the future."),
        missing_words=_("A time that has passed, and an answer from the list."),
        who_words=_("You."),
        now=_("Go back, look at the time and the answer, and send it again."),
    )


def _override(refused: OverrideRefused, request: HttpRequest) -> Told:
    lines = override_lines(refused)
    return Told(
        heading=_("This cannot be signed now"),
        what=guide_text("action", refused.action),
        missing_words=lines.missing,
        who_words=lines.who,
        now=lines.now,
        way_out=_case_address(request),
        way_out_words=_("Back to the case"),
    )


def _erasure(refused: ErasureRefused, _request: HttpRequest) -> Told:
    lines = erasure_lines(refused)
    return Told(
        heading=_("This record is not erased now"),
        what=_("Erasing a child's record for good."),
        missing_words=lines.missing,
        who_words=lines.who,
        now=lines.now,
        way_out=reverse("desk:erasures"),
        way_out_words=_("See the erasures"),
    )


def _custody(refused: CustodyRefused, request: HttpRequest) -> Told:
    lines = custody_lines(refused)
    return Told(
        heading=lines.heading,
        what=lines.what,
        missing_words=lines.missing,
        who_words=lines.who,
        telephones=telephones_of(["child-protection-authority"]),
        now=lines.now,
        way_out=_case_address(request),
        way_out_words=_("Back to the case"),
    )


def _access(refused: AccessRefused, _request: HttpRequest) -> Told:
    lines = access_lines(refused.reasons)
    return Told(
        heading=lines.heading,
        what=lines.what,
        missing_words=lines.missing,
        who_words=lines.who,
        now=lines.now,
        way_out=reverse(lines.address),
        way_out_words=lines.address_words,
    )


def _right(exception: Exception) -> Told:
    act = exception.act if isinstance(exception, NotAllowed) else ""
    return Told(
        heading=_("Your account cannot do this"),
        what=_("Your role has no right to this part of Amparo.") if act else _("This is not allowed."),
        missing_words=_("An account with another role."),
        who_words=_("The administrator of your agency."),
        now=_("If a child needs something now, call the child protection authority; do not wait."),
    )


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _case_address(request: HttpRequest) -> str:
    match = request.resolver_match
    case_id = match.kwargs.get("case_id") if match else None
    return reverse("desk:case", args=[case_id]) if case_id else ""


# The first that fits says it: a kind of refusal stands before those it is one of.
_SAID: Sequence[tuple[type[Exception], Callable[[Any, HttpRequest], Told]]] = (
    (ActRefused, _act),
    (MayNotAttest, _attest),
    (CaseReleased, _released),
    (EntryIdTaken, _sent_before),
    (EntryWrong, _entry),
    (OverrideRefused, _override),
    (CustodyRefused, _custody),
    (ErasureRefused, _erasure),
    (DoneBeforeTheNews, _not_so),
    (StillStands, _not_so),
    (OpenedTooFast, _too_fast),
    (TwoNeeded, _two),
    (AccessRefused, _access),
)
