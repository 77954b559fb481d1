"""Show that the frame names node and reader, leads each reader home, and speaks five languages."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from amparo.access.rules import Role
from amparo.desk import errors
from amparo.node.home import PROFILES
from amparo.node.profile import read_profile
from tests.desk.people import a_browser
from tests.desk.stories import a_full_case
from tests.factories import a_case

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "code", "leads_to"),
    [
        (Role.CASEWORKER, "mx-proteccion", "/day/"),
        (Role.SUPERVISOR, "mx-proteccion", "/day/"),
        (Role.FIRST_CONTACT, "mx-albergue", "/day/"),
    ],
)
def test_home_leads_each_reader_to_her_page(role: Role, code: str, leads_to: str) -> None:
    assert a_browser(role, code).get("/").headers["Location"] == leads_to


def test_an_administrator_sees_what_is_not_for_her() -> None:
    text = a_browser(Role.ADMINISTRATOR).get("/").content.decode()

    assert "Qué no hay aquí" in text
    assert "/day/" not in text


def test_the_secretariat_sees_what_it_does_not_hold(settings: Settings) -> None:
    browser = a_browser(Role.SECRETARIAT)
    settings.HOME = replace(settings.HOME, profile=read_profile(PROFILES / "region.yaml"))

    text = browser.get("/").content.decode()

    assert "Ningún caso, nombre ni historia" in text
    assert "lista de confianza" in text


def test_a_stranger_is_asked_to_sign_in() -> None:
    for address in ("/", "/day/", reverse("desk:case", args=[a_case()])):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("account_login"))


def test_the_frame_says_who_is_signed_in_and_for_whom() -> None:
    text = a_browser().get("/day/").content.decode()

    assert "Lucía Prueba" in text
    assert "Procuraduría de Protección de la Niñez (demostración)" in text
    assert "Nodo de demostración México" in text


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_the_language_switch_works_without_script_and_comes_back(language: str) -> None:
    browser = a_browser(language="es")

    answer = browser.post(reverse("set_language"), {"language": language, "next": "/guide/"}, follow=True)

    assert answer.redirect_chain[-1][0] == "/guide/"
    assert f'<html lang="{language}"' in answer.content.decode()


def test_the_switch_leads_to_no_other_site() -> None:
    answer = a_browser().post(reverse("set_language"), {"language": "fr", "next": "https://example.org/"})

    assert not answer.headers["Location"].startswith("https://example.org")


@pytest.mark.parametrize(
    ("language", "noted"), [("es", False), ("en", False), ("fr", True), ("pt", True), ("ht", True)]
)
def test_unreviewed_translations_are_marked(language: str, noted: bool) -> None:
    text = Client(headers={"accept-language": language}).get("/guide/").content.decode()

    words = {"fr": "Traduction non relue", "pt": "Tradução não revista", "ht": "Tradiksyon ki poko revize"}
    assert (words.get(language, "Traducción sin revisar") in text) is noted


def test_spanish_is_the_language_of_whoever_asks_for_none_of_ours() -> None:
    text = Client(headers={"accept-language": "de"}).get("/guide/").content.decode()

    assert '<html lang="es"' in text


def test_there_is_no_sign_up() -> None:
    assert Client().get(reverse("account_signup")).status_code == 404
    assert "signup" not in Client().get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("page", [errors.bad_request, errors.forbidden, errors.not_found])
def test_error_pages_have_no_technical_word(page: object) -> None:
    request = RequestFactory().get("/x/")

    text = page(request, ValueError("secret detail")).content.decode()  # type: ignore[operator]

    assert "secret detail" not in text
    assert "Traceback" not in text
    assert "/x/" not in text.replace('name="next" value="/x/"', "")


def test_the_page_of_a_failure_needs_no_database(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        answer = errors.broken(RequestFactory().get("/x/"))

    assert answer.status_code == 500
    assert "Algo falló aquí" in answer.content.decode()


def test_an_empty_day_says_what_will_appear_and_how_to_begin() -> None:
    text = a_browser().get("/day/").content.decode()

    assert "Aquí verá a cada niña" in text
    assert reverse("desk:guide") in text


def test_a_day_puts_the_need_before_the_deadline() -> None:
    a_case(label="Beto")

    text = a_browser().get("/day/").content.decode()

    assert "Beto" in text
    assert "Primero dé comida" in text


def test_a_day_puts_harm_before_the_need() -> None:
    a_case(label="Beto")
    a_full_case()

    text = a_browser().get("/day/").content.decode()

    assert text.index("Ana") < text.index("Beto")
    assert "Nunca encierre" in text[text.index("Ana") : text.index("Beto")]


def test_a_filter_without_children_leads_back_to_all() -> None:
    a_case()

    text = a_browser().get("/day/?only=harm").content.decode()

    assert "No hay nadie en esta lista" in text


def test_an_unknown_filter_or_key_lists_all() -> None:
    a_case(label="Beto")

    assert "Beto" in a_browser().get("/day/?only=nonsense&after=nonsense").content.decode()
