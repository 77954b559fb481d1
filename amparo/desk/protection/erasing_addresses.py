"""List the addresses of erasing and holding records; none holds anything of a child but a random id."""

from django.urls import path

from amparo.desk.protection import erasing

urlpatterns = [
    path("erasing/", erasing.listed, name="erasures"),
    path("erasing/<uuid:change_id>/", erasing.one, name="erasure"),
    path("erasing/<uuid:change_id>/erase/", erasing.settle, name="erasure-settle"),
    path("cases/<uuid:case_id>/erase/", erasing.erase, name="erase"),
    path("cases/<uuid:case_id>/hold/", erasing.hold, name="hold"),
    path("cases/<uuid:case_id>/hold/<uuid:hold_id>/end/", erasing.hold_end, name="hold-end"),
]
