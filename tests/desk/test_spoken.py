"""Show that ages, times and what is left are said as people say them, in every language."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from amparo.desk.spoken import (
    age_in_words,
    day_in_words,
    left_in_words,
    length_in_words,
    moment_in_words,
    span_in_words,
)

NOON = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
LANGUAGES = [code for code, _ in settings.LANGUAGES]


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (-1, "edad desconocida"),
        (0, "0 meses"),
        (1, "1 mes"),
        (13, "1 año y 1 mes"),
        (24, "2 años"),
        (35, "2 años y 11 meses"),
        (36, "3 años"),
        (125, "10 años"),
    ],
)
def test_small_children_have_months(months: int, words: str) -> None:
    with translation.override("es"):
        assert age_in_words(months) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=5), "1 minuto"),
        (timedelta(minutes=59), "59 minutos"),
        (timedelta(hours=1), "1 hora"),
        (timedelta(hours=47), "47 horas"),
        (timedelta(hours=48), "2 días"),
        (timedelta(days=-3), "3 días"),
    ],
)
def test_a_span_is_said_in_its_largest_unit(span: timedelta, words: str) -> None:
    with translation.override("es"):
        assert span_in_words(span) == words


def test_lateness_and_time_left_are_told_apart() -> None:
    with translation.override("es"):
        assert left_in_words(NOON + timedelta(hours=3), at=NOON) == "quedan 3 horas"
        assert left_in_words(NOON - timedelta(hours=3), at=NOON) == "3 horas de atraso"


def test_near_days_have_names() -> None:
    with translation.override("es"):
        assert moment_in_words(NOON, at=NOON).startswith("hoy a las ")
        assert day_in_words(date(2026, 3, 1), on=date(2026, 3, 2)) == "ayer"
        assert day_in_words(date(2026, 3, 3), on=date(2026, 3, 2)) == "mañana"
        assert day_in_words(date(2026, 1, 9), on=date(2026, 3, 2)) == "9 de enero de 2026"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_a_far_day(language: str) -> None:
    with translation.override(language):
        assert "2026" in day_in_words(date(2026, 1, 9), on=date(2026, 3, 2))


@pytest.mark.parametrize(("language", "month"), [("ht", "janvye"), ("fr", "janvier"), ("pt", "janeiro")])
def test_months_are_in_the_language_of_the_page(language: str, month: str) -> None:
    with translation.override(language):
        assert month in day_in_words(date(2026, 1, 9), on=date(2026, 3, 2)).lower()


def test_a_deadline_of_months_stays_months() -> None:
    with translation.override("es"):
        assert length_in_words(3, timedelta()) == "3 meses"
        assert length_in_words(0, timedelta(hours=24)) == "24 horas"


@given(st.integers(-1, 500), st.sampled_from(LANGUAGES))
def test_every_age_is_said_in_every_language(months: int, language: str) -> None:
    with translation.override(language):
        words = age_in_words(months)

    assert words
    assert "%" not in words


@given(
    st.timedeltas(min_value=timedelta(days=-4000), max_value=timedelta(days=4000)), st.sampled_from(LANGUAGES)
)
def test_every_span_is_said_in_every_language(span: timedelta, language: str) -> None:
    with translation.override(language):
        words = left_in_words(NOON + span, at=NOON)

    assert words
    assert "%" not in words
