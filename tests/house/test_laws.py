"""The laws of the house, asked of the source itself."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FLOORS = ("config", "coaching", "clients", "curriculum")
WRITES = {"save", "create", "get_or_create", "update_or_create", "delete", "bulk_create", "bulk_update"}
DOORS = ("web", "api", "tasks.py", "receivers.py", "management")


def modules(*floors: str) -> list[Path]:
    return [path for floor in floors for path in sorted((ROOT / floor).rglob("*.py")) if "migrations" not in path.parts]


def is_door(path: Path) -> bool:
    return any(part in DOORS for part in path.relative_to(ROOT).parts[1:])


def is_reading(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return len(parts) == 2 and not path.stem.endswith("ing") and path.stem not in ("__init__", "apps", "signals")


def calls(source: str) -> set[str]:
    tree = ast.parse(source)
    return {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _on_rows(node.func)
    }


def _on_rows(function: ast.Attribute) -> bool:
    """A write on a manager, a queryset or a row; `"x".join(…)`-like calls and set.update are not meant."""
    owner = ast.unparse(function.value)
    return function.attr != "update" or "objects" in owner or "filter(" in owner


def test_a_door_never_writes():
    doors = [path for path in modules("coaching", "clients", "curriculum") if is_door(path)]

    guilty = {str(path.relative_to(ROOT)): found for path in doors if (found := calls(path.read_text()) & WRITES)}

    assert guilty == {}
    assert len(doors) > 20


def test_a_reading_never_writes():
    readings = [path for path in modules("coaching", "clients", "curriculum") if is_reading(path) and not is_door(path)]

    guilty = {
        str(path.relative_to(ROOT)): found
        for path in readings
        if (found := calls(path.read_text()) & (WRITES | {"update"}))
    }

    assert guilty == {}
    assert len(readings) > 15


@pytest.mark.parametrize(
    "planted", ["Thing.objects.create(x=1)", "row.save()", "Thing.objects.filter(x=1).delete()", "x.bulk_create([])"]
)
def test_a_planted_write_is_seen(planted):
    assert calls(f"def view(request):\n    {planted}\n") & WRITES


def test_nobody_below_a_door_asks_for_the_time():
    asking = re.compile(r"timezone\.now\(|datetime\.now\(|datetime\.utcnow|time\.time\(|clock\.now\(|date\.today\(")
    guilty = [
        str(path.relative_to(ROOT))
        for path in modules("coaching", "clients", "curriculum")
        if not is_door(path) and asking.search(path.read_text())
    ]

    assert guilty == []


def test_only_leaving_lifts_what_is_frozen():
    lifters = [
        str(path.relative_to(ROOT))
        for path in ROOT.glob("*/**/*.py")
        if path.parts[len(ROOT.parts)] in FLOORS and "lift_freeze" in path.read_text()
    ]

    assert sorted(lifters) == [
        "clients/leaving.py",
        "curriculum/migrations/0002_freeze_published_editions.py",
    ]


def test_every_module_says_what_it_is():
    silent = [
        str(path.relative_to(ROOT))
        for path in modules(*FLOORS)
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


def test_no_eta_and_no_long_countdown_is_ever_given_to_the_broker():
    guilty = [
        str(path.relative_to(ROOT)) for path in modules(*FLOORS) if re.search(r"\beta=|countdown=", path.read_text())
    ]

    assert guilty == []


def test_no_task_has_less_time_than_its_warning():
    """A queue does not take a task whose soft limit lies above its hard one, and then nothing is looked at."""
    from config.celery import app

    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if name.startswith(FLOORS)}
    limits = {
        name: (task.soft_time_limit or app.conf.task_soft_time_limit, task.time_limit or app.conf.task_time_limit)
        for name, task in ours.items()
    }

    assert [name for name, (soft, hard) in limits.items() if soft > hard] == []
    assert "coaching.tasks.tick" in limits


def test_functions_and_modules_stay_small():
    lengths, long_modules = [], []
    for path in modules(*FLOORS):
        text = path.read_text()
        if len(text.splitlines()) > 400:
            long_modules.append(str(path.relative_to(ROOT)))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lengths.append((node.end_lineno - node.lineno + 1, f"{path.relative_to(ROOT)}:{node.name}"))

    assert long_modules == []
    assert [name for length, name in lengths if length > 40] == []
    assert sorted(length for length, _name in lengths)[int(len(lengths) * 0.9)] <= 25


# --- Import contracts: kept, and each kind of violation is caught -----------------------------------

PLANTED = {
    "clients imports coaching": ("clients/deadlines.py", "from coaching import caseload\n"),
    "an api imports the web": ("coaching/api/__init__.py", "from coaching.web.coach import queue\n"),
    "a model imports an activity": ("clients/models/cohort.py", "from clients import pausing\n"),
    "a reading imports an activity": ("coaching/caseload.py", "from coaching import reviewing\n"),
    "a module nobody listed": ("clients/unheard_of.py", '"""Nobody named this."""\n'),
    "an API framework in an activity": ("clients/submitting.py", "import rest_framework\n"),
    "Django in the moments": ("curriculum/moments.py", "import django\n"),
    "somebody imports the shell": ("coaching/words.py", "from config import shell\n"),
}


def contracts(folder: Path) -> subprocess.CompletedProcess:
    lint = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([lint, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy_of_the_house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    for name in FLOORS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("static", "templates", "content"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_import_contracts_are_kept():
    result = contracts(ROOT)

    assert result.returncode == 0, result.stdout[-2000:]


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_import_is_caught(name, copy_of_the_house):
    file, line = PLANTED[name]
    path = copy_of_the_house / file
    before = path.read_text() if path.exists() else None
    path.write_text((before or "") + "\n" + line)

    result = contracts(copy_of_the_house)

    if before is None:
        path.unlink()
    else:
        path.write_text(before)
    assert result.returncode != 0, name
