"""Name everything that the migration login may touch in the database, and why: the whole passage between two sectors.

Printed as docs/reference/sectors.md. tests/trust/test_a4_firewall.py compares it with the database's own catalogue: a
right that is not here, or is here and was taken away, fails. Guide: data-firewall. Decision: 0017.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Passage:
    """What the login may do with one table, view or function, which rows it finds there, and why it must."""

    verbs: str
    rows: str
    why: str


_OWN_PEOPLE = "people of migration authorities"
_ALL = "SELECT, INSERT, UPDATE, DELETE"
_KEEP = "SELECT, INSERT, UPDATE"

PASSAGES: Mapping[str, Passage] = {
    "migration.gate": Passage(
        "SELECT", "the child whose reference is asked for", "The gate fields, and nothing else of a child."
    ),
    "migration.custody_fact": Passage("SELECT, INSERT", "one child at a time", "Tells where she is held."),
    "migration.custody_return": Passage(
        "SELECT, INSERT", "one child at a time", "Tells of a cleared return."
    ),
    "migration.standing_clearance": Passage(
        "EXECUTE", "one reference at a time", "Says whether a return is cleared."
    ),
    "migration.django_session": Passage(_ALL, "all; a table of its own", "Keeps its sign-ins."),
    "migration.access_cache": Passage(_ALL, "all; a table of its own", "Limits guessing at its door."),
    "migration.access_tracelimit": Passage(_ALL, "all; a table of its own", "Limits traces at its door."),
    "public.access_agency": Passage("SELECT", "all", "Names and telephones of agencies are public."),
    "public.access_auditentry": Passage(
        "INSERT", "none; writes in its own agencies' name", "Each look and refusal leaves a trace."
    ),
    "public.access_change": Passage(_KEEP, _OWN_PEOPLE, "Two of its people change a role."),
    "public.access_invitation": Passage(_KEEP, _OWN_PEOPLE, "Its administrator invites."),
    "public.access_ministrylink": Passage(_KEEP, _OWN_PEOPLE, "Sign-in with its ministry."),
    "public.access_person": Passage(_KEEP, _OWN_PEOPLE, "Its people sign in."),
    "public.access_team": Passage(_KEEP, _OWN_PEOPLE, "Its teams."),
    "public.account_emailaddress": Passage(_ALL, _OWN_PEOPLE, "Sign-in by e-mail."),
    "public.mfa_authenticator": Passage(_ALL, _OWN_PEOPLE, "Second factors."),
    "public.usersessions_usersession": Passage(_ALL, _OWN_PEOPLE, "Ending a sign-in elsewhere."),
}


def sectors_page() -> str:
    """Return the page of the reference that lists every passage."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# What the migration authority's login may touch"
    yield ""
    yield "Printed from `amparo/node/sectors.py`, which a test holds to the database's own catalogue. It may use the"
    yield "schemas `migration` and `public`; `protection` it cannot even name. Decision: 0017."
    yield ""
    yield "| what | may | rows | why |"
    yield "|---|---|---|---|"
    for name, passage in PASSAGES.items():
        yield f"| `{name}` | {passage.verbs} | {passage.rows} | {passage.why} |"
    yield ""
    yield "What it still learns: PostgreSQL shows its catalogue to every login, so what tables are called, and about"
    yield "how many rows each has. That tells how many children a node knows, and nothing of any of them."
