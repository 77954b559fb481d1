"""Show that people find the duties of the Guide by their own words, in their own language, without wild guesses."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from amparo.desk.guide_words import the_guide
from tests.desk.test_guide_browser import found, page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["intérprete", "interprete", "INTÉRPRETE", "pariente intérprete"])
def test_search_forgives_accents_capitals_and_order(query: str) -> None:
    assert "interpreter" in found(q=query)


def test_search_forgives_a_slip_of_the_pen_and_says_what_it_did() -> None:
    text = page(reverse("desk:guide", query={"q": "interprte"}))

    assert reverse("desk:obligation", args=["interpreter"]) in text
    assert "«interprete»" in text


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("Opinión Consultiva OC-21/14", "no-detention"),
        ("palabras propias", "hear-the-child"),
        ("no-penalty-for-movement", "no-penalty-for-movement"),
    ],
)
def test_search_reads_sources_evidence_acts_and_ids(query: str, key: str) -> None:
    assert key in found(q=query)


def test_search_speaks_the_language_of_the_reader() -> None:
    assert "interpreter" in found("fr", q="interprete")
    assert "interpreter" in found("ht", q="entèprèt")


def first_found(language: str, query: str) -> str:
    text = page(reverse("desk:guide", query={"q": query}), language)
    main = text.partition('role="status"')[2].partition("<aside")[0]
    return next(
        (key for key in re.findall(r'href="/guide/([a-z-]+)/"', main) if key in the_guide().obligations), ""
    )


@pytest.mark.parametrize(
    ("language", "query", "first"),
    [
        ("es", "abogado", "legal-aid"),
        ("es", "abogada", "legal-aid"),
        ("es", "huella", "confidentiality"),
        ("es", "violación", "trafficking-gbv-referral"),
        ("es", "refugio", "placement-conditions"),
        ("es", "cárcel", "no-detention"),
        ("es", "centro de detención", "no-detention"),
        ("es", "37", "no-detention"),
        ("es", "deportar", "non-refoulement"),
        ("es", "hermanos", "sibling-unity"),
        ("es", "multas", "no-penalty-for-movement"),
        ("en", "lawyer", "legal-aid"),
        ("en", "jail", "no-detention"),
        ("en", "shelter", "placement-conditions"),
        ("fr", "avocat", "legal-aid"),
        ("fr", "médecin", "health-and-recovery"),
        ("pt", "advogada", "legal-aid"),
        ("pt", "escola", "education-access"),
        ("ht", "avoka", "legal-aid"),
        ("ht", "kadejak", "trafficking-gbv-referral"),
    ],
)
def test_search_knows_everyday_words_and_articles_without_guessing(
    language: str, query: str, first: str
) -> None:
    text = page(reverse("desk:guide", query={"q": query}), language)

    assert first_found(language, query) == first
    assert not re.search("[«“]", text.partition('role="status"')[2].partition("</p>")[0])


def test_a_search_that_finds_nothing_says_what_to_try() -> None:
    text = page(reverse("desk:guide", query={"q": "xyzzy"}))

    assert found(q="xyzzy") == set()
    assert 'role="status"' in text
    assert 'value="xyzzy"' in text


def test_what_was_searched_for_is_never_taken_as_html() -> None:
    answer = Client().get(reverse("desk:guide", query={"q": '"><script>alert(1)</script>'}))

    assert b"<script>alert" not in answer.content


def test_a_country_in_small_letters_leads_to_its_rules() -> None:
    answer = Client().get("/guide/countries/mx/", follow=True)

    assert answer.redirect_chain == [("/guide/countries/MX/", 302)]
    assert answer.status_code == 200
