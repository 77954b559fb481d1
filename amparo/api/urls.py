"""List the addresses that other nodes use; the version is part of the address."""

from django.urls import path

from amparo.api import audit_heads, envelopes

app_name = "api"
urlpatterns = [
    path("v1/envelopes", envelopes.envelopes, name="envelopes"),
    path("v1/audit-heads", audit_heads.audit_heads, name="audit-heads"),
    path("v1/trust-list", envelopes.trust_list, name="trust-list"),
]
