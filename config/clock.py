"""The beat: it names tasks at their times, which takes the schedule and nothing else of the application."""

from celery import Celery

app = Celery("bpim", fixups=[])  # without Celery's own start of Django, which is 65 MB that would do nothing here
app.config_from_object("config.settings", namespace="CELERY")
