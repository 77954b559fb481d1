"""Register the room with Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The child, the case, and what must happen next."""

    name = "amparo.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make erasing known as a change that needs two people."""
        from amparo.cases.erasing import register_kind

        register_kind()
