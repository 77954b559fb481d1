"""Say when two accounts may be one person, who may settle a two-person change, and how long each thing lasts.

Pure: no database, no clock, no network. Design: security design 5, Accounts. Decision: 0020.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

CHANGE_LASTS = timedelta(hours=24)
LINK_LASTS = timedelta(hours=72)
MOST_SESSIONS = 3
# As many accounts of an agency may be made by whoever runs the node alone, so that afterwards two can vouch.
FOUNDERS = 2
MOST_CODE_TRIES = 5


class ChangeState(StrEnum):
    """Where a two-person change stands; one that is waiting after its time has run out and can no longer be settled."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Party:
    """Somebody as far as a second account of hers could be recognised."""

    id: UUID
    email: str
    name: str
    agency_id: UUID | None


def mailbox(email: str) -> str:
    """Return the one mailbox that many spellings of an address lead to: no tag after a plus, no dots, small letters."""
    plain = unicodedata.normalize("NFKC", email).strip().casefold()
    local, _, domain = plain.rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


def written_name(name: str) -> str:
    """Return a name without accents, blanks, marks and case, to see that two are written alike."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[^\w]", "", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def may_be_one(one: Party, other: Party) -> bool:
    """Test whether two accounts may be one person: same account, same mailbox, or same name in the same agency."""
    if one.id == other.id or mailbox(one.email) == mailbox(other.email):
        return True
    return one.agency_id == other.agency_id and written_name(one.name) == written_name(other.name)


def settle_refusal(
    *,
    state: ChangeState,
    ends_at: datetime,
    proposer: Party,
    concerned: Party | None,
    by: Party,
    at: datetime,
) -> str:
    """Say why somebody may not confirm a change now: `settled`, `over`, `proposer`, `concerned`; empty when she may."""
    if state is not ChangeState.WAITING:
        return "settled"
    if at >= ends_at:
        return "over"
    if may_be_one(by, proposer):
        return "proposer"
    if concerned is not None and may_be_one(by, concerned):
        return "concerned"
    return ""


def may_found(*, accounts_ever: int) -> bool:
    """Test whether whoever runs the node may still make an account of an agency alone; closed ones count too."""
    return accounts_ever < FOUNDERS
