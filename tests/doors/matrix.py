"""The routes there are, the world they are asked in, and asking one of them as somebody."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, get_resolver
from knox.models import AuthToken

from clients import (
    choices,
    crossing,
    entrusting,
    excusing,
    extending,
    holding,
    invitations,
    messaging,
    moving,
    pausing,
    returning,
    stopping,
    transferring,
)
from clients.models import Cohort, Message, Notice, Recording, Suppression, User
from clients.models.user import LEAD_COACHES
from coaching import (
    assigning,
    banking,
    check_ins,
    conversing,
    exporting,
    following,
    heeding,
    inspecting,
    noting,
    pairing,
    raters,
    releasing,
    restoring,
    reviewing,
    subscribing,
    substituting,
    waiving,
)
from coaching.models import Assignment, Heartbeat, Milestone
from curriculum.models import Edition, Lesson
from tests import callings, keeping, roads, sittings, speaking
from tests.bringing import brought
from tests.calibrating import newcomer
from tests.cast import Cast
from tests.doors.cases import ANSWER, FORM, HOUR
from tests.doors.rows import SIGN_IN, Row
from tests.graduating import ANSWERS, NOON, all_gone, done, graduated
from tests.graduating import asked as asked_later
from tests.issuing import draft, next_edition
from tests.pairing import asked, levels
from tests.pulsing import SAID
from tests.pulsing import asked as rater_asked
from tests.reporting import handed, snapshots_of, ten
from tests.roads import BEFORE, ENTRY, WEEK_1
from tests.speech.measuring import MODEL

API = "api/v1/"
THE_END = NOON + timedelta(days=7)  # of the programme, which has a week off here

# --- The routes there are -----------------------------------------------------------------------------


def routes() -> Iterator[tuple[str, str]]:
    """Every (route, method). A page is asked with GET and POST whether it offers them or not."""
    for route, pattern in _patterns(get_resolver().url_patterns, ""):
        for method in _methods(pattern.callback):
            yield route, method


def _patterns(patterns: list, before: str) -> Iterator[tuple[str, URLPattern]]:
    for found in patterns:
        route = before + str(found.pattern)
        if isinstance(found, URLPattern):
            yield route, found
        else:
            yield from _patterns(found.url_patterns, route)


def _methods(view: Callable) -> list[str]:
    """Of an API view what it offers; a form view takes PUT as it takes POST, so that is one row."""
    shown = getattr(view, "cls", None)
    if shown is None:
        return ["GET", "POST"]
    return [name for name in ("GET", "POST", "PUT", "PATCH", "DELETE") if hasattr(shown, name.lower())] or ["GET"]


# --- The world ------------------------------------------------------------------------------------------


class World:
    """The cast with everybody the matrix asks as, and one of everything an address can name."""

    def __init__(self, mail_folder: Path):
        self.cast: Cast = roads.everybody()
        self.former, self.lead = roads.person("Petra"), roads.person("Ruth")
        roads.coach(self.cast.spring, self.former)
        assigning.release(Assignment.objects.get(coach=self.former), by=self.cast.ada, at=BEFORE)
        Group.objects.get_or_create(name=LEAD_COACHES)[0].user_set.add(self.lead)
        self.sponsor, self.sponsorship = roads.sponsor(self.cast.spring)
        sittings.arranged(self.cast)
        self.begun, self.session = sittings.session(self.cast, 0), sittings.session(self.cast, 1)
        self.meeting = roads.logged(self.cast.mina)
        with override_settings(SPEECH_MODEL=MODEL):
            self.recording = speaking.heard(self.cast.mina).recording
        self.receipt, self.link = speaking.listener_asked(self.cast.mina, sound=self.recording)
        self.invitation = roads.invitation(self.cast.spring, "new@example.org", at=WEEK_1)
        self.failed = Message.objects.create(
            kind="invite", key="failed", person=self.cast.mina, state="dead", reason="no such mailbox",
            about={"invitation": self.invitation.pk}, posted_at=BEFORE, available_at=BEFORE,
        )  # fmt: skip
        self.given_up = Milestone.objects.filter(enrolment__client=self.cast.omar).latest("due_at")
        Milestone.objects.filter(pk=self.given_up.pk).update(state="dead", reason="given up after five tries")
        self.feed = subscribing.subscribe(by=self.cast.mina, at=BEFORE)
        opening = Milestone.objects.get(enrolment__client=self.cast.mina, kind="week.unlock", week=1)
        about = {"milestone": opening.pk}
        messaging.post("week.unlock", key="one", to=self.cast.mina, cohort=self.cast.spring, about=about, at=BEFORE)
        self.notice = Notice.objects.get()
        returning.suppress("gone@example.org", cause="bounce", detail="5.1.1", message=None, at=BEFORE)
        self.week_off = moving.set_break(self.cast.spring, first_day=date(2026, 4, 27), by=self.cast.ada, at=WEEK_1)
        self.extension = extending.ask(
            roads.piece(self.cast.mina, "w1-x2"), until=date(2026, 3, 15), by=self.cast.mina, at=WEEK_1
        )
        self.substitute, reserve = roads.person("Pia"), roads.cohort("Reserve", by=self.cast.ada)
        roads.coach(reserve, self.substitute)
        gil = roads.person("Gil")
        roads.client(reserve, gil)
        check_in = asked_later(self.cast, gil)
        following.agree(check_in.enrolment, "certificate", by=gil, at=NOON)
        self.check_in, self.certificate = check_ins.token_of(check_in), check_in.enrolment.certificate.number
        self.window = substituting.set_window(
            self.cast.spring, away=self.cast.tomas, substitute=self.substitute, first_day=date(2026, 3, 2),
            last_day=date(2026, 4, 3), by=self.cast.tomas, at=BEFORE,
        )  # fmt: skip
        self.flag = heeding.flag(self.cast.enrolment(self.cast.noor), reason="Quiet", by=self.cast.tomas, at=BEFORE)
        self.note = noting.write(
            self.cast.spring, self.cast.enrolment(self.cast.mina), visibility="programme", text="Says the number first.",
            by=self.cast.tomas, at=BEFORE,
        )  # fmt: skip
        self.calibrated = newcomer(roads.cohort("Third", by=self.cast.ada))
        self.call, (_taken, self.free_time) = callings.booked(self.cast), callings.slots(self.cast)
        self.conversation = conversing.write(
            self.cast.enrolment(self.cast.mina), self.cast.tomas, text="Is one enough?", by=self.cast.mina, at=WEEK_1
        ).conversation
        said = conversing.write(
            self.cast.enrolment(self.cast.omar), self.cast.ines, text="Who sees this?", by=self.cast.omar, at=WEEK_1
        )
        self.inspected = said.conversation
        self.inspection = inspecting.begin(
            self.inspected.enrolment, about="talk", reason="A complaint about the tone", by=self.cast.ada,
            at=WEEK_1 + timedelta(hours=11, minutes=30),
        )  # fmt: skip
        self.newer_edition = next_edition(self.cast.spring.edition)
        self.draft_of_edition = draft(self.cast.spring.edition.programme)
        self.proposed = entrusting.propose(
            roads.person("Uma"), reason="Runs the third cohort", by=roads.admin("Bea"), at=WEEK_1
        )
        nia = roads.person("Nia")
        roads.client(self.cast.spring, nia)
        self.pair = asked(self.cast, nia, self.cast.ines, at=WEEK_1)
        self.cohorts = [self.cast.spring, self.cast.autumn, reserve]
        third = Cohort.objects.get(name="Third")
        self.ten = ten(self.cast, self.sponsor)
        self.handout, self.second = handed(self.cast, self.ten, self.sponsor), roads.sponsor(self.ten, "Sue")[0]
        self.snapshots = {"snapshot for a sponsor": self.handout.snapshot_id} | snapshots_of(
            *self.cohorts, besides=third, by=self.cast.ada
        )
        self.line = keeping.line(self.cast.mina)
        self.release = releasing.release(
            self.cast.enrolment(self.cast.mina), kind="meeting", source=self.meeting.pk, by=self.cast.mina, at=WEEK_1
        )
        self.rater_link = rater_asked(self.cast, self.cast.mina, at=WEEK_1)
        self.comment = banking.add(kind="try", text="Move “{quote}” to the end.", by=self.cast.tomas, at=WEEK_1)
        self.one_on_one = keeping.held(self.cast.mina)
        self.planned = keeping.planned(self.cast.mina)
        self.export = exporting.ask(by=self.cast.ada, names=True, reason="An audit", at=BEFORE)
        exporting.make_one(at=WEEK_1)
        self.table = brought(self.cast, at=BEFORE)
        self.tokens = {who: AuthToken.objects.create(who) for who in (self.cast.mina, self.cast.tomas)}
        self.cookies = {role: _signed_in(person) for role, person in self._people().items()}
        self.mail = "0" * 32 + ".eml"
        mail_folder.mkdir(parents=True, exist_ok=True)
        (mail_folder / self.mail).write_text("To: mina@example.org\nSubject: Week 1\n\nIt is open.\n")

    def _people(self) -> dict[str, User]:
        """Role → who signs in on the pages."""
        cast = self.cast
        return {
            "client": cast.mina, "client_other": cast.noor, "stranger": cast.omar, "coach": cast.tomas,
            "coach_other": cast.ines, "coach_former": self.former, "substitute": self.substitute, "admin": cast.ada, "lead": self.lead, "sponsor": self.sponsor,
        }  # fmt: skip

    def client(self, role: str) -> Client:
        """A browser of this role, or a program with this person's token."""
        if role.startswith("token_"):
            person = self.cast.mina if role == "token_client" else self.cast.tomas
            return Client(headers={"authorization": f"Bearer {self.tokens[person][1]}"})
        client = Client()
        for name, value in self.cookies.get(role, {}).items():
            client.cookies[name] = value
        return client

    @cached_property
    def names(self) -> dict[str, Any]:
        """What stands for a part of an address."""
        cast, lesson = self.cast, Lesson.objects.filter(edition=self.cast.spring.edition, week__number=1).first()
        return {
            "piece": roads.piece(cast.mina).pk,
            "cohort": cast.spring.pk,
            "<slug:slug>": cast.spring.slug,
            "<slug:provider>": "postmark",
            "<slug:condition>": "main-1",
            "tagged": roads.piece(cast.mina, "w5-x1").pk,
            "lesson": lesson.pk,
            "lesson slug": lesson.slug,
            "<int:number>": 1,
            "<slug:key>": "w1-x1",
            "<str:token>": invitations.token_of(self.invitation),
            "<uuid:recording>": self.recording.key,
            "recording": self.recording.pk,
            "<uuid:key>": self.recording.key,
            "<int:invitation>": self.invitation.pk,
            "<int:assignment>": Assignment.objects.get(coach=cast.tomas).pk,
            "<int:enrolment>": cast.enrolment(cast.mina).pk,
            "sponsorship": self.sponsorship.pk,
            "release": self.release.pk,
            "failed": self.failed.pk,
            "given_up": self.given_up.pk,
            "extension": self.extension.pk,
            "week off": self.week_off.pk,
            "window": self.window.pk,
            "flag": self.flag.pk,
            "export": self.export.pk,
            "table": self.table.pk,
            "note": self.note.pk,
            "conversation": self.conversation.pk,
            "coach": cast.tomas.pk,
            "receipt": self.receipt.pk,
            "link": self.link,
            "feed": self.feed,
            "check-in": self.check_in,
            "certificate": self.certificate,
            "rater": self.rater_link.rater_id,
            "rater's link": raters.token_of(self.rater_link),
            "session": self.session.pk,
            "session that began": self.begun.pk,
            "notice": self.notice.pk,
            "suppressed": Suppression.objects.get().pk,
            "way out": choices.stop_token(self.cast.mina, choices.BY_NAME["due"]),
            "call": self.call.pk,
            "free time": self.free_time.pk,
            "line": self.line.pk,
            "comment": self.comment.pk,
            "calibrated": self.calibrated.pk,
            "pair": self.pair.token,
            **self.snapshots,
            "handout": self.handout.pk,
            "read blind": self.pair.pair.enrolment_id,
            "let off": cast.tomas.pk,
            "case": roads.piece(cast.mina, "w8-x1").pk,
            "1:1": self.one_on_one.pk,
            "proposed": self.proposed.pk,
            "inspection": self.inspection.pk,
            "inspected": self.inspected.pk,
            "planned 1:1": self.planned.pk,
            "<int:index>": 0,
            "meeting": self.meeting.pk,
            "<str:name>": self.mail,
            "token": self.tokens[cast.mina][0].token_key,
            "edition": self.cast.spring.edition_id,
            "draft of an edition": self.draft_of_edition.pk,
        }

    def address(self, row: Row) -> str:
        """The row's route with everything in it named; `at` of the row says what is special about it."""
        usual = "cohort" if "cohorts/" in row.route else "piece"
        named = self.names | {"<int:pk>": self.names[usual]}
        named |= {part: named.get(name, name) for part, name in row.at.items()}
        path = row.route
        for part in (part for part in named if "<" in part):
            path = path.replace(part, str(named[part]))
        assert "<" not in path, f"nothing stands for a part of {path}"
        return f"/{path}"

    def sent(self, row: Row) -> dict[str, Any]:
        """What the row sends: what the file says, or something prepared that needs numbers of this world."""
        return PREPARED[row.sent](self) if isinstance(row.sent, str) else row.sent or {}

    def ask(self, row: Row, role: str, **extra: Any) -> HttpResponse:
        """The answer to this role, with anything extra sent along."""
        client, sent = self.client(role), extra | self.sent(row)
        if row.method in ("GET", "DELETE"):
            return getattr(client, row.method.lower())(self.address(row))
        as_json = {"content_type": "application/json"} if row.route.startswith(API) else {}
        return getattr(client, row.method.lower())(self.address(row), sent, **as_json)


def _signed_in(person: User) -> dict[str, str]:
    """The cookies of somebody who has signed in."""
    client = Client()
    client.force_login(person)
    return {name: cookie.value for name, cookie in client.cookies.items()}


def answer_of(response: HttpResponse) -> int | str:
    """The status, or the sign-in page."""
    is_sign_in = response.status_code == 302 and response.headers["Location"].startswith("/account/login/?next=")
    return SIGN_IN if is_sign_in else response.status_code


# --- The states a row is asked in -------------------------------------------------------------------------


def _held(cast: Cast) -> None:
    vera = roads.person("Vanda")
    roads.coach(cast.spring, vera)
    roads.claimed(cast.mina, vera)


GIVEN: dict[str, Callable[[Cast], Any]] = {
    "": lambda cast: None,
    "the engine looked": lambda cast: Heartbeat.objects.create(name="engine", at=WEEK_1 + 12 * HOUR),
    "drafted": lambda cast: roads.drafted(cast.mina),
    "handed in": lambda cast: roads.handed_in(cast.mina),
    "claimed": lambda cast: roads.claimed(cast.mina, cast.tomas),
    "answered": lambda cast: roads.answered(cast.mina, cast.tomas),
    "discussed": lambda cast: roads.answered(cast.mina, cast.tomas, live=True),
    "held by a colleague": _held,
    "handed in as a recording": lambda cast: roads.translated(
        cast.mina, audio={"id": Recording.objects.get(state="ready").pk}, script=""
    ),
    "a case handed in": lambda cast: keeping.handed_in_case(cast.mina),
    "restored": lambda cast: restoring.after_restore(at=WEEK_1, copied_at=BEFORE),
    "mail stopped": lambda cast: stopping.stop_mail(cast.spring, by=cast.ada, at=WEEK_1),
    "blind reading allowed": lambda cast: pairing.consent(cast.enrolment(cast.mina), by=cast.mina, at=WEEK_1),
    "paused": lambda cast: pausing.pause(cast.spring, by=cast.ada, at=WEEK_1),
    "a newer edition": lambda cast: crossing.cross(
        cast.spring, Edition.objects.published().latest("number"), by=cast.ada, at=WEEK_1
    ),
    "on hold": lambda cast: holding.hold(cast.enrolment(cast.mina), by=cast.tomas, at=WEEK_1),
    "waived": lambda cast: waiving.waive(
        cast.enrolment(cast.mina), "main-1", reason="On leave", by=cast.ada, at=WEEK_1
    ),
    "invitations wait": lambda cast: roads.put_down(cast.spring, cast.ada),
    "transferred": lambda cast: transferring.transfer(cast.enrolment(cast.mina), cast.autumn, by=cast.ada, at=WEEK_1),
    "all done": lambda cast: done(cast, cast.mina, at=THE_END),
    "graduated": lambda cast: graduated(cast, cast.mina, at=THE_END),
    "nobody walks": lambda cast: all_gone(cast),
    "check-ins allowed": lambda cast: asked_later(cast, cast.mina, at=THE_END),
    "the pulse is shared": lambda cast: following.agree(cast.enrolment(cast.mina), "pulse", by=cast.mina, at=WEEK_1),
    "a session held": lambda cast: sittings.held(cast),
    "flagged": lambda cast: heeding.flag(
        cast.enrolment(cast.mina), reason="Her manager has left", by=cast.tomas, at=WEEK_1
    ),
    "excused": lambda cast: excusing.excuse(
        cast.enrolment(cast.mina), roads.piece(cast.mina).exercise, reason="On leave", by=cast.tomas, at=WEEK_1
    ),
    "feedback drafted": lambda cast: reviewing.save_feedback_draft(
        roads.claimed(cast.mina, cast.tomas), content={"keep": "So far"}, revision=0, by=cast.tomas, at=WEEK_1 + HOUR
    ),
}


def _feedback(world: World) -> dict[str, Any]:
    return roads.content(roads.piece(world.cast.mina)) | {"revision": None}


def _feedback_form(world: World) -> dict[str, Any]:
    piece = roads.piece(world.cast.mina)
    content = roads.content(piece)
    levels = {f"level-{key}": level for key, level in content["levels"].items()}
    last = piece.attempts.order_by("serial").last()
    written = {"keep": content["keep"], "try_next": content["try_next"]}
    return levels | written | {"attempt": last.pk if last else 0, "revision": 0}


def _window(world: World) -> dict[str, Any]:
    people = {"away": world.cast.tomas.pk, "substitute": world.cast.ines.pk}
    return people | {"first_day": "2026-03-09", "last_day": "2026-03-13"}


def _plan(world: World) -> dict[str, Any]:
    return {"name": "Summer", "edition": world.names["edition"], "starts_on": "2026-06-01", "zone": "Europe/Madrid"}


def _revision(world: World) -> int:
    return roads.piece(world.cast.mina).draft_revision


def _line(world: World) -> dict[str, Any]:
    return keeping.LINE | {"enrolment": world.names["<int:enrolment>"], "client_key": "one"}


def _planned(world: World) -> dict[str, Any]:
    plan = {"content": keeping.MOVES, "date": "2026-04-15", "with_whom": "manager", "lines": [world.line.pk]}
    return plan | {"enrolment": world.names["<int:enrolment>"], "client_key": "one"}


PREPARED: dict[str, Callable[[World], dict[str, Any]]] = {
    "a line to release": lambda world: {"kind": "line", "source": world.line.pk},
    "words of the agreement": lambda world: {"sha256": world.cast.spring.agreement.sha256},
    "the newer edition": lambda world: {"edition": world.newer_edition.pk},
    "the other cohort": lambda world: {"cohort": world.cast.autumn.pk},
    "answers of a rater": lambda world: {"answers": SAID},
    "answers of a rater, form": lambda world: SAID,
    "answers of a graduate": lambda world: {"answers": ANSWERS},
    "answers of a graduate, form": lambda world: ANSWERS,
    "levels of a pair": lambda world: levels(world.pair),
    "levels of a pair, form": lambda world: {
        f"{side}-level-{key}": level for side, given in levels(world.pair).items() for key, level in given.items()
    },
    "a snapshot to ask for": lambda world: {"cohorts": [one.pk for one in world.cohorts], "audience": "admin"},
    "a second sponsor": lambda world: {"sponsor": world.second.pk},
    "a reader": lambda world: {"rater": world.calibrated.pk},
    "plan of a 1:1": _planned,
    "plan form": lambda world: keeping.MOVES | {"date": "2026-04-15", "with_whom": "manager", "client_key": "one"},
    "heard": lambda world: {"heard": keeping.HEARD, "actions": keeping.WILL_DO, "status_sent_before": True},
    "heard form": lambda world: keeping.FORM_HELD,
    "line": _line,
    "line form": lambda world: keeping.LINE | {"client_key": "one"},
    "answer": lambda world: {"answer": ANSWER, "revision": _revision(world)},
    "text": lambda world: {"answer": ANSWER},
    "answer form": lambda world: FORM | {"revision": _revision(world), "client_key": "one click"},
    "feedback": _feedback,
    "feedback form": _feedback_form,
    "plan": _plan,
    "window": _window,
    "flag form": lambda world: {"client": world.names["<int:enrolment>"], "reason": "Her manager has left"},
    "one who is here": lambda world: {
        "marks": [{"enrolment": world.names["<int:enrolment>"], "presence": "here"}],
    },
    "a time to book": lambda world: {"slot": world.free_time.pk},
    "a time to move to": lambda world: {"slot": world.free_time.pk, "reason": "My manager moved our 1:1"},
    "times to offer": lambda world: {"wall": ["2026-03-27T18:00", "2026-03-30T18:00"], "minutes": 20},
    "walls to offer": lambda world: {"walls": ["2026-03-27T18:00", "2026-03-30T18:00"], "minutes": 20},
    "note": lambda world: {
        "enrolment": world.names["<int:enrolment>"],
        "visibility": "programme",
        "text": "She asked for the hard version",
    },
    "entry": lambda world: ENTRY | {"enrolment": world.names["<int:enrolment>"], "client_key": "one entry"},
    "entry form": lambda world: ENTRY | {"stake": "yes", "error_heard": "no", "client_key": "one entry"},
    "invitation": lambda world: {"token": world.names["<str:token>"]},
}
