"""Open, lock and share what is sealed from the pages, and find it nowhere else."""

from uuid import UUID

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from amparo.access import models
from amparo.access.actor import SYSTEM, acting_as
from amparo.access.rules import Role
from amparo.base.clock import now
from amparo.cases import actions
from amparo.cases.actions import NewEntry
from amparo.cases.models import EntryKind
from tests.factories import a_device
from tests.factories.sealed import PASSPHRASE, Officer, a_ceremony, an_officer

pytestmark = pytest.mark.django_db
SAID = "Lo que solo ella puede leer"


def _case() -> UUID:
    device = a_device()
    entry = NewEntry(
        EntryKind.WORDS, "words", now(), closed={"own_words": {"value": SAID}}, told={"protection": "P3"}
    )
    with acting_as(device):
        return actions.open_case(identity={}, label="Ana", entries=[entry], source="test", by=device)


def _browser(officer: Officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(models.Person.objects.get(pk=officer.actor.id))
    return client


def _cookie() -> str:
    return f"{settings.SESSION_COOKIE_NAME}_sealed"


def _open(browser: Client, case_id: UUID, passphrase: str = PASSPHRASE) -> HttpResponse:
    form = {"purpose": "casework", "passphrase": passphrase}
    return browser.post(reverse("desk:sealed", args=[case_id]), form)  # type: ignore[return-value]


def test_an_officer_unlocks_opens_and_locks_and_the_words_stand_in_that_one_answer() -> None:
    officer = an_officer()
    a_ceremony(officer)
    case_id, browser = _case(), _browser(officer)

    page = browser.get(reverse("desk:case", args=[case_id])).content.decode()
    asked = browser.get(reverse("desk:sealed", args=[case_id])).content.decode()
    shown = _open(browser, case_id)
    morsel = browser.cookies[_cookie()]
    without = browser.post(reverse("desk:sealed", args=[case_id]), {"purpose": "casework"}).content.decode()
    again = browser.get(reverse("desk:sealed", args=[case_id])).content.decode()
    browser.post(reverse("desk:sealed-lock"))
    locked = browser.post(reverse("desk:sealed", args=[case_id]), {"purpose": "casework"}).content.decode()

    assert reverse("desk:sealed", args=[case_id]) in page
    assert SAID not in page + asked + again + locked
    assert SAID in shown.content.decode()
    assert SAID in without
    assert shown.headers["Cache-Control"] == "no-store"
    assert (morsel["httponly"], morsel["samesite"], morsel["max-age"]) == (True, "Strict", 600)


def test_a_wrong_passphrase_opens_nothing_and_is_counted() -> None:
    officer = an_officer()
    a_ceremony(officer)

    answer = _open(_browser(officer), _case(), "otra frase que no es la suya")

    assert SAID not in answer.content.decode()
    assert "govuk-error-summary" in answer.content.decode()
    with acting_as(SYSTEM):
        assert models.OfficerKey.objects.get(person=officer.actor.id).wrong_tries == 1


def test_an_officer_who_was_not_let_in_sees_that_it_is_closed() -> None:
    a_ceremony(an_officer())

    answer = _open(_browser(an_officer()), _case()).content.decode()

    assert SAID not in answer
    assert "not let in" in answer


def test_a_stolen_cookie_or_a_stolen_session_alone_opens_nothing() -> None:
    officer = an_officer()
    a_ceremony(officer)
    case_id, hers, thief = _case(), _browser(officer), _browser(officer)
    _open(hers, case_id)
    thief.cookies[_cookie()] = hers.cookies[_cookie()].value
    with_cookie = thief.post(reverse("desk:sealed", args=[case_id]), {"purpose": "casework"}).content.decode()
    del hers.cookies[_cookie()]
    with_session = hers.post(reverse("desk:sealed", args=[case_id]), {"purpose": "casework"}).content.decode()

    assert SAID not in with_cookie + with_session


def test_signing_out_locks() -> None:
    officer = an_officer()
    browser = _browser(officer)
    browser.post(reverse("desk:sealed-key"), {"passphrase": PASSPHRASE})
    with acting_as(SYSTEM):
        before = models.OpenSeal.objects.count()
    browser.post(reverse("account_logout"))
    with acting_as(SYSTEM):
        after = models.OpenSeal.objects.count()

    assert (before, after) == (1, 0)


def test_a_passphrase_is_offered_taken_and_a_weak_one_of_ones_own_is_told_why() -> None:
    officer = an_officer(keyed=False)
    browser = _browser(officer)
    page = browser.get(reverse("desk:sealed-passphrase"))
    offered = {name: page.context["form"].initial[name] for name in ("offered", "proof")}

    weak = browser.post(reverse("desk:sealed-passphrase"), offered | {"which": "own", "own": "uno dos"})
    taken = browser.post(reverse("desk:sealed-passphrase"), offered | {"which": "offered"})

    assert weak.status_code == 200
    assert "four different words" in weak.content.decode()
    assert taken.status_code == 302
    with acting_as(SYSTEM):
        assert models.OfficerKey.objects.filter(person=officer.actor.id).exists()


def test_a_colleague_is_let_in_and_out_from_the_page_and_not_by_one_alone() -> None:
    holder, asker, new = an_officer(), an_officer(Role.SUPERVISOR), an_officer()
    a_ceremony(holder)
    theirs, hers = _browser(asker), _browser(holder)
    hers.post(reverse("desk:sealed-key"), {"passphrase": PASSPHRASE})

    theirs.post(reverse("desk:sealed-ask", args=[new.actor.id]))
    alone = theirs.post(reverse("desk:sealed-give", args=[new.actor.id]))
    hers.post(reverse("desk:sealed-give", args=[new.actor.id]))
    let_in = dict(new.unlocks().privates)
    theirs.post(reverse("desk:sealed-end", args=[new.actor.id]))

    assert alone.status_code in (302, 403)
    assert len(let_in) == 1
    assert new.unlocks().privates == {}
    assert "new key has to be made" in theirs.get(reverse("desk:sealed-key")).content.decode()


@pytest.mark.parametrize("role", [Role.FIRST_CONTACT, Role.ADMINISTRATOR])
def test_other_roles_find_no_such_page(role: Role) -> None:
    somebody = an_officer(role, "mx-albergue", keyed=False)

    answers = {
        _browser(somebody).get(reverse(name)).status_code
        for name in ("desk:sealed-key", "desk:sealed-passphrase")
    }

    assert answers == {403}


def test_answers_from_a_list_and_agencies_are_said_in_words() -> None:
    officer, device = an_officer(), a_device()
    a_ceremony(officer)
    said = {
        "harm_signs": {"value": ["debt", "papers-held"]},
        "separation_told_by": {"value": ["adult-with-child"]},
    }
    entry = NewEntry(EntryKind.WORDS, "words", now(), closed=said, told={"protection": "P3"})
    with acting_as(device):
        case_id = actions.open_case(identity={}, label="Ana", entries=[entry], source="test", by=device)

    page = _open(_browser(officer), case_id).content.decode()

    assert "She owes money for the journey or must work it off" in page
    assert "The adult with the child" in page
    assert [code for code in ("papers-held", "adult-with-child", "mx-albergue") if code in page] == []
