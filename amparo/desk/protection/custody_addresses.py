"""List the addresses of custody history and of clearing a return."""

from django.urls import path

from amparo.desk.protection import clearances, custody

urlpatterns = [
    path("cases/<uuid:case_id>/custody/", custody.custody, name="custody"),
    path("cases/<uuid:case_id>/clearance/", clearances.propose, name="clearance-new"),
    path(
        "cases/<uuid:case_id>/clearance/<uuid:clearance_id>/<slug:kind>/",
        clearances.step,
        name="clearance-step",
    ),
]
