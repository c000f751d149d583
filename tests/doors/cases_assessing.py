"""Rating oneself, asked at both doors."""

from datetime import timedelta

from django.urls import reverse

from tests import roads
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, UNASKED, Ask, case, close, leave
from tests.roads import BEFORE, WEEK_1

WEEK_4 = WEEK_1 + timedelta(weeks=3)
WEEK_8 = WEEK_1 + timedelta(weeks=7, days=2)
AFTER = WEEK_1 + timedelta(weeks=9)
ANSWERED = {"s1": "4"}


def _api(cast: Cast, end: str) -> str:
    return f"enrolments/{cast.enrolment(cast.mina).pk}/{end}"


def save(cast: Cast, who: str = "mina", moment: str = "a0", at=LATER, **answers) -> Ask:
    sent = answers or ANSWERED
    page = reverse("assessment-save", args=[moment])
    return Ask(who, page, sent, "patch", _api(cast, f"assessments/{moment}/"), {"answers": sent}, at)


def finish(cast: Cast, who: str = "mina", moment: str = "a0", at=LATER) -> Ask:
    page = reverse("assessment-finish", args=[moment])
    return Ask(who, page, {}, "post", _api(cast, f"assessments/{moment}/finish/"), {}, at)


def look_back(cast: Cast, who: str = "mina", at=WEEK_8, **changes) -> Ask:
    sent = roads.LOOKING_BACK | changes
    path = _api(cast, "assessments/looking-back/")
    return Ask(who, reverse("look-back"), sent, "put", path, {"ratings": sent}, at)


def agree(cast: Cast, who: str = "mina", at=WEEK_4, **changes) -> Ask:
    sent = {"sentence": "In the Thursday steering I say my recommendation first.", "competency": "presence"} | changes
    return Ask(who, reverse("focus"), sent, "put", _api(cast, "focus/"), sent, at)


def finished_final(cast: Cast):
    roads.assessed(cast.mina, "a8", at=WEEK_8)


def finished_midpoint(cast: Cast):
    roads.assessed(cast.mina, "a4", at=WEEK_4)


DOORS = {
    "assessing.keep": save,
    "assessing.finish": finish,
    "assessing.look_back": look_back,
    "assessing.agree_focus": agree,
}
UNASKED |= {
    (operation, "homework.not_yours"): "whose it is, is decided before: somebody else's enrolment is not there"
    for operation in DOORS
}

for operation, doors in DOORS.items():

    @case(operation, "assessment.left")
    def _left(cast, doors=doors):
        leave(cast)
        return doors(cast)

    @case(operation, "cohort.closed")
    def _closed(cast, doors=doors):
        close(cast.spring)
        return doors(cast)


for operation, doors in {"assessing.keep": save, "assessing.finish": finish}.items():

    @case(operation, "assessment.locked")
    def _locked(cast, doors=doors):
        return doors(cast, moment="a4")

    @case(operation, "assessment.finished")
    def _finished(cast, doors=doors):
        roads.assessed(cast.mina, "a0", at=WEEK_1)
        return doors(cast)

    @case(operation, "assessment.closed")
    def _over(cast, doors=doors):
        return doors(cast, moment="a8", at=AFTER)


@case("assessing.keep", "assessment.unanswered", 422)
def _no_point(cast):
    return save(cast, s1="9")


@case("assessing.finish", "assessment.unanswered", 422)
def _half(cast):
    return finish(cast)


@case("assessing.look_back", "assessment.not_finished")
def _too_early(cast):
    return look_back(cast)


@case("assessing.look_back", "assessment.looked_back")
def _twice(cast):
    finished_final(cast)
    roads.looked_back(cast.mina, at=WEEK_8)
    return look_back(cast)


@case("assessing.look_back", "assessment.unanswered", 422)
def _three_of_four(cast):
    finished_final(cast)
    return look_back(cast, then_u="0")


@case("assessing.agree_focus", "focus.too_early")
def _before_the_midpoint(cast):
    return agree(cast)


@case("assessing.agree_focus", "assessment.unanswered", 422)
def _no_sentence(cast):
    finished_midpoint(cast)
    return agree(cast, sentence=" ")


def _finish_allowed(cast: Cast) -> Ask:
    roads.rated(cast.mina, "a0", at=BEFORE + timedelta(days=9))
    return finish(cast)


def _look_back_allowed(cast: Cast) -> Ask:
    finished_final(cast)
    return look_back(cast)


def _agree_allowed(cast: Cast) -> Ask:
    finished_midpoint(cast)
    return agree(cast)


ALLOWED |= {
    "assessing.keep": save,
    "assessing.finish": _finish_allowed,
    "assessing.look_back": _look_back_allowed,
    "assessing.agree_focus": _agree_allowed,
}
