"""List the pages of the migration authority: the gate, the Guide, its own people. None of the protection desk."""

from django.urls import include, path

from amparo.desk.migration import custody, gate, home

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("guide/", include("amparo.desk.guide_browser.addresses")),
    path("gate/", gate.gate, name="gate"),
    path("gate/<slug:kind>/", custody.custody, name="gate-custody"),
    path("", include("amparo.desk.people.addresses")),
]
