import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["PROCESS_WORKS_FOR"] = "nobody"  # each request says whose it is

application = get_wsgi_application()

from config import checks  # noqa: E402 - Django must be set up first

checks.refuse_unsafe_start()
