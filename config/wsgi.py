import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config import loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["PROCESS_WORKS_FOR"] = "nobody"  # each request says whose it is

with loading.undisturbed():
    application = get_wsgi_application()
    from config import checks  # Django must be set up first

    checks.refuse_unsafe_start()
    import_module(settings.ROOT_URLCONF)  # else the first request would wait for it
