"""Second attempts at the head of the queue, with all a review page can hold: what the first was asked for, notes in its
margin, a text that has changed, and a comment bank of its coach's own and of what others share."""

from datetime import timedelta

from clients.models import Attempt, Cohort, Submission, User, Visibility
from coaching.models import Ask, Assignment, BankLine, Claim, Feedback, MarginNote, Mark

MANY = 80
NOTES, OWN, SHARED = 6, 40, 40
BEFORE = timedelta(days=10)  # so that nothing waits longer
PIECE, FIELD = "w1-t1", "script"  # with a rubric, and among the first that everybody has
QUOTE = "one of them is sent home"
EVERY = 9  # words, of which one is another in the second attempt


def fill(cohort: Cohort, coach: User) -> list[Submission]:
    """Of the pieces with a rubric that wait; each is handed in again after feedback that asked for another attempt."""
    waiting = Submission.objects.filter(state="handed_in", exercise__key=PIECE).order_by("pk")
    pieces = list(waiting.select_related("exercise")[:MANY])
    attempts = [attempt for piece in pieces for attempt in piece.attempts.all()]
    _answer(attempts, coach)
    _hand_in_again(pieces, attempts)
    _bank(cohort, coach)
    return pieces


def _answer(attempts: list[Attempt], coach: User) -> None:
    at = attempts[0].handed_in_at - BEFORE + timedelta(hours=20)
    Claim.objects.bulk_create(Claim(attempt=a, coach=coach, claimed_at=at, touched_at=at) for a in attempts)
    said = {
        "keep": f"“{QUOTE}” is the cause, in one line.",
        "try_next": "Say what the reader should do.",
        "verdict": "another",
    }
    sent = Feedback.objects.bulk_create(
        Feedback(attempt=a, coach=coach, **said, sent_at=at, shown_from=at + timedelta(seconds=10)) for a in attempts
    )
    criteria = attempts[0].rubric.criteria.values_list("pk", flat=True)
    Mark.objects.bulk_create(Mark(feedback=f, criterion_id=c, level=2) for f in sent for c in criteria)
    Ask.objects.bulk_create(
        Ask(feedback=f, number=n, text=f"Name who decides, part {n}.") for f in sent for n in (1, 2, 3)
    )
    MarginNote.objects.bulk_create(
        MarginNote(feedback=f, position=n, field=FIELD, quote=QUOTE, text=f"By when, in note {n}?")
        for f in sent
        for n in range(NOTES)
    )


def _hand_in_again(pieces: list[Submission], attempts: list[Attempt]) -> None:
    oldest = min(attempt.handed_in_at for attempt in attempts) - BEFORE
    for number, attempt in enumerate(attempts):
        answer = attempt.answer | {FIELD: _changed(attempt.answer[FIELD])}
        attempt.pk, attempt.serial, attempt.number, attempt.client_key = None, 2, 2, "bench again"
        attempt.answer, attempt.handed_in_at = answer, oldest + timedelta(seconds=number)
    for piece, attempt in zip(pieces, attempts, strict=True):
        piece.attempts_made, piece.handed_in_at, piece.draft = 2, attempt.handed_in_at, attempt.answer
    Attempt.objects.bulk_create(attempts)
    Submission.objects.bulk_update(pieces, ["attempts_made", "handed_in_at", "draft"])


def longer(answer: dict) -> dict:
    """An answer of 1.6 KB, as the others are."""
    return answer | {FIELD: f"{answer[FIELD]} {answer[FIELD]}"}


def _changed(text: str) -> str:
    words = text.split(" ")
    kept = set(QUOTE.split())
    return " ".join("elsewhere" if n % EVERY == 0 and word not in kept else word for n, word in enumerate(words))


def _bank(cohort: Cohort, coach: User) -> None:
    other = User.objects.create(email="other@example.org", name="Other", zone="Europe/Berlin", password="!")
    Assignment.objects.create(coach=other, cohort=cohort, since=cohort.created_at)
    lines = [(coach, Visibility.PRIVATE)] * OWN + [(other, Visibility.TEAM)] * SHARED
    BankLine.objects.bulk_create(
        BankLine(
            author=who,
            kind="try",
            text=f"Move “{{quote}}” to the end, line {n}.",
            visibility=seen,
            kept_at=cohort.created_at,
        )
        for n, (who, seen) in enumerate(lines)
    )
