"""List the addresses of the migration authority's server: sign-in, language, its own desk. No page of protection.

What is not here does not exist for this server, whoever asks; the database would not answer it either.
Decision: 0017.
"""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from amparo.desk import errors

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("amparo.desk.migration.addresses")),
    path("account/", include("amparo.desk.account_urls")),
    path("language/", set_language, name="set_language"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
