"""Show the hand-over pages: what leaves, what stays, one clear send, refusals in words, the receiver's answer."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from amparo.access.actor import SYSTEM, acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import Role
from amparo.base import clock
from amparo.base.clock import now
from amparo.cases.models import Case
from amparo.exchange.case_file import KEPT_BACK
from amparo.exchange.hearing import Heard, hear
from amparo.exchange.models import Outgoing, Transfer
from tests.desk.people import a_browser
from tests.exchange.crafted import a_proposal, a_route, a_word
from tests.exchange.ready import HER_WORDS, a_ready_case
from tests.factories import agency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_peers")]


def _filled(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    today = clock.today("America/Mexico_City")
    return {
        "to_agency": "hn-proteccion", "kind": "best-interests-determination", "decided_by": "panel de prueba",
        "decided_on": today.isoformat(), "ends": (today + timedelta(days=90)).isoformat(), "guardian": "yes",
        "said": HER_WORDS, "heard_on": today.isoformat(), "language": "es", "urgent": "no",
    } | changes  # fmt: skip


def proposed_to_us() -> UUID:
    """Let a proposal of Honduras arrive."""
    agency("mx-proteccion")
    route = a_route(from_node="hn", to_node="mx")
    message = a_proposal(from_agency="hn-proteccion", to_agency="mx-proteccion")
    with acting_as(SYSTEM):
        hear(Heard(route.id, route.thread, "hn", route.made, message, "evidence"))
        return Transfer.objects.get(thread=route.thread).pk


def _sent() -> int:
    with acting_as(SYSTEM):
        return Outgoing.objects.count()


def test_the_page_says_what_leaves_and_what_stays_before_anything_is_sent() -> None:
    case_id = a_ready_case(consent={"withhold_what": ["health"]})

    page = a_browser(language="en").get(reverse("desk:hand-over", args=[case_id])).content.decode()

    assert "What will leave" in page
    assert "the child does not want it told" in page
    assert "Secretaría" in page or "Secretariat" in page
    assert _sent() == 0


@pytest.mark.parametrize("answer", ["whereabouts", "story", "fear", "health", "family"])
def test_what_stays_is_named_in_words_and_not_by_its_code(answer: str) -> None:
    case_id = a_ready_case(consent={"withhold_what": [answer]})

    page = a_browser().get(reverse("desk:hand-over", args=[case_id])).content.decode()
    stays = page.split("Lo que se queda")[1].split("</ul>")[0]

    assert "no quiere que se cuente" in stays
    for place in KEPT_BACK[answer]:
        field = place.partition(".")[2]
        assert not field or field.replace("_", " ") not in stays.replace(HER_WORDS, "")


def test_the_page_says_who_can_receive_it_and_in_which_country() -> None:
    page = a_browser().get(reverse("desk:hand-over", args=[a_ready_case()])).content.decode()

    assert "Honduras" in page.split("Quién puede recibirlo")[1].split("</ul>")[0]


def test_one_click_sends_and_the_next_page_says_who_is_responsible() -> None:
    case_id = a_ready_case()

    answer = a_browser(language="en").post(reverse("desk:hand-over", args=[case_id]), _filled(), follow=True)

    assert answer.status_code == 200
    assert "You are still responsible" in answer.content.decode()
    assert _sent() == 1


def test_what_is_missing_is_said_on_the_same_page_and_nothing_is_lost() -> None:
    case_id = a_ready_case()

    answer = a_browser(language="en").post(
        reverse("desk:hand-over", args=[case_id]), _filled(said="", heard_on="")
    )

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Write what the child says about it" in page
    assert "panel de prueba" in page
    assert _sent() == 0
    assert AuditEntry.objects.get(event="transfer.refused").allowed is False


def test_a_case_the_guide_holds_back_is_refused_with_the_norm_and_leaves_nothing() -> None:
    case_id = a_ready_case(without="transfer-consent")

    answer = a_browser().post(reverse("desk:hand-over", args=[case_id]), _filled())

    assert answer.status_code == 403
    assert _sent() == 0


@pytest.mark.parametrize(
    ("role", "code"), [(Role.ADMINISTRATOR, "mx-proteccion"), (Role.FIRST_CONTACT, "mx-albergue")]
)
def test_nobody_but_child_protection_sees_transfers(role: Role, code: str) -> None:
    transfer_id = proposed_to_us()
    browser = a_browser(role, code)

    answers = {
        browser.get(reverse(name, args=args)).status_code
        for name, args in (("desk:transfers", []), ("desk:transfer", [transfer_id]))
    }

    assert answers == {403}


def test_the_receiver_reads_accepts_and_takes_over() -> None:
    transfer_id, browser = proposed_to_us(), a_browser(language="en")

    listed = browser.get(reverse("desk:transfers")).content.decode()
    read = browser.get(reverse("desk:transfer", args=[transfer_id])).content.decode()
    _move(browser, transfer_id, "accept", caseworker="Marta de prueba")
    taken = _move(browser, transfer_id, "take-over", caseworker="Marta de prueba")

    assert str(transfer_id) in listed
    assert HER_WORDS in read
    assert taken.request["PATH_INFO"].startswith("/cases/")
    with acting_as(SYSTEM):
        assert Case.objects.count() == 1
        assert Transfer.objects.get(pk=transfer_id).stage == "taken-over"


def test_declining_asks_for_a_reason_and_words() -> None:
    transfer_id, browser = proposed_to_us(), a_browser(language="en")

    without = browser.post(
        reverse("desk:transfer-move", args=[transfer_id, "decline"]), {"reason": "no-suitable-place"}
    )
    _move(browser, transfer_id, "decline", reason="no-suitable-place", note="No hay lugar.")
    gone = browser.get(reverse("desk:transfer", args=[transfer_id])).content.decode()

    assert without.status_code == 200
    assert "What was told of the child is not kept here." in gone
    assert HER_WORDS not in gone


def test_a_move_that_came_too_late_is_told_in_words() -> None:
    transfer_id, browser = proposed_to_us(), a_browser(language="en")
    with acting_as(SYSTEM):
        thread = Transfer.objects.get(pk=transfer_id).thread
        word = a_word("cancel", note="Cambió el plan.")
        message = a_proposal(
            from_agency="hn-proteccion",
            to_agency="mx-proteccion",
            type="cancel",
            data=word.data,
            basis=None,
            view=None,
        )
        hear(Heard("1" * 32, thread, "hn", now(), message, "evidence"))

    answer = browser.post(
        reverse("desk:transfer-move", args=[transfer_id, "take-over"]), {"caseworker": "Marta de prueba"}
    )

    assert answer.status_code == 403
    assert "has moved on" in answer.content.decode()


def test_a_transfer_that_is_not_ours_looks_like_none() -> None:
    nobodys = UUID(int=7)

    assert a_browser().get(reverse("desk:transfer", args=[nobodys])).status_code == 404


def test_without_transfers_the_list_says_what_will_appear_here() -> None:
    assert "it appears here" in a_browser(language="en").get(reverse("desk:transfers")).content.decode()


def _move(browser: Client, transfer_id: UUID, move: str, **said: str) -> Any:  # noqa: ANN401
    answer = browser.post(reverse("desk:transfer-move", args=[transfer_id, move]), said, follow=True)
    assert answer.status_code == 200
    return answer


def test_what_does_not_arrive_is_shown_with_the_telephone_to_call() -> None:
    case_id, browser = a_ready_case(), a_browser(language="en")
    browser.post(reverse("desk:hand-over", args=[case_id]), _filled())
    quiet = browser.get(reverse("desk:transfers")).content.decode()
    with acting_as(SYSTEM):
        Outgoing.objects.update(made=now() - timedelta(hours=25))

    late = browser.get(reverse("desk:transfers")).content.decode()

    assert "Does not arrive" not in quiet
    assert "Does not arrive" in late
    assert "+504 0000 0001" in late
