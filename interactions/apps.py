from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InteractionsConfig(AppConfig):
    name = "interactions"
    verbose_name = _("Interactions")

    def ready(self) -> None:
        from interactions.domain import configured  # noqa: PLC0415 - it needs models, which are there only now
        from partners.domain import translations  # noqa: PLC0415

        translations.SOURCES.append(configured.texts)
