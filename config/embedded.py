"""What a machine with nothing but Python gets: a database, a broker and secrets under the data folder.

Settings and the supervisor both come here. Reading starts nothing and makes nothing; only `ensure_cluster`
makes, and only for whoever holds the data folder's lock.
"""

import os
from pathlib import Path

from config import secrets_file, sockets
from config.folders import SetUpProblem, data_folder, database_account, ensure_data_folder
from config.postgres import Cluster, address

__all__ = [
    "Cluster",
    "SetUpProblem",
    "connection_url",
    "data_folder",
    "ensure_cluster",
    "environment",
    "is_external",
    "secret_key",
]


def is_external() -> bool:
    """Whether somebody named a database, so that none is embedded."""
    return bool(os.environ.get("DATABASE_URL", "").strip() or os.environ.get("DATABASE_URL_FILE", "").strip())


def ensure_cluster(data: Path, extra: dict[str, str] | None = None, *, for_tests: bool = False) -> Cluster:
    """The cluster of a data folder, made where there is none. Not started.

    `for_tests` lets its role create databases; `extra` overrides server settings. Neither is for data that
    somebody wants to keep.
    """
    account = database_account()
    ensure_data_folder(data, account)
    password = secrets_file.ensure(data)["DATABASE_PASSWORD"]
    cluster = Cluster(data, password, account, extra or {}, may_create_databases=for_tests)
    cluster.make()
    return cluster


def connection_url(data: Path) -> str | None:
    """The address of the embedded database, running or not; None where there is none yet."""
    found = secrets_file.read(data)
    if found is None or not (data / "postgres").exists():
        return None
    return address(found["DATABASE_PASSWORD"], sockets.known(data, database_account()))


def secret_key(data: Path) -> str:
    """The generated SECRET_KEY, or an empty string where there is none yet."""
    return (secrets_file.read(data) or {}).get("SECRET_KEY", "")


def environment(data: Path) -> dict[str, str]:
    """Everything a child is handed: our own environment, and what nobody set in it.

    Needs the data folder to be there. A variable that is set, or comes from a file named by `<NAME>_FILE`,
    stays as it is.
    """
    filled = dict(os.environ) | {"ACROSS_DATA": str(data)}
    offers = {
        "SECRET_KEY": secrets_file.ensure(data)["SECRET_KEY"],
        "CELERY_BROKER_URL": "filesystem://",
        "DATABASE_URL": "" if is_external() else connection_url(data) or "",
    }
    for name, value in offers.items():
        if not filled.get(name, "").strip() and not filled.get(f"{name}_FILE", "").strip():
            filled[name] = value
    return filled
