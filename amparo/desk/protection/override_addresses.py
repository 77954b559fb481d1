"""List the addresses of overrides; reasons never stand in one."""

from django.urls import path

from amparo.desk.protection import overrides

_ONE = "cases/<uuid:case_id>/overrides/<uuid:override_id>/"
urlpatterns = [
    path("overrides/", overrides.overrides, name="overrides"),
    path("cases/<uuid:case_id>/overrides/new/<slug:action>/", overrides.begin, name="override-new"),
    path(_ONE, overrides.override, name="override"),
    path(f"{_ONE}<slug:kind>/", overrides.step, name="override-step"),
]
