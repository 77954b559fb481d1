"""List the addresses of the protection side: the desk, accounts, language; field and API add theirs.

The migration authority has a server of its own: `migration_urls`. Decision: 0017.
"""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from amparo.desk import errors

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("amparo.desk.urls")),
    path("account/", include("amparo.desk.account_urls")),
    path("language/", set_language, name="set_language"),
    path("openrosa/", include("amparo.field.urls")),
    path("api/", include("amparo.api.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
