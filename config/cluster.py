"""The files of the embedded PostgreSQL: whose they are, and how they are made."""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

SUPERUSER = "postgres"
SYSTEM_USER = "embedded_postgres"  # PostgreSQL refuses to run as root; root lends it this account

Account = tuple[int, int]


def account_of(directory: Path) -> Account | None:
    """Whose PostgreSQL is: user and group when we are root, None for ourselves."""
    if os.geteuid():
        return None
    if (version := directory / "PG_VERSION").exists():
        return version.stat().st_uid, version.stat().st_gid
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["/usr/sbin/useradd", "--system", SYSTEM_USER], check=True)  # noqa: S603 - a fixed command
        entry = pwd.getpwnam(SYSTEM_USER)
    return entry.pw_uid, entry.pw_gid


def run_as(account: Account | None) -> dict[str, Any]:
    """Arguments of `subprocess`."""
    return {"user": account[0], "group": account[1], "extra_groups": []} if account else {}


def create(directory: Path, programs: Path, account: Account | None) -> None:
    """Made beside and renamed, so that an interrupted first run leaves no half-made cluster."""
    making = directory.with_suffix(".making")
    if account:
        _open_the_way(programs, making)
    if (directory / "PG_VERSION").exists():
        return
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    if account:
        os.chown(making, *account)
    options = ["--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"]
    command = [str(programs / "initdb"), *options, "--username", SUPERUSER, "--pgdata", str(making)]
    made = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, **run_as(account))  # noqa: S603 - the wheel's own program
    if made.returncode:
        raise SystemExit(f"PostgreSQL cannot create its files in {directory}: {made.stderr.strip()}")
    making.rename(directory)


def _open_the_way(programs: Path, files: Path) -> None:
    """Root's PostgreSQL runs under another account: let it pass through our folders and read its programs."""
    for folder in {*programs.parents, *files.parents}:
        if not folder.stat().st_mode & stat.S_IXOTH:
            folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
    if not (programs / "postgres").stat().st_mode & stat.S_IXOTH:
        for path in (programs.parent, *programs.parent.rglob("*")):
            path.chmod(path.stat().st_mode | stat.S_IROTH | (path.stat().st_mode & stat.S_IXUSR) >> 6)
