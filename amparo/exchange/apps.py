"""Register the room with Django."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Sealed envelopes and transfers between nodes."""

    name = "amparo.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
