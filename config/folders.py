"""Where the data lives, who may reach it, and the one kind of "no" that set-up gives.

Nothing here imports Django: it runs before there are settings. Nothing outside the data folder is ever
given another mode or owner, and no account is made.
"""

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CLONE = Path(__file__).resolve().parent.parent
SYSTEM_FOLDERS = (Path("/var/lib"), Path("/srv"), Path("/var/tmp"))  # noqa: S108  what is found there is checked for its owner
UNPRIVILEGED = ("postgres", "nobody")
INSIDE = ("run", "log", "tmp", "broker")


class SetUpProblem(Exception):
    """One sentence for the person at the terminal: what is wrong and what to do about it."""


@dataclass(frozen=True)
class Account:
    """An existing account of this machine that is not root."""

    name: str
    uid: int
    gid: int


def database_account() -> Account | None:
    """Who PostgreSQL runs as where we are root, which it refuses to be; None where it runs as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, found.pw_uid, found.pw_gid)
    raise SetUpProblem(
        "PostgreSQL does not run as root, and this machine has neither an account “postgres” nor “nobody”: "
        "start Across as an ordinary user, or name a database in DATABASE_URL."
    )


def become(account: Account | None) -> dict[str, Any]:
    """The arguments of `subprocess` that make a child run as `account`; none where it runs as ourselves."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def account_name(uid: int) -> str:
    """The name of a user id, or the number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"number {uid}"


def allows(path: Path, account: Account, wanted: int) -> bool:
    """Whether the mode of `path` gives `account` the `wanted` bits (4 read, 2 write, 1 enter or run)."""
    found = path.stat()
    if found.st_uid == account.uid:
        granted = found.st_mode >> 6
    elif found.st_gid == account.gid:
        granted = found.st_mode >> 3
    else:
        granted = found.st_mode
    return granted & wanted == wanted


def closed_parent(path: Path, account: Account | None) -> Path | None:
    """The first existing folder above `path` that `account` may not enter, or None."""
    if account is None:
        return None
    for parent in reversed(path.absolute().parents):
        if os.path.exists(parent) and not allows(parent, account, 1):
            return parent
    return None


def data_folder(clone: Path = CLONE) -> Path:
    """ACROSS_DATA; else `var` in the clone; else, for root in a closed place, a system folder. Makes nothing."""
    if named := os.environ.get("ACROSS_DATA", "").strip():
        return Path(os.path.abspath(named))
    inside = clone / "var"
    try:
        account = database_account()
    except SetUpProblem:
        return inside
    return system_folder(clone) if closed_parent(inside, account) else inside


def system_folder(clone: Path) -> Path:
    """A data folder outside the clone, the same one each time for the same clone."""
    name = "across-" + hashlib.sha256(os.fsencode(clone)).hexdigest()[:12]
    usable = [base for base in SYSTEM_FOLDERS if base.is_dir() and os.access(base, os.W_OK | os.X_OK)]
    existing = [base / name for base in usable if (base / name).exists()]
    return (existing or [base / name for base in usable] or [clone / "var"])[0]


def ensure_data_folder(data: Path, account: Account | None) -> None:
    """Make the data folder and what belongs inside, private to us; `account` may pass through, not look."""
    refuse_foreign(data)
    make_folder(data, 0o700)
    if closed := closed_parent(data, account):
        raise SetUpProblem(
            f"The account “{account.name if account else ''}”, which runs PostgreSQL, cannot reach {data} because "
            f"{closed} is closed to it: set ACROSS_DATA to a folder it can reach, such as /var/lib/across."
        )
    if account and not allows(data, account, 1):
        data.chmod(stat.S_IMODE(data.stat().st_mode) | 0o011)
    for name in INSIDE:
        make_folder(data / name, 0o700)
        (data / name).chmod(0o700)


def refuse_foreign(data: Path) -> None:
    """A home folder, the root folder and somebody else's folder are not data folders."""
    homes = {Path(entry.pw_dir) for entry in pwd.getpwall() if entry.pw_dir != "/nonexistent"}
    if data in homes or data == Path("/"):
        raise SetUpProblem(f"{data} is not a folder for Across alone: set ACROSS_DATA to a folder of its own.")
    in_shared_place = os.path.isdir(data.parent) and data.parent.stat().st_mode & stat.S_ISVTX
    for sign in (data / "secrets.env", *([data] if in_shared_place else [])):
        owner = sign.stat().st_uid if os.path.exists(sign) else os.geteuid()
        if owner != os.geteuid():
            name = account_name(owner)
            raise SetUpProblem(
                f"{data} belongs to {name}: start Across as {name}, or set ACROSS_DATA to another folder."
            )


def make_folder(path: Path, mode: int) -> None:
    """Make one folder, with its parents; an existing one has to be a folder we may write to."""
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
    except FileExistsError:
        raise SetUpProblem(f"{path} is a file where a folder belongs: move it away and start again.") from None
    except NotADirectoryError:
        raise SetUpProblem(f"A file stands where a folder belongs on the way to {path}: move it away.") from None
    except OSError as error:
        raise SetUpProblem(f"{path} cannot be made ({error.strerror}): {remedy(path)}") from None
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise SetUpProblem(f"{path} cannot be written to: {remedy(path)}")


def remedy(path: Path) -> str:
    """What to do about a folder that is closed to us."""
    nearest = next(parent for parent in (path, *path.parents) if os.path.lexists(parent))
    try:
        owner = account_name(nearest.lstat().st_uid)
    except OSError:
        owner = "somebody else"
    return f"give yourself write access to {nearest} (it belongs to {owner}), or set ACROSS_DATA to another folder."
