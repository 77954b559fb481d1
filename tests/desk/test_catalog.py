"""Show that no language lacks a word, and that the check would see it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, templatize

from amparo.desk import catalog
from amparo.desk.unheard import unheard_in_code, unheard_in_template


def _with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, change: tuple[str, str]) -> list[str]:
    """Copy the French catalogue, change it, and ask what is wrong with it."""
    text = catalog._po("fr").read_text(encoding="utf-8")
    assert change[0] in text
    copy = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    copy.parent.mkdir(parents=True)
    copy.write_text(text.replace(*change), encoding="utf-8")
    monkeypatch.setattr(catalog, "LOCALE", tmp_path)
    return catalog.problems_of("fr")


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_every_word_of_the_desk_is_translated(language: str) -> None:
    assert catalog.problems_of(language) == []


def test_the_catalogue_knows_every_language_of_the_node() -> None:
    assert set(catalog.LANGUAGES) == {code for code, _ in settings.LANGUAGES}


def test_check_finds_a_missing_translation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    problems = _with(monkeypatch, tmp_path, change=('msgstr "Ma journée"', 'msgstr ""'))

    assert problems == ["fr: 'My day' has no translation"]


def test_check_finds_a_doubtful_translation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    problems = _with(monkeypatch, tmp_path, change=('msgid "My day"', '#, fuzzy\nmsgid "My day"'))

    assert problems == ["fr: 'My day' is doubtful"]


def test_check_finds_a_lost_blank(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    problems = _with(monkeypatch, tmp_path, change=('msgstr "Retour à %(name)s"', 'msgstr "Retour à elle"'))

    assert problems == ["fr: 'Back to %(name)s' has lost a blank"]


def test_check_finds_words_that_no_page_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    extra = 'msgid "My day"\nmsgstr "Ma journée"\n\nmsgid "Nobody says this"\nmsgstr "Personne"\n'
    problems = _with(monkeypatch, tmp_path, change=('msgid "My day"\nmsgstr "Ma journée"\n', extra))

    assert problems == ["fr: nobody says any more: 'Nobody says this'"]


def test_extract_changes_nothing_when_nothing_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = {language: catalog._po(language).read_text(encoding="utf-8") for language in catalog.LANGUAGES}
    for language, text in before.items():
        copy = tmp_path / language / "LC_MESSAGES" / "django.po"
        copy.parent.mkdir(parents=True)
        copy.write_text(text, encoding="utf-8")
    monkeypatch.setattr(catalog, "LOCALE", tmp_path)

    catalog.extract_all()

    after = {language: catalog._po(language).read_text(encoding="utf-8") for language in catalog.LANGUAGES}
    assert after == before


def test_an_unknown_word_is_answered_with_what_to_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalog.main(["translate"]) == 2
    assert "extract, check or compile" in capsys.readouterr().err


@pytest.mark.parametrize(("language", "word"), [("es", "Mi día"), ("ht", "Jounen mwen"), ("en", "My day")])
def test_compiled_catalogues_are_read_by_the_pages(language: str, word: str) -> None:
    with translation.override(language):
        assert gettext("My day") == word


def test_extract_hears_every_word_that_the_product_says() -> None:
    assert catalog.unheard() == []


@pytest.mark.parametrize(
    "code",
    [
        "from django.utils.translation import gettext as say",
        "from django.utils.translation import pgettext",
        "from django.utils.translation import ngettext as _",
        "from django.utils.translation import gettext as ngettext",
        "from django.utils.translation import gettext\nsay = gettext",
        "from django.utils import translation\nsay = translation.gettext_lazy",
        "from django.utils import translation\nwords = translation.npgettext('a', 'b', 'c', 2)",
    ],
)
def test_check_refuses_a_name_that_extract_misses(code: str) -> None:
    assert len(list(unheard_in_code(code, known=catalog.KEYWORDS, heard=True))) >= 1


def test_check_refuses_words_where_extract_does_not_look() -> None:
    code = "from django.utils.translation import gettext as _"

    assert list(unheard_in_code(code, known=catalog.KEYWORDS, heard=False)) == [
        (1, "says words with gettext, where extract does not look")
    ]


def test_check_refuses_a_template_that_gives_words_a_context() -> None:
    code = templatize('{% load i18n %}\n{% translate "May" context "month" %}')

    assert [line for line, _ in unheard_in_template(code)] == [2]
