"""List the addresses of the desk; no address holds anything of a child but a random id."""

from django.urls import include, path

from amparo.desk import home
from amparo.desk.people import keys
from amparo.desk.protection import (
    acts,
    attest,
    case_page,
    facts,
    find,
    found,
    handover,
    my_day,
    readers,
    words,
)

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("guide/", include("amparo.desk.guide_browser.addresses")),
    path("day/", my_day.my_day, name="my-day"),
    path("", include("amparo.desk.protection.incident_addresses")),
    path("", include("amparo.desk.protection.tie_addresses")),
    path("find/", find.find, name="find"),
    path("forms/conflicts/", my_day.conflicts, name="conflicts"),
    path("cases/<uuid:case_id>/", case_page.case, name="case"),
    path("cases/<uuid:case_id>/done/<slug:obligation_id>/", attest.attest, name="attest"),
    path("cases/<uuid:case_id>/withdraw/<slug:evidence>/", attest.withdraw, name="withdraw"),
    path("cases/<uuid:case_id>/facts/", facts.facts, name="facts"),
    path("cases/<uuid:case_id>/facts/<slug:name>/", facts.fact, name="fact"),
    path("cases/<uuid:case_id>/acts/", acts.acts, name="acts"),
    path("cases/<uuid:case_id>/acts/<slug:action>/", acts.act, name="act"),
    path("", include("amparo.desk.protection.override_addresses")),
    path("", include("amparo.desk.protection.sealed_addresses")),
    path("", include("amparo.desk.protection.reading_addresses")),
    path("", include("amparo.desk.protection.erasing_addresses")),
    path("cases/<uuid:case_id>/found/", found.found, name="found"),
    path("cases/<uuid:case_id>/readers/", readers.readers, name="readers"),
    path("cases/<uuid:case_id>/words/", words.words, name="words"),
    path("cases/<uuid:case_id>/hand-over/", handover.hand_over, name="hand-over"),
    path("transfers/", handover.transfers, name="transfers"),
    path("transfers/<uuid:transfer_id>/", handover.transfer, name="transfer"),
    path("transfers/<uuid:transfer_id>/<slug:move>/", handover.move_transfer, name="transfer-move"),
    path("", include("amparo.desk.protection.custody_addresses")),
    path("", include("amparo.desk.secretariat.addresses")),
    path("", include("amparo.desk.people.addresses")),
    # The migration authority's server holds no key.
    path("keys/", keys.keys, name="keys"),
    path("keys/<slug:kind>/", keys.propose, name="keys-propose"),
]
