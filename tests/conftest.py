"""What every test finds: its database, the cast, and word of the families that could not run.

A family needs a tool (Chromium, redis-server, faketime, a synthesizer, a second PostgreSQL, leave to make networks).
Without it the family is left out and named in the last line; with ACROSS_REQUIRE_ALL=1 that is a failure.
"""

import gc
import os
import shutil
import subprocess

import hypothesis
import pytest
import yaml
from django.db import connection

from tests import migrated, roads, stages

hypothesis.settings.register_profile("house", deadline=None, derandomize=True, max_examples=200)
hypothesis.settings.load_profile("house")


def may_make_networks() -> bool:
    """Whether this machine lets us have network namespaces, which takes root."""
    if not (shutil.which("ip") and shutil.which("nsenter")):
        return False
    return subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode == 0


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HAS_NETWORKS = may_make_networks()
FAMILIES = {
    "browser": ("chromium", bool(CHROMIUM)),
    "broker": ("redis-server", bool(shutil.which("redis-server"))),
    "rabbitmq": ("a RabbitMQ in ACROSS_TEST_RABBITMQ_URL", bool(os.environ.get("ACROSS_TEST_RABBITMQ_URL"))),
    "namespaces": ("iproute2, and to be root", HAS_NETWORKS),
    "faketime": ("faketime", bool(shutil.which("faketime"))),
    "speech": ("espeak-ng and flite", bool(shutil.which("espeak-ng") and shutil.which("flite"))),
    "pdf": ("pdftotext and pdfinfo, of poppler-utils", bool(shutil.which("pdftotext") and shutil.which("pdfinfo"))),
    "external": ("a second PostgreSQL in ACROSS_TEST_DATABASE_URL", bool(os.environ.get("ACROSS_TEST_DATABASE_URL"))),
}
LEFT_OUT: set[str] = set()


def pytest_configure(config):
    config.addinivalue_line("markers", "faketime: moves a database's clock")
    config.addinivalue_line("markers", "rabbitmq: needs a RabbitMQ")
    config.addinivalue_line("markers", "namespaces: makes networks of its own")
    config.addinivalue_line("markers", "external: needs a second PostgreSQL")
    config.addinivalue_line("markers", "pdf: reads what a PDF says")


def pytest_xdist_make_scheduler(config, log):
    from tests.turns import Turns  # only where tests are shared out

    return Turns(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    leave_out(config, items)


def leave_out(config, items):
    """The families whose tool is not there."""
    kept, dropped = [], []
    for item in items:
        missing = {
            family for family, (_tool, there) in FAMILIES.items() if not there and item.get_closest_marker(family)
        }
        LEFT_OUT.update(missing)
        (dropped if missing else kept).append(item)
    if dropped:
        if os.environ.get("ACROSS_REQUIRE_ALL") == "1":
            tools = ", ".join(sorted(FAMILIES[family][0] for family in LEFT_OUT))
            raise pytest.UsageError(f"ACROSS_REQUIRE_ALL is set and these are missing: {tools}")
        items[:] = kept
        config.hook.pytest_deselected(items=dropped)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session):
    """What is loaded by now stays, so nobody looks through it for rubbish again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    if LEFT_OUT and not hasattr(config, "workerinput"):
        families = ", ".join(f"{family} (needs {FAMILIES[family][0]})" for family in sorted(LEFT_OUT))
        print(f"Left out: {families}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    stages.set_for(item)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Databases of tests begin as a copy of a migrated one."""
    connection.settings_dict["TEST"]["TEMPLATE"] = migrated.template(os.environ["DATABASE_URL"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The programme's content is imported once a worker, and the cast made once."""
    with django_db_blocker.unblock():
        roads.edition()
        stages.make(roads.made, django_db_blocker.unblock)
    yield
    with django_db_blocker.unblock():
        stages.drop()


@pytest.fixture
def cast(db):
    """Everybody, in two cohorts, before anything is due."""
    return stages.cast() or roads.everybody()


@pytest.fixture
def small_demo(tmp_path, monkeypatch):
    """Few of the demo's people, and nothing they did, where both would only take time. The folder it is told from."""
    from coaching import story

    folder = tmp_path / "demo"
    shutil.copytree(story.FOLDER, folder)
    for path in folder.glob("*/*.yaml"):
        if path.stem not in ("linh", "nadia", "soo-jin"):
            path.unlink()
            continue
        told = yaml.safe_load(path.read_text())
        path.write_text(yaml.safe_dump({key: told[key] for key in ("name", "email", "zone", "joined")}))
    monkeypatch.setattr(story, "FOLDER", folder)
    story.forget()
    yield folder
    story.forget()
