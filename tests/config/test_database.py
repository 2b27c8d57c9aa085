"""The tests' own ground: they work as the application's role, on a database of their own."""

import subprocess
import sys
import threading

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from tests import database


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
def test_a_marked_test_is_rolled_back(turn: int) -> None:
    assert not ContentType.objects.filter(app_label="nowhere").exists()
    ContentType.objects.create(app_label="nowhere", model="nothing")


@pytest.mark.parametrize("turn", [1, 2])
def test_a_committed_test_is_seen_by_threads_and_leaves_nothing(turn: int, committed_db: dict[str, str]) -> None:
    seen = []

    def look() -> None:
        seen.append(ContentType.objects.filter(app_label="nowhere").count())
        connection.close()

    look()
    ContentType.objects.create(app_label="nowhere", model="nothing")
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()

    assert seen == [0, 1]


def test_a_subprocess_works_on_the_same_database(committed_db: dict[str, str]) -> None:
    ContentType.objects.create(app_label="nowhere", model="nothing")
    look = (
        "from django.contrib.contenttypes.models import *; print(ContentType.objects.filter(model='nothing').count())"
    )

    printed = subprocess.check_output(
        [sys.executable, "manage.py", "shell", "-v0", "-c", look], env=committed_db, text=True
    )

    assert printed.strip() == "1"


@pytest.mark.django_db
def test_every_process_has_a_database_of_its_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), session_user")
        assert cursor.fetchone() == (database.NAME, "bpim_app")
