"""The live process: tells open pages that something is new (`granian --interface asgi config.live.app:application`)."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from config import checks  # noqa: E402 - Django must be set up first
from config.live.lines import application  # noqa: E402

__all__ = ["application"]

checks.refuse_unsafe_start()
