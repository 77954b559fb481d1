"""Show that the pages of overrides offer what can be lifted, to whom it is open, and keep what is owed in sight."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amparo.access.actor import acting_as
from amparo.access.models import AuditEntry
from amparo.access.rules import Actor, Role
from amparo.base.clock import now
from amparo.base.ids import uuid7
from amparo.cases import overriding
from amparo.cases.models import Entry, EntryKind, Override, OverrideStep
from tests.cases.overrides import OTHER_REASONS, REASONS, SIBLINGS, SIGNS, WITH_FATHER
from tests.desk.people import a_browser
from tests.factories import ANA, a_case, an_actor

pytestmark = pytest.mark.django_db
TWO = "Two people can decide this together"
FIRST = "Somebody must act now to avert danger"
NEEDS_MET = {**ANA, "needs_now": [], "health_needs": "none"}


def _browser(role: Role = Role.CASEWORKER, code: str = "mx-proteccion") -> Client:
    return a_browser(role, code, language="en")


def _when() -> str:
    return timezone.localtime(now()).strftime("%Y-%m-%dT%H:%M")


def _main(answer: object) -> str:
    text = answer.content.decode()  # type: ignore[attr-defined]
    return str(text.split("<main")[1].split("</main>")[0])


def _refused(case_id: UUID, action: str, browser: Client | None = None) -> str:
    form = {"form_id": str(uuid4()), "when": _when()}
    answer = (browser or _browser()).post(reverse("desk:act", args=[case_id, action]), form)
    assert answer.status_code == 403
    return _main(answer)


def _new(case_id: UUID, action: str) -> str:
    return reverse("desk:override-new", args=[case_id, action])


def proposed_override(case_id: UUID, by: Actor | None = None) -> UUID:
    worker, override_id = by or an_actor(), uuid7()
    with acting_as(worker):
        overriding.propose_override(
            case_id=case_id, action="separate-siblings", reasons=REASONS, by=worker, override_id=override_id
        )
    return override_id


def parted_child(case_id: UUID, hours: float = 1) -> UUID:
    worker, override_id = an_actor(), uuid7()
    with acting_as(worker):
        overriding.act_in_emergency(
            case_id=case_id,
            action="separate-from-family",
            signs=SIGNS,
            reasons=REASONS,
            by=worker,
            at=now() - timedelta(hours=hours),
            override_id=override_id,
        )
    return override_id


def _acts(case_id: UUID) -> int:
    with acting_as(an_actor()):
        return Entry.objects.filter(case_id=case_id, kind=EntryKind.ACTION).count()


# ---- the refusal page ----------------------------------------------------------------------------


def test_the_refusal_offers_two_people_where_they_could_lift_everything() -> None:
    case_id = a_case(SIBLINGS)

    text = _refused(case_id, "separate-siblings")

    assert TWO in text
    assert _new(case_id, "separate-siblings") in text


def test_the_refusal_offers_an_emergency_to_child_protection() -> None:
    case_id = a_case(WITH_FATHER)

    assert _new(case_id, "separate-from-family") in _refused(case_id, "separate-from-family")


def test_a_supervisor_is_told_that_child_protection_acts_first() -> None:
    case_id = a_case(WITH_FATHER)

    text = _refused(case_id, "separate-from-family", _browser(Role.SUPERVISOR))

    assert _new(case_id, "separate-from-family") not in text
    assert "only they may act first" in text


def test_where_one_duty_cannot_be_lifted_no_override_is_offered_and_the_duty_is_named() -> None:
    case_id = a_case()

    text = _refused(case_id, "interview")

    assert _new(case_id, "interview") not in text
    assert "Nobody can lift this" in text


@pytest.mark.parametrize("action", ["return-child", "refuse-entry", "detain", "issue-bid"])
def test_what_is_never_lifted_is_never_offered(action: str) -> None:
    case_id = a_case()

    text = _refused(case_id, action)

    assert "overrides/new" not in text
    assert "Nobody can allow this" in text or "No signature lifts this" in text


def test_the_refusal_says_who_can_provide_which_and_the_telephone_of_the_authority() -> None:
    text = _refused(a_case(), "place")
    who = text.split("Who can provide it</dt>")[1].split("</dd>")[0]

    assert "tel:+525500000001" in who
    assert who.count("<strong>") == who.count('<span class="quiet">')


def test_the_first_contact_is_not_offered_what_two_people_decide() -> None:
    case_id = a_case(SIBLINGS)

    text = _refused(case_id, "separate-siblings", _browser(Role.FIRST_CONTACT, "mx-albergue"))

    assert "overrides/new" not in text
    assert "Two people could decide this together" in text


def test_the_list_of_acts_offers_the_same_and_nothing_more() -> None:
    case_id = a_case(SIBLINGS)

    text = _main(_browser().get(reverse("desk:acts", args=[case_id])))

    offered = re.findall(r"overrides/new/([a-z-]+)/", text)
    assert offered == ["separate-siblings", "close-case"], (
        "parting her from a family she has not got is no offer"
    )


def test_the_page_says_what_is_lifted_what_is_not_and_what_is_owed() -> None:
    text = _main(_browser().get(_new(a_case(WITH_FATHER), "separate-from-family")))

    for duty in ("family-unity", "bid-when-required", "reasoned-decision", "effective-remedy"):
        assert reverse("desk:obligation", args=[duty]) in text
    assert "Nothing else is lifted." in text
    assert "Within 24 hours a second person of child protection confirms" in text


def test_reasons_are_asked_for_at_their_field_and_nothing_is_lost() -> None:
    case_id = a_case(WITH_FATHER)
    form = {"form_id": str(uuid4()), "when": _when(), "signs": SIGNS, "reasons": "urgente"}

    text = _main(_browser().post(_new(case_id, "separate-from-family"), form))

    assert 'href="#id_reasons"' in text
    assert SIGNS in text
    assert _acts(case_id) == 0


def test_it_is_looked_at_twice_before_it_is_signed() -> None:
    case_id, browser = a_case(WITH_FATHER), _browser()
    form = {"form_id": str(uuid4()), "when": _when(), "signs": SIGNS, "reasons": REASONS}

    first = _main(browser.post(_new(case_id, "separate-from-family"), form))
    between = _acts(case_id)
    again = _main(browser.post(_new(case_id, "separate-from-family"), form | {"again": "yes"}))
    answer = browser.post(_new(case_id, "separate-from-family"), form | {"sure": "yes"})
    browser.post(_new(case_id, "separate-from-family"), form | {"sure": "yes"})

    assert "This can harm the child." in first
    assert SIGNS in first
    assert between == 0
    assert f">{REASONS}</textarea>" in re.sub(r">\s+", ">", again)
    assert answer.status_code == 302
    assert _acts(case_id) == 1


def test_reasons_never_stand_in_an_address() -> None:
    case_id = a_case(SIBLINGS)
    form = {"form_id": str(uuid4()), "reasons": REASONS, "sure": "yes"}

    answer = _browser().post(_new(case_id, "separate-siblings"), form)

    assert "hospital" not in answer["Location"]


@pytest.mark.parametrize("action", ["return-child", "interview", "contact-consulate"])
def test_a_page_for_what_cannot_be_lifted_asks_for_nothing(action: str) -> None:
    text = _main(_browser().get(_new(a_case(), action)))

    assert "<textarea" not in text
    assert "This cannot be decided here." in text


@pytest.mark.parametrize("action", ["return-child", "detain", "interview"])
def test_a_form_forged_for_what_cannot_be_lifted_is_refused(action: str) -> None:
    case_id = a_case()
    form = {"form_id": str(uuid4()), "when": _when(), "signs": SIGNS, "reasons": REASONS, "sure": "yes"}

    answer = _browser().post(_new(case_id, action), form)

    assert answer.status_code == 403
    assert _acts(case_id) == 0
    assert AuditEntry.objects.filter(event="case.act-refused", allowed=False).exists()


def test_administrators_reach_no_page_of_overrides() -> None:
    case_id = a_case(SIBLINGS)
    override_id, browser = proposed_override(case_id), _browser(Role.ADMINISTRATOR)

    addresses = [
        _new(case_id, "separate-siblings"),
        reverse("desk:overrides"),
        reverse("desk:override", args=[case_id, override_id]),
        reverse("desk:override-step", args=[case_id, override_id, "seconded"]),
    ]

    assert [browser.get(one).status_code for one in addresses] == [403] * 4
    assert [browser.post(one, {"sure": "yes"}).status_code for one in addresses] == [403] * 4


def test_an_unknown_act_or_step_is_not_there() -> None:
    case_id = a_case(SIBLINGS)
    override_id, browser = proposed_override(case_id), _browser()

    assert browser.get(_new(case_id, "kidnap")).status_code == 404
    assert browser.get(reverse("desk:override-step", args=[case_id, override_id, "x"])).status_code == 404
    assert browser.get(reverse("desk:override", args=[case_id, uuid4()])).status_code == 404


# ---- the second person ---------------------------------------------------------------------------


def test_my_day_and_the_case_lead_the_second_person_to_the_proposal() -> None:
    case_id = a_case(SIBLINGS)
    override_id, browser = proposed_override(case_id), _browser()

    day = _main(browser.get(reverse("desk:my-day")))
    listed = _main(browser.get(reverse("desk:overrides")))
    case = _main(browser.get(reverse("desk:case", args=[case_id])))

    assert "1 decision although barred waits for somebody" in day
    assert "You can sign 1 of them." in day
    for page in (listed, case):
        assert reverse("desk:override", args=[case_id, override_id]) in page


def test_the_second_person_reads_the_reasons_and_signs_after_a_second_look() -> None:
    case_id = a_case(SIBLINGS)
    override_id, browser = proposed_override(case_id), _browser()
    address = reverse("desk:override-step", args=[case_id, override_id, "seconded"])
    form = {"form_id": str(uuid4()), "reasons": OTHER_REASONS}

    asked = _main(browser.get(address))
    looked = _main(browser.post(address, form))
    between = _acts(case_id)
    browser.post(address, form | {"sure": "yes"})

    assert REASONS in asked
    assert "With your signature it is done now." in looked
    assert (between, _acts(case_id)) == (0, 1)


def test_whoever_proposed_is_not_asked_to_sign_again_and_is_refused_in_four_lines() -> None:
    case_id, browser = a_case(SIBLINGS), _browser()
    form = {"form_id": str(uuid4()), "reasons": REASONS, "sure": "yes"}
    browser.post(_new(case_id, "separate-siblings"), form)
    with acting_as(an_actor()):
        override_id = Override.objects.get().pk
    address = reverse("desk:override-step", args=[case_id, override_id, "seconded"])

    asked = browser.get(address)
    page = _main(browser.get(reverse("desk:override", args=[case_id, override_id])))
    answer = browser.post(address, form | {"form_id": str(uuid4())})

    assert asked.status_code == 302
    assert "Take the proposal back" in page
    assert "sign as the second person" not in page
    assert answer.status_code == 403
    assert "The signature of a second, different person." in _main(answer)
    assert AuditEntry.objects.filter(event="override.refused", allowed=False).count() == 1


def test_a_supervisor_who_signed_second_is_told_that_another_reviews() -> None:
    case_id = a_case(SIBLINGS)
    override_id, chief = proposed_override(case_id), _browser(Role.SUPERVISOR)
    address = reverse("desk:override-step", args=[case_id, override_id, "seconded"])
    chief.post(address, {"form_id": str(uuid4()), "reasons": OTHER_REASONS, "sure": "yes"})

    hers = _main(chief.get(reverse("desk:override", args=[case_id, override_id])))
    others = _main(_browser(Role.SUPERVISOR).get(reverse("desk:override", args=[case_id, override_id])))

    assert "/reviewed/" not in hers
    assert "/reviewed/" in others


def test_what_is_owed_stays_in_sight_until_it_is_done() -> None:
    case_id, browser = a_case(WITH_FATHER), _browser()
    override_id = parted_child(case_id)
    page = reverse("desk:case", args=[case_id])

    before = _main(browser.get(page))
    told = {"form_id": str(uuid4()), "when": _when(), "told_to": "guardian", "how": "telephone"}
    address = reverse("desk:override-step", args=[case_id, override_id, "guardian-told"])
    unsaid = _main(browser.post(address, told | {"told_to": ""}))
    browser.post(address, told)
    after = _main(browser.get(page))

    assert "Tell the guardian" in before
    assert "Say who was told." in unsaid
    assert "Tell the guardian" not in after
    assert "A supervisor who did not sign reviews it" in after


def test_without_a_guardian_the_page_says_whom_to_tell() -> None:
    case_id = a_case(WITH_FATHER | {"guardian_state": "none"})

    text = _main(_browser().get(reverse("desk:override", args=[case_id, parted_child(case_id)])))

    assert "No guardian is known." in text


def test_an_unconfirmed_parting_stands_on_top_as_a_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = a_case(WITH_FATHER, label="Beto")
    override_id, later = parted_child(case_id), now() + timedelta(hours=25)
    monkeypatch.setattr("amparo.cases.override_queries.now", lambda: later)

    day = _main(_browser(Role.SUPERVISOR).get(reverse("desk:my-day")))
    page = _main(_browser().get(reverse("desk:override", args=[case_id, override_id])))

    assert day.index("the child goes back") < day.index('class="day')
    assert "Beto" in day.split("</ul></div>")[0] + day
    assert "/child-back/" in page
    assert "/confirmed/" not in page


def test_a_supervisor_reviews_and_what_was_not_justified_stays_marked() -> None:
    case_id, chief = a_case(WITH_FATHER), _browser(Role.SUPERVISOR)
    override_id = parted_child(case_id)
    address = reverse("desk:override-step", args=[case_id, override_id, "reviewed"])

    empty = _main(chief.post(address, {"form_id": str(uuid4())}))
    chief.post(address, {"form_id": str(uuid4()), "outcome": "not-justified", "reasons": OTHER_REASONS})
    case = _main(chief.get(reverse("desk:case", args=[case_id])))

    assert "Say whether it was justified." in empty
    assert "Not justified" in case
    with acting_as(an_actor()):
        assert OverrideStep.objects.get(override=override_id, kind="reviewed").value == {"justified": False}


def test_an_empty_list_says_what_will_appear() -> None:
    assert "Nothing waits here." in _main(_browser().get(reverse("desk:overrides")))


def test_every_link_of_an_override_opens_for_whom_it_is_shown() -> None:
    case_id = a_case(WITH_FATHER)
    override_id = parted_child(case_id)
    for browser in (_browser(), _browser(Role.SUPERVISOR)):
        text = _main(browser.get(reverse("desk:override", args=[case_id, override_id])))

        links = set(re.findall(rf'href="(/cases/{case_id}/[^"]+)"', text))

        assert len(links) > 3
        assert {link: browser.get(link).status_code for link in links} == dict.fromkeys(links, 200)


@pytest.mark.parametrize("language", ["es", "fr", "pt", "ht"])
def test_the_pages_open_in_every_language(language: str) -> None:
    case_id = a_case(WITH_FATHER)
    browser, override_id = a_browser(language=language), parted_child(case_id)

    for address in (
        reverse("desk:overrides"),
        reverse("desk:override", args=[case_id, override_id]),
        reverse("desk:override-step", args=[case_id, override_id, "guardian-told"]),
    ):
        assert browser.get(address).status_code == 200
