"""The live process: tells open pages that something is new (`granian --interface asgi config.live.app:application`)."""

import os

import django

from config import loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
with loading.undisturbed():
    django.setup()

from config import checks
from config.live.lines import application

__all__ = ["application"]

checks.refuse_unsafe_start()
