"""Sign in with a ministry: who is let in, who binds an identity, and when the node asks for its own second step."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from pytest_django.fixtures import Settings

from amparo.access.actions import close_account
from amparo.access.actor import acting_as
from amparo.access.ministry_links import bind_identity
from amparo.access.models import AuditEntry, MinistryLink, Person
from amparo.access.people_changes import propose_renewal
from amparo.access.rules import NotAllowed, Role
from amparo.base.clock import now
from tests.access.conftest import Join
from tests.access.ministries import SUBJECT, Claims, Provider
from tests.access.ministry_people import (
    BACK,
    DOOR,
    NOBODYS,
    a_browser,
    codes,
    comes_back,
    somebody_bound,
    who,
)
from tests.access.people import a_supervisor, acting, an_administrator, confirm
from tests.desk.people import PASSWORD, a_person

pytestmark = pytest.mark.django_db


# The happy road


def test_an_identity_that_its_holder_bound_signs_her_in(join: Join, provider: Provider) -> None:
    person = somebody_bound(join(provider.issuer))
    client = a_browser()

    page = client.get("/account/login/").content.decode()
    answer = comes_back(provider, client)

    assert "Sign in with Ministry of the Interior" in page
    assert (answer.status_code, who(client)) == (302, str(person.pk))
    assert AuditEntry.objects.filter(event="ministry.vouched", actor=person.pk).count() == 1
    assert client.get("/day/").status_code == 200


def test_what_leaves_for_the_provider_is_fresh_each_time_and_says_nothing_of_her(
    join: Join, provider: Provider
) -> None:
    join(provider.issuer)
    first, second = (a_browser().get(DOOR).headers["Location"] for _ in range(2))

    assert first.startswith(f"{provider.issuer}/authorize?")
    for name in ("state", "nonce", "code_challenge"):
        assert f"{name}=" in first
        assert _value(first, name) != _value(second, name)
    assert (_value(first, "code_challenge_method"), _value(first, "scope")) == ("S256", "openid")
    assert "verifier" not in first


def _value(address: str, name: str) -> str:
    return address.split(f"{name}=")[1].split("&")[0]


def test_she_binds_her_identity_in_her_own_sign_in_and_ends_it_there(join: Join, provider: Provider) -> None:
    join(provider.issuer)
    person, client = a_person(), a_browser()
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.post(reverse("account_ministry_change", args=["gobernacion", "bind"])).content.decode()
    address = page.split('href="' + provider.issuer)[1].split('"')[0].replace("&amp;", "&")

    done = client.get(BACK, provider.approve(provider.issuer + address), follow=True).content.decode()
    other = a_browser()
    comes_back(provider, other)
    client.post(reverse("account_ministry_change", args=["gobernacion", "end"]))
    after = comes_back(provider, a_browser())

    assert "Connected." in done
    assert who(other) == str(person.pk)
    assert NOBODYS in after.content.decode()
    events = AuditEntry.objects.filter(subject=f"person:{person.pk}", event__startswith="ministry.")
    assert sorted(events.values_list("event", flat=True)) == [
        "ministry.bound", "ministry.unbound", "ministry.vouched",
    ]  # fmt: skip


def test_binding_asks_again_who_she_is(join: Join, provider: Provider) -> None:
    join(provider.issuer)
    client = a_browser()
    client.force_login(a_person())

    answer = client.post(reverse("account_ministry_change", args=["gobernacion", "bind"]))

    assert reverse("account_reauthenticate") in answer.headers["Location"]
    assert provider.asked == []


# The second step


@pytest.fixture
def real(settings: Settings) -> None:
    """A node with real people, where nobody is let in without a second step."""
    settings.DEMONSTRATION = False


def _with_app(person: Person) -> Person:
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"}
    )
    return person


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"acr": "gold"},
        {"acr": "silver", "auth_time": 0},
        {"acr": "gold", "auth_time": 1_000_000_000},
        {"amr": "otp", "auth_time": 0},
        {"amr": ["pwd"], "auth_time": 0},
    ],
)
def test_where_the_ministry_does_not_vouch_for_a_second_step_the_node_asks_for_its_own(
    claims: Claims, real: None, join: Join, provider: Provider
) -> None:
    _with_app(somebody_bound(join(provider.issuer, acr=("gold",), amr=("otp",))))
    client = a_browser()

    answer = comes_back(provider, client, **_dated(claims))

    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert who(client) == ""


def _dated(claims: Claims) -> Claims:
    """Put today's moment where a claim says 0."""
    return {name: int(now().timestamp()) if value == 0 else value for name, value in claims.items()}


@pytest.mark.parametrize("claims", [{"acr": "gold", "auth_time": 0}, {"amr": ["pwd", "otp"], "auth_time": 0}])
def test_a_second_step_that_the_profile_accepts_is_enough(
    claims: Claims, real: None, join: Join, provider: Provider
) -> None:
    person = _with_app(somebody_bound(join(provider.issuer, acr=("gold",), amr=("otp",))))
    client = a_browser()

    comes_back(provider, client, **_dated(claims))

    assert who(client) == str(person.pk)


def test_without_words_agreed_in_the_profile_no_claim_spares_the_second_step(
    real: None, join: Join, provider: Provider
) -> None:
    _with_app(somebody_bound(join(provider.issuer)))
    client = a_browser()

    comes_back(provider, client, **_dated({"acr": "gold", "amr": ["mfa"], "auth_time": 0}))

    assert who(client) == ""


def test_a_password_after_a_vouched_attempt_still_needs_the_second_step(
    real: None, join: Join, provider: Provider
) -> None:
    person, client = _with_app(somebody_bound(join(provider.issuer, acr=("gold",)))), a_browser()
    comes_back(provider, client, **_dated({"acr": "gold", "auth_time": 0}))
    client.post(reverse("account_logout"))

    answer = client.post("/account/login/", {"login": person.email, "password": PASSWORD})

    assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert who(client) == ""


# Who is let in


def test_no_account_is_found_by_its_email_and_none_is_made(join: Join, provider: Provider) -> None:
    join(provider.issuer)
    person, before = a_person(), Person.objects.count()
    client = a_browser()

    answer = comes_back(
        provider, client, sub=person.email, email=person.email, email_verified=True, name=person.name
    )

    assert NOBODYS in answer.content.decode()
    assert (answer.status_code, who(client), Person.objects.count() - before) == (403, "", 0)
    assert person.email not in answer.content.decode()


def _closed(person: Person) -> None:
    close_account(email=person.email)


def _renewed(person: Person) -> None:
    with acting(an_administrator()) as actor:
        change = propose_renewal(person=person.pk, by=actor)
    confirm(change, a_supervisor())


def _inactive(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)


@pytest.mark.parametrize("ended", [_closed, _renewed, _inactive])
def test_a_closed_or_renewed_account_stays_shut_and_says_no_more_than_one_that_never_was(
    ended: Callable[[Person], None], join: Join, provider: Provider
) -> None:
    person = somebody_bound(join(provider.issuer))
    never = comes_back(provider, a_browser(), sub="nobody").content

    ended(person)
    client = a_browser()
    answer = comes_back(provider, client)

    assert (answer.status_code, who(client)) == (403, "")
    assert _without_token(answer.content) == _without_token(never)


def _without_token(page: bytes) -> bytes:
    """Return a page without the signs against forged forms, which are new on each."""
    return re.sub(rb'value="[A-Za-z0-9]{64}"', b"", page)


def test_a_ministry_vouches_for_its_own_agencies_only(
    join: Join, provider: Provider, settings: Settings
) -> None:
    ministry = join(provider.issuer)
    guardian = a_person(Role.GUARDIAN, "mx-tutoria")
    with acting_as(guardian.as_actor()), pytest.raises(NotAllowed):
        bind_identity(ministry=ministry, subject=SUBJECT, by=guardian.as_actor())
    somebody_bound(ministry)
    elsewhere = replace(ministry, agencies=("mx-albergue",))
    settings.HOME = replace(settings.HOME, profile=replace(settings.HOME.profile, ministries=(elsewhere,)))
    client = a_browser()

    answer = comes_back(provider, client)

    assert (NOBODYS in answer.content.decode(), who(client)) == (True, "")


def test_an_identity_signs_in_one_account_and_nobody_takes_it_over(join: Join, provider: Provider) -> None:
    ministry = join(provider.issuer)
    somebody_bound(ministry)
    thief, client = a_person(), a_browser()
    client.force_login(thief)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.post(reverse("account_ministry_change", args=["gobernacion", "bind"])).content.decode()
    address = page.split('href="' + provider.issuer)[1].split('"')[0].replace("&amp;", "&")

    answer = client.get(BACK, provider.approve(provider.issuer + address))

    assert "cannot be connected" in answer.content.decode()
    assert not MinistryLink.objects.filter(person=thief).exists()


def test_what_began_in_one_account_is_not_bound_to_another(join: Join, provider: Provider) -> None:
    join(provider.issuer)
    client, other = a_browser(), a_person()
    client.force_login(a_person())
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.post(reverse("account_ministry_change", args=["gobernacion", "bind"])).content.decode()
    address = page.split('href="' + provider.issuer)[1].split('"')[0].replace("&amp;", "&")
    session = client.session
    session["ministry_attempt"] |= {"person": str(other.pk)}
    session.save()

    client.get(BACK, provider.approve(provider.issuer + address))

    assert not MinistryLink.objects.exists()
    assert codes() == ["other-person"]


def test_the_database_tells_nobodys_number_at_the_ministry(join: Join, provider: Provider) -> None:
    somebody_bound(join(provider.issuer), "CURP-000101")

    assert "CURP" not in str(list(MinistryLink.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_each_side_of_the_node_signs_in_its_own_people_only(
    join: Join, provider: Provider, migration_login: Callable[[], AbstractContextManager[None]]
) -> None:
    ours = join(provider.issuer)
    theirs = join(provider.issuer, id="migracion", agencies=("mx-migracion",), side="migration")
    somebody_bound(ours, "ours")
    with migration_login():
        officer = somebody_bound(theirs, "theirs", role=Role.MIGRATION_OFFICER, code="mx-migracion")
        shut = a_browser().get(DOOR).status_code
        client = a_browser()
        sent = client.get("/account/ministry/migracion/").headers["Location"]
        client.get("/account/ministry/migracion/back/", provider.approve(sent, sub="theirs"))
        seen = [row.person_id for row in MinistryLink.objects.all()]
        signed_in = who(client)

    here = a_browser()
    answer = comes_back(provider, here, sub="theirs")

    assert (shut, seen, signed_in) == (404, [officer.pk], str(officer.pk))
    assert (NOBODYS in answer.content.decode(), who(here)) == (True, "")
    assert a_browser().get("/account/ministry/migracion/").status_code == 404
