"""Show that a child is found from the desk by a misspelt name, and that the name stays nowhere."""

import pytest
from django.urls import reverse

from amparo.access.models import AuditEntry
from amparo.access.rules import Role
from tests.desk.people import a_browser
from tests.factories import a_case

pytestmark = pytest.mark.django_db


def _answer(asked: str, *, code: str = "mx-proteccion") -> str:
    told = {"asked": asked, "because": "mine"}
    return a_browser(code=code, language="en").post(reverse("desk:find"), told).content.decode()


def test_a_misspelt_name_finds_the_child_and_leads_to_her_case() -> None:
    case_id = a_case(label="Xochiquetzal")

    text = _answer("Shochiketsal")

    assert "1 child may be meant" in text
    assert reverse("desk:case", args=[case_id]) in text
    assert "Xochiquetzal" in text


def test_not_found_says_what_to_try_and_that_others_may_have_her() -> None:
    a_case(label="Xochiquetzal")

    text = _answer("Wilberforce")

    assert "Not found" in text
    assert "Try fewer words" in text
    assert "family tracing" in text


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"asked": ""}, "Write a name."),
        ({"asked": "A. B."}, "Write at least one name of two letters."),
        ({"because": "curious"}, "Choose why you search."),
        ({"because": ""}, "This field is required"),
        ({"age": "-3"}, "About how old"),
        ({"age": "ten"}, "About how old"),
        ({"asked": "x" * 900}, "Name or case reference"),
    ],
)
def test_what_cannot_be_searched_is_said_at_its_field(told: dict[str, str], said: str) -> None:
    sent = {"asked": "Ana", "because": "mine"} | told
    text = a_browser(language="en").post(reverse("desk:find"), sent).content.decode()

    assert "Please look at this" in text
    assert said in text
    assert not AuditEntry.objects.filter(event="case.searched").exists()


@pytest.mark.parametrize(
    "asked", ["'; DROP TABLE cases_case --", "\x00Ana", "%s %(agency)s", "木村 さん ab", "Ana " * 40]
)
def test_odd_words_are_no_trouble(asked: str) -> None:
    a_case(label="Ana")

    answer = a_browser().post(reverse("desk:find"), {"asked": asked, "because": "mine"})

    assert answer.status_code == 200


def test_the_page_is_not_kept_and_a_name_in_the_address_is_not_read() -> None:
    a_case(label="Xochiquetzal")
    browser = a_browser(language="en")

    sent = browser.post(reverse("desk:find"), {"asked": "Xochiquetzal", "because": "mine"})
    asked = browser.get(reverse("desk:find") + "?asked=Xochiquetzal&because=mine")

    assert sent.headers["Cache-Control"] == "no-store"
    assert "may be meant" not in asked.content.decode()
    trail = list(AuditEntry.objects.values_list("event", "subject", "purpose", "reasons"))
    assert ("case.searched", "search:names", "casework", ["mine"]) in trail
    assert "Xochiquetzal" not in str(trail)


def test_an_agency_that_did_not_receive_her_is_told_as_if_she_did_not_exist() -> None:
    from amparo.access.models import Agency

    Agency.objects.create(code="mx-otra", sector="protection", kind="shelter", telephone="0")
    hers = _answer("Xochiquetzal", code="mx-otra")
    a_case(label="Xochiquetzal")

    theirs = _answer("Xochiquetzal", code="mx-otra")

    assert "Not found" in theirs
    assert len(theirs) == len(hers)


def test_who_works_with_no_child_may_not_search() -> None:
    """The migration authority has no such address at all: test_migration_server."""
    browser = a_browser(Role.ADMINISTRATOR)

    seen, sent = (
        browser.get(reverse("desk:find")),
        browser.post(reverse("desk:find"), {"asked": "Ana", "because": "mine"}),
    )

    assert (seen.status_code, sent.status_code) == (403, 403)
    assert AuditEntry.objects.filter(event="access.denied", subject="act:case.search").count() == 2


def test_the_search_stands_on_top_of_my_day() -> None:
    text = a_browser(language="en").get(reverse("desk:my-day")).content.decode()

    assert f'action="{reverse("desk:find")}"' in text
    assert "Find a child" in text
