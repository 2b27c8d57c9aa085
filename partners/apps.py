from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"

    def ready(self) -> None:
        from partners.adapter import hearing  # noqa: PLC0415 - it needs models, which are there only now

        hearing.begin()
