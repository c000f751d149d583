"""manage.py engine: the milestone engine as a plain loop, with no broker at all; or a rehearsal of it."""

import signal
import time
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, close_old_connections

from coaching import bringing, exporting, looking, reconciling, rehearsing, snapshotting
from curriculum import clock, moments

LONGEST_LOOK = 120  # seconds; whoever looks longer is ended, and starts again, and the row is known by its try


class Command(BaseCommand):
    help = "Fire milestones and send messages, for ever (or --once). --dry-run lists what would go and sends nothing."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="until nothing is due, then stop")
        parser.add_argument("--every", type=float, default=5.0, metavar="SECONDS", help="pause between two looks")
        parser.add_argument("--trust-clock", action="store_true", help="the clock is right, and once was wrong")
        parser.add_argument("--dry-run", action="store_true", help="if nobody did anything from now on")
        parser.add_argument("--until", metavar="INSTANT", help="with --dry-run, e.g. 2027-03-01T00:00Z")

    def handle(self, *, once, every, dry_run, until, trust_clock, **options):
        if dry_run:
            return self.rehearse(until)
        if trust_clock:
            looking.trust_the_clock(by=None, at=clock.now())
        while True:
            self.patiently(lambda: reconciling.reconcile_hourly(at=clock.now()), longest=0)
            self.patiently(lambda: exporting.sweep(at=clock.now()), longest=0)
            self.patiently(lambda: bringing.sweep(at=clock.now()), longest=0)
            busy = self.patiently(lambda: looking.look(at=clock.now(), driver="loop").anything)
            busy = busy or self.patiently(lambda: bringing.read_one(at=clock.now()), longest=0)
            busy = busy or self.patiently(lambda: snapshotting.compute_one(at=clock.now()), longest=0)
            busy = busy or self.patiently(lambda: exporting.make_one(at=clock.now()), longest=0)
            if not busy and once:
                return None
            if not busy:
                time.sleep(every)

    def patiently(self, work, longest=None):
        """One look. A database that is away is waited for: nothing is lost meanwhile."""
        signal.alarm(LONGEST_LOOK if longest is None else longest)
        try:
            return work()
        except OperationalError as error:
            self.stderr.write(f"The database does not answer, trying again: {error}")
            close_old_connections()
            time.sleep(1)
            return True
        finally:
            signal.alarm(0)

    def rehearse(self, until):
        try:
            instant = datetime.fromisoformat(until or "")
        except ValueError:
            raise CommandError("--dry-run needs --until with an instant such as 2027-03-01T00:00Z") from None
        if instant.tzinfo is None:
            raise CommandError("--until needs its zone: put Z at the end for UTC.")
        planned = rehearsing.rehearse(until=instant, at=clock.now())
        for row in planned:
            wall = moments.to_wall(row.at, row.zone)
            when = f"{row.at:%Y-%m-%dT%H:%M:%SZ}  {wall:%a %d %b %H:%M} {row.zone:<22}"
            self.stdout.write(f"{when} {row.kind:<20} {row.to:<30} {row.subject}")
        self.stdout.write(f"{len(planned)} messages until {until}. Nothing was sent.")
        return
