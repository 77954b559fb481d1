"""Show that the Guide is open to everybody, whole, searchable, and with its sources marked for how sure we are."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from amparo.access.rules import Role
from amparo.desk.guide_browser import addresses
from amparo.desk.guide_browser.duty import overlay_changes
from amparo.desk.guide_browser.jumping import FEWEST
from amparo.desk.guide_words import the_guide
from amparo.guide.difference_words import told
from amparo.guide.editions import Edition, editions
from tests.desk.people import a_browser

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _ in settings.LANGUAGES]
GUIDE = "/guide/"


def page(address: str, language: str = "es") -> str:
    answer = Client(headers={"accept-language": language}).get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def duty(key: str, language: str = "es", **asked: str) -> str:
    return page(reverse("desk:obligation", args=[key], query=asked), language)


def found(language: str = "es", **asked: str) -> set[str]:
    text = page(reverse("desk:guide", query=asked), language)
    main = text.partition("<main")[2].partition("<aside")[0]
    return set(re.findall(r'href="/guide/([a-z-]+)/[^"/]*"', main)) & set(the_guide().obligations)


def links_of(text: str) -> set[str]:
    return {link.partition("#")[0] for link in re.findall(r'href="(/guide/[^"]*)"', text)}


def every_page(language: str) -> Iterator[tuple[str, str]]:
    """Walk through every page of the Guide that can be reached from its first one."""
    seen, waiting = set[str](), [GUIDE]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        text = page(address, language)
        # A country chosen is carried on by every link: the first page of each is enough.
        waiting += sorted(links_of(text) - seen) if "?" not in address else []
        yield address, text


def test_the_list_names_every_obligation() -> None:
    assert found() == set(the_guide().obligations)


@pytest.mark.parametrize("language", ["es", "ht"])
def test_every_link_of_the_guide_leads_to_a_page_without_foreign_words(language: str) -> None:
    pages = dict(every_page(language))

    assert len(pages) > len(the_guide().obligations) + len(the_guide().sources) + len(
        the_guide().vocabulary.actions
    )
    for address, text in pages.items():
        assert not re.search(r"facts\.\w+ |&& |\|\| ", text), f"{address}: a condition as programs write it"
        assert ">None<" not in text, address
        if "/countries/" in address:
            continue  # what a State has written stands in the languages it wrote
        foreign = set(re.findall(r'<span lang="(\w\w)">', text)) - {language, "en"}
        assert foreign == set(), address


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_guide_open_in_every_language(language: str) -> None:
    for address in (
        GUIDE,
        reverse("desk:guide-checklist"),
        reverse("desk:obligation", args=["no-detention"]),
    ):
        assert f'<html lang="{language}"' in page(address, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_nobody_has_reviewed_say_so_on_every_page(language: str) -> None:
    text = duty("no-detention", language)

    assert 'class="unreviewed"' in text


def test_no_duty_hides_behind_an_address_of_another_page() -> None:
    taken = {str(one.pattern).partition("/")[0] for one in addresses.urlpatterns}

    assert set(the_guide().obligations).isdisjoint(taken)
    assert {"sources", "actions", "countries", "versions", "checklist"} <= taken


def test_the_list_is_narrowed_by_stage_bearer_and_act() -> None:
    guide = the_guide()

    assert found(stage="status") == {one.id for one in guide.obligations.values() if one.stage == "status"}
    assert found(who="consulate") == {
        one.id for one in guide.obligations.values() if "consulate" in one.duty_bearer
    }
    assert found(act="detain") == {
        one.id for one in guide.obligations.values() if "detain" in one.blocks and one.severity == "hard"
    }
    assert found(act="no-such-act") == set()


# ---- one duty ----------------------------------------------------------------------------------


def test_sources_are_marked_verified_related_or_to_be_confirmed() -> None:
    text = duty("no-detention")

    verified, unsure = text.index("Verificadas"), text.index("no fundan ninguna negativa")
    assert verified < text.index("párr. 143") < unsure
    assert unsure < text.index("párrs. 144-160")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "Convención sobre los Derechos del Niño, 1989</a>, art. 37(b)"),
        ("en", "UN Convention on the Rights of the Child, 1989</a>, art. 37(b)"),
        ("ht", "Konvansyon sou Dwa Timoun, 1989</a>, atik 37(b)"),
    ],
)
def test_sources_are_named_in_the_language_of_the_reader(language: str, said: str) -> None:
    assert said in duty("no-detention", language)


def test_a_place_that_the_guide_has_only_in_english_is_marked_as_english() -> None:
    assert '<span lang="en">BID Report</span>' in duty("bid-when-required")


def test_a_duty_says_in_words_what_holds_an_act_back() -> None:
    text = duty("return-preconditions")

    assert (
        "Resultado de la evaluación de riesgo: cualquier respuesta excepto «No se encontró peligro»" in text
    )
    assert reverse("desk:guide-action", args=["return-child"]) in text


def test_an_act_that_waits_for_all_that_is_asked_says_so_without_a_second_list() -> None:
    text = duty("non-refoulement", "en")

    assert text.count("Until everything is done that this duty asks") == len(
        the_guide().obligations["non-refoulement"].blocks
    )
    assert "Until this is done" not in text
    assert "Until this is done" in page(reverse("desk:guide-action", args=["hand-over"]), "en")


def test_a_duty_without_a_verified_source_says_that_it_is_ours() -> None:
    assert "No verified source states this duty directly" in duty("data-firewall", "en")
    assert "No verified source states this duty directly" not in duty("no-detention", "en")


def test_a_country_names_its_bodies_and_the_region_names_none() -> None:
    assert "Procuraduría de Protección" in duty("appoint-guardian", country="MX")
    assert "Procuraduría de Protección" not in duty("appoint-guardian", country="region")


def test_the_country_chosen_is_carried_on_by_every_link() -> None:
    links = links_of(duty("no-detention", country="region").partition("<main")[2])

    plain = {link for link in links if "/countries/" not in link and "country=" not in link}
    assert plain == set()


def test_a_country_without_rules_of_its_own_is_not_found() -> None:
    assert Client().get(GUIDE, {"country": "XX"}).status_code == 404


# ---- long pages --------------------------------------------------------------------------------

LONG = [
    reverse("desk:guide-version", args=["0.2.0-draft"]),
    reverse("desk:guide-action", args=["hand-over"]),
    reverse("desk:guide-action", args=["return-child"]),
    reverse("desk:guide-sources"),
    reverse("desk:obligation", args=["return-preconditions"]),
]


@pytest.mark.parametrize("address", LONG)
def test_a_long_page_lists_its_parts_in_order_and_each_leads_to_its_heading(address: str) -> None:
    text = page(address, "en")
    listed = text.partition('aria-label="On this page"')[2].partition("</nav>")[0]
    leads = re.findall(r'<a class="govuk-link" href="#([^"]+)">(.*?)</a>', listed)
    headings = re.findall(r'<h[23] class="[^"]+" id="([^"]+)">(?:<a [^>]+>)?(.*?)(?:</a>)?</h[23]>', text)

    assert len(leads) >= FEWEST
    assert leads == headings
    assert len(set(re.findall(r' id="([^"]+)"', text))) == len(re.findall(r' id="([^"]+)"', text))


def test_a_short_page_has_no_list_of_its_parts() -> None:
    assert "On this page" not in page(reverse("desk:guide-action", args=["detain"]), "en")


# ---- sources, acts, countries, versions --------------------------------------------------------


def test_a_source_says_where_it_is_cited_and_how_surely() -> None:
    text = page(reverse("desk:guide-source", args=["jgc4-23"]))

    assert reverse("desk:obligation", args=["meet-immediate-needs"]) in text
    assert text.index("mark--done") < text.index("mark--doubt")


def test_an_act_names_every_duty_that_stands_against_it() -> None:
    guide = the_guide()
    text = page(reverse("desk:guide-action", args=["return-child"]), "en")

    against = [
        one.id
        for one in guide.obligations.values()
        if "return-child" in one.blocks and one.severity == "hard"
    ]
    assert all(reverse("desk:obligation", args=[key]) in text for key in against)
    assert "No exception of any kind lifts this" in text
    assert "Nobody can allow this before" not in text


@pytest.mark.parametrize("action", ["place", "send-record", "return-child"])
def test_a_duty_without_a_verified_norm_is_marked_on_the_page_of_an_act_and_no_other_is(action: str) -> None:
    text = page(reverse("desk:guide-action", args=[action]), "en")

    against = [
        one for one in the_guide().obligations.values() if action in one.blocks and one.severity == "hard"
    ]
    marked = {
        key
        for part in text.split('<section class="part">')[1:]
        if "Source to be confirmed" in part
        for key in re.findall(r'href="/guide/([a-z-]+)/"', part.partition("</h2>")[0])
    }
    assert marked == {
        one.id for one in against if not any(each.verified and each.fit == "direct" for each in one.sources)
    }


def test_an_act_that_is_never_possible_says_so_first() -> None:
    text = page(reverse("desk:guide-action", args=["detain"]), "en")

    assert "Nothing that is done and nobody's order makes this possible" in text


@pytest.mark.parametrize("one", [each for each in editions() if each.country], ids=lambda each: each.name)
def test_a_country_says_who_does_what_and_what_is_not_verified(one: Edition) -> None:
    text = page(reverse("desk:guide-country", args=[one.name]), "en")

    assert "Not verified yet" in text
    assert "Who does what" in text


def test_a_country_lists_what_its_file_leaves_open_and_whether_anybody_is_on_call() -> None:
    text = page(reverse("desk:guide-country", args=["HN"]), "en")

    overlay = next(each.overlay for each in editions() if each.name == "HN")
    assert overlay is not None
    assert all(said["en"] in text for said in overlay["unverified"])
    assert "Nobody is named yet" in text


def test_versions_tell_in_words_what_changed_since_the_first() -> None:
    listed = page(reverse("desk:guide-versions"))
    text = page(reverse("desk:guide-version", args=["0.2.0-draft"]))

    assert reverse("desk:guide-version", args=["0.2.0-draft"]) in listed
    assert "Trato de víctima" in text
    assert "más protector" in text


def test_the_version_of_now_has_its_own_address_what_changed_and_its_countries() -> None:
    now, before = editions()[0], next(each for each in editions() if each.frozen)
    address = reverse("desk:guide-version", args=[now.version])
    listed, text = page(reverse("desk:guide-versions"), "en"), page(address, "en")

    assert f'href="{address}"' in listed
    assert f"What changed since {before.version}" in text
    assert "protects more" in text
    assert all(reverse("desk:guide-country", args=[each.name]) in text for each in editions() if each.country)
    assert f"Version {now.version}, for the whole region." in text


@pytest.mark.parametrize("language", ["en", "ht"])
def test_every_change_since_the_version_before_stands_on_its_page_also_what_is_folded(language: str) -> None:
    before = next(each for each in editions() if each.frozen)
    text = page(reverse("desk:guide-version", args=[before.name]), language)

    changes = overlay_changes(before.name)
    missing = [said for change in changes if (said := told(change, language)) not in text]
    assert len(changes) > 20
    assert missing == []


@pytest.mark.parametrize("name", ["guide-country", "guide-version"])
def test_the_pages_of_a_country_say_and_carry_on_that_country_at_their_foot(name: str) -> None:
    foot = page(reverse(f"desk:{name}", args=["GT"])).partition("guide-foot")[2]

    assert "+ GT" in foot
    assert "Guatemala" in foot
    assert "?country=GT" in foot
    assert "MX" not in foot


def test_what_we_keep_of_a_source_in_english_is_marked_and_said_to_be_english() -> None:
    spanish, english = duty("no-detention", "es"), duty("no-detention", "en")

    assert re.search(r'<span class="quiet"><span lang="en">[^<]+</span> \(en inglés\)', spanish)
    assert "(in English)" not in english


def test_whoever_is_signed_in_finds_the_way_to_try_a_file() -> None:
    signed_in = a_browser(Role.FIRST_CONTACT)
    way = f'href="{reverse("desk:try-file")}"'

    for address in (reverse("desk:guide"), reverse("desk:guide-countries")):
        assert way in signed_in.get(address).content.decode().partition("<main")[2]
        assert way not in page(address)


def test_choices_of_ours_are_listed_with_the_duties_that_lack_a_source() -> None:
    text = page(reverse("desk:guide-choices"))
    english = page(reverse("desk:guide-choices"), "en")

    for said in the_guide().vocabulary.design_choices:
        assert the_guide().texts["es"]["choice", said].text in text
        assert said in english
    assert reverse("desk:obligation", args=["data-firewall"]) in text
    assert reverse("desk:obligation", args=["no-detention"]) not in text


@pytest.mark.parametrize(
    "address",
    [
        "/guide/no-such-duty/",
        "/guide/sources/none/",
        "/guide/actions/none/",
        "/guide/countries/XX/",
        "/guide/versions/9.9/",
    ],
)
def test_what_the_guide_does_not_hold_is_said_in_words(address: str) -> None:
    answer = Client(headers={"accept-language": "en"}).get(address)

    assert answer.status_code == 404
    assert "Not in the Guide" in answer.content.decode()


# ---- the checklist -----------------------------------------------------------------------------


def test_the_checklist_begins_with_needs_and_the_call_to_child_protection() -> None:
    text = page(reverse("desk:guide-checklist"))
    order = re.findall(r"<code>([a-z-]+)</code>", text)

    assert order[:2] == ["meet-immediate-needs", "child-protection-notified-first"]
    assert set(order) <= {
        one.id for one in the_guide().obligations.values() if "first-contact-officer" in one.duty_bearer
    }
    assert len(order) == len(set(order)) >= 15


def test_the_checklist_says_what_is_never_allowed_apart_from_what_must_wait() -> None:
    text = page(reverse("desk:guide-checklist"), "en")
    never, wait = text.index("Never, whoever orders it"), text.index("Not yet: child protection decides")

    assert never < text.index("Lock the child up for a migration reason") < wait
    assert wait < text.index("Return, deport or repatriate the child")


def test_the_checklist_names_the_bodies_of_the_country_and_leaves_lines_for_the_rest() -> None:
    mexico, region = (
        page(reverse("desk:guide-checklist", query={"country": each})) for each in ("MX", "region")
    )

    assert "<strong>Procuraduría de Protección</strong>" in mexico
    assert "Procuraduría" not in region
    assert region.count('class="blank"') == mexico.count('class="blank"') >= 6


def test_what_a_duty_counts_is_said_in_the_language_of_the_reader() -> None:
    assert "grupos de hermanas y hermanos acogidos juntos" in duty("sibling-unity", "es")
    assert "sibling groups placed together" in duty("sibling-unity", "en")
