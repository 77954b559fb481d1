"""Say custody facts, clearances and how late something was told, in the reader's language.

The same words on both sides of the node. Reads nothing.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amparo.custody.clearance_rules import Because, State, Step
from amparo.custody.rules import (
    DocumentKind,
    FactKind,
    GoesTo,
    Holder,
    KnownFact,
    MayLeave,
    NewFact,
    PlaceKind,
    Why,
    is_deprived,
)


@dataclass(frozen=True)
class FactLine:
    """One fact in words; `gone` where a later one corrects it, `deprived` where it locks her up."""

    fact: KnownFact
    what: str
    details: tuple[str, ...]
    late: str
    gone: str
    deprived: bool


def lines_of(facts: tuple[KnownFact, ...]) -> list[FactLine]:
    """Put facts into words, the last told first; what was corrected stays to be seen, and says by what."""
    by_corrected = {one.said.corrects: one for one in facts if one.said.corrects}
    return [_line(one, by_corrected.get(one.id)) for one in reversed(facts)]


def _line(fact: KnownFact, by: KnownFact | None) -> FactLine:
    gone = ""
    if by is not None:
        gone = _("Corrected later: %(why)s") % {"why": why_words()[by.said.why or Why.MISTYPED]}
    return FactLine(
        fact=fact,
        what=kind_words()[fact.said.kind],
        details=tuple(_details(fact.said)),
        late=late_words(fact.late),
        gone=gone,
        deprived=is_deprived(fact.said),
    )


def _details(said: NewFact) -> list[str]:
    found = [said.place] if said.place else []
    found += [place_words()[said.place_kind]] if said.place_kind else []
    found += (
        [_("She or he may leave: %(answer)s") % {"answer": leave_words()[said.may_leave]}]
        if said.may_leave
        else []
    )
    found += [_("Held by: %(who)s") % {"who": holder_words()[said.holder]}] if said.holder else []
    found += [_("Went to: %(whom)s") % {"whom": goes_words()[said.goes_to]}] if said.goes_to else []
    if said.paper:
        found.append(f"{document_words()[said.paper.kind]}, {said.paper.number}")
        found += (
            [_("SHA-256 of the document: %(digest)s") % {"digest": said.paper.sha256}]
            if said.paper.sha256
            else []
        )
    found += [_("Why it is corrected: %(why)s") % {"why": why_words()[said.why]}] if said.why else []
    return found


def late_words(late: timedelta | None) -> str:
    """Say how long after it was so something was told; empty where it was told in time."""
    if late is None:
        return ""
    minutes = int(late.total_seconds() // 60)
    if minutes < 120:
        return ngettext("Told %(n)d minute late", "Told %(n)d minutes late", minutes) % {"n": minutes}
    if minutes < 2 * 24 * 60:
        return ngettext("Told %(n)d hour late", "Told %(n)d hours late", minutes // 60) % {"n": minutes // 60}
    return ngettext("Told %(n)d day late", "Told %(n)d days late", minutes // 1440) % {"n": minutes // 1440}


def kind_words() -> dict[FactKind, str]:
    """Say what a fact tells."""
    return {
        FactKind.HELD: _("Held"),
        FactKind.LET_OUT: _("Held no longer"),
        FactKind.HEARING: _("Hearing"),
        FactKind.DECISION: _("Decision"),
        FactKind.VOID: _("Taken back"),
    }


def place_words() -> dict[PlaceKind, str]:
    """Say the kinds of places."""
    return {
        PlaceKind.OPEN_CARE: _("Open place of care"),
        PlaceKind.OFFICE: _("Office"),
        PlaceKind.HOSPITAL: _("Hospital"),
        PlaceKind.BORDER_POST: _("Border post"),
        PlaceKind.TRANSIT_ZONE: _("Transit zone of a port or airport"),
        PlaceKind.TRANSPORT: _("Vehicle, on the way"),
        PlaceKind.POLICE_CELL: _("Police cell"),
        PlaceKind.MIGRATION_STATION: _("Migration station or detention centre"),
        PlaceKind.OTHER: _("Another place"),
        PlaceKind.UNKNOWN: _("Not known"),
    }


def leave_words() -> dict[MayLeave, str]:
    """Say whether she may leave."""
    return {MayLeave.YES: _("Yes"), MayLeave.NO: _("No"), MayLeave.UNKNOWN: _("Not known")}


def holder_words() -> dict[Holder, str]:
    """Say who holds her."""
    return {
        Holder.MIGRATION: _("The migration authority"),
        Holder.POLICE: _("The police"),
        Holder.ARMED_FORCES: _("The armed forces"),
        Holder.PRIVATE: _("A private guard"),
        Holder.OTHER: _("Another authority"),
        Holder.UNKNOWN: _("Not known"),
    }


def goes_words() -> dict[GoesTo, str]:
    """Say to whom she went."""
    return {
        GoesTo.CHILD_PROTECTION: _("The child protection authority"),
        GoesTo.FAMILY: _("Her or his family"),
        GoesTo.OTHER_PLACE: _("Another place where she or he is held"),
        GoesTo.ALONE: _("Nobody: she or he left alone"),
        GoesTo.UNKNOWN: _("Not known"),
    }


def document_words() -> dict[DocumentKind, str]:
    """Say the kinds of documents."""
    return {
        DocumentKind.CUSTODY_ORDER: _("Order to hold"),
        DocumentKind.RELEASE_ORDER: _("Order to let go"),
        DocumentKind.HEARING_NOTICE: _("Notice of a hearing"),
        DocumentKind.STATUS_DECISION: _("Decision on status"),
        DocumentKind.RETURN_ORDER: _("Order of return"),
        DocumentKind.APPEAL_DECISION: _("Decision on an appeal"),
        DocumentKind.COURT_ORDER: _("Order of a court"),
        DocumentKind.OTHER: _("Another document"),
    }


def why_words() -> dict[Why, str]:
    """Say why something is corrected."""
    return {
        Why.MISTYPED: _("It was mistyped"),
        Why.WRONG_TIME: _("The time was wrong"),
        Why.WRONG_PLACE: _("The place was wrong"),
        Why.WRONG_CHILD: _("It is about another child"),
    }


def because_words() -> dict[Because, str]:
    """Say why a clearance is declined or withdrawn."""
    return {
        Because.NEW_FACTS: _("New facts came to light"),
        Because.DANGER: _("The child would be in danger"),
        Because.NEW_CLAIM: _("A claim or appeal was lodged"),
        Because.CHILD_CHANGED_MIND: _("The child has changed her or his mind"),
        Because.CARE_NOT_READY: _("Care over there is not ready"),
        Because.MISTAKE: _("It was a mistake"),
        Because.OTHER: _("Another reason, written in the case"),
    }


def state_words() -> dict[State, str]:
    """Say where a clearance stands."""
    return {
        State.PROPOSED: _("Proposed: waits for a supervisor"),
        State.CONFIRMED: _("Stands: the return may happen once"),
        State.DECLINED: _("Declined"),
        State.WITHDRAWN: _("Withdrawn"),
        State.EXPIRED: _("Its time is over"),
        State.SPENT: _("Spent: the child was returned"),
    }


def step_words() -> dict[Step, str]:
    """Say what somebody does with a proposal."""
    return {
        Step.CONFIRMED: _("Confirm"),
        Step.DECLINED: _("Decline"),
        Step.WITHDRAWN: _("Withdraw"),
    }
