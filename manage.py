#!/usr/bin/env python
"""Every command of the product. Without DATABASE_URL and BROKER_URL it brings its own PostgreSQL and Valkey."""

import contextlib
import os
import signal
import sys
from pathlib import Path

SERVERLESS = {"help", "version", "--version", "--help", "makemessages", "compilemessages", "startapp", "diffsettings"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("PROCESS_WORKS_FOR", "enterprise")
    import django
    from django.core.management import execute_from_command_line

    from config import loading

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    given = {name for name in ("DATABASE_URL", "BROKER_URL") if os.environ.get(name)}
    if len(given) == 1:
        sys.exit("DATABASE_URL and BROKER_URL go together: set both to use your own servers, or neither.")
    with contextlib.ExitStack() as servers:
        if not given and command not in SERVERLESS:
            from config import embedded, processes

            signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped, as after Ctrl-C

            var_dir = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent / "var")
            try:
                os.environ.update(servers.enter_context(embedded.running(var_dir)))
            except processes.ServerDidNotStart as error:
                sys.exit(str(error))
            os.environ["VAR_DIR"] = str(var_dir.resolve())
            os.environ.setdefault("DEBUG", "true")
            os.environ.setdefault("DEVELOPMENT", "true")
            os.environ.setdefault("DEMO_CODE", "000000")
        with contextlib.suppress(KeyboardInterrupt):
            with loading.undisturbed():
                django.setup()
            execute_from_command_line(sys.argv)
            return
        sys.exit(130)


if __name__ == "__main__":
    main()
