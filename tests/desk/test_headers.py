"""Show that every answer carries the headers that keep a page to itself."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from amparo.access.rules import Role
from tests.desk.people import a_browser
from tests.factories import a_case

pytestmark = pytest.mark.django_db
PUBLIC = ["account_login", "desk:guide"]


@pytest.mark.parametrize("name", PUBLIC)
def test_pages_forbid_inline_script_frames_and_foreign_forms(name: str) -> None:
    answer = Client().get(reverse(name))

    policy = answer.headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    for rule in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert rule in policy
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_pages_of_signed_in_people_are_never_kept() -> None:
    browser = a_browser()

    for address in (reverse("desk:my-day"), reverse("desk:case", args=[a_case()]), reverse("desk:guide")):
        assert browser.get(address).headers["Cache-Control"] == "no-store"


def test_a_refusal_and_a_missing_page_are_never_kept() -> None:
    browser = a_browser(Role.ADMINISTRATOR)

    assert browser.get(reverse("desk:my-day")).headers["Cache-Control"] == "no-store"
    assert browser.get("/nothing/").headers["Cache-Control"] == "no-store"


def test_no_page_holds_inline_script_or_style() -> None:
    case_id = a_case()
    browser = a_browser()

    for address in (
        reverse("desk:case", args=[case_id]),
        reverse("desk:act", args=[case_id, "detain"]),
        reverse("desk:guide"),
        reverse("mfa_index"),
    ):
        text = browser.get(address).content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", text), address


def test_no_page_names_another_host() -> None:
    text = a_browser().get(reverse("desk:case", args=[a_case()])).content.decode()

    assert not re.search(r"""(src|href|action)=["'](https?:)?//""", text)
