"""The alarm clock: it wakes domain verbs and keeps nothing. Rows are the queue, a lost message costs a beat."""

import os
from typing import Any

import django
from celery import Celery
from celery.signals import celeryd_init, worker_init

from config import loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("PROCESS_WORKS_FOR", "enterprise")

app = Celery("bpim")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
def load(**kwargs: Any) -> None:  # noqa: ARG001 - Celery passes its own
    with loading.undisturbed():
        django.setup()


@worker_init.connect
def refuse_unsafe_start(**kwargs: Any) -> None:  # noqa: ARG001 - Celery passes its own
    from config import checks  # noqa: PLC0415 - needs the apps, which are loaded when a worker starts

    checks.refuse_unsafe_start()
