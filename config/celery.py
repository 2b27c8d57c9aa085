"""The alarm clock: it wakes domain verbs and keeps nothing. Rows are the queue, a lost message costs a beat."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("PROCESS_WORKS_FOR", "enterprise")

app = Celery("bpim")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def refuse_unsafe_start(**kwargs: Any) -> None:  # noqa: ARG001 - Celery passes its own
    from config import checks  # noqa: PLC0415 - needs the apps, which are loaded when a worker starts

    checks.refuse_unsafe_start()
