"""Show that the demonstration's delegations answer once, and that every text says nobody real said it."""

import pytest

from amparo.access.actions import invite_person, keep_agencies
from amparo.access.actor import acting_as
from amparo.access.queries import actor_of
from amparo.access.rules import Role
from amparo.monitor import models, queries
from amparo.monitor.rules import Status
from amparo.node.demo.fill import PEOPLE
from amparo.node.demo.region import MARK, SECRETARY, fill_with_answers
from amparo.node.home import PROFILES
from amparo.node.profile import read_profile

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> None:
    """Make the agencies and the people of the secretariat's node."""
    keep_agencies(read_profile(PROFILES / "region.yaml").agencies)
    for short, name, agency, role in PEOPLE["region"]:
        invite_person(
            email=f"{short}@region.example",
            password="una frase larga",
            name=name,
            agency=agency,
            role=Role(role),
        )


def test_two_states_answer_and_one_proposal_is_discussed(region: None) -> None:
    fill_with_answers("America/Guatemala")

    adoption, secretary = queries.adoption(), actor_of(SECRETARY)
    with acting_as(secretary):
        (line,) = queries.proposals(secretary)
        found = queries.proposal_for(secretary, line.id)
    assert (adoption.answered("MX"), adoption.answered("HN")) == (5, 4)
    assert found.line.status is Status.DISCUSSED
    assert found.verdict is not None
    assert found.verdict.accepted
    assert len(found.comments) == 1


def test_filling_twice_writes_nothing_twice(region: None) -> None:
    fill_with_answers("America/Guatemala")
    before = _rows()

    fill_with_answers("America/Guatemala")

    assert _rows() == before


def _rows() -> tuple[int, ...]:
    with acting_as(actor_of(SECRETARY)):
        kinds = (models.AdoptionAnswer, models.Proposal, models.ProposalStep, models.CommentEntry)
        return tuple(kind.objects.count() for kind in kinds)


def test_every_invented_text_says_that_no_state_said_it(region: None) -> None:
    fill_with_answers("America/Guatemala")

    with acting_as(actor_of(SECRETARY)):
        texts = [
            *models.AdoptionAnswer.objects.values_list("reason", flat=True),
            *models.Proposal.objects.values_list("text", flat=True),
            *models.CommentEntry.objects.values_list("text", flat=True),
        ]
    assert len(texts) == 11
    assert all(MARK in text for text in texts)
