"""What clients have released to whoever pays, what they could release, and the copy as a sponsor reads it.

A client looks at the very copy a sponsor reads: before, by `copy_of`, and afterwards, by the row.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Attempt, Enrolment, LedgerLine, Meeting, OneOnOne, User
from curriculum import moves, plain

from . import sponsorships
from .models import Feedback, Release

Kind = Release.Kind
LONGEST_TITLE = 300
WITH: dict[str, Any] = {
    OneOnOne.With.MANAGER: gettext_lazy("their manager"),
    OneOnOne.With.SKIP_LEVEL: gettext_lazy("their manager’s manager"),
    OneOnOne.With.COACH: gettext_lazy("their coach as manager"),
}


@dataclass(frozen=True)
class Copy:
    """One thing as it stands now, in the words a sponsor would read."""

    kind: str
    source: int
    title: str
    text: str

    @property
    def kind_name(self) -> str:
        return str(Kind(self.kind).label)


def visible_to(user: User) -> QuerySet[Release]:
    """One's own, withdrawn ones among them; and what stands of the cohorts one is a sponsor of right now."""
    paid_for = Q(enrolment__cohort__in=sponsorships.sponsored_by(user).values("pk"), withdrawn_at=None)
    rows = Release.objects.filter(Q(enrolment__client=user) | paid_for)
    return rows.select_related("enrolment__client", "enrolment__cohort")


def to_sponsor(user: User) -> QuerySet[Release]:
    """What a sponsor reads, the latest first."""
    return visible_to(user).filter(withdrawn_at=None).exclude(enrolment__client=user).order_by("-released_at", "-pk")


def of(enrolment: Enrolment) -> QuerySet[Release]:
    """All a client has released there, the latest first."""
    return Release.objects.filter(enrolment=enrolment).order_by("-released_at", "-pk")


# --- What can be released -------------------------------------------------------------------------


def copy_of(enrolment: Enrolment, kind: str, source: int, *, at: datetime) -> Copy | None:
    """Of something of one's own, as it stands now; None where there is no such thing to release."""
    found = MAKERS[kind](enrolment, source, at) if kind in MAKERS else None
    return found if found and found.text else None


def offered(enrolment: Enrolment, *, at: datetime) -> list[Copy]:
    """Everything there is to release, without what stands released already. Six queries."""
    standing = set(of(enrolment).filter(withdrawn_at=None).values_list("kind", "source"))
    return [one for one in _everything(enrolment, at) if one.text and (one.kind, one.source) not in standing]


def _everything(enrolment: Enrolment, at: datetime) -> Iterator[Copy]:
    newest = {one.submission_id: one for one in _attempts(enrolment).order_by("serial")}
    said = {one.attempt_id: one for one in _said(enrolment, at)}
    week = sorted(
        newest.values(), key=lambda one: (one.submission.exercise.week.number, one.submission.exercise.position)
    )
    for attempt in week:
        yield _piece(attempt)
        if feedback := said.get(attempt.pk):
            yield _answered(attempt, feedback)
    yield from map(_meeting, Meeting.objects.filter(enrolment=enrolment).order_by("-date", "-pk"))
    yield from map(_line, LedgerLine.objects.filter(enrolment=enrolment).order_by("-date", "-pk"))
    yield from map(_planned, _one_on_ones(enrolment).order_by("-date", "-pk"))


def _attempts(enrolment: Enrolment) -> QuerySet[Attempt]:
    standing = Attempt.objects.filter(submission__enrolment=enrolment, taken_back=None)
    return standing.select_related("submission__exercise__week")


def _one_on_ones(enrolment: Enrolment) -> QuerySet[OneOnOne]:
    return OneOnOne.objects.filter(enrolment=enrolment).select_related("enrolment__cohort")


def _said(enrolment: Enrolment, at: datetime) -> QuerySet[Feedback]:
    """What its client may read already."""
    return Feedback.objects.filter(attempt__submission__enrolment=enrolment, shown_from__lte=at)


def _one_piece(enrolment: Enrolment, source: int, _at: datetime) -> Copy | None:
    found = _attempts(enrolment).filter(pk=source).first()
    return _piece(found) if found else None


def _one_answered(enrolment: Enrolment, source: int, at: datetime) -> Copy | None:
    attempt = _attempts(enrolment).filter(pk=source).first()
    feedback = _said(enrolment, at).filter(attempt=attempt).first() if attempt else None
    return _answered(attempt, feedback) if attempt and feedback else None


def _one_meeting(enrolment: Enrolment, source: int, _at: datetime) -> Copy | None:
    found = Meeting.objects.filter(enrolment=enrolment, pk=source).first()
    return _meeting(found) if found else None


def _one_line(enrolment: Enrolment, source: int, _at: datetime) -> Copy | None:
    found = LedgerLine.objects.filter(enrolment=enrolment, pk=source).first()
    return _line(found) if found else None


def _one_planned(enrolment: Enrolment, source: int, _at: datetime) -> Copy | None:
    found = _one_on_ones(enrolment).filter(pk=source).first()
    return _planned(found) if found else None


MAKERS: dict[str, Callable[[Enrolment, int, datetime], Copy | None]] = {
    Kind.PIECE: _one_piece,
    Kind.ANSWERED: _one_answered,
    Kind.MEETING: _one_meeting,
    Kind.LINE: _one_line,
    Kind.ONE: _one_planned,
}


# --- In words -------------------------------------------------------------------------------------


def _piece(attempt: Attempt) -> Copy:
    exercise = attempt.submission.exercise
    text = plain.text_of(exercise, attempt.answer).partition(plain.RULE)[2].strip()
    return Copy(Kind.PIECE, attempt.pk, exercise.title[:LONGEST_TITLE], text)


def _answered(attempt: Attempt, feedback: Feedback) -> Copy:
    piece = _piece(attempt)
    said = [(_("What to keep"), feedback.keep), (_("What to try"), feedback.try_next)]
    parts = [piece.text, *(f"{label}\n{words}" for label, words in said if words)]
    return Copy(Kind.ANSWERED, attempt.pk, piece.title, plain.RULE.join(parts))


def _meeting(row: Meeting) -> Copy:
    facts = _("%(day)s. %(people)s people, %(minutes)s minutes. Spoke %(times)s times.") % {
        "day": f"{row.date:%-d %B %Y}", "people": row.attendees, "minutes": row.minutes, "times": row.times_spoke,
    }  # fmt: skip
    return Copy(Kind.MEETING, row.pk, row.title, f"{facts}{plain.RULE}{row.outcome}")


def _line(row: LedgerLine) -> Copy:
    said = [
        (_("For whom"), row.for_whom),
        (_("My part"), row.my_part),
        (_("Who saw it"), ", ".join(row.who_saw)),
        (_("Trace"), row.trace),
        (_("In their words"), row.quote),
    ]
    parts = [f"{row.date:%-d %B %Y}", row.what, *(f"{label}\n{words}" for label, words in said if words)]
    return Copy(Kind.LINE, row.pk, row.what[:LONGEST_TITLE], plain.RULE.join(parts))


def _planned(row: OneOnOne) -> Copy:
    """What its client planned to say, move by move; nothing of what was heard, nor of what was promised."""
    planner = moves.of_edition(row.enrolment.cohort.edition_id)
    written = [
        (
            one.title,
            [plain.words_of(field, row.content[field.key]) for field in one.fields if row.content.get(field.key)],
        )
        for one in (planner.moves if planner else ())
    ]
    parts = ["\n".join([title, *words]) for title, words in written if words]
    title = _("1:1 with %(whom)s, %(day)s") % {"whom": WITH[row.with_whom], "day": f"{row.date:%-d %B %Y}"}
    return Copy(Kind.ONE, row.pk, title, plain.RULE.join(parts))
