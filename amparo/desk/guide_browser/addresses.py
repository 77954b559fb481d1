"""List the addresses of the public Guide; each obligation, source, act and country keeps its address for good."""

from django.urls import path

from amparo.desk.guide_browser import checklist, data, pages, references, versions

urlpatterns = [
    path("", pages.obligations, name="guide"),
    path("sources/", references.sources, name="guide-sources"),
    path("sources/<slug:source_id>/", references.source, name="guide-source"),
    path("actions/", references.actions, name="guide-actions"),
    path("actions/<slug:action>/", references.action, name="guide-action"),
    path("countries/", versions.countries, name="guide-countries"),
    path("countries/<slug:code>/", versions.country, name="guide-country"),
    path("versions/", versions.versions, name="guide-versions"),
    path("versions/<str:name>/", versions.version, name="guide-version"),
    path("choices/", references.choices, name="guide-choices"),
    path("checklist/", checklist.checklist, name="guide-checklist"),
    path("data/", data.document, {"name": "index.json"}, name="guide-data"),
    path("data/<path:name>", data.document, name="guide-document"),
    path("<slug:obligation_id>/", pages.obligation, name="obligation"),
]
