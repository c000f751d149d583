"""What an export of N attempts costs: seconds, and the most memory a worker has of it.

Rows are written by the database itself, as only benchmarks may; the export is asked for and made by the product's own
operations, in a process of its own whose peak says what it needed.
"""

import json
import os
import resource
import subprocess
import sys
import time

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.contrib.auth.models import Group
from django.db import connection

from clients.models import Cohort, User
from clients.models.user import ADMINS
from coaching import exporting
from coaching.exports import shelf
from coaching.models import Assignment, Export
from curriculum import clock

from . import data
from .engine import row_of

SIZE = 100_000  # attempts
EACH = 8  # of a client
PEOPLE = """
INSERT INTO clients_user (email, name, zone, password, is_superuser, is_staff, is_active, date_joined, language,
    quiet_from, quiet_until, theme, texts_in_mail, subject_only, weekly_budget, letter_keys, known_words, external_id,
    demo)
SELECT 'client' || n || '@example.org', 'Client ' || n, 'Europe/Berlin', '!', false, false, true, now(), 'en', '21:00',
    '07:30', 'system', false, false, 4, true, '[]', '', false
  FROM generate_series(1, %s) AS n
"""
ENROLMENTS = """
INSERT INTO clients_enrolment (client_id, cohort_id, state, joined_at, focus, focus_competency)
SELECT id, %s, 'active', now(), '', '' FROM clients_user WHERE email LIKE 'client%%'
"""
SUBMISSIONS = """
INSERT INTO clients_submission (enrolment_id, exercise_id, state, draft, draft_revision, draft_saved_at,
    attempts_made, handed_in_at, shown_from, meant)
SELECT enrolment.id, exercise.id, 'accepted', '{}', 1, now(), 1, now(), now(), '[]'
  FROM clients_enrolment AS enrolment
 CROSS JOIN (SELECT id FROM curriculum_exercise WHERE edition_id = %s ORDER BY id LIMIT %s) AS exercise
"""
ATTEMPTS = """
INSERT INTO clients_attempt (submission_id, serial, number, client_key, answer, words, first_read, handed_in_at, due_at,
    is_late, edition_id, rubric_id)
SELECT submission.id, 1, 1, 'bench', jsonb_build_object('body', repeat('The nightly load refused it. ', 50)), 250, '[]',
    now(), now(), false, %s, exercise.rubric_id
  FROM clients_submission AS submission JOIN curriculum_exercise AS exercise ON exercise.id = submission.exercise_id
"""
FEEDBACK = """
INSERT INTO coaching_feedback (attempt_id, coach_id, keep, try_next, verdict, sent_at, shown_from)
SELECT id, %s, 'Keep it.', 'Try it.', 'accepted', now(), now() FROM clients_attempt
"""
MARKS = """
INSERT INTO coaching_mark (feedback_id, criterion_id, level)
SELECT feedback.id, criterion.id, 3
  FROM coaching_feedback AS feedback
  JOIN clients_attempt AS attempt ON attempt.id = feedback.attempt_id
  JOIN curriculum_criterion AS criterion ON criterion.rubric_id = attempt.rubric_id
"""


def measure(attempts: int = SIZE) -> list[dict]:
    """Seconds and megabytes of one export of so many attempts, their levels and everything beside them."""
    asked = filled(attempts)
    child = subprocess.run([sys.executable, "-m", "tests.bench.exports"], capture_output=True, text=True, check=True)
    found = json.loads(child.stdout.splitlines()[-1])
    asked.refresh_from_db()
    note = f"{asked.total:,} rows in a zip of {(asked.size or 0) / 1e6:.1f} MB"
    return [
        row_of(f"n an export of {attempts:,} attempts", found["seconds"], "s", 60, note),
        row_of("n the worker’s peak meanwhile", found["megabytes"], "MB", 300, "resident, with all of Django"),
    ]


def filled(attempts: int) -> Export:
    """The database, with the export asked for."""
    data.empty()
    book, coach, at = data.edition(), data._person("coach"), clock.now()
    cohort = Cohort.objects.create(
        name="Bench", slug="bench", edition=book, starts_on=data.STARTS_ON, zone="Europe/Berlin", created_at=data.AT
    )
    Assignment.objects.create(coach=coach, cohort=cohort, since=data.AT)
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [-(-attempts // EACH)])
        cursor.execute(ENROLMENTS, [cohort.pk])
        cursor.execute(SUBMISSIONS, [book.pk, EACH])
        cursor.execute(ATTEMPTS, [book.pk])
        cursor.execute(FEEDBACK, [coach.pk])
        cursor.execute(MARKS)
        cursor.execute("ANALYZE")
    admin = User.objects.create(email="admin@example.org", name="Admin", zone="UTC", password="!")
    Group.objects.get_or_create(name=ADMINS)[0].user_set.add(admin)
    return exporting.ask(by=admin, at=at)


def main() -> None:
    """In a process of its own: make the one that waits."""
    began = time.monotonic()
    made = exporting.make_one(at=clock.now())
    seconds = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    assert made
    shelf.path_of(Export.objects.get(state="ready")).unlink()
    print(json.dumps({"seconds": seconds, "megabytes": peak, "pid": os.getpid()}))


if __name__ == "__main__":
    main()
