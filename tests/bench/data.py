"""A cohort of N clients with eight attempts each, written in bulk: only a benchmark may do that."""

from datetime import UTC, date, datetime, timedelta

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from clients.models import Attempt, Cohort, Enrolment, Submission, User
from coaching.models import Assignment, Claim, ExemplarMark, Feedback, Mark
from curriculum import clock, editions, importing, publishing
from curriculum.models import Edition, Exemplar

from . import seconds

ATTEMPTS = 8
MAIN = "w1-x1"
FREE = 120  # clients whose main exercise of week 1 is a draft that can be handed in
TEXT = ("The nightly load refused the whole delivery because one column changed its form. " * 22)[:1600]
STARTS_ON = date(2026, 3, 2)
AT = datetime(2026, 3, 14, 9, tzinfo=UTC)
TABLES = "coaching_mark, coaching_feedback, coaching_feedbackdraft, coaching_claim, coaching_assignment, "
TABLES += "coaching_milestone, clients_takenback, clients_attempt, clients_submission, clients_enrolment, "
TABLES += "clients_message, clients_journalentry, clients_cohort, clients_user, django_session"


def edition() -> Edition:
    found = importing.import_edition(importing.Path("curriculum/content/across-8"))
    return found if found.is_published else publishing.publish(found, signed_by="Bench", at=clock.now())


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {TABLES} RESTART IDENTITY CASCADE")


def fill(n: int) -> dict:
    """The database for N enrolments. Returns the names the measurements need."""
    empty()
    book, coach = edition(), _person("coach")
    cohort = Cohort.objects.create(
        name="Bench", slug="bench", edition=book, starts_on=STARTS_ON, zone="Europe/Berlin", created_at=AT
    )
    Assignment.objects.create(coach=coach, cohort=cohort, since=AT)
    _calibrated(coach, book)
    people = User.objects.bulk_create(
        User(email=f"client{i}@example.org", name=f"Client {i:05}", zone="Europe/Berlin", password="!")
        for i in range(n)
    )
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(client=person, cohort=cohort, joined_at=AT) for person in people
    )
    _homework(enrolments, editions.exercises_of(book), book, coach)
    again = seconds.fill(cohort, coach)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"cohort": cohort, "coach": coach, "people": people, "free": people[: min(FREE, n)], "seconds": again}


def _person(name: str) -> User:
    return User.objects.create(email=f"{name}@example.org", name=name.title(), zone="Europe/Berlin", password="!")


def _homework(enrolments, exercises, book, coach) -> None:
    """Eight attempts each on the first exercises; every second one answered; some main pieces left as drafts."""
    main = next(e for e in exercises if e.key == MAIN)
    chosen = [e for e in exercises if e.pk != main.pk][: ATTEMPTS - 1] + [main]
    for start in range(0, len(enrolments), 1000):
        part = enrolments[start : start + 1000]
        rows = [
            _submission(e, x, start + i, x in chosen, x.pk == main.pk) for i, e in enumerate(part) for x in exercises
        ]
        Submission.objects.bulk_create(rows)
        handed = [row for row in rows if row.attempts_made]
        attempts = Attempt.objects.bulk_create(_attempt(row, book) for row in handed)
        _answers([a for a in attempts if a.submission.state == "accepted"], coach)


def _submission(enrolment, exercise, number, chosen, main) -> Submission:
    draft = main and number < FREE
    done = chosen and not draft
    state = "draft" if not done else "accepted" if exercise.pk % 2 else "handed_in"
    at = AT - timedelta(minutes=number % 3000, seconds=exercise.pk)
    return Submission(
        enrolment=enrolment,
        exercise=exercise,
        state=state,
        draft=_answer(exercise) if done or draft else {},
        draft_revision=int(done or draft),
        draft_saved_at=at if done or draft else None,
        attempts_made=int(done),
        handed_in_at=at if done else None,
        shown_from=at + timedelta(hours=20) if state == "accepted" else None,
    )


_strong: dict[str, dict] = {}


def _answer(exercise) -> dict:
    if exercise.key in (MAIN, seconds.PIECE):
        if exercise.key not in _strong:
            _strong[exercise.key] = exercise.examples.get(label="strong").answer | {"redacted": True}
        return _strong[exercise.key] if exercise.key == MAIN else seconds.longer(_strong[exercise.key])
    return {field["key"]: TEXT for field in exercise.fields if field["kind"] == "prose"}


def _attempt(row: Submission, book) -> Attempt:
    return Attempt(
        submission=row,
        serial=1,
        number=1,
        client_key="bench",
        answer=row.draft,
        words=260,
        edition=book,
        handed_in_at=row.handed_in_at,
        due_at=AT,
        is_late=False,
        rubric_id=row.exercise.rubric_id,
    )


def _answers(attempts, coach) -> None:
    Claim.objects.bulk_create(
        Claim(attempt=a, coach=coach, claimed_at=a.handed_in_at, touched_at=a.handed_in_at) for a in attempts
    )
    feedback = Feedback.objects.bulk_create(
        Feedback(
            attempt=a,
            coach=coach,
            keep="“One column changed its form.”",
            try_next="Say what the reader should do.",
            verdict="accepted",
            sent_at=a.handed_in_at + timedelta(hours=20),
            shown_from=a.handed_in_at + timedelta(hours=20, seconds=10),
        )
        for a in attempts
    )
    criteria = {}
    for answer in feedback:
        rubric = answer.attempt.rubric_id
        if rubric and rubric not in criteria:
            criteria[rubric] = list(answer.attempt.rubric.criteria.values_list("pk", flat=True))
    Mark.objects.bulk_create(
        Mark(feedback=f, criterion_id=c, level=1 + (f.pk + c) % 4)
        for f in feedback
        for c in criteria.get(f.attempt.rubric_id, [])
    )


def _calibrated(coach: User, book: Edition) -> None:
    """Whoever reviews has scored the exemplars; whether they have is part of what is measured."""
    ExemplarMark.objects.bulk_create(
        ExemplarMark(coach=coach, exemplar=one, criterion=key, level=level, marked_at=AT)
        for one in Exemplar.objects.filter(edition=book)
        for key, level in one.reference.items()
    )


def session_of(person: User, backend: str = "allauth.account.auth_backends.AuthenticationBackend") -> str:
    """A signed-in session, without the cost of hashing a password."""
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = backend
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return store.session_key
