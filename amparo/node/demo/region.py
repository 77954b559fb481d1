"""Let two invented delegations answer some duties, propose and comment, so that the demonstration shows how it looks.

Every text says that it is a demonstration and not the position of any State.
"""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID, uuid5

from amparo.access.actor import acting_as
from amparo.access.queries import actor_of
from amparo.access.rules import Actor
from amparo.base.clock import now, today
from amparo.monitor import actions
from amparo.monitor.rules import ChangedMeanwhile, Kind, Stance, Status

# The same ids each time: a second filling writes nothing twice.
_HERE = UUID("5e3f7b0a-6a44-5d39-9a53-0f6a2f5c1d10")
MARK = "Demostración: no es la posición de ningún Estado."
DELEGATES = {"MX": "delegada-mx@region.example", "HN": "delegado-hn@region.example"}
SECRETARY = "secretaria@region.example"

Said = tuple[str, Stance, str]
ANSWERS: dict[str, Sequence[Said]] = {
    "MX": (
        ("no-detention", Stance.ADOPTED, ""),
        ("meet-immediate-needs", Stance.ADOPTED, ""),
        ("appoint-guardian", Stance.WITH_RESERVATION, "Falta inventada de personal en tres regiones."),
        ("data-firewall", Stance.UNDER_STUDY, ""),
        ("sibling-unity", Stance.ADOPTED, ""),
    ),
    "HN": (
        ("no-detention", Stance.ADOPTED, ""),
        ("meet-immediate-needs", Stance.UNDER_STUDY, ""),
        ("data-firewall", Stance.ADOPTED, ""),
        ("appoint-guardian", Stance.NOT_ADOPTED, "Ejemplo inventado de una respuesta negativa."),
    ),
}
_FILE = """overlay: {country: MX, version: 0.9.0, status: draft}
obligations:
  - id: appoint-guardian
    deadline: P2D
"""


def fill_with_answers(zone: str) -> None:
    """Write the invented answers, one proposal, a comment and a step of the secretariat; twice changes nothing."""
    for country, said in ANSWERS.items():
        delegate = actor_of(DELEGATES[country])
        with acting_as(delegate):
            for obligation, stance, why in said:
                _answer(country, obligation, stance, why, delegate, zone)
    _discuss(actor_of(DELEGATES["MX"]), actor_of(DELEGATES["HN"]), actor_of(SECRETARY))


def _answer(country: str, obligation: str, stance: Stance, why: str, by: Actor, zone: str) -> None:
    actions.answer_obligation(
        country=country,
        obligation=obligation,
        answer=actions.NewAnswer(stance, None, f"{why} {MARK}".strip()),
        answer_id=uuid5(_HERE, f"{country} {obligation}"),
        by=by,
        at=now(),
        on=today(zone),
    )


def _discuss(mexican: Actor, honduran: Actor, secretary: Actor) -> None:
    proposal, at = uuid5(_HERE, "proposal"), now()
    written = actions.NewProposal(
        Kind.OVERLAY, "Dos días para nombrar tutora o tutor", f"Un plazo corto protege mejor. {MARK}",
        ("appoint-guardian",), _FILE,
    )  # fmt: skip
    with acting_as(mexican):
        actions.propose(proposal=written, proposal_id=proposal, by=mexican, at=at)
    with acting_as(honduran):
        actions.comment(
            text=f"¿Y si la niña llega de noche? {MARK}",
            comment_id=uuid5(_HERE, "comment"),
            by=honduran,
            at=at,
            proposal_id=proposal,
        )
    # Moved already by an earlier filling: it stays where it stands.
    with acting_as(secretary), suppress(ChangedMeanwhile):
        actions.move_proposal(
            proposal_id=proposal, to=Status.DISCUSSED, reason=MARK, seen=0, by=secretary, at=at
        )
