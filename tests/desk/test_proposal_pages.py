"""Show that proposals and comments are written by those who may, decided in two steps, and never lost."""

import re
from uuid import UUID, uuid4

import pytest
from django.test import Client

from amparo.access.actor import acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import Role
from amparo.monitor import models
from amparo.monitor.trying import LARGEST
from tests.desk.people import a_browser
from tests.monitor.people import DUTY, a_regional_browser, a_secretary

pytestmark = pytest.mark.django_db
WEAK = "overlay: {country: MX, version: 0.1.0, status: draft}\nobligations:\n  - {id: no-detention, severity: soft}\n"


def _delegate(country: str = "MX") -> Client:
    return a_regional_browser(Role.COUNTRY_DELEGATE, country)


def _secretary() -> Client:
    return a_regional_browser(Role.SECRETARIAT)


def _propose(browser: Client, **changes: str | list[str]) -> UUID:
    sheet = {
        "form_id": str(uuid4()), "kind": "change", "title": "Un plazo para la tutela", "text": "Porque hace falta.",
        "obligations": ["appoint-guardian"], "file": "",
    }  # fmt: skip
    answer = browser.post("/proposals/new/", sheet | changes)
    assert answer.status_code == 302, answer.content.decode()
    return UUID(answer.headers["Location"].split("/")[2])


def _move(browser: Client, proposal: UUID, to: str, *, reason: str = "Porque sí.", seen: int = 0) -> int:
    return browser.post(f"/proposals/{proposal}/{to}/", {"reason": reason, "seen": str(seen)}).status_code


def _status(browser: Client, proposal: UUID) -> str:
    text = browser.get(f"/proposals/{proposal}/").content.decode()
    found = re.search(r'class="mark mark--\w+">([^<]+)<', text)
    return found[1] if found else ""


def _rows(model: type[models.Proposal | models.CommentEntry | models.ProposalStep]) -> int:
    with acting_as(a_secretary()):
        return model.objects.count()


def test_a_page_without_proposals_says_how_to_begin() -> None:
    text = _delegate().get("/proposals/").content.decode()

    assert "Nobody has proposed anything yet" in text
    assert "/try/" in text


def test_a_proposal_is_handed_in_and_listed() -> None:
    browser = _delegate()

    proposal = _propose(browser)

    assert "Un plazo para la tutela" in browser.get("/proposals/").content.decode()
    assert _status(browser, proposal) == "Open"
    assert AuditEntry.objects.filter(event="proposal.made", subject=f"proposal:{proposal}").count() == 1


def test_a_proposal_sent_twice_is_written_once() -> None:
    browser, form_id = _delegate(), str(uuid4())

    first, second = _propose(browser, form_id=form_id), _propose(browser, form_id=form_id)

    assert first == second
    assert _rows(models.Proposal) == 1


def test_a_file_that_weakens_the_guide_is_kept_with_what_the_check_said() -> None:
    browser = _delegate()

    proposal = _propose(browser, kind="overlay", file=WEAK)

    text = browser.get(f"/proposals/{proposal}/").content.decode()
    assert "Refused." in text
    assert "severity" in text
    assert "{id: no-detention, severity: soft}" in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""}, {"title": "x" * 161}, {"text": " "}, {"kind": "revolt"}, {"obligations": ["nope"]},
        {"file": "x" * (LARGEST + 1)}, {"form_id": "x"}, {"text": "a\x00b"},
    ],
)  # fmt: skip
def test_a_wrong_proposal_is_said_in_words(wrong: dict[str, str | list[str]]) -> None:
    sheet: dict[str, str | list[str]] = {"form_id": str(uuid4()), "kind": "change", "title": "T", "text": "x"}

    answer = _delegate().post("/proposals/new/", sheet | wrong)

    assert answer.status_code == 200
    assert (
        "govuk-error-message" in answer.content.decode() or "govuk-error-summary" in answer.content.decode()
    )
    assert _rows(models.Proposal) == 0


def test_the_secretariat_decides_in_two_steps_with_its_reason() -> None:
    proposal, secretary = _propose(_delegate()), _secretary()

    asked = secretary.get(f"/proposals/{proposal}/declined/").content.decode()
    moved = _move(secretary, proposal, "declined", reason="No tiene fuente.")

    assert "From now on it stands" in asked
    assert moved == 302
    assert _status(secretary, proposal) == "Declined"
    assert "No tiene fuente." in _delegate().get(f"/proposals/{proposal}/").content.decode()
    assert AuditEntry.objects.filter(event="proposal.moved", reasons=["declined"]).count() == 1


def test_declining_needs_a_reason() -> None:
    proposal, secretary = _propose(_delegate()), _secretary()

    answer = secretary.post(f"/proposals/{proposal}/declined/", {"reason": "", "seen": "0"})

    assert "Write the reason." in answer.content.decode()
    assert _status(secretary, proposal) == "Open"


def test_a_decision_on_a_page_that_lay_open_changes_nothing() -> None:
    proposal, one, other = _propose(_delegate()), _secretary(), _secretary()
    _move(one, proposal, "accepted-for-next-version")

    answer = other.post(f"/proposals/{proposal}/under-discussion/", {"reason": "", "seen": "0"})

    assert "Somebody else wrote here meanwhile" in answer.content.decode()
    assert _status(one, proposal) == "Accepted for the next version"


def test_only_the_agency_that_proposed_withdraws() -> None:
    proposal = _propose(_delegate("MX"))

    assert _move(_delegate("HN"), proposal, "withdrawn") == 403
    assert _move(_secretary(), proposal, "withdrawn") == 403
    assert _move(_delegate("MX"), proposal, "withdrawn") == 302


@pytest.mark.parametrize("to", ["accepted-for-next-version", "declined", "under-discussion"])
def test_a_delegate_does_not_decide(to: str) -> None:
    browser = _delegate()
    proposal = _propose(browser)

    assert _move(browser, proposal, to) == 403
    assert browser.get(f"/proposals/{proposal}/{to}/").status_code == 403
    assert _rows(models.ProposalStep) == 0


def test_an_unknown_move_is_not_found() -> None:
    proposal = _propose(_delegate())

    assert _secretary().get(f"/proposals/{proposal}/burnt/").status_code == 404


def test_the_list_is_filtered_by_where_proposals_stand() -> None:
    browser, secretary = _delegate(), _secretary()
    declined, _still = _propose(browser, title="Una"), _propose(browser, title="Otra")
    _move(secretary, declined, "declined")

    text = browser.get("/proposals/?status=declined").content.decode()

    assert "Una" in text
    assert "Otra" not in text
    assert browser.get("/proposals/?status=x&before=2026-13-45").status_code == 200
    assert browser.get("/proposals/?before=2026-01-01T00:00:00").status_code == 200


def test_long_lists_go_on_by_key() -> None:
    browser = _delegate()
    for at in range(51):
        _propose(browser, title=f"Propuesta {at}.")

    text = browser.get("/proposals/").content.decode()

    older = re.search(r'href="\?(before=[^"]+)"', text)
    assert older is not None
    assert "Propuesta 0." not in text
    assert "Propuesta 0." in browser.get(f"/proposals/?{older[1]}").content.decode()


# ---- comments -----------------------------------------------------------------------------------


def _comment(browser: Client, address: str, text: str = "De acuerdo.") -> None:
    assert browser.post(address, {"form_id": str(uuid4()), "text": text}).status_code == 302


def _comment_id() -> UUID:
    with acting_as(a_secretary()):
        return models.CommentEntry.objects.latest("at").comment


@pytest.fixture(params=["proposal", "duty"])
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Return where a comment is sent, and where it is read."""
    if request.param == "duty":
        return f"/comments/duty/{DUTY}/", f"/adoption/duty/{DUTY}/"
    address = f"/proposals/{_propose(_delegate())}/"
    return address, address


def test_a_comment_is_read_by_the_signed_in_and_by_no_stranger(place: tuple[str, str]) -> None:
    _comment(_delegate("HN"), place[0])

    assert "De acuerdo." in a_browser(language="en").get(place[1]).content.decode()
    assert "De acuerdo." not in Client().get(place[1]).content.decode()


def test_a_comment_is_never_taken_for_a_page(place: tuple[str, str]) -> None:
    browser = _delegate()
    _comment(browser, place[0], "<script>alert(1)</script><b>x</b>")

    text = browser.get(place[1]).content.decode()

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_changing_a_comment_keeps_the_former_text(place: tuple[str, str]) -> None:
    browser = _delegate()
    _comment(browser, place[0], "Primero.")
    comment = _comment_id()

    answer = browser.post(
        f"/comments/{comment}/edit/", {"form_id": str(uuid4()), "text": "Después.", "seen": "1"}
    )

    text = browser.get(place[1]).content.decode()
    assert answer.headers["Location"] == place[1]
    assert "Después." in text
    assert "Former texts" in text
    assert "Primero." in text


def test_nobody_changes_the_comment_of_another(place: tuple[str, str]) -> None:
    _comment(_delegate(), place[0])
    comment = _comment_id()

    for browser in (_delegate(), _delegate("HN"), _secretary()):
        assert browser.get(f"/comments/{comment}/edit/").status_code == 403
        answer = browser.post(
            f"/comments/{comment}/edit/", {"form_id": str(uuid4()), "text": "x", "seen": "1"}
        )
        assert answer.status_code == 403


def test_the_secretariat_hides_a_comment_with_a_reason_and_shows_it_again(place: tuple[str, str]) -> None:
    browser, secretary = _delegate(), _secretary()
    _comment(browser, place[0], "Un insulto.")
    comment = _comment_id()

    secretary.post(f"/comments/{comment}/hide/", {"reason": "Ofende.", "seen": "1"})
    hidden, kept = browser.get(place[1]).content.decode(), secretary.get(place[1]).content.decode()
    secretary.post(f"/comments/{comment}/show/", {"seen": "2"})

    assert "Un insulto." not in hidden
    assert "Ofende." in hidden
    assert "Un insulto." in kept
    assert "Un insulto." in browser.get(place[1]).content.decode()
    assert {"comment.hidden", "comment.shown"} <= set(AuditEntry.objects.values_list("event", flat=True))


def test_hiding_needs_a_reason_and_is_the_secretariats_alone(place: tuple[str, str]) -> None:
    browser, secretary = _delegate(), _secretary()
    _comment(browser, place[0])
    comment = _comment_id()

    answer = secretary.post(f"/comments/{comment}/hide/", {"reason": " ", "seen": "1"})

    assert "Write the reason." in answer.content.decode()
    assert browser.post(f"/comments/{comment}/hide/", {"reason": "x", "seen": "1"}).status_code == 403
    assert browser.get(f"/comments/{comment}/show/").status_code == 403
    assert "De acuerdo." in browser.get(place[1]).content.decode()


def test_a_hidden_comment_is_no_more_for_its_author_to_change(place: tuple[str, str]) -> None:
    browser = _delegate()
    _comment(browser, place[0])
    comment = _comment_id()
    _secretary().post(f"/comments/{comment}/hide/", {"reason": "Ofende.", "seen": "1"})

    assert browser.get(f"/comments/{comment}/edit/").status_code == 404


def test_a_comment_hidden_twice_says_so() -> None:
    _comment(_delegate(), f"/comments/duty/{DUTY}/")
    comment, secretary = _comment_id(), _secretary()
    secretary.post(f"/comments/{comment}/hide/", {"reason": "Ofende.", "seen": "1"})

    answer = secretary.post(f"/comments/{comment}/hide/", {"reason": "Ofende.", "seen": "1"})

    assert "Somebody else wrote here meanwhile" in answer.content.decode()
    assert _rows(models.CommentEntry) == 2


@pytest.mark.parametrize("text", ["", "  ", "x" * 5001, "a\x00b"])
def test_a_wrong_comment_comes_back_with_words(text: str, place: tuple[str, str]) -> None:
    answer = _delegate().post(place[0], {"form_id": str(uuid4()), "text": text})

    assert answer.status_code == 200
    assert "govuk-error-message" in answer.content.decode()
    assert _rows(models.CommentEntry) == 0


def test_a_comment_is_on_a_duty_of_the_guide() -> None:
    assert _delegate().post("/comments/duty/nope/", {"form_id": str(uuid4()), "text": "x"}).status_code == 404
