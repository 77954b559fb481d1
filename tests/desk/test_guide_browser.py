"""Show that the Guide is open to everybody, with its sources marked for how sure we are."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from amparo.desk.guide_words import the_guide

pytestmark = pytest.mark.django_db


def test_the_list_names_every_obligation() -> None:
    text = Client().get(reverse("desk:guide")).content.decode()

    for key in the_guide().obligations:
        assert reverse("desk:obligation", args=[key]) in text


def test_every_obligation_has_a_page() -> None:
    for key in the_guide().obligations:
        answer = Client().get(reverse("desk:obligation", args=[key]))
        assert answer.status_code == 200, key


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_pages_of_the_guide_open_in_every_language(language: str) -> None:
    answer = Client(headers={"accept-language": language}).get(
        reverse("desk:obligation", args=["no-detention"])
    )

    assert f'<html lang="{language}"' in answer.content.decode()


def test_sources_are_marked_verified_related_or_to_be_confirmed() -> None:
    text = Client().get(reverse("desk:obligation", args=["no-detention"])).content.decode()

    verified, unsure = text.index("Verificadas"), text.index("no fundan ninguna negativa")
    assert verified < text.index("párr. 143") < unsure
    assert unsure < text.index("párrs. 144-160")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "Convención sobre los Derechos del Niño, 1989, art. 37(b)"),
        ("en", "UN Convention on the Rights of the Child, 1989, art. 37(b)"),
        ("ht", "Konvansyon sou Dwa Timoun, 1989, atik 37(b)"),
    ],
)
def test_sources_are_named_in_the_language_of_the_reader(language: str, said: str) -> None:
    answer = Client(headers={"accept-language": language}).get(
        reverse("desk:obligation", args=["no-detention"])
    )

    assert said in answer.content.decode()


def test_a_place_that_the_guide_has_only_in_english_is_marked_as_english() -> None:
    text = Client().get(reverse("desk:obligation", args=["bid-when-required"])).content.decode()

    assert '<span lang="en">BID Report</span>' in text


def test_an_unknown_obligation_is_a_missing_page() -> None:
    assert Client().get(reverse("desk:obligation", args=["no-such-duty"])).status_code == 404
