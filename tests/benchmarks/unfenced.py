"""The web process without its fence, to compare with: it signs in as the owner, whom no policy concerns.

Nothing but a benchmark can reach this: a process as in production refuses to start as the owner.
"""

import os

os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]
os.environ.update(DJANGO_SETTINGS_MODULE="config.settings", PROCESS_WORKS_FOR="nobody")

from django.core.wsgi import get_wsgi_application
from django.db.backends.signals import connection_created

from partners.domain import fence

application = get_wsgi_application()

connection_created.disconnect(fence.guard)  # no statement is told a side
