"""The embedded database: who gets in, who does not, and what a damaged data folder is told."""

import os
import pwd
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import environ
import psycopg
import pytest

from config import embedded, leftovers, secrets_file, sockets
from config.binaries import INSTALLATION, PACKAGE, copy_installation
from config.embedded import Cluster, SetUpProblem
from config.folders import CLONE, closed_parent, data_folder, database_account
from config.server import server_pid

pytestmark = [pytest.mark.setup, pytest.mark.enable_socket]
ROOT = os.geteuid() == 0
QUICK = {"fsync": "off"}


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder whose name has a space and an ñ, which the database's account can reach."""
    folder = Path(tempfile.mkdtemp(prefix="across ñ "))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def nobody_named_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "ACROSS_DATA", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """One running cluster with the settings it has in use."""
    folder = Path(tempfile.mkdtemp(prefix="across ñ "))
    folder.chmod(0o711)
    running = embedded.ensure_cluster(folder / "var")
    running.start()
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


def connect(url: str, **changes: str) -> psycopg.Connection:
    """A connection by an address as django-environ reads it."""
    parsed = environ.Env.db_url_config(url)
    wanted = {"dbname": parsed["NAME"], "user": parsed["USER"], "password": parsed["PASSWORD"], **parsed["OPTIONS"]}
    return psycopg.connect(**(wanted | changes), autocommit=True)


def one(cluster: Cluster, query: str) -> tuple:
    with connect(cluster.url) as connection:
        return connection.execute(query).fetchone() or ()


def owner_of_database() -> int:
    account = database_account()
    return account.uid if account else os.geteuid()


# --- where the data is --------------------------------------------------------------------------------


def test_the_data_folder_is_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.chdir(place)
    monkeypatch.setenv("ACROSS_DATA", "here")

    assert data_folder() == place / "here"


def test_the_data_folder_is_var_in_an_open_clone(place: Path) -> None:
    assert data_folder(place) == place / "var"


def test_in_a_closed_clone_root_gets_a_system_folder_and_others_their_own(place: Path) -> None:
    place.chmod(0o700)

    chosen = data_folder(place / "clone")

    expected = r"/var/lib/across-[0-9a-f]{12}" if ROOT else re.escape(str(place / "clone" / "var"))
    assert re.fullmatch(expected, str(chosen))
    assert data_folder(place / "clone") == chosen


def test_another_closed_clone_gets_another_system_folder(place: Path) -> None:
    place.chmod(0o700)

    assert data_folder(place / "one") != data_folder(place / "two")


def test_a_home_folder_is_no_data_folder() -> None:
    home = Path(pwd.getpwuid(os.geteuid()).pw_dir)

    with pytest.raises(SetUpProblem, match="not a folder for Across alone"):
        embedded.ensure_cluster(home)


@pytest.mark.skipif(not ROOT, reason="an ordinary user's database runs as that user")
def test_where_the_package_is_closed_to_the_account_its_programs_are_copied_into_the_data_folder(place: Path) -> None:
    account = database_account()
    closed = place / "closed" / PACKAGE
    (closed / INSTALLATION / "bin").mkdir(parents=True)
    (closed / INSTALLATION / "bin" / "postgres").write_text("program")
    (closed.parent).chmod(0o700)

    copy_installation(closed, place / "engine")

    copied = place / "engine" / PACKAGE / INSTALLATION / "bin" / "postgres"
    assert copied.read_text() == "program"
    assert closed_parent(closed / INSTALLATION, account) == closed.parent
    assert closed_parent(copied, account) is None


@pytest.mark.skipif(not ROOT, reason="an ordinary user's database runs as that user")
def test_a_named_folder_that_the_database_cannot_reach_is_refused_and_nothing_is_opened(place: Path) -> None:
    place.chmod(0o700)

    with pytest.raises(SetUpProblem, match="set ACROSS_DATA to a folder it can reach"):
        embedded.ensure_cluster(place / "var")

    assert stat.S_IMODE(place.stat().st_mode) == 0o700


# --- secrets ------------------------------------------------------------------------------------------


def test_secrets_are_private_lasting_and_different_everywhere(place: Path) -> None:
    (place / "a").mkdir()
    (place / "b").mkdir()

    first, again, other = (secrets_file.ensure(place / name) for name in "aab")

    assert first == again
    assert not set(first.values()) & set(other.values())
    assert stat.S_IMODE((place / "a" / "secrets.env").stat().st_mode) == 0o600


def empty(path: Path) -> None:
    path.write_text("")


def garbage(path: Path) -> None:
    path.write_bytes(bytes(range(256)))


def half(path: Path) -> None:
    path.write_text(path.read_text().rpartition("DATABASE_PASSWORD")[0])


def open_to_all(path: Path) -> None:
    path.chmod(0o644)


def folder_in_its_place(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (empty, "is damaged"),
        (garbage, "is damaged"),
        (half, "no usable DATABASE_PASSWORD"),
        (open_to_all, "run chmod 600"),
        (folder_in_its_place, "is not a file"),
    ],
)
def test_a_damaged_secrets_file_is_told_in_a_sentence(place: Path, damage: Callable[[Path], None], told: str) -> None:
    secrets_file.ensure(place)
    damage(place / "secrets.env")

    with pytest.raises(SetUpProblem, match=told):
        secrets_file.ensure(place)


def test_secrets_are_not_made_anew_beside_a_database_they_would_not_open(place: Path) -> None:
    (place / "postgres").mkdir()
    (place / "postgres" / "PG_VERSION").write_text("18\n")

    with pytest.raises(SetUpProblem, match="is gone, and the database's password with it"):
        secrets_file.ensure(place)


# --- who gets in --------------------------------------------------------------------------------------


def test_the_only_way_in_is_one_role_by_password_through_the_socket(cluster: Cluster) -> None:
    lines = (cluster.folder / "pg_hba.conf").read_text().splitlines()

    assert [line.split() for line in lines if not line.startswith("#")] == [
        ["local", "across", "across", "scram-sha-256"]
    ]


def test_the_role_gets_in_by_the_address_that_settings_read(cluster: Cluster) -> None:
    address = embedded.connection_url(cluster.data)

    assert address == cluster.url
    assert one(cluster, "SELECT current_user::text, current_database()::text") == ("across", "across")


def test_the_role_is_no_superuser_and_makes_neither_roles_nor_databases(cluster: Cluster) -> None:
    rights = "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles"

    assert one(cluster, f"{rights} WHERE rolname = current_user") == (False, False, False, False, False)


def test_the_role_may_make_tables_functions_and_triggers(cluster: Cluster) -> None:
    with connect(cluster.url) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'kept'; END $$")
        connection.execute("CREATE TRIGGER kept BEFORE DELETE ON kept FOR EACH ROW EXECUTE FUNCTION refuse()")
        connection.execute("INSERT INTO kept VALUES (1)")

        with pytest.raises(psycopg.errors.RaiseException):
            connection.execute("DELETE FROM kept")


def test_a_wrong_password_is_refused(cluster: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(cluster.url, password="wrong")


def test_no_password_is_refused(cluster: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        connect(cluster.url, password="")


@pytest.mark.parametrize(("user", "dbname"), [("postgres", "across"), ("postgres", "postgres"), ("across", "postgres")])
def test_no_other_role_and_no_other_database_can_be_reached(cluster: Cluster, user: str, dbname: str) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
        connect(cluster.url, user=user, dbname=dbname)


def test_it_listens_on_no_network_address_and_keeps_what_it_acknowledged(cluster: Cluster) -> None:
    query = ", ".join(f"current_setting('{name}')" for name in ("listen_addresses", "fsync", "synchronous_commit"))

    assert one(cluster, f"SELECT {query}") == ("", "on", "on")


def test_the_socket_folder_and_the_database_folder_are_closed_and_belong_to_its_account(cluster: Cluster) -> None:
    found = [(cluster.data / name).stat() for name in ("socket", "postgres")]

    assert [stat.S_IMODE(one.st_mode) for one in found] == [0o700, 0o700]
    assert [one.st_uid for one in found] == [owner_of_database()] * 2


@pytest.mark.skipif(not ROOT, reason="becoming another account takes root")
def test_another_account_cannot_open_the_socket(cluster: Cluster) -> None:
    other = next(entry for entry in pwd.getpwall() if entry.pw_uid not in {0, owner_of_database()})
    attempt = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"

    tried = subprocess.run(
        ["/usr/bin/env", "python3", "-c", attempt, str(cluster.data / "socket" / ".s.PGSQL.5432")],
        user=other.pw_uid, group=other.pw_gid, extra_groups=[], cwd="/", capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert tried.stderr.splitlines()[-1] == "PermissionError: [Errno 13] Permission denied"


def test_what_children_are_handed_is_whole_and_keeps_what_was_set(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://elsewhere")

    handed = embedded.environment(cluster.data)

    names = ("DATABASE_URL", "SECRET_KEY", "CELERY_BROKER_URL", "ACROSS_DATA")
    expected = (cluster.url, embedded.secret_key(cluster.data), "redis://elsewhere", str(cluster.data))
    assert tuple(handed[name] for name in names) == expected


# --- half-made, damaged, killed ------------------------------------------------------------------------


def test_nothing_is_made_by_asking_for_the_address(place: Path) -> None:
    assert (embedded.connection_url(place / "var"), embedded.secret_key(place / "var")) == (None, "")
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("name", ["postgres", "postgres.part"])
def test_a_making_that_was_interrupted_begins_again(place: Path, name: str) -> None:
    (place / name).mkdir()
    if name.endswith(".part"):
        (place / name / "PG_VERSION").write_text("18\n")

    cluster = embedded.ensure_cluster(place, QUICK)
    cluster.start()

    assert one(cluster, "SELECT 1") == (1,)
    cluster.stop()


def without(name: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / name).unlink()

    return damage


def of_another_version(folder: Path) -> None:
    (folder / "PG_VERSION").write_text("15\n")


def a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("")


def open_folder(folder: Path) -> None:
    folder.chmod(0o755)


def with_a_spoilt_control_file(folder: Path) -> None:
    (folder / "global" / "pg_control").write_bytes(b"spoilt" * 100)


def with_spoilt_settings(folder: Path) -> None:
    (folder / "postgresql.conf").write_text("this is = = not a setting\n")


def with_no_journal(folder: Path) -> None:
    shutil.rmtree(folder / "pg_wal")


DAMAGES = [
    (without("PG_VERSION"), "PG_VERSION is missing"),
    (without("global/pg_control"), "global/pg_control is missing"),
    (without("pg_hba.conf"), "pg_hba.conf is missing"),
    (with_no_journal, "pg_wal is missing"),
    (of_another_version, "made by PostgreSQL “15” and this is 18"),
    (a_file, "is not a folder"),
    (open_folder, "run chmod 700"),
    (with_a_spoilt_control_file, "does not start (PostgreSQL says “"),
    (with_spoilt_settings, "does not start (PostgreSQL says “"),
]


@pytest.mark.parametrize(("damage", "told"), DAMAGES)
def test_a_damaged_database_folder_is_told_in_one_sentence(
    place: Path, damage: Callable[[Path], None], told: str
) -> None:
    embedded.ensure_cluster(place, QUICK)
    damage(place / "postgres")

    asked = run_with(place, "true")

    assert (asked.returncode, asked.stdout, len(asked.stderr.splitlines())) == (1, "", 1)
    assert told in asked.stderr
    assert "Traceback" not in asked.stderr


@pytest.mark.skipif(not ROOT, reason="giving a file away takes root")
def test_a_data_folder_of_somebody_else_is_refused_and_not_touched(place: Path) -> None:
    secrets_file.ensure(place)
    os.chown(place / "secrets.env", 12345, 12345)

    with pytest.raises(SetUpProblem, match="start Across as number 12345"):
        embedded.ensure_cluster(place)

    assert [path.name for path in place.iterdir()] == ["secrets.env"]


@pytest.mark.skipif(not ROOT, reason="giving a folder away takes root")
def test_a_database_folder_of_somebody_else_is_told_in_a_sentence(place: Path) -> None:
    embedded.ensure_cluster(place, QUICK)
    os.chown(place / "postgres", 12345, 12345)

    with pytest.raises(SetUpProblem, match="belongs to number 12345"):
        embedded.ensure_cluster(place, QUICK)


def run_with(data: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "config.up", "run-with", "--", *command],
        cwd=CLONE, env={"PATH": os.environ["PATH"], "ACROSS_DATA": str(data)},
        capture_output=True, text=True, check=False, timeout=90,
    )  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGQUIT])
def test_what_was_committed_survives_a_killed_server(place: Path, number: signal.Signals) -> None:
    cluster = embedded.ensure_cluster(place)
    child = cluster.start()
    with connect(cluster.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS id")
    os.kill(child.pid or 0, number)
    child.finish(time.monotonic() + 5)

    cluster.start()

    assert one(cluster, "SELECT id FROM kept") == (1,)
    cluster.stop()


def test_a_dead_servers_number_that_now_belongs_to_another_program_does_not_stop_the_start(place: Path) -> None:
    cluster = embedded.ensure_cluster(place, QUICK)
    pid_file = [str(os.getppid()), str(cluster.folder), "1", "5432", str(place / "socket"), "", "1 1", "ready"]
    (cluster.folder / "postmaster.pid").write_text("\n".join(pid_file) + "\n")

    cluster.start()

    assert one(cluster, "SELECT 1") == (1,)
    cluster.stop()


def test_a_server_that_an_earlier_run_left_is_replaced(place: Path) -> None:
    left = embedded.ensure_cluster(place, QUICK)
    left.start()
    before = server_pid(left.folder)

    cluster = embedded.ensure_cluster(place, QUICK)
    cluster.start()

    assert leftovers.started(before or 0) is None
    assert one(cluster, "SELECT 1") == (1,)
    cluster.stop()
    assert server_pid(cluster.folder) is None


# --- long paths -----------------------------------------------------------------------------------------


def test_a_long_path_gets_a_private_socket_folder_elsewhere_and_gives_it_back(place: Path) -> None:
    data = place / ("long " * 20)
    cluster = embedded.ensure_cluster(data, QUICK)
    cluster.start()
    folder = sockets.known(data, cluster.account)

    found = folder.stat()
    answered = one(cluster, "SELECT 1")
    cluster.stop()

    assert answered == (1,)
    assert (stat.S_IMODE(found.st_mode), found.st_uid) == (0o700, owner_of_database())
    assert data not in folder.parents
    assert not folder.exists()


def test_a_noted_socket_folder_that_is_open_to_others_is_not_used(place: Path) -> None:
    data = place / ("long " * 20)
    embedded.ensure_cluster(data, QUICK)
    planted = place / "planted"
    planted.mkdir(mode=0o755)
    (data / "run" / "socket-folder").write_text(f"{planted}\n")

    assert sockets.known(data, database_account()) == data / "socket"


def test_a_socket_can_be_made_in_the_folder_that_is_chosen(place: Path) -> None:
    folder = place / "s"
    folder.mkdir()
    longest = folder / ("x" * (sockets.LONGEST - len(os.fsencode(folder)) - 1))
    longest.mkdir()

    with socket.socket(socket.AF_UNIX) as tried:
        tried.bind(str(longest / ".s.PGSQL.5432"))

    assert sockets.fits(longest)
    assert not sockets.fits(Path(f"{longest}x"))
