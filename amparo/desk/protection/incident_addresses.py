"""List the addresses of incidents and of what a new Guide changed."""

from django.urls import path

from amparo.desk.protection import incidents

urlpatterns = [
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/<uuid:incident_id>/", incidents.incident, name="incident"),
    path("guide-changes/", incidents.guide_changes, name="guide-changes"),
]
