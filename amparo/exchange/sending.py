"""Decide whether a message may be sent, and whether one that came is complete: basis, voice, origin, danger.

Pure: no database, no clock, no cryptography. What is not known counts against sending.
Design: security design 4.5. Guide: non-refoulement, data-firewall.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from amparo.exchange.profiles import PROFILES, Profile, outside
from amparo.exchange.rules import DeclineReason, Move, Refusal


class BasisKind(StrEnum):
    """Why data of a child may be sent."""

    CONSENT = "consent"
    DETERMINATION = "best-interests-determination"
    VITAL_INTEREST = "vital-interest"
    LEGAL_DUTY = "legal-duty"


class Need(StrEnum):
    """Whether the child needs asylum; unknown is treated as a need."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


GUARDIAN_SAYS = frozenset({"yes", "no", "not-appointed"})
CONSENTED_BY = frozenset({"child", "guardian"})
LONGEST_NOTE = 2000  # signs


@dataclass(frozen=True)
class Recipient:
    """Who would get the message, as the trust list says; `country` is ISO 3166."""

    agency: str
    sector: str
    country: str


@dataclass(frozen=True)
class Marks:
    """What protects this child when something is sent.

    `origins` are the countries of nationality, origin and former residence; empty when none is known.
    `danger` and `withhold_from` name who must get nothing: agency:ID, sector:NAME, country:XX or everyone.
    `consents_herself` is true only when the law of the node's country lets her consent at her age.
    """

    origins: frozenset[str] = frozenset()
    asylum_need: Need = Need.UNKNOWN
    danger: frozenset[str] = frozenset()
    withhold_from: frozenset[str] = frozenset()
    consents_herself: bool = False


@dataclass(frozen=True)
class Determination:
    """A best-interests determination in force; `sends_to` are the countries it says her data may go to."""

    decided_on: date
    sends_to: frozenset[str]


def sending_refusals(
    *,
    profile: Profile,
    basis: Mapping[str, Any] | None,
    view: Mapping[str, Any] | None,
    recipient: Recipient,
    from_country: str,
    marks: Marks,
    determination: Determination | None,
    on: date,
) -> list[Refusal]:
    """Return every reason why data of a child may not be sent now; none means it may.

    Args:
        profile: what kind of message.
        basis: see `basis_refusals`.
        view: see `view_refusals`.
        recipient: who would get it.
        from_country: the country of this node.
        marks: what protects this child.
        determination: the one in force, if any.
        on: today.
    """
    refusals = []
    if recipient.sector not in profile.to_sectors:
        refusals.append(Refusal("sector", f"{profile.name} may not go to the sector {recipient.sector}."))
    if profile.needs_basis:
        refusals += basis_refusals(basis, on=on) + view_refusals(view, on=on)
        refusals += _consent_refusals(basis or {}, marks)
    refusals += _mark_refusals(recipient, marks)
    refusals += _origin_refusals(recipient, from_country, marks, determination, on)
    return refusals


def basis_refusals(basis: Mapping[str, Any] | None, *, on: date) -> list[Refusal]:
    """Return what is missing in the basis of a message.

    A basis says: kind, one of `BasisKind`; article, for a legal duty; decided_by, a name and office;
    decided_on and ends, days written 2026-11-21; guardian, one of `GUARDIAN_SAYS`; consented_by, if consent.
    """
    if not basis:
        return [Refusal("basis-missing", "Say on what basis the data is sent, who decided and until when.")]
    refusals = []
    if basis.get("kind") not in list(BasisKind):
        refusals.append(Refusal("basis-unknown", f"The basis must be one of {', '.join(BasisKind)}."))
    if basis.get("kind") == BasisKind.LEGAL_DUTY and not _said(basis, "article"):
        refusals.append(Refusal("article-missing", "Name the article that makes sending a legal duty."))
    if not _said(basis, "decided_by"):
        refusals.append(Refusal("decider-missing", "Say who decided that the data is sent."))
    if basis.get("guardian") not in GUARDIAN_SAYS:
        refusals.append(
            Refusal("guardian-missing", "Say whether her guardian agrees, or that there is none.")
        )
    return refusals + _dates_of_basis(basis, on)


def view_refusals(view: Mapping[str, Any] | None, *, on: date) -> list[Refusal]:
    """Return what lacks in how the child was heard: heard_on, language, said; or not_yet with the reason."""
    if not view:
        return [Refusal("view-missing", "Say what the child thinks of it, or why she was not heard yet.")]
    if _said(view, "not_yet") and "said" not in view:
        return []
    heard_on = _day(view, "heard_on")
    if heard_on is None or heard_on > on:
        return [Refusal("heard-when", "Say on which day the child was heard.")]
    return [
        Refusal(f"view-{name}", f"The child's view lacks: {name}.")
        for name in ("language", "said")
        if not _said(view, name)
    ]


# What else the data of a message holds, beside the part of the case file under `case`.
DATA_FIELDS: Mapping[str, frozenset[str]] = {
    Move.PROPOSE: frozenset({"case", "why_sealed", "reference", "urgent", "why"}),
    Move.OPENED: frozenset(),
    Move.ASK: frozenset({"note"}),
    Move.ACCEPT: frozenset({"caseworker", "telephone"}),
    Move.DECLINE: frozenset({"reason", "note"}),
    Move.TAKE_OVER: frozenset({"caseworker", "telephone", "reference"}),
    Move.RELEASE: frozenset({"note"}),
    Move.CANCEL: frozenset({"note"}),
    "refer": frozenset({"case", "reference"}),
    "answer": frozenset({"accepted", "note"}),
    "gate": frozenset({"case", "reference"}),
}
_MUST_SAY: Mapping[str, tuple[str, ...]] = {
    Move.ASK: ("note",),
    Move.ACCEPT: ("caseworker",),
    Move.DECLINE: ("reason", "note"),
    Move.TAKE_OVER: ("caseworker",),
    Move.CANCEL: ("note",),
}


def message_refusals(
    *,
    profile: str,
    kind: str,
    basis: Mapping[str, Any] | None,
    view: Mapping[str, Any] | None,
    data: Mapping[str, Any],
    on: date,
) -> list[Refusal]:
    """Return what is wrong with a message, whoever wrote it; both ends ask this of every message.

    Args:
        profile: name of the profile.
        kind: the message type.
        basis: as in `sending_refusals`; needed where the type carries a case file with personal data.
        view: as in `sending_refusals`; needed where the basis is.
        data: the content; the part of the case file stands under `case`.
        on: the day the message was made.
    """
    known = PROFILES.get(profile)
    if known is None or kind not in known.types:
        return [Refusal("profile-unknown", "No such profile, or no such message in it.")]
    refusals = []
    if kind in known.personal:
        if known.needs_basis:
            refusals += basis_refusals(basis, on=on) + view_refusals(view, on=on)
        refusals += _case_refusals(known, data)
    elif "case" in data:
        refusals.append(Refusal("case-not-here", "This kind of message carries no case file."))
    return refusals + _word_refusals(kind, data)


def surplus(kind: str, data: Mapping[str, Any]) -> list[str]:
    """Return the fields of a message's data that this version never writes.

    On the way out they are refused: nothing slips past the profile. On the way in a newer peer's are kept.
    """
    return sorted(set(data) - DATA_FIELDS.get(kind, frozenset()))


def _word_refusals(kind: str, data: Mapping[str, Any]) -> list[Refusal]:
    refusals = [
        Refusal(f"{name}-missing", f"This kind of message must give: {name}.")
        for name in _MUST_SAY.get(kind, ())
        if not _said(data, name)
    ]
    if kind == Move.DECLINE and data.get("reason") not in list(DeclineReason):
        refusals.append(Refusal("reason-unknown", "The reason of a decline comes from the list."))
    words = [data[name] for name in DATA_FIELDS[kind] - {"case", "why_sealed"} if name in data]
    # Words of one worker to another, no place for a case file in disguise.
    if not all(isinstance(one, bool) or (isinstance(one, str) and len(one) <= LONGEST_NOTE) for one in words):
        refusals.append(
            Refusal("words-only", f"Beside the case file there is room for {LONGEST_NOTE} signs.")
        )
    return refusals


def _case_refusals(profile: Profile, data: Mapping[str, Any]) -> list[Refusal]:
    case_file = data.get("case")
    if not isinstance(case_file, Mapping):
        return [Refusal("case-missing", "This kind of message must carry a part of the case file.")]
    reasons = data.get("why_sealed", {})
    if not isinstance(reasons, Mapping):
        return [Refusal("why-sealed", "The reasons for sealed parts must be given part by part.")]
    unreasoned = [part for part in case_file if profile.parts.get(part) == "P3" and not _said(reasons, part)]
    refusals = [
        Refusal("sealed-without-reason", f"Give a reason for sending: {part}.") for part in unreasoned
    ]
    if outside(profile, case_file):
        refusals.append(Refusal("outside-profile", f"The message carries more than {profile.name} allows."))
    return refusals


def _dates_of_basis(basis: Mapping[str, Any], on: date) -> list[Refusal]:
    decided, ends = _day(basis, "decided_on"), _day(basis, "ends")
    refusals = []
    if decided is None or decided > on:
        refusals.append(Refusal("decided-when", "Say on which day it was decided."))
    if ends is None:
        refusals.append(Refusal("end-missing", "Say on which day the permission to use the data ends."))
    elif ends < on:
        refusals.append(Refusal("basis-ended", "The basis has ended; it must be decided anew."))
    return refusals


def _consent_refusals(basis: Mapping[str, Any], marks: Marks) -> list[Refusal]:
    if basis.get("kind") != BasisKind.CONSENT:
        return []
    if basis.get("consented_by") not in CONSENTED_BY:
        return [Refusal("consent-by", "Say who consented: the child or her guardian.")]
    if basis["consented_by"] == "child" and not marks.consents_herself:
        return [
            Refusal("consent-age", "At her age the law of this country asks her guardian to consent too.")
        ]
    if basis["consented_by"] == "guardian" and basis.get("guardian") != "yes":
        return [Refusal("guardian-disagrees", "Her guardian has not agreed.")]
    return []


def _mark_refusals(recipient: Recipient, marks: Marks) -> list[Refusal]:
    refusals = []
    if any(_meant(mark, recipient) for mark in marks.danger):
        refusals.append(Refusal("danger", "A danger mark forbids telling this recipient anything."))
    if any(_meant(mark, recipient) for mark in marks.withhold_from):
        refusals.append(Refusal("withheld-from", "The child does not want this recipient to know."))
    return refusals


def _meant(mark: str, recipient: Recipient) -> bool:
    kind, _, name = mark.partition(":")
    meant = {"agency": recipient.agency, "sector": recipient.sector, "country": recipient.country}
    # A mark we cannot read is taken to mean everyone.
    return kind not in meant or meant[kind] == name


def _origin_refusals(
    recipient: Recipient, from_country: str, marks: Marks, determination: Determination | None, on: date
) -> list[Refusal]:
    # Inside the node's own country nothing crosses to the country she may have fled: marks guard her there.
    if recipient.country == from_country or marks.asylum_need is Need.NO:
        return []
    if marks.origins and recipient.country not in marks.origins:
        return []
    decided = determination is not None and determination.decided_on <= on
    if decided and determination is not None and recipient.country in determination.sends_to:
        return []
    why = "She may need asylum from this country (or her country is not known): a determination must say so."
    return [Refusal("country-of-origin", why)]


def _said(fields: Mapping[str, Any], name: str) -> bool:
    value = fields.get(name)
    return isinstance(value, str) and bool(value.strip())


def _day(fields: Mapping[str, Any], name: str) -> date | None:
    value = fields.get(name)
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None
