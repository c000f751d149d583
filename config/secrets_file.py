"""The secrets of this installation: `secrets.env` in the data folder, mode 600, made once.

They are generated, never typed, and have no default. Losing the file loses the way into the database, so
it belongs in every backup of the data folder.
"""

import os
import re
import secrets
import stat
from pathlib import Path

from config.folders import SetUpProblem

FILE = "secrets.env"
NAMES = ("SECRET_KEY", "DATABASE_PASSWORD")
VALUE = re.compile(r"[A-Za-z0-9_-]{32,}")
HEAD = "# Made by Across. Keep it private, and keep it with every backup of this folder.\n"
AWAY = "Put it back from a backup, or move the whole data folder away to begin with an empty one."


def ensure(data: Path) -> dict[str, str]:
    """The secrets, made now where there are none. Call it only while holding the data folder's lock."""
    found = read(data)
    if found is not None:
        return found
    if (data / "postgres" / "PG_VERSION").exists():
        raise SetUpProblem(f"{data / FILE} is gone, and the database's password with it: {AWAY}")
    made = {name: secrets.token_urlsafe(48) for name in NAMES}
    write(data / FILE, made)
    return made


def read(data: Path) -> dict[str, str] | None:
    """The secrets, or None where the file does not exist. A damaged or open file is a SetUpProblem."""
    path = data / FILE
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise SetUpProblem(f"{path} is not a file: move it away. {AWAY}")
        if mode & 0o077:
            raise SetUpProblem(f"{path} can be read by others: run chmod 600 '{path}' and start again.")
        return parse(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SetUpProblem(f"{path} cannot be read ({error.strerror}): start as the owner of that file.") from None


def parse(path: Path) -> dict[str, str]:
    """The NAME=value lines of a secrets file; each name we need has to be there with a whole value."""
    text = path.read_bytes().decode("ascii", errors="replace")
    lines = (line.partition("=") for line in text.splitlines() if not line.startswith("#"))
    found = {name.strip(): value.strip() for name, _, value in lines}
    damaged = [name for name in NAMES if not VALUE.fullmatch(found.get(name, ""))]
    if damaged:
        raise SetUpProblem(f"{path} is damaged (no usable {' and no usable '.join(damaged)}): {AWAY}")
    return {name: found[name] for name in NAMES}


def write(path: Path, values: dict[str, str]) -> None:
    """Write the file whole or not at all; it is private from its first moment."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(HEAD + "".join(f"{name}={value}\n" for name, value in values.items()))
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
