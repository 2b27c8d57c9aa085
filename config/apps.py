from django.apps import AppConfig


class WiringConfig(AppConfig):
    """The top layer: settings, the map of URLs, the commands that run the whole."""

    name = "config"
    label = "config"
    verbose_name = "Wiring"

    def ready(self) -> None:
        from config import celery, checks  # noqa: F401, PLC0415 - registered by being imported, once the apps are there
