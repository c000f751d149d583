"""Is the process alive, and is everything it needs there? JSON, no sign-in, no secrets."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.db.models import Count
from django.http import JsonResponse

from clients import engine
from coaching import drivers, outbox
from coaching.models import Heartbeat
from curriculum import clock

STALE = timedelta(seconds=120)


@login_not_required
def healthz(request):
    """This process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
def readyz(request):
    """200 when database, cache, storage, broker and engine answer; 503 with the parts that do not."""
    parts = {name: _asked(check) for name, check in CHECKS.items()}
    ready = all(state == "ok" for state in parts.values())
    body = {"status": "ok" if ready else "not ready", "version": settings.VERSION, "parts": parts}
    body |= {"engine": _figures()} if parts["database"] == "ok" else {}
    answer = JsonResponse(body, status=200 if ready else 503)
    answer._has_been_logged = True  # whoever polls this knows; the log need not say it every second
    return answer


def _asked(check) -> str:
    try:
        return check()
    except Exception:  # noqa: BLE001  a part that raises is a part that is down; details are in the log
        return "down"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _cache() -> str:
    cache.set("readyz", "1", 30)
    return "ok" if cache.get("readyz") == "1" else "down"


def _storage() -> str:
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    probe = settings.DATA_DIR / ".readyz"
    probe.write_text("1")
    probe.unlink(missing_ok=True)
    return "ok"


def _broker() -> str:
    from config.celery import app  # noqa: PLC0415  the web needs the queue only to ask this

    if settings.CELERY_BROKER_URL.startswith("filesystem://"):
        return "ok" if (settings.BROKER_FOLDER / "queue").is_dir() else "down"
    with app.connection_for_write(connect_timeout=2) as link:
        link.ensure_connection(max_retries=1, timeout=2)
    return "ok"


def _engine() -> str:
    """The heartbeat is written by whoever runs the engine, by the database's clock."""
    heartbeat, at = Heartbeat.objects.filter(name="engine").first(), clock.now()
    if heartbeat is None:
        return "no heartbeat yet"
    if engine.is_behind(engine.state(), at=at):
        return "the database's clock runs behind"
    return "ok" if at - heartbeat.at <= STALE else "no heartbeat for 120 seconds"


def _figures() -> dict[str, object]:
    """Worse than usual without being down: figures for whoever watches, without names."""
    found = drivers.standing(at=clock.now())
    counted = dict(outbox.failed().order_by().values_list("state").annotate(count=Count("pk")))
    return {
        "drift": found.drift,
        "dead": counted.get("dead", 0) + outbox.given_up().count(),
        "unknown": counted.get("unknown", 0),
        "deaf": [driver.name for driver in found.deaf],
        "catching_up": found.catching_up_from is not None,
        "restored": found.restored_to is not None,
    }


CHECKS = {"database": _database, "cache": _cache, "storage": _storage, "broker": _broker, "engine": _engine}
