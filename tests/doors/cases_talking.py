"""That a piece was talked about, asked at both doors."""

from datetime import date

from django.urls import reverse

from coaching.models import Feedback
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, UNASKED, Ask, case, close

DAY = "2026-03-04"  # in the evening of which it was sent, and it is asked later that night
LINE = "She said it in one breath."
NOT_THERE = "what one does not read, and what was not to be discussed live or does not show, is not there: 404"
for name in ("mark", "reopen"):
    for code in ("talk.not_yours", "talk.not_asked", "talk.not_shown"):
        UNASKED[f"talking.{name}", code] = NOT_THERE


def discussed(cast: Cast) -> Feedback:
    return Feedback.objects.first() or roads.answered(cast.mina, cast.tomas, live=True)


def mark(cast: Cast, day: str = DAY, line: str = LINE) -> Ask:
    piece, sent = discussed(cast).attempt.submission, {"day": day, "line": line}
    page = reverse("review-talked", args=[piece.pk, 1])
    return Ask("tomas", page, sent | {"talked": "yes"}, "put", f"submissions/{piece.pk}/feedback/talked/", sent, LATER)


def reopen(cast: Cast) -> Ask:
    asked = mark(cast)
    return Ask("tomas", asked.page, {"talked": "no"}, "delete", asked.path, {}, LATER)


for operation, doors in {"talking.mark": mark, "talking.reopen": reopen}.items():

    @case(operation, "cohort.closed")
    def _is_closed(cast, doors=doors):
        asked = doors(cast)
        close(cast.spring)
        return asked


@case("talking.mark", "talk.to_come", 422)
def _to_come(cast):
    return mark(cast, day=f"{date(2026, 3, 6)}")


@case("talking.mark", "talk.too_early", 422)
def _too_early(cast):
    return mark(cast, day=f"{date(2026, 3, 3)}")


@case("talking.mark", "talk.long", 422)
def _long(cast):
    return mark(cast, line="x" * 201)


ALLOWED |= {"talking.mark": mark, "talking.reopen": reopen}
