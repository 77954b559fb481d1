"""Let two people decide on the keys of this node: a new one that wraps, old ones destroyed, a ceremony for class P3.

One proposes, another confirms within a day; then it is done, or may be done. No command changes a key without it,
except where a demonstration has no people. Design: security design 5. Decision: 0027.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from amparo.access import audit, models
from amparo.access.keys import key_provider
from amparo.access.people_rules import CHANGE_LASTS, ChangeState
from amparo.access.rewrapping import under_older_keys
from amparo.access.rules import Actor, Sector, side_of
from amparo.access.two_persons import Kind, Proposal, propose_change, register
from amparo.base.clock import now
from amparo.keys.rules import Asker

NEW_KEY, DESTROY_OLD, CEREMONY = "keys-new", "keys-destroy-old", "sealed-ceremony"
KINDS = (NEW_KEY, DESTROY_OLD, CEREMONY)


class KeysStillUsed(Exception):
    """Rows are still under a former key; wrap them anew first (`amparo keys rewrap`)."""


class CeremonyUndecided(Exception):
    """No two people have decided within a day that this agency's key for class P3 is made."""


@dataclass(frozen=True)
class KeysHeld:
    """Which keys wrap, as ids: the one in use, those that only open, and whether rows are left under these."""

    newest: str
    opening: tuple[str, ...]
    rewrap: bool


def register_kinds() -> None:
    """Make the changes of keys known; called when the room starts."""
    register(Kind(NEW_KEY, _make_key, whole_node=True, near=_is_near))
    register(Kind(DESTROY_OLD, _destroy, _nothing_left, whole_node=True, near=_is_near))
    register(Kind(CEREMONY, _decided_only))


def keys_held(actor: Actor) -> KeysHeld:
    """Return how the keys that wrap stand; raises NotAllowed, KeysTrouble."""
    audit.require(actor, "keys.change")
    *older, newest = key_provider().key_ids(_asker(actor))
    return KeysHeld(newest, tuple(one.removeprefix("retired:") for one in older), under_older_keys())


def propose_key_change(*, kind: str, by: Actor) -> UUID:
    """Propose one of KINDS and return the change; a ceremony is proposed for one's own agency.

    Raises:
        NotAllowed: the role may not.
        KeysStillUsed: old keys cannot be destroyed yet.
        KeyError: no such kind.
    """
    audit.require(by, "keys.change")
    if kind not in KINDS:
        raise KeyError(kind)
    return propose_change(kind=kind, by=by, what={"agency": by.agency} if kind == CEREMONY else {})


def require_ceremony_decided(body: models.Agency) -> None:
    """Raise CeremonyUndecided unless two people decided, within a day and since the last pair was made."""
    if settings.DEMONSTRATION:
        return
    made = (
        models.AgencySeal.objects.filter(agency=body).order_by("-made_at").values_list("made_at", flat=True)
    )
    since = max([now() - CHANGE_LASTS, *made[:1]])
    confirmed = models.Change.objects.filter(kind=CEREMONY, agency=body, state=ChangeState.CONFIRMED)
    if not confirmed.filter(settled_at__gt=since).exists():
        raise CeremonyUndecided(
            f"Two people of {body.code} decide first that its key is made: one proposes it on the desk under Keys,"
            " another confirms it under To confirm. Then hold the ceremony within 24 hours."
        )


def _is_near(_what: Mapping[str, str], by: Actor) -> bool:
    """Let those who look after people and keys on the side of protection, and oversight, see such a change."""
    return side_of(by.sector) == "protection" and by.sector is not Sector.SECRETARIAT


def _make_key(_proposal: Proposal, by: Actor) -> str:
    key_provider().new_key(_asker(by))
    return ""


def _destroy(_proposal: Proposal, by: Actor) -> str:
    key_provider().destroy_old(_asker(by))
    return ""


def _nothing_left(_proposal: Proposal) -> None:
    if under_older_keys():
        raise KeysStillUsed("Rows are still under a former key. Run: amparo keys rewrap")


def _decided_only(_proposal: Proposal, _by: Actor) -> str:
    """Do nothing here: whoever runs the node holds the ceremony before the keepers within a day."""
    return ""


def _asker(by: Actor) -> Asker:
    return Asker(by.id, by.role.value, "keys")
