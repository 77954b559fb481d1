"""List the addresses of what is sealed and of files; none holds anything of a child but a random id."""

from django.urls import path

from amparo.desk.protection import attached, sealed_case, sealed_key

urlpatterns = [
    path("cases/<uuid:case_id>/sealed/", sealed_case.sealed, name="sealed"),
    path("cases/<uuid:case_id>/attachments/<uuid:attachment_id>/", attached.attachment, name="attachment"),
    path("sealed/", sealed_key.sealed_key, name="sealed-key"),
    path("sealed/passphrase/", sealed_key.sealed_passphrase, name="sealed-passphrase"),
    path("sealed/lock/", sealed_case.lock_now, name="sealed-lock"),
    path("sealed/anew/", sealed_key.sealed_anew, name="sealed-anew"),
    path("sealed/officers/<uuid:officer>/ask/", sealed_key.sealed_officer, {"act": "ask"}, name="sealed-ask"),
    path(
        "sealed/officers/<uuid:officer>/give/", sealed_key.sealed_officer, {"act": "give"}, name="sealed-give"
    ),
    path("sealed/officers/<uuid:officer>/end/", sealed_key.sealed_officer, {"act": "end"}, name="sealed-end"),
]
