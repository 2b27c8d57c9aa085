import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["PROCESS_WORKS_FOR"] = "nobody"  # each request says whose it is

application = get_wsgi_application()

from config import checks  # noqa: E402 - Django must be set up first

checks.refuse_unsafe_start()

# What was loaded by now stays for as long as the process: let no request wait while the collector walks through it.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
