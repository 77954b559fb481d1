"""Name the addresses of the field door; a device is given the base and adds the rest itself."""

from django.urls import path

from amparo.field import openrosa

app_name = "field"
urlpatterns = [
    path("formList", openrosa.form_list, name="form-list"),
    path("submission", openrosa.submission, name="submission"),
    path("forms/<int:pk>", openrosa.form, name="form"),
    path("forms/<int:pk>/manifest", openrosa.manifest, name="manifest"),
    path("forms/<int:pk>/files/<str:filename>", openrosa.form_file, name="file"),
]
