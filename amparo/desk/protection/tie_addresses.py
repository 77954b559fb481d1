"""List the addresses on who may reach a case; reasons never stand in one."""

from django.urls import path

from amparo.desk.protection import ties

urlpatterns = [
    path("my-children/", ties.mine, name="my-cases"),
    path("cases/<uuid:case_id>/reach/", ties.ties, name="ties"),
    path("cases/<uuid:case_id>/reach/<uuid:tie_id>/end/", ties.end_tie, name="tie-end"),
    path("cases/<uuid:case_id>/kept-back/", ties.marks, name="marks"),
    path("cases/<uuid:case_id>/kept-back/<uuid:mark_id>/end/", ties.end_mark, name="mark-end"),
]
