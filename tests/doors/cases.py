"""Every refusal of every operation, and how to come to it at both doors.

A case says how its state is reached (by the real operations, see `tests.roads`), who asks, and what is
posted to the page and sent to the API. Whoever names a new refusal finds the suite asking for its case.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from clients import choosing, invitations, joining, pausing, stopping, submitting, tables
from clients.models import Cohort, Enrolment, Invitation
from coaching import assigning, bringing, reviewing
from coaching.models import Assignment
from curriculum.models import Edition, Lesson
from tests import roads
from tests.cast import Cast
from tests.roads import ANSWERS, BEFORE, WEEK_1, WEEK_4

HOUR = timedelta(hours=1)
LATER = WEEK_1 + 12 * HOUR  # after everything the roads do in one step
ANSWER = ANSWERS["w1-x1"]
FORM = ANSWER | {"redacted": "on"}


@dataclass(frozen=True)
class Ask:
    """One question at both doors: the page's address and form, the API's method, address and body."""

    who: str
    page: str
    form: dict[str, Any]
    method: str
    path: str
    body: dict[str, Any] = field(default_factory=dict)
    at: datetime = LATER


@dataclass(frozen=True)
class Case:
    """`status` is 404 where the thing is not there for whoever asks; there is no sentence to compare then."""

    operation: str
    code: str
    road: Callable[[Cast], Ask]
    status: int

    def __str__(self) -> str:
        return f"{self.operation} × {self.code}"


CASES: list[Case] = []


def case(operation: str, code: str, status: int = 409) -> Callable[[Callable[[Cast], Ask]], Callable[[Cast], Ask]]:
    """The decorated road leads to this refusal."""

    def add(road: Callable[[Cast], Ask]) -> Callable[[Cast], Ask]:
        CASES.append(Case(operation, code, road, status))
        return road

    return add


# --- What cannot be asked ---------------------------------------------------------------------------

RACE = "only where two people act at one moment; the refusal before it speaks first. See tests/races"
NO_PAGE = "a newcomer has no account yet, so no token: an account begins on the page the link leads to"
UNASKED: dict[tuple[str, str], str] = {
    **{
        (operation, "homework.moved_on"): RACE
        for operation in (
            "submitting.hand_in", "submitting.take_back", "submitting.try_again", "reviewing.claim",
            "reviewing.release", "reviewing.save_feedback_draft", "reviewing.send_feedback", "reviewing.undo_feedback",
            "reviewing.recall_feedback",
        )
    },
    **{
        (operation, "review.taken_back"): RACE
        for operation in ("reviewing.claim", "reviewing.save_feedback_draft", "reviewing.send_feedback")
    },
    ("reviewing.undo_feedback", "feedback.undone"): RACE,
    ("bringing.bring", "import.moved_on"): RACE,
    **{
        ("convening.open_cohort", code): "a cohort that is being opened has no clients yet, and each coach once"
        for code in ("assignment.there", "assignment.client")
    },
    ("reviewing.recall_feedback", "feedback.undone"): RACE,
    **{
        (f"submitting.{name}", "homework.not_offered"): "joining a cohort makes no piece of such an exercise"
        for name in ("save_draft", "mean_it", "hand_in")
    },
    **{
        ("joining.accept_as_newcomer", code): NO_PAGE
        for code in (
            "cohort.closed", "invitation.enrolled", "invitation.expired", "invitation.other_person",
            "invitation.revoked", "invitation.sign_in", "invitation.used",
        )
    },
}  # fmt: skip

# Where a page answers in its own way, and why. The API answers as the operation does.
OVER = "a link that is over is gone for a browser: 410"
LINES = "the page takes several people at once and answers for the form: 422, the sentence beside the line"
PAGE_STATUS: dict[tuple[str, str], tuple[int, str]] = {
    ("joining.accept", "invitation.used"): (410, OVER),
    ("joining.accept", "invitation.revoked"): (410, OVER),
    ("joining.accept", "invitation.expired"): (410, OVER),
    ("joining.invite", "cohort.closed"): (422, LINES),
    ("joining.invite", "invitation.enrolled"): (422, LINES),
    ("assigning.assign", "cohort.closed"): (422, "the sentence stands beside the address"),
    **{
        ("convening.open_cohort", f"break.{code}"): (422, "the sentence stands beside the weeks off")
        for code in ("not_monday", "begun", "there", "after_the_end")
    },
    ("assigning.assign", "assignment.there"): (422, "the sentence stands beside the address"),
    ("assigning.assign", "assignment.client"): (422, "the sentence stands beside the address"),
}
PAGE_WORDS: dict[tuple[str, str], str] = {
    ("submitting.save_draft", "draft.stale"): "the page shows the two texts themselves and asks which to go on with",
    ("submitting.hand_in", "draft.stale"): "the page shows the two texts themselves and asks which to go on with",
    ("joining.accept", "invitation.other_person"): "the page names both addresses and offers to sign out",
    **{
        (operation, "messages.no_reminder"): "the page offers the reminders there are, and says so of any other"
        for operation in ("stopping.leave_out", "convening.open_cohort")
    },
    ("convening.open_cohort", "cohort.far_away"): "the page's own date field keeps to the same years",
    ("convening.open_cohort", "cohort.zone"): "the page offers the zones there are, and says so of any other",
    ("convening.open_cohort", "edition.draft"): "the page offers published editions, and says so of any other",
}


# --- Roads ------------------------------------------------------------------------------------------


def close(cohort: Cohort) -> None:
    """With people in it, as no operation does; what is refused in a closed cohort is refused there first."""
    Cohort.objects.filter(pk=cohort.pk).update(closed_at=WEEK_1)


def leave(cast: Cast) -> None:
    joining.withdraw(cast.enrolment(cast.mina), by=cast.ada, at=WEEK_1)


def three_attempts(cast: Cast, *, last: bool = True) -> None:
    """Handed in three times; the last one answered as well, or waiting."""
    for days in (0, 1):
        roads.answered(cast.mina, cast.tomas, at=WEEK_1 + timedelta(days=days), another=True)
        submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_1 + timedelta(days=days, hours=3))
    roads.handed_in(cast.mina, at=WEEK_1 + timedelta(days=2))
    if last:
        reviewing.send_feedback(
            roads.piece(cast.mina),
            content=roads.content(roads.piece(cast.mina)),
            revision=None,
            by=cast.tomas,
            at=WEEK_1 + timedelta(days=2, hours=1),
        )


# --- A client's homework ------------------------------------------------------------------------------

Doors = Callable[[Cast], Ask]


def save(cast: Cast, who: str = "mina", at: datetime = LATER, revision: int | None = None, **changes) -> Ask:
    piece = roads.piece(cast.mina)
    now = piece.draft_revision if revision is None else revision
    return Ask(
        who,
        reverse("work-draft", args=["w1-x1"]),
        FORM | changes | {"revision": now},
        "put",
        f"submissions/{piece.pk}/draft/",
        {"answer": ANSWER | changes, "revision": now},
        at,
    )


def mean(cast: Cast, who: str = "mina", at: datetime = LATER) -> Ask:
    path = f"submissions/{roads.piece(cast.mina).pk}/meant/"
    return Ask(who, reverse("work-meant", args=["w1-x1"]), FORM | {"rule": "H4"}, "post", path, {"rule": "H4"}, at)


def hand_in(cast: Cast, who: str = "mina", at: datetime = LATER, revision: int | None = None, **changes) -> Ask:
    saving = save(cast, who, at, revision, **changes)
    page, path = reverse("work-hand-in", args=["w1-x1"]), saving.path.replace("draft", "hand-in")
    return Ask(who, page, saving.form | {"client_key": "one click"}, "post", path, saving.body, at)


def take_back(cast: Cast, who: str = "mina", at: datetime = LATER) -> Ask:
    path = f"submissions/{roads.piece(cast.mina).pk}/take-back/"
    return Ask(who, reverse("work-take-back", args=["w1-x1"]), {}, "post", path, at=at)


def try_again(cast: Cast, who: str = "mina", at: datetime = LATER) -> Ask:
    path = f"submissions/{roads.piece(cast.mina).pk}/try-again/"
    return Ask(who, reverse("work-try-again", args=["w1-x1"]), {}, "post", path, at=at)


WRITING = {"submitting.save_draft": save, "submitting.mean_it": mean, "submitting.hand_in": hand_in}
MOVING = {"submitting.take_back": take_back, "submitting.try_again": try_again}

for operation, doors in (WRITING | MOVING).items():

    @case(operation, "homework.not_yours", 404)
    def _not_yours(cast, doors=doors):
        return doors(cast, who="lena")

    @case(operation, "homework.left")
    def _left(cast, doors=doors):
        roads.handed_in(cast.mina)
        leave(cast)
        return doors(cast)

    @case(operation, "cohort.closed")
    def _closed(cast, doors=doors):
        roads.handed_in(cast.mina)
        close(cast.spring)
        return doors(cast)


for operation, doors in WRITING.items():

    @case(operation, "homework.locked")
    def _locked(cast, doors=doors):
        return doors(cast, at=BEFORE)

    @case(operation, "homework.with_coach")
    def _with_coach(cast, doors=doors):
        roads.handed_in(cast.mina)
        return doors(cast)

    @case(operation, "homework.reviewed")
    def _reviewed(cast, doors=doors):
        roads.answered(cast.mina, cast.tomas)
        return doors(cast)


@case("submitting.save_draft", "draft.stale")
def _stale_draft(cast):
    roads.drafted(cast.mina)
    return save(cast, revision=0, topic="From another tab")


@case("submitting.hand_in", "draft.stale")
def _stale_hand_in(cast):
    roads.drafted(cast.mina)
    return hand_in(cast, revision=0, topic="From another tab")


@case("submitting.hand_in", "homework.answer_incomplete", 422)
def _incomplete(cast):
    return hand_in(cast, topic="", why="")


@case("submitting.take_back", "homework.claimed")
def _claimed(cast):
    roads.claimed(cast.mina, cast.tomas)
    return take_back(cast)


@case("submitting.take_back", "homework.not_handed_in")
def _not_handed_in(cast):
    roads.drafted(cast.mina)
    return take_back(cast)


@case("submitting.try_again", "homework.not_reviewed")
def _not_reviewed(cast):
    roads.handed_in(cast.mina)
    return try_again(cast)


@case("submitting.try_again", "homework.three_attempts")
def _three_attempts(cast):
    three_attempts(cast)
    return try_again(cast, at=WEEK_1 + timedelta(days=3))


def lesson_read(cast: Cast, week: int, who: str = "mina") -> Ask:
    lesson = Lesson.objects.filter(edition=cast.spring.edition, week__number=week).first()
    page = reverse("lesson-read", args=[week, lesson.slug])
    path = f"enrolments/{cast.enrolment(cast.mina).pk}/lessons/{lesson.pk}/read/"
    return Ask(who, page, {"read": "1"}, "put", path, {"read": True}, WEEK_1)


@case("practising.mark_read", "homework.locked")
def _lesson_locked(cast):
    return lesson_read(cast, week=2)


@case("practising.mark_read", "homework.not_yours", 404)
def _lesson_not_yours(cast):
    return lesson_read(cast, week=1, who="lena")


# --- A review -----------------------------------------------------------------------------------------


def on_the_desk(cast: Cast, verb: str, who: str, at: datetime) -> Ask:
    pk = roads.piece(cast.mina).pk
    return Ask(who, reverse(f"review-{verb}", args=[pk]), {}, "post", f"submissions/{pk}/{verb}/", at=at)


def claim(cast: Cast, who: str = "tomas", at: datetime = LATER) -> Ask:
    return on_the_desk(cast, "claim", who, at)


def take_over(cast: Cast, who: str = "tomas", at: datetime = LATER, **meant) -> Ask:
    return replace(on_the_desk(cast, "take-over", who, at), form=meant, body=meant)


def release(cast: Cast, who: str = "tomas", at: datetime = LATER) -> Ask:
    return on_the_desk(cast, "release", who, at)


def written(
    cast: Cast, page: str, method: str, path: str, who: str, at: datetime, revision: int, key: str = "w1-x1", **changes
) -> Ask:
    piece = roads.piece(cast.mina, key)
    content = roads.content(piece) | changes
    levels = {f"level-{key}": level for key, level in content["levels"].items()}
    form = {"keep": content["keep"], "try_next": content["try_next"], "another": "on" if content["another"] else ""}
    attempt = piece.attempts.order_by("serial").last()
    form |= levels | {"attempt": attempt.pk, "revision": revision}
    verdict = "?verdict=another" if content["another"] else ""
    address = reverse(page, args=[piece.pk]) + verdict
    return Ask(who, address, form, method, f"submissions/{piece.pk}/{path}/", content | {"revision": revision}, at)


def save_feedback(cast: Cast, who: str = "tomas", at: datetime = LATER, revision: int = 0, **changes) -> Ask:
    return written(cast, "review-draft", "put", "feedback-draft", who, at, revision, **changes)


def send(cast: Cast, who: str = "tomas", at: datetime = LATER, revision: int = 0, **changes) -> Ask:
    return written(cast, "review-send", "post", "feedback", who, at, revision, **changes)


HOLDING = {"reviewing.claim": claim, "reviewing.release": release}
ANSWERING = {"reviewing.save_feedback_draft": save_feedback, "reviewing.send_feedback": send}

for operation, doors in (HOLDING | ANSWERING | {"reviewing.take_over": take_over}).items():

    @case(operation, "review.not_yours", 404)
    def _not_your_client(cast, doors=doors):
        roads.handed_in(cast.mina)
        return doors(cast, who="ines")

    @case(operation, "cohort.closed")
    def _cohort_closed(cast, doors=doors):
        roads.handed_in(cast.mina)
        close(cast.spring)
        return doors(cast)


for operation, doors in (HOLDING | ANSWERING).items():

    @case(operation, "review.nothing_waits")
    def _nothing_waits(cast, doors=doors):
        roads.answered(cast.mina, cast.tomas)
        return doors(cast)

    @case(operation, "review.claimed")
    def _claimed_by_another(cast, doors=doors):
        roads.coach(cast.spring, cast.ines)
        roads.claimed(cast.mina, cast.ines)
        return doors(cast)


for operation, doors in ANSWERING.items():

    @case(operation, "feedback.own_rating", 422)
    def _another_level_than_the_clients_own(cast, doors=doors):
        piece = roads.handed_in(cast.mina, "w4-x1", at=WEEK_4).submission
        own = piece.exercise.rubric.criteria.get(key="congruence")
        levels = roads.content(piece)["levels"] | {str(own.pk): 4}
        return doors(cast, key="w4-x1", at=WEEK_4 + 12 * HOUR, levels=levels)


@case("reviewing.take_over", "review.unclaimed")
def _unclaimed(cast):
    roads.handed_in(cast.mina)
    return take_over(cast)


@case("reviewing.take_over", "review.claimed")
def _somebody_came_in_between(cast):
    roads.coach(cast.spring, cast.ines)
    roads.claimed(cast.mina, cast.ines)
    return take_over(cast, holder=cast.ada.pk)


@case("reviewing.save_feedback_draft", "draft.stale")
def _stale_feedback(cast):
    feedback_saved(cast)
    return save_feedback(cast, revision=0, keep="From another tab")


@case("reviewing.send_feedback", "draft.stale")
def _stale_send(cast):
    feedback_saved(cast)
    return send(cast, revision=0, keep="From another tab")


def feedback_saved(cast: Cast) -> None:
    roads.claimed(cast.mina, cast.tomas)
    content = {"keep": "From the first tab"}
    reviewing.save_feedback_draft(roads.piece(cast.mina), content=content, revision=0, by=cast.tomas, at=WEEK_1 + HOUR)


@case("reviewing.send_feedback", "feedback.incomplete", 422)
def _feedback_incomplete(cast):
    roads.claimed(cast.mina, cast.tomas)
    return send(cast, keep="", levels={})


@case("reviewing.send_feedback", "review.three_attempts")
def _no_fourth(cast):
    three_attempts(cast, last=False)
    return send(cast, another=True, at=WEEK_1 + timedelta(days=3))


def undo(cast: Cast, who: str = "tomas", at: datetime = WEEK_1 + 2 * HOUR) -> Ask:
    pk = roads.piece(cast.mina).pk
    return Ask(who, reverse("review-undo", args=[pk]), {}, "post", f"submissions/{pk}/feedback/undo/", at=at)


@case("reviewing.undo_feedback", "feedback.shown")
def _shown(cast):
    roads.answered(cast.mina, cast.tomas)
    return undo(cast, at=WEEK_1 + 2 * HOUR + timedelta(seconds=10))


@case("reviewing.undo_feedback", "review.not_yours", 404)
def _another_coach(cast):
    roads.coach(cast.spring, cast.ines)
    roads.answered(cast.mina, cast.tomas)
    return undo(cast, who="ines")


def recall(cast: Cast, who: str = "tomas", at: datetime = WEEK_1 + timedelta(hours=2, minutes=9)) -> Ask:
    pk = roads.piece(cast.mina).pk
    return Ask(who, reverse("review-recall", args=[pk]), {}, "post", f"submissions/{pk}/feedback/recall/", at=at)


@case("reviewing.recall_feedback", "feedback.settled")
def _settled(cast):
    roads.answered(cast.mina, cast.tomas)
    return recall(cast, at=WEEK_1 + timedelta(hours=2, minutes=10))


@case("reviewing.recall_feedback", "feedback.gone_on")
def _gone_on(cast):
    roads.answered(cast.mina, cast.tomas, another=True)
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_1 + timedelta(hours=2, minutes=1))
    return recall(cast)


@case("reviewing.recall_feedback", "review.not_yours", 404)
def _recalled_by_another_coach(cast):
    roads.coach(cast.spring, cast.ines)
    roads.answered(cast.mina, cast.tomas)
    return recall(cast, who="ines")


def mark_read(cast: Cast, who: str = "mina", at: datetime = LATER) -> Ask:
    path = f"submissions/{roads.piece(cast.mina).pk}/feedback/read/"
    return Ask(who, reverse("feedback-of", args=["w1-x1"]), {}, "post", path, at=at)


@case("reviewing.mark_read", "review.not_yours", 404)
def _read_by_another(cast):
    roads.answered(cast.mina, cast.tomas)
    return mark_read(cast, who="lena")


# --- Coming in and going --------------------------------------------------------------------------------


def accept(invitation: Invitation, who: str = "lena", at: datetime = WEEK_1) -> Ask:
    token = invitations.token_of(invitation)
    return Ask(who, reverse("join", args=[token]), {}, "post", "invitations/accept/", {"token": token}, at)


def invited(cast: Cast, email: str = "lena@example.org") -> Invitation:
    return roads.invitation(cast.spring, email, at=WEEK_1)


@case("joining.accept", "invitation.expired")
def _expired(cast):
    return accept(invited(cast), at=WEEK_1 + timedelta(days=15))


@case("joining.accept", "invitation.revoked")
def _revoked(cast):
    invitation = invited(cast)
    joining.revoke(invitation, by=cast.ada, at=WEEK_1)
    return accept(invitation)


@case("joining.accept", "invitation.used")
def _used(cast):
    invitation = invited(cast)
    joining.accept(invitation, person=cast.lena, at=WEEK_1)
    return accept(invitation)


@case("joining.accept", "invitation.other_person")
def _other_person(cast):
    return accept(invited(cast), who="omar")


@case("joining.accept", "invitation.enrolled")
def _in_already(cast):
    invitation = invited(cast)
    roads.client(cast.spring, cast.lena)
    return accept(invitation)


@case("joining.accept", "cohort.closed")
def _closed_since(cast):
    invitation = invited(cast)
    close(cast.spring)
    return accept(invitation)


def invite(cast: Cast, email: str = "new@example.org") -> Ask:
    page = reverse("cohort-invite", args=["spring"])
    path = f"cohorts/{cast.spring.pk}/invitations/"
    return Ask("ada", page, {"role": "client", "lines": email}, "post", path, {"email": email, "role": "client"})


@case("joining.invite", "invitation.enrolled")
def _enrolled(cast):
    return invite(cast, "mina@example.org")


@case("joining.invite", "cohort.closed")
def _no_more_invitations(cast):
    close(cast.spring)
    return invite(cast)


def revoke(cast: Cast, invitation: Invitation) -> Ask:
    page = reverse("cohort-revoke", args=["spring", invitation.pk])
    return Ask("ada", page, {}, "delete", f"cohorts/{cast.spring.pk}/invitations/{invitation.pk}/")


@case("joining.revoke", "invitation.closed")
def _no_longer_open(cast):
    invitation = invited(cast)
    joining.accept(invitation, person=cast.lena, at=WEEK_1)
    return revoke(cast, invitation)


def withdraw(cast: Cast, enrolment: Enrolment) -> Ask:
    page = reverse("cohort-withdraw", args=["spring", enrolment.pk])
    path = f"cohorts/{cast.spring.pk}/enrolments/{enrolment.pk}/withdraw/"
    return Ask("ada", page, {"reason": "Moved on"}, "post", path, {"reason": "Moved on"})


def send_again(cast: Cast, invitation: Invitation) -> Ask:
    page = reverse("cohort-send-again", args=["spring", invitation.pk])
    return Ask("ada", page, {}, "post", f"cohorts/{cast.spring.pk}/invitations/{invitation.pk}/send-again/")


@case("joining.send_again", "invitation.closed")
def _used_already(cast):
    invitation = invited(cast)
    joining.accept(invitation, person=cast.lena, at=WEEK_1)
    return send_again(cast, invitation)


@case("joining.send_again", "invitation.enrolled")
def _in_by_now(cast):
    invitation = invited(cast)
    roads.client(cast.spring, cast.lena)
    return send_again(cast, invitation)


@case("joining.send_again", "cohort.closed")
def _no_more_links(cast):
    invitation = invited(cast)
    close(cast.spring)
    return send_again(cast, invitation)


def open_invitations(cast: Cast) -> Ask:
    page = reverse("cohort-open-invitations", args=["spring"])
    return Ask("ada", page, {}, "post", f"cohorts/{cast.spring.pk}/invitations/open/")


@case("inviting.open_invitations", "invitations.none")
def _nobody_waits(cast):
    return open_invitations(cast)


@case("inviting.open_invitations", "cohort.closed")
def _waits_in_vain(cast):
    roads.put_down(cast.spring, cast.ada)
    close(cast.spring)
    return open_invitations(cast)


def bring(cast: Cast) -> Ask:
    table = "email,cohort\nnew@example.org,Spring\n"
    form = {"table": table, "seen": '["email", "cohort"]', "do": "invite"} | {"column-email": "0", "column-cohort": "1"}
    return Ask("ada", reverse("people-import"), form, "post", "people/import/", {"table": table, "invite": True})


@case("bringing.bring", "table.open")
def _brought_already(cast):
    text = "email,cohort\n" + "".join(f"new{n}@example.org,Spring\n" for n in range(bringing.AT_ONCE + 1))
    table = tables.read(text)
    bringing.bring(table, tables.guessed(table), default=None, by=cast.ada, at=LATER)
    ask = bring(cast)
    return replace(ask, form=ask.form | {"table": text}, body=ask.body | {"table": text})


@case("joining.withdraw", "enrolment.ended")
def _has_left(cast):
    leave(cast)
    return withdraw(cast, cast.enrolment(cast.mina))


def choose(zone: str, who: str = "mina") -> Ask:
    chosen = {"name": "Mina", "zone": zone, "theme": "dark", "quiet_from": "21:00", "quiet_until": "07:30"}
    return Ask(who, reverse("account"), chosen | {"seen": zone}, "patch", "me/", chosen)


@case("choosing.choose", "refused", 422)
def _no_such_zone(cast):
    return choose("Moon/Base")


def know(cast: Cast, word: str = "payload") -> Ask:
    return Ask(
        "mina", reverse("work-known", args=["w1-x1"]), FORM | {"word": word}, "post", "me/known-words/", {"word": word}
    )


@case("choosing.know", "refused", 422)
def _no_word_but_a_sentence(cast):
    return know(cast, "the part of checkout that decides whether a card payment is safe")


@case("choosing.know", "words.full")
def _two_hundred_words(cast):
    for number in range(choosing.MOST_WORDS):
        choosing.know(cast.mina, word=f"word {number}", at=WEEK_1)
    return know(cast)


# --- Cohorts ----------------------------------------------------------------------------------------------


def open_cohort(**changes: Any) -> Ask:
    plan = {
        "name": "Summer",
        "edition": Edition.objects.published().get().pk,
        "starts_on": "2026-06-01",
        "zone": "Europe/Madrid",
    } | changes
    return Ask("ada", reverse("cohort-new"), plan, "post", "cohorts/", plan)


@case("convening.open_cohort", "cohort.not_monday", 422)
def _tuesday(cast):
    return open_cohort(starts_on="2026-06-02")


OFF = {
    "break.not_monday": ["2026-06-09"],
    "break.begun": ["2026-03-02"],
    "break.there": ["2026-06-15", "2026-06-15"],
    "break.after_the_end": ["2027-06-07"],
}
for code, days in OFF.items():

    @case("convening.open_cohort", code)
    def _cannot_be_off(cast, days=days):
        return open_cohort(breaks=days)


@case("convening.open_cohort", "cohort.far_away", 422)
def _far_away(cast):
    return open_cohort(starts_on="9999-12-27")


@case("convening.open_cohort", "cohort.zone", 422)
def _nowhere(cast):
    return open_cohort(zone="Moon/Base")


@case("convening.open_cohort", "cohort.name", 422)
def _nameless(cast):
    return open_cohort(name="…")


@case("convening.open_cohort", "cohort.name_taken", 422)
def _name_taken(cast):
    return open_cohort(name="Spring")


@case("convening.open_cohort", "edition.draft", 422)
def _draft_edition(cast):
    draft = Edition.objects.create(programme=cast.spring.edition.programme, version="next", title="Next", digest="next")
    return open_cohort(edition=draft.pk)


@case("convening.open_cohort", "messages.no_reminder", 422)
def _opened_without_weeks(cast):
    return open_cohort(left_out=["weeks"])


def pause(cast: Cast) -> Ask:
    path = f"cohorts/{cast.spring.pk}/pause/"
    return Ask("ada", reverse("cohort-pause", args=["spring"]), {"reason": "Fair"}, "post", path, {"reason": "Fair"})


def resume(cast: Cast) -> Ask:
    return Ask("ada", reverse("cohort-resume", args=["spring"]), {}, "post", f"cohorts/{cast.spring.pk}/resume/")


@case("pausing.pause", "cohort.closed")
def _over(cast):
    close(cast.spring)
    return pause(cast)


@case("pausing.pause", "cohort.paused")
def _paused(cast):
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)
    return pause(cast)


@case("pausing.resume", "cohort.not_paused")
def _not_paused(cast):
    return resume(cast)


def stop_mail(cast: Cast) -> Ask:
    path, why = f"cohorts/{cast.spring.pk}/stop-mail/", {"reason": "Wrong link"}
    return Ask("ada", reverse("cohort-stop-mail", args=["spring"]), why, "post", path, why)


def release_mail(cast: Cast) -> Ask:
    path = f"cohorts/{cast.spring.pk}/release-mail/"
    return Ask("ada", reverse("cohort-release-mail", args=["spring"]), {}, "post", path)


def leave_out(cast: Cast, *groups: str) -> Ask:
    chosen = {"left_out": list(groups)}
    page = reverse("cohort-leave-out", args=["spring"])
    return Ask("ada", page, chosen, "put", f"cohorts/{cast.spring.pk}/left-out/", chosen)


@case("stopping.leave_out", "cohort.closed")
def _leaves_out_in_vain(cast):
    close(cast.spring)
    return leave_out(cast, "nudges")


@case("stopping.leave_out", "messages.no_reminder", 422)
def _leaves_out_weeks(cast):
    return leave_out(cast, "weeks")


@case("stopping.stop_mail", "mail.stopped")
def _mail_stopped(cast):
    stopping.stop_mail(cast.spring, by=cast.ada, at=WEEK_1)
    return stop_mail(cast)


@case("stopping.release_mail", "mail.not_stopped")
def _mail_goes(cast):
    return release_mail(cast)


def assign(cast: Cast, email: str = "lena@example.org") -> Ask:
    page = reverse("cohort-assign", args=["spring"])
    return Ask("ada", page, {"email": email}, "post", f"cohorts/{cast.spring.pk}/assignments/", {"email": email})


@case("assigning.assign", "cohort.closed")
def _nobody_to_coach(cast):
    close(cast.spring)
    return assign(cast)


@case("assigning.assign", "assignment.there")
def _there_already(cast):
    return assign(cast, "tomas@example.org")


@case("assigning.assign", "assignment.client")
def _is_a_client(cast):
    return assign(cast, "mina@example.org")


def end_assignment(cast: Cast) -> Ask:
    assignment = Assignment.objects.get(coach=cast.tomas)
    page = reverse("cohort-release", args=["spring", assignment.pk])
    return Ask("ada", page, {}, "delete", f"cohorts/{cast.spring.pk}/assignments/{assignment.pk}/")


@case("assigning.release", "assignment.ended")
def _ended(cast):
    assigning.release(Assignment.objects.get(coach=cast.tomas), by=cast.ada, at=WEEK_1)
    return end_assignment(cast)


# --- What is allowed ------------------------------------------------------------------------------------------


def _road_then(road: Callable[[Cast], Any], doors: Doors) -> Doors:
    def walk(cast: Cast) -> Ask:
        road(cast)
        return doors(cast)

    return walk


def _answered(cast: Cast) -> None:
    roads.answered(cast.mina, cast.tomas)


def _held_by_a_colleague(cast: Cast) -> None:
    roads.coach(cast.spring, cast.ines)
    roads.claimed(cast.mina, cast.ines)


# Where nothing stands in the way, both doors do it.
ALLOWED: dict[str, Doors] = {
    "submitting.save_draft": save,
    "submitting.mean_it": mean,
    "submitting.hand_in": hand_in,
    "submitting.take_back": _road_then(lambda cast: roads.handed_in(cast.mina), take_back),
    "submitting.try_again": _road_then(_answered, try_again),
    "practising.mark_read": lambda cast: lesson_read(cast, week=1),
    "reviewing.claim": _road_then(lambda cast: roads.handed_in(cast.mina), claim),
    "reviewing.take_over": _road_then(_held_by_a_colleague, take_over),
    "reviewing.release": _road_then(lambda cast: roads.claimed(cast.mina, cast.tomas), release),
    "reviewing.save_feedback_draft": _road_then(lambda cast: roads.handed_in(cast.mina), save_feedback),
    "reviewing.send_feedback": _road_then(lambda cast: roads.handed_in(cast.mina), send),
    "reviewing.undo_feedback": _road_then(_answered, undo),
    "reviewing.recall_feedback": _road_then(_answered, recall),
    "reviewing.mark_read": _road_then(_answered, mark_read),
    "joining.accept": lambda cast: accept(invited(cast)),
    "joining.invite": invite,
    "joining.send_again": lambda cast: send_again(cast, invited(cast)),
    "bringing.bring": bring,
    "inviting.open_invitations": _road_then(lambda cast: roads.put_down(cast.spring, cast.ada), open_invitations),
    "joining.revoke": lambda cast: revoke(cast, invited(cast)),
    "joining.withdraw": lambda cast: withdraw(cast, cast.enrolment(cast.mina)),
    "choosing.choose": lambda cast: choose("Asia/Tokyo"),
    "choosing.know": know,
    "convening.open_cohort": lambda cast: open_cohort(),
    "pausing.pause": pause,
    "pausing.resume": _road_then(lambda cast: pausing.pause(cast.spring, by=cast.ada, at=WEEK_1), resume),
    "stopping.stop_mail": stop_mail,
    "stopping.leave_out": lambda cast: leave_out(cast, "nudges"),
    "stopping.release_mail": _road_then(
        lambda cast: stopping.stop_mail(cast.spring, by=cast.ada, at=WEEK_1), release_mail
    ),
    "assigning.assign": assign,
    "assigning.release": end_assignment,
}
