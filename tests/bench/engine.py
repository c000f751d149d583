"""What the engine costs: fan-out, mails a second, an outage made up for, a cohort planned anew, growth.

Rows are written in bulk, as only benchmarks may; everything measured is the product's own.
"""

import subprocess
import sys
import time
from datetime import datetime, timedelta

from django.db import connection
from django.test import override_settings

from clients import delivering, messaging, pausing
from clients.models import Cohort, Engine, Enrolment, Message, User
from coaching import firing, looking, scheduling
from coaching.models import Assignment, Milestone
from curriculum import clock

from . import data

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
STALE, DUE, UNLOCK, OVERDUE = "nudge.midweek", "due.reminder", "week.unlock", "overdue.1"


SIZES = (100, 1_000, 10_000, 100_000)


def measure() -> tuple[list[dict], list[dict]]:
    """What is promised, and how each of it grows with N; what is not measured at an N is None there."""
    posted = {n: fan_out(n) for n in SIZES[:3]}
    rate = mails(2_000)
    caught_up = {n: outage(n // len(OVERDUE_ROWS)) for n in SIZES}
    anew = {n: planned_anew(n) for n in (100, 500, 1_000)}
    looked = {n: looks(n) for n in SIZES[:3]}
    growth = [
        {
            "n": n,
            "posted": posted.get(n, (None, None))[0],
            "caught_up": caught_up[n][0],
            "anew": anew.get(n, (None, None))[0],
            "idle": looked.get(n, (None, None))[0],
            "busy": looked.get(n, (None, None))[1],
        }
        for n in SIZES
    ]
    return _rows(posted[10_000], rate, caught_up[100_000], anew[500]), growth


def _rows(posted: tuple, rate: tuple, caught_up: tuple, anew: tuple) -> list[dict]:
    """The goals, with what was measured."""
    again = f"once more, which changes nothing: {posted[1]:.2f} s"
    return [
        row_of("h fan-out of 10,000 due reminders", posted[0], "s", 0.4, again),
        row_of("h delivered by plain SMTP, one process", rate[0], "a second", 250, f"{rate[1]:,} mails", least=True),
        row_of("a tick with 100,000 overdue rows", caught_up[0], "s", 60, f"{caught_up[1]:,} people get one mail each"),
        row_of("a cohort of 500 planned anew", anew[0], "s", 2, f"{anew[1]:,} planned moments moved by three days"),
    ]


def filled(n: int, weeks: range = range(0)) -> Cohort:
    """A cohort of n clients in its fourth week, whose other milestones are planned for these weeks."""
    data.empty()
    at = clock.now()
    monday = at.date() - timedelta(days=at.weekday() + 21)
    book = data.edition()
    cohort = Cohort.objects.create(
        name="Bench", slug="bench", edition=book, starts_on=monday, zone="Europe/Berlin", created_at=at - 30 * DAY
    )
    Assignment.objects.create(coach=data._person("coach"), cohort=cohort, since=at - 30 * DAY)
    people = User.objects.bulk_create(
        [
            User(email=f"client{i}@example.org", name=f"Client {i:05}", zone=day_zone(at), password="!")
            for i in range(n)
        ],
        batch_size=5000,
    )
    Enrolment.objects.bulk_create(
        [Enrolment(client=person, cohort=cohort, joined_at=at - 30 * DAY) for person in people], batch_size=5000
    )
    return cohort


def day_zone(at: datetime) -> str:
    """Where it is the middle of the day, so that nobody sleeps."""
    shift = (at.hour - 12) % 24
    return f"Etc/GMT{'+' if shift <= 12 else '-'}{shift if shift <= 12 else 24 - shift}"


def planned(cohort: Cohort, kind: str, due: datetime, week: int) -> None:
    Milestone.objects.bulk_create(
        [
            Milestone(kind=kind, enrolment=row, week=week, due_at=due, zone=cohort.zone)
            for row in Enrolment.objects.filter(cohort=cohort)
        ],
        batch_size=5000,
    )


def seconds(work) -> tuple[float, object]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def fan_out(n: int) -> tuple[float, float]:
    """n due reminders put into the outbox at once, and once more, which changes nothing."""
    cohort, at = filled(n), clock.now()
    planned(cohort, DUE, at - HOUR, 3)
    rows = list(Milestone.objects.select_related("enrolment__client"))
    posts = [
        messaging.Post(
            DUE, key=f"milestone:{row.pk}:{DUE}:{row.enrolment.client_id}", to=row.enrolment.client, cohort=cohort,
            about={"milestone": row.pk},
        )
        for row in rows
    ]  # fmt: skip
    first, fresh = seconds(lambda: messaging.post_all(posts, at=at))
    again, nothing = seconds(lambda: messaging.post_all(posts, at=at))
    assert (fresh, nothing, Message.objects.count()) == (n, 0, n)
    return told("fan-out", n, first), again


def mails(n: int) -> tuple[float, int]:
    """Invitations and reminders through SMTP to a server on this machine, from one process."""
    cohort, at = filled(n), clock.now()
    planned(cohort, UNLOCK, at - HOUR, 1)
    while any(firing.fire_due(at=at, limit=500)):
        pass
    sink = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    port = int(sink.stdout.readline())
    smtp = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": port,
        "EMAIL_HONOURS_KEYS": False,
    }
    try:
        with override_settings(**smtp):
            delivering.deliver(at=at, limit=1)  # a worker has been there for a while
            spent, sent = seconds(lambda: sum(iter(lambda: delivering.deliver(at=at), 0)))
        sink.stdin.write("\n")
        sink.stdin.flush()
        assert int(sink.stdout.readline()) == sent + 1 == n, (sent, n)
    finally:
        sink.kill()
        sink.wait()
    return told("mails a second", n, sent / spent), n


OVERDUE_ROWS = ((STALE, 70, 3), (DUE, 50, 3), (STALE, 60, 2), (UNLOCK, 10, 3), (OVERDUE, 2, 1))  # kind, hours, week


def after_an_outage(people: int) -> datetime:
    """Nobody has looked for three days; so many clients have each of these behind them."""
    cohort, at = filled(people), clock.now()
    Engine.objects.update_or_create(pk=1, defaults={"looked_at": at - 3 * DAY, "latest_at": at - 3 * DAY})
    for kind, hours, week in OVERDUE_ROWS:
        planned(cohort, kind, at - hours * HOUR, week)
    return at


def outage(people: int) -> tuple[float, int]:
    """Three days without a look: five overdue rows a person, of which some are stale, some done, some to be told."""
    at = after_an_outage(people)
    looks = 0
    began = time.perf_counter()
    while firing.due(at=at).exists():
        looking.look(at=at, driver="bench")
        looks += 1
    spent = time.perf_counter() - began
    most = Message.objects.filter(state="queued").order_by().values("person").distinct().count()
    waiting = Message.objects.exclude(state="cancelled").count()
    assert waiting == most, "somebody would get two"
    return told("overdue rows made up for", people * len(OVERDUE_ROWS), spent), waiting


def planned_anew(n: int) -> tuple[float, int]:
    """A cohort of n clients with everything ahead of it is paused and goes on."""
    cohort, at = filled(n), clock.now()
    Cohort.objects.filter(pk=cohort.pk).update(starts_on=at.date() + timedelta(days=28 - at.weekday()))
    for enrolment in Enrolment.objects.filter(cohort=cohort):
        scheduling.plan(enrolment, at=at)
    rows = Milestone.objects.count()
    ada = data._person("ada")
    pausing.pause(cohort, by=ada, at=at)
    spent, _cohort = seconds(lambda: pausing.resume(cohort, by=ada, at=at + 3 * DAY))
    return told("clients planned anew", n, spent), rows


def looks(n: int) -> tuple[float, float]:
    """A look that finds nothing due, and one that finds fifty, in a plan of 10 n rows."""
    cohort, at = filled(n), clock.now()
    for week in range(10):
        planned(cohort, UNLOCK, at + (week + 1) * 7 * DAY, week)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    idle = min(seconds(lambda: firing.tick(at=at))[0] for _each in range(20))
    Milestone.objects.filter(pk__in=Milestone.objects.filter(week=1).values("pk")[:50]).update(due_at=at - HOUR)
    busy, _done = seconds(lambda: firing.fire_due(at=at))
    return told("a look with nothing due", n, idle), told("a look with fifty due", n, busy)


def told(what: str, n: int, figure: float) -> float:
    print(f"  m {what:30} N = {n:>7,} {figure:10.4f}", flush=True)
    return figure


def row_of(title: str, figure: float, unit: str, goal: float, note: str, *, least: bool = False) -> dict:
    met = figure >= goal if least else figure <= goal
    return {"title": title, "figure": figure, "unit": unit, "goal": goal, "least": least, "met": met, "note": note}
