"""Put the clock back and forward under what lasts for a time: nothing lasts longer than it may."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from amparo.access.sealed_rules import IDLE, is_idle
from amparo.base.clock import now
from tests.desk.people import a_person

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@given(st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400)))
def test_an_open_key_is_never_open_further_from_its_last_use_than_the_idle_time(gap: timedelta) -> None:
    open_now = not is_idle(AT - gap, at=AT)

    assert open_now == (-IDLE < gap < IDLE)


def _browser(signed_in_at: datetime) -> Client:
    client = Client()
    client.force_login(a_person())
    session = client.session
    session["signed_in_at"] = signed_in_at.isoformat()
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("since", "stays"),
    [
        (timedelta(hours=-11), True),
        (timedelta(hours=-12), False),
        # The clock of a server may differ from that of another by some minutes.
        (timedelta(minutes=9), True),
        # It was put back since she signed in: how long ago that was is not known, so she signs in again.
        (timedelta(hours=1), False),
        (timedelta(days=300), False),
    ],
)
def test_a_sign_in_that_lies_in_the_future_is_over(since: timedelta, stays: bool) -> None:
    client = _browser(now() + since)

    answer = client.get("/day/")

    assert (answer.status_code == 200) is stays
