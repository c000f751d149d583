"""What is said under feedback, asked at both doors."""

from datetime import timedelta

from django.urls import reverse

from coaching import replying, reviewing
from coaching.models import Feedback
from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, UNASKED, Ask, case, close, leave
from tests.roads import WEEK_1

WORDS = "Which of the two numbers do you mean?"
NOT_THERE = "what one does not read is not there at either door: 404"
for name in ("reply", "mark_used", "unmark_used"):
    UNASKED[f"replying.{name}", "reply.not_yours"] = NOT_THERE


def answered(cast: Cast) -> Feedback:
    return Feedback.objects.first() or roads.answered(cast.mina, cast.tomas)


def reply(cast: Cast, text: str = WORDS, quick: str = "", who: str = "mina") -> Ask:
    piece = answered(cast).attempt.submission
    sent = {"quick": quick} if quick else {"text": text}
    page = reverse("feedback-reply", args=["w1-x1", 1])
    if who != "mina":
        page = reverse("review-reply", args=[piece.pk, 1]) + "?attempt=1"
    return Ask(who, page, sent, "post", f"submissions/{piece.pk}/replies/", sent | {"attempt": 1})


def use(cast: Cast, *, back: bool = False, at=LATER) -> Ask:
    piece = answered(cast).attempt.submission
    page, form = reverse("feedback-used", args=["w1-x1", 1]), {"used": "no" if back else "yes"}
    return Ask("mina", page, form, "delete" if back else "put", f"submissions/{piece.pk}/feedback/used/", {}, at)


def unuse(cast: Cast) -> Ask:
    return use(cast, back=True)


@case("replying.reply", "cohort.closed")
def _closed(cast):
    asked = reply(cast)
    close(cast.spring)
    return asked


@case("replying.reply", "enrolment.ended")
def _has_left(cast):
    asked = reply(cast, who="tomas")
    leave(cast)
    return asked


@case("replying.reply", "reply.nothing")
def _taken_back(cast):
    asked = reply(cast)
    feedback = answered(cast)
    reviewing.recall_feedback(feedback, by=cast.tomas, at=feedback.sent_at + timedelta(minutes=1))
    return asked


@case("replying.reply", "reply.full")
def _full(cast):
    attempt = answered(cast).attempt
    for number in range(replying.AT_MOST):
        replying.reply(attempt, text=f"And {number}", by=cast.mina, at=WEEK_1 + timedelta(hours=3))
    return reply(cast)


@case("replying.reply", "reply.quick")
def _for_its_client(cast):
    return reply(cast, quick="lost", who="tomas")


@case("replying.reply", "reply.empty", 422)
def _empty(cast):
    return reply(cast, text=" ")


@case("replying.reply", "reply.long", 422)
def _long(cast):
    return reply(cast, text="x" * 1001)


for operation, doors in {"replying.mark_used": use, "replying.unmark_used": unuse}.items():

    @case(operation, "cohort.closed")
    def _is_closed(cast, doors=doors):
        asked = doors(cast)
        close(cast.spring)
        return asked

    UNASKED[operation, "used.nothing"] = NOT_THERE + "; only where it is taken back at that moment. See tests/races"


ALLOWED |= {"replying.reply": reply, "replying.mark_used": use, "replying.unmark_used": unuse}
