"""Show that what another agency proposes is told in words, and that what has no words is not shown raw."""

from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from amparo.desk.protection.offered import offered_in_words

PARTS = {
    "identity": {
        "given_names": {"value": "Ana"},
        "sex": {"value": "female"},
        "nationalities": ["HN"],
        "shoe": "36",
    },
    "facts": {
        "age_status": {"value": "child"},
        "care_since": {"value": "2026-11-20T10:00:00Z"},
        "weather": {"value": 1},
    },
    "safeguards": {"open": ["appoint-guardian", "no-such-duty"]},
    "evidence": {
        "needs-checked": {"done": True, "by_role": "first-contact-officer"},
        "nothing": {"done": True},
    },
    "hearings": {"said": [{"words": {"text": "Quiero a mi abuela."}}]},
}


@pytest.mark.parametrize(("language", "duty"), [("es", "tutor"), ("en", "guardian"), ("fr", "tuteur")])
def test_a_proposal_is_told_in_the_language_of_the_reader(language: str, duty: str) -> None:
    with override(language):
        told = str(offered_in_words(PARTS))

    assert "Ana" in told
    assert "Honduras" in told
    assert "Quiero a mi abuela." in told
    assert duty in told


def test_what_has_no_words_is_not_shown_raw() -> None:
    with override("es"):
        told = str(offered_in_words(PARTS))

    for raw in ("shoe", "36", "weather", "no-such-duty", "nothing", "age_status", "female", "2026-11-20"):
        assert raw not in told


_KEYS = st.sampled_from(
    ["said", "open", "words", "value", "done", "by_role", "siblings", "sex", "needs_now", "x"]
)
_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*PARTS, "family", "account"]), _ANY, max_size=4))
def test_whatever_a_peer_wrote_the_page_does_not_break(parts: dict[str, Any]) -> None:
    with override("es"):
        assert isinstance(offered_in_words(parts), list)
