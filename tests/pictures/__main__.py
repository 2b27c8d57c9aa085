"""`make pictures`: every page as a picture, to be looked at: three widths, light and dark, empty, normal and full.

    python -m tests.pictures                                      everything, into var/pictures
    python -m tests.pictures --only portal --width 390 --theme dark
    python -m tests.pictures --only console-interactions:queue    one page
    python -m tests.pictures --keep FOLDER                        keep the installation there, and use it again

The product runs as in a journey (web, worker, mail) on the demo world, in a folder of its own. At the end it says which
pages scroll sideways, and which no picture shows.
"""

import argparse
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks import installation

OUTPUT = Path(__file__).resolve().parents[2] / "var" / "pictures"
WIDTHS = (1440, 1280, 390)
THEMES = ("light", "dark")


def main() -> None:
    arguments = read_arguments()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's own loop runs in this thread
    with ExitStack() as stack:
        folder = arguments.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bpim-pictures-")))
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        stack.enter_context(installation.running(folder))
        from django.core.management import call_command

        call_command("seed", verbosity=0)
        from tests.journeys import system
        from tests.pictures import corners, gates, sights, studio

        product = stack.enter_context(system.running(dict(os.environ), folder))
        seen = [sight for album in (sights, gates, corners) for sight in album.all_of(arguments.only)]
        faults = studio.photograph(seen, product.url, arguments.output, arguments.width, arguments.theme)
        print("\n".join(faults) or "nothing scrolls sideways, and every page answered")
        if not arguments.only:
            print("no picture of:", ", ".join(sorted(sights.missing(seen))) or "none")


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make pictures", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", default="", help="the beginning of a page's name, such as portal")
    parser.add_argument("--width", type=int, nargs="+", default=WIDTHS)
    parser.add_argument("--theme", nargs="+", choices=THEMES, default=THEMES)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--keep", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
