"""Make officers with keys of their own and an agency with its pair for class P3; all synthetic."""

from dataclasses import dataclass, field
from functools import cache
from uuid import uuid4

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import OfficerKey, Person
from amparo.access.rules import Actor, Role
from amparo.access.sealed_ceremony import make_agency_seal
from amparo.access.sealed_session import Opened, keep_open, opened_keys
from amparo.base import seal
from amparo.base.clock import now
from amparo.base.passphrase import plain_passphrase
from amparo.base.shares import Split
from tests.factories import agency

PASSPHRASE = "mariposas amarillas sobre Macondo"
KEEPERS = ("Ada Prueba", "Beto Prueba", "Cora Prueba")


@dataclass(frozen=True)
class Officer:
    """Somebody who has set a passphrase, as she acts."""

    actor: Actor
    email: str
    seed: bytes = field(default=b"", repr=False)

    def cookie(self, session: str) -> str:
        """Open her key in a session and return the half that her cookie carries."""
        with acting_as(self.actor):
            return keep_open(by=self.actor, session=session, seed=self.seed)

    def unlocks(self, session: str = "session-of-a-test") -> Opened:
        """Return her keys as a page gets them, without stretching the passphrase once more."""
        cookie = self.cookie(session)
        with acting_as(self.actor):
            return opened_keys(by=self.actor, session=session, cookie=cookie)


@cache
def _stretched() -> tuple[bytes, bytes]:
    """Stretch the passphrase of all tests once: each time takes seconds, on purpose."""
    salt = seal.new_salt()
    return salt, seal.stretch(plain_passphrase(PASSPHRASE), salt)


def an_officer(role: Role = Role.CASEWORKER, code: str = "mx-proteccion", *, keyed: bool = True) -> Officer:
    """Return an officer with an account and, if `keyed`, a key of her own."""
    person = Person.objects.create_user(
        f"{uuid4().hex[:8]}@example.org",
        "una frase larga de prueba",
        agency=agency(code),
        role=role,
        name="Lía",
    )
    actor = person.as_actor()
    return Officer(actor, person.email, give_key(actor) if keyed else b"")


def give_key(actor: Actor) -> bytes:
    """Give an officer a key under the passphrase of all tests; return its private half."""
    pair, (salt, stretched) = seal.new_seal_keys(), _stretched()
    with acting_as(actor):
        OfficerKey.objects.create(
            person_id=actor.id, agency_id=actor.body, public=pair.public, salt=salt, made_at=now(),
            wrapped=seal.wrap_key(stretched, pair.private, context=f"officer-key:{actor.id}"),
        )  # fmt: skip
    return pair.private


def a_ceremony(*officers: Officer, code: str = "mx-proteccion") -> Split:
    """Make the pair of an agency and let these officers in; return the shares."""
    with acting_as(SYSTEM):
        return make_agency_seal(agency=code, officers=[one.email for one in officers], keepers=KEEPERS)
