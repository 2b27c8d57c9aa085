from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    name = "interactions"

    def ready(self) -> None:
        from interactions.domain import configured  # noqa: PLC0415 - it needs models, which are there only now
        from partners.domain import translations  # noqa: PLC0415

        translations.SOURCES.append(configured.texts)
