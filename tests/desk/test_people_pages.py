"""Show that two people invite a third by their pages, that she comes in, and what each page says when she cannot."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.urls import reverse

from amparo.access.models import AuditEntry, Change, Invitation, Person, Team
from amparo.base.clock import now
from tests.access.people import a_supervisor, an_administrator, an_invitation
from tests.desk.people import PASSWORD, a_person

pytestmark = pytest.mark.django_db
FRESH = "otra frase muy larga de prueba"
DOOR = "/invitation/"


def _browser(person: Person) -> Client:
    """Return the browser of somebody who has just shown once more that it is she."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def _invite(client: Client, **other: str) -> str:
    form = {"name": "Nueva Prueba", "email": "nueva@example.org", "role": "caseworker", "team": ""} | other
    return client.post(reverse("desk:people-invite"), form, follow=True).content.decode()


def _settle(client: Client, answer: str, **form: str) -> str:
    address = reverse("desk:change-settle", args=[Change.objects.get().pk, answer])
    return client.post(address, form, follow=True).content.decode()


def test_two_people_invite_a_third_who_comes_in_by_link_and_code() -> None:
    first, second = _browser(an_administrator()), _browser(a_supervisor())

    said = _invite(first)
    confirmed = _settle(second, "confirm")
    code = re.search(r"<code>([0-9A-Z-]{11})</code>", confirmed)
    link = first.post(
        reverse("desk:invitation-change", args=[Invitation.objects.get().pk, "link"])
    ).content.decode()
    address = re.search(r"http://127.0.0.1:8501/invitation/#([\w-]+)", link)
    assert code
    assert address
    form = {"secret": address[1], "code": code[1].lower(), "password": FRESH, "again": FRESH}
    came = Client(headers={"accept-language": "en"}).post(DOOR, form, follow=True)

    assert "second person has to confirm" in said
    assert came.request["PATH_INFO"] == reverse("account_login")
    person = Person.objects.get(email="nueva@example.org")
    assert (person.role, person.check_password(FRESH), Invitation.objects.get().person_id) == (
        "caseworker",
        True,
        person.pk,
    )
    assert AuditEntry.objects.filter(event="invitation.used", actor=person.pk).exists()


def test_neither_link_nor_code_stands_in_the_database() -> None:
    secret, code = an_invitation(an_administrator(), a_supervisor())

    row = str(Invitation.objects.values().get())

    assert secret not in row
    assert code not in row
    assert code.replace("-", "") not in row


def test_the_secret_of_a_link_stands_in_no_log_and_in_no_address(caplog: pytest.LogCaptureFixture) -> None:
    secret, _code = an_invitation(an_administrator(), a_supervisor())
    Invitation.objects.update(ends_at=now() - timedelta(minutes=1))

    answer = Client().post(DOOR, {"secret": secret})

    assert answer.status_code == 410
    assert "/invitation/" in caplog.text
    assert secret not in caplog.text
    assert Client().get(f"/invitation/{secret}/").status_code == 404


def test_the_whole_link_can_be_pasted_where_no_script_runs() -> None:
    secret, _code = an_invitation(an_administrator(), a_supervisor())
    stranger = Client(headers={"accept-language": "en"})

    first = stranger.get(DOOR).content.decode()
    then = stranger.post(DOOR, {"secret": f"http://127.0.0.1:8501/invitation/#{secret}"}).content.decode()

    assert "Paste the whole link" in first
    assert "Nueva Prueba" not in first
    assert "Nueva Prueba" in then


def _anew(client: Client) -> str:
    address = reverse("desk:change-settle", args=[Change.objects.get().pk, "code"])
    return client.post(address, follow=True).content.decode()


def test_a_lost_code_is_made_anew_by_whoever_confirmed_and_takes_a_new_link() -> None:
    proposer, confirmer = an_administrator(), a_supervisor()
    secret, code = an_invitation(proposer, confirmer)
    page = _browser(confirmer).get(reverse("desk:change", args=[Change.objects.get().pk])).content.decode()

    said = re.search(r"<code>([0-9A-Z-]{11})</code>", _anew(_browser(confirmer)))
    old_link = Client().post(DOOR, {"secret": secret})
    _browser(proposer).post(reverse("desk:invitation-change", args=[Invitation.objects.get().pk, "link"]))

    assert "Make a new code" in page
    assert said
    assert old_link.status_code == 410
    invitation = Invitation.objects.get()
    assert check_password(said[1].replace("-", ""), invitation.code_hash)
    assert not check_password(code.replace("-", ""), invitation.code_hash)
    assert AuditEntry.objects.filter(event="invitation.code-made-anew", actor=confirmer.pk).count() == 1


def test_nobody_else_makes_the_code_anew_nor_after_it_was_used() -> None:
    proposer, confirmer = an_administrator(), a_supervisor()
    an_invitation(proposer, confirmer)
    kept = Invitation.objects.get().code_hash

    others = [_anew(_browser(one)) for one in (proposer, a_supervisor("Inés Prueba"))]
    Invitation.objects.update(withdrawn_at=now())
    late = _anew(_browser(confirmer))

    assert all("Only whoever confirmed" in one for one in others)
    assert "was withdrawn" in late
    assert Invitation.objects.get().code_hash == kept


def _state(**changed: object) -> str:
    secret, _code = an_invitation(an_administrator(), a_supervisor())
    Invitation.objects.update(**changed)
    return secret


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ends_at": now() - timedelta(minutes=1)}, "ran out"),
        ({"withdrawn_at": now()}, "withdrawn"),
        ({"link_hash": "0" * 64}, "not known"),
    ],
)
def test_an_invitation_that_lets_nobody_in_says_why(changed: dict[str, object], words: str) -> None:
    secret = _state(**changed)

    answer = Client(headers={"accept-language": "en"}).post(DOOR, {"secret": secret})

    assert answer.status_code == 410
    assert words in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_an_invitation_is_used_once() -> None:
    secret, code = an_invitation(an_administrator(), a_supervisor())
    form = {"secret": secret, "code": code, "password": FRESH, "again": FRESH}
    stranger = Client(headers={"accept-language": "en"})
    stranger.post(DOOR, form)

    again = stranger.post(DOOR, form | {"password": PASSWORD, "again": PASSWORD})

    assert "was used" in again.content.decode()
    assert Person.objects.get(email="nueva@example.org").check_password(FRESH)


def test_a_code_is_guessed_five_times_and_no_more() -> None:
    secret, code = an_invitation(an_administrator(), a_supervisor())
    stranger = Client(headers={"accept-language": "en"})
    wrong = {"secret": secret, "code": "22222-22222", "password": FRESH, "again": FRESH}

    said = [stranger.post(DOOR, wrong).content.decode() for _ in range(5)]
    after = stranger.post(DOOR, wrong | {"code": code})

    assert "4 more tries" in said[0]
    assert after.status_code == 410
    assert not Person.objects.filter(email="nueva@example.org").exists()


@pytest.mark.parametrize("password", ["corta", "aaaaaaaaaaaaaa"])
def test_a_weak_password_is_refused(password: str) -> None:
    secret, code = an_invitation(an_administrator(), a_supervisor())
    form = {"secret": secret, "code": code, "password": password, "again": password}

    answer = Client().post(DOOR, form)

    assert answer.status_code == 200
    assert not Person.objects.filter(email="nueva@example.org").exists()


def test_the_proposer_is_refused_and_that_is_on_the_trail() -> None:
    first = _browser(an_administrator())
    _invite(first)

    said = _settle(first, "confirm")

    assert "This needs another person" in said
    assert AuditEntry.objects.filter(event="change.refused", reasons=["proposer"]).count() == 1
    assert not Invitation.objects.exists()


def test_a_reason_is_asked_for_when_a_change_is_declined() -> None:
    first, second = _browser(an_administrator()), _browser(a_supervisor())
    _invite(first)

    without = _settle(second, "decline", reason="")
    _settle(second, "decline", reason="No la conozco")

    assert "Please look at this" in without
    assert Change.objects.get().state == "declined"


def test_the_second_person_shows_again_that_it_is_she() -> None:
    _invite(_browser(an_administrator()))
    second = Client()
    second.force_login(a_supervisor())

    answer = second.post(reverse("desk:change-settle", args=[Change.objects.get().pk, "confirm"]))

    assert answer.status_code == 302
    assert reverse("account_reauthenticate") in answer.headers["Location"]
    assert Change.objects.get().state == "waiting"


@pytest.mark.parametrize("name", ["desk:people", "desk:people-invite", "desk:teams", "desk:changes"])
def test_a_caseworker_does_not_see_the_pages_of_people(name: str) -> None:
    client = Client()
    client.force_login(a_person())

    assert client.get(reverse(name)).status_code == 403


def test_teams_are_made_renamed_filled_and_closed() -> None:
    client, person = _browser(an_administrator()), a_person()
    client.post(reverse("desk:teams"), {"name": "Turno de noche"})
    team = Team.objects.get()
    client.post(reverse("desk:team-change", args=[team.pk, "rename"]), {"name": "Noche"})
    client.post(reverse("desk:person-change", args=[person.pk, "team"]), {"team": str(team.pk)})

    full = client.post(reverse("desk:team-change", args=[team.pk, "close"]), follow=True).content.decode()
    client.post(reverse("desk:person-change", args=[person.pk, "team"]), {"team": ""})
    client.post(reverse("desk:team-change", args=[team.pk, "close"]))

    team.refresh_from_db()
    assert "Move them first" in full
    assert (team.name, team.closed_at is not None) == ("Noche", True)


def test_somebody_of_another_agency_is_not_touched() -> None:
    client, other = _browser(an_administrator()), a_person(code="mx-albergue")

    for what in ("close", "sign-out", "renew", "team", "role"):
        client.post(reverse("desk:person-change", args=[other.pk, what]), {"role": "supervisor", "team": ""})

    other.refresh_from_db()
    assert (other.is_active, other.sessions_from, Change.objects.count()) == (True, None, 0)
    assert client.get(reverse("desk:person", args=[other.pk])).status_code == 404


def test_nobody_closes_her_own_account() -> None:
    person = an_administrator()

    _browser(person).post(reverse("desk:person-change", args=[person.pk, "close"]))

    person.refresh_from_db()
    assert person.is_active
