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


def measure() -> tuple[list[dict], list[dict]]:
    """The rows of the table, and what a look costs as the plan grows."""
    found = [fan_out(10_000), mails(2_000), outage(20_000), planned_anew(500)]
    return found, [growth(n) for n in (100, 1_000, 10_000)]


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


def fan_out(n: int) -> dict:
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
    return row_of(f"h fan-out of {n:,} due reminders", first, "s", 0.4, f"again, which changes nothing: {again:.2f} s")


def mails(n: int) -> dict:
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
            spent, sent = seconds(lambda: sum(iter(lambda: delivering.deliver(at=at, limit=250), 0)))
        sink.stdin.write("\n")
        sink.stdin.flush()
        assert int(sink.stdout.readline()) == sent == n, (sent, n)
    finally:
        sink.kill()
        sink.wait()
    return row_of("h delivered by plain SMTP, one process", sent / spent, "a second", 250, f"{n:,} mails", least=True)


OVERDUE_ROWS = ((STALE, 70, 3), (DUE, 50, 3), (STALE, 60, 2), (UNLOCK, 10, 3), (OVERDUE, 2, 1))  # kind, hours, week


def after_an_outage(people: int) -> datetime:
    """Nobody has looked for three days; so many clients have each of these behind them."""
    cohort, at = filled(people), clock.now()
    Engine.objects.update_or_create(pk=1, defaults={"looked_at": at - 3 * DAY, "latest_at": at - 3 * DAY})
    for kind, hours, week in OVERDUE_ROWS:
        planned(cohort, kind, at - hours * HOUR, week)
    return at


def outage(people: int) -> dict:
    """Three days without a look: 100,000 overdue rows, of which some are stale, some done, some to be told."""
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
    return row_of(
        f"a tick with {people * len(OVERDUE_ROWS):,} overdue rows",
        spent,
        "s",
        60,
        f"{waiting:,} people get one mail each",
    )


def planned_anew(n: int) -> dict:
    """A cohort of n clients with everything ahead of it is paused and goes on."""
    cohort, at = filled(n), clock.now()
    Cohort.objects.filter(pk=cohort.pk).update(starts_on=at.date() + timedelta(days=28 - at.weekday()))
    for enrolment in Enrolment.objects.filter(cohort=cohort):
        scheduling.plan(enrolment, at=at)
    rows = Milestone.objects.count()
    ada = data._person("ada")
    pausing.pause(cohort, by=ada, at=at)
    spent, _cohort = seconds(lambda: pausing.resume(cohort, by=ada, at=at + 3 * DAY))
    return row_of(f"a cohort of {n} planned anew", spent, "s", 2, f"{rows:,} planned moments moved by three days")


def growth(n: int) -> dict:
    """A look that finds nothing due, and one that finds fifty, in a plan of 10 n rows."""
    cohort, at = filled(n), clock.now()
    for week in range(10):
        planned(cohort, UNLOCK, at + (week + 1) * 7 * DAY, week)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    idle = min(seconds(lambda: firing.tick(at=at))[0] for _each in range(20))
    Milestone.objects.filter(pk__in=Milestone.objects.values("pk")[:50]).update(due_at=at - HOUR, week=1)
    busy, _done = seconds(lambda: firing.fire_due(at=at))
    return {"n": n, "rows": 10 * n, "idle": idle * 1000, "busy": busy * 1000}


def row_of(title: str, figure: float, unit: str, goal: float, note: str, *, least: bool = False) -> dict:
    met = figure >= goal if least else figure <= goal
    print(f"  m {title:50} {figure:8.2f} {unit} (goal {goal}) {note}", flush=True)
    return {"title": title, "figure": figure, "unit": unit, "goal": goal, "least": least, "met": met, "note": note}
