from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Partners")

    def ready(self) -> None:
        from partners.adapter import hearing  # noqa: PLC0415 - it needs models, which are there only now
        from partners.domain import fence  # noqa: PLC0415

        hearing.begin()
        connection_created.connect(fence.guard)
