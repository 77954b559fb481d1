"""Register the room with Django."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """People, roles, purposes, the firewall, the audit trail."""

    name = "amparo.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear who signs in, and make the changes known that need two people."""
        from amparo.access import key_changes
        from amparo.access.people_changes import register_kinds
        from amparo.access.signing_in import listen

        listen()
        register_kinds()
        key_changes.register_kinds()
