"""The beat runs on the schedule alone."""

import subprocess
import sys

import config.celery
import config.clock


def test_the_beat_names_what_the_worker_knows() -> None:
    schedule = config.clock.app.conf.beat_schedule
    config.celery.app.loader.import_default_modules()

    assert schedule == config.celery.app.conf.beat_schedule
    assert {entry["task"] for entry in schedule.values()} <= set(config.celery.app.tasks)


def test_the_beat_loads_none_of_the_application() -> None:
    program = "import sys, config.clock; config.clock.app.finalize(); print('django.db' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "False"
