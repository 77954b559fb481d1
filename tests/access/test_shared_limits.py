"""Show that strangers leave a bounded number of traces, counted for all processes together."""

from datetime import timedelta

import pytest

from amparo.access.models import TraceLimit
from amparo.access.shared_limits import first_of
from amparo.base.clock import now

pytestmark = pytest.mark.django_db


def test_a_key_is_first_once_at_each_door(monkeypatch: pytest.MonkeyPatch) -> None:
    start = now().replace(second=0)
    monkeypatch.setattr("amparo.access.shared_limits.now", lambda: start)

    said = [first_of("door", "a"), first_of("door", "a"), first_of("door", "b"), first_of("other", "a")]
    monkeypatch.setattr("amparo.access.shared_limits.now", lambda: start + timedelta(minutes=1))

    assert said == [True, False, True, True]
    assert first_of("door", "a")


def test_a_crowd_finds_no_room_and_leaves_few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    start = now().replace(second=0)
    monkeypatch.setattr("amparo.access.shared_limits.now", lambda: start)

    crowd = [first_of("door", str(key), most=3) for key in range(10)]

    assert crowd == [True] * 3 + [False] * 7
    assert TraceLimit.objects.count() == 4


def test_who_knocked_is_not_kept_in_clear_nor_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    start = now().replace(second=0)
    monkeypatch.setattr("amparo.access.shared_limits.now", lambda: start)
    first_of("door", "192.0.2.1 ana@example.org")
    kept = list(TraceLimit.objects.values_list("key", flat=True))

    monkeypatch.setattr("amparo.access.shared_limits.now", lambda: start + timedelta(minutes=10))
    first_of("door", "z")

    assert not any("ana" in key for key in kept)
    assert TraceLimit.objects.count() == 2
