"""Register the room with Django."""

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Custody facts from the migration side, clearances of return from the protection side."""

    name = "amparo.custody"
    label = "custody"
    default_auto_field = "django.db.models.BigAutoField"
