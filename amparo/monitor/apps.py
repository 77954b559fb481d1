"""Register the room with Django."""

from django.apps import AppConfig


class MonitorConfig(AppConfig):
    """Adoption by States, proposals and comments."""

    name = "amparo.monitor"
    label = "monitor"
    default_auto_field = "django.db.models.BigAutoField"
