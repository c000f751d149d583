"""The private folder of the database's socket.

A socket's path may have about a hundred bytes, and neither the server's nor the client's setting can hold every
character, so a data folder with a long or odd path gets a folder in the system's temporary one instead. Which
one is written down in the data folder, and it is used only while it is ours and closed to everyone else.
"""

import os
import re
import stat
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from config.folders import Account, SetUpProblem, account_name, become

LONGEST = 85  # bytes of the folder; the system's limit is 104 to 108 with the socket's own name
PLAIN = re.compile(r"/[\w /.+@:()~=-]*")
NOTE = "socket-folder"
SHORT = "/tmp"  # noqa: S108  for a private folder, where TMPDIR itself is too long


def known(data: Path, account: Account | None) -> Path:
    """Where the socket is, or would be. Makes nothing; a noted folder that is not private is not believed."""
    inside = data / "socket"
    if fits(inside):
        return inside
    noted = read_note(data)
    return noted if noted and is_private(noted, account) else inside


def ensure(data: Path, account: Account | None) -> Path:
    """The socket's folder, made where there is none, and checked: owner, mode, no link."""
    inside = data / "socket"
    place = prepare_inside(inside, account) if fits(inside) else known(data, account)
    if not is_private(place, account):
        place = make_temporary(data, account)
    if not is_private(place, account):
        raise SetUpProblem(f"The socket folder {place} is not private: remove it and start again.")
    return place


def fits(folder: Path) -> bool:
    """Whether a socket in this folder can be named by both sides."""
    return len(os.fsencode(folder)) <= LONGEST and PLAIN.fullmatch(str(folder)) is not None


def is_private(folder: Path, account: Account | None) -> bool:
    """A real folder of the right owner that nobody else may even enter."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    owner = account.uid if account else os.geteuid()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and stat.S_IMODE(found.st_mode) == 0o700


def prepare_inside(folder: Path, account: Account | None) -> Path:
    """The folder inside the data folder, closed and given to the account that runs the server."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise SetUpProblem(f"{folder} is not a folder: remove it and start again.")
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = folder.stat().st_uid
    if account and owner != account.uid:
        os.chown(folder, account.uid, account.gid)
    elif not account and owner != os.geteuid():
        raise SetUpProblem(f"{folder} belongs to {account_name(owner)}: remove it and start again.")
    folder.chmod(0o700)
    return folder


def make_temporary(data: Path, account: Account | None) -> Path:
    """A private folder in the system's temporary one, made by the account itself, and noted."""
    base = tempfile.gettempdir() if fits(Path(tempfile.gettempdir()) / "across-12345678") else SHORT
    command = ["mktemp", "-d", f"{base}/across-XXXXXXXX"]
    made = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **become(account))
    if made.returncode:
        raise SetUpProblem(f"No private folder can be made in {base}: give ACROSS_DATA a shorter path.")
    place = Path(made.stdout.strip())
    (data / "run" / NOTE).write_text(f"{place}\n", encoding="utf-8")
    return place


def read_note(data: Path) -> Path | None:
    try:
        return Path((data / "run" / NOTE).read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return None


def forget(data: Path) -> None:
    """Remove the temporary folder of a server that has stopped."""
    noted = read_note(data)
    if noted is None or noted.parent == data:
        return
    with suppress(OSError):
        noted.rmdir()
        (data / "run" / NOTE).unlink()


def stale_locks(data: Path) -> list[Path]:
    """The lock files a killed server left beside its socket."""
    places = [data / "socket", *([noted] if (noted := read_note(data)) else [])]
    return [place / ".s.PGSQL.5432.lock" for place in places]
