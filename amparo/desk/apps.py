"""Register the room with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Web pages for offices."""

    name = "amparo.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
