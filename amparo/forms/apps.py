"""Register the room with Django."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Instruments, devices, and what came in."""

    name = "amparo.forms"
    label = "forms"
    default_auto_field = "django.db.models.BigAutoField"
