"""Puts uv into .venv with what a bare Python brings: pip where ensurepip is there, else the wheel that uv.lock names.

Debian ships Python without pip and, unless python3-venv is installed, without ensurepip.
"""

import hashlib
import io
import platform
import subprocess
import sys
import tomllib
import urllib.request
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
INTERPRETER = ENVIRONMENT / "bin" / "python"


def main() -> None:
    if not INTERPRETER.exists():
        venv.create(ENVIRONMENT, with_pip=False, symlinks=True)
    locked = next(
        package for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"] if package["name"] == "uv"
    )
    if not install_with_pip(locked["version"]):
        unpack(download(locked["wheels"]))


def install_with_pip(version: str) -> bool:
    commands = (["ensurepip", "--default-pip"], ["pip", "install", "--quiet", f"uv=={version}"])
    return all(
        subprocess.run([INTERPRETER, "-m", *command], capture_output=True, check=False).returncode == 0
        for command in commands
    )


def download(wheels: list[dict[str, str]]) -> bytes:
    """The wheel for this machine, checked against the digest in the lock."""
    library = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    wheel = next((each for each in wheels if library in each["url"] and platform.machine() in each["url"]), None)
    if wheel is None:
        sys.exit(f"There is no uv for {platform.platform()} in uv.lock; install uv yourself and run make again.")
    try:
        with urllib.request.urlopen(wheel["url"], timeout=60) as answer:
            content = bytes(answer.read())
    except OSError as error:
        sys.exit(
            f"uv cannot be downloaded ({error}); install uv yourself, or: apt-get install python3-venv ca-certificates"
        )
    if f"sha256:{hashlib.sha256(content).hexdigest()}" != wheel["hash"]:
        sys.exit(f"What {wheel['url']} delivers is not what uv.lock expects.")
    return content


def unpack(wheel: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".data/scripts/uv"))
        program = ENVIRONMENT / "bin" / "uv"
        program.write_bytes(archive.read(name))
        program.chmod(0o755)


if __name__ == "__main__":
    main()
