"""`python -m config.preparing FILE`: what has to be done before anything is served, in one process.

Tables, the shared cache's table, static files where they changed, content and demo; the sign-ins to print
are written into FILE. Every step may be repeated. Lines that begin with “· ” are for the terminal; a last
line that begins with “! ” says why it stopped.
"""

import hashlib
import os
import sys
import traceback
from pathlib import Path

import django
from django.core.management import call_command


def main(note: Path) -> int:
    """The exit code; everything but the sign-ins goes to stdout, for the log."""
    try:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        django.setup()
        prepare()
        with os.fdopen(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            call_command("sign_ins", stdout=file)
    except Exception as error:  # noqa: BLE001  the log gets everything, the terminal one sentence
        traceback.print_exc(file=sys.stdout)
        tell("! " + (" ".join(str(error).split()) or type(error).__name__))
        return 1
    return 0


def tell(line: str) -> None:
    """One line for the supervisor, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def prepare() -> None:
    """Every step in its order."""
    tell("· Tables")
    call_command("migrate", interactive=False, verbosity=1)
    call_command("createcachetable")
    collect_static()
    tell("· Content")
    call_command("prepare")
    call_command("reconcile")


def collect_static() -> None:
    """Collect static files, unless those collected are of the same sources."""
    from django.conf import settings  # noqa: PLC0415  needs the settings set up first

    stamp = Path(settings.STATIC_ROOT).with_name("static.stamp")
    wanted = fingerprint()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists() and stamp.exists() and stamp.read_text(errors="replace") == wanted:
        return
    tell("· Static files")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)


def fingerprint() -> str:
    """One number for all static sources: their names, sizes and times of change."""
    from django.contrib.staticfiles.finders import get_finders  # noqa: PLC0415  needs the settings

    places: list[tuple[str, int, int]] = []
    for finder in get_finders():
        for name, storage in finder.list(None):
            found = Path(storage.path(name)).stat()
            places.append((name, found.st_size, found.st_mtime_ns))
    return hashlib.sha256(repr(sorted(places)).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
