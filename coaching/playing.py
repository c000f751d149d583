"""Playing a story: everything somebody did in it, by the operations with which people do it, in its order.

Between two steps the engine fires whatever came due, at the instant at which it would have looked. What can be read
once is read once: a demo is played while somebody waits for it.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from clients import (
    agreeing,
    agreements,
    assessing,
    deadlines,
    evidencing,
    excusing,
    extending,
    holding,
    joining,
    opening,
    practising,
    submitting,
)
from clients.models import Cohort, Enrolment, Invitation, LedgerLine, Meeting, Submission, User
from curriculum import answers, moments
from curriculum.models import Criterion, Edition, Lesson

from . import (
    assigning,
    conversing,
    firing,
    heeding,
    noting,
    paired,
    rating,
    replying,
    reviewing,
    story,
    talking,
    together,
)
from .end_steps import Endings
from .meeting_steps import Meetings, Step
from .models import CallSlot, Feedback, Milestone

ROLES = {role.value: role for role in (Invitation.Role.CLIENT, Invitation.Role.COACH, Invitation.Role.SPONSOR)}


class Stage(Meetings, Endings):
    """One story on one edition; everybody in it signs in with `password`. `cohorts` has them by their names."""

    def __init__(self, told: story.Story, edition: Edition, *, password: str, welcome: Callable[[User], User]):
        self.story, self.edition, self.password, self.welcome = told, edition, password, welcome
        self.cohorts: dict[str, Cohort] = {}
        self.people: dict[str, User] = {}
        self.enrolments: dict[str, Enrolment] = {}
        self.pieces: dict[tuple[str, str], Submission] = {}
        self.kept: dict[str, dict[tuple[str, str], Meeting | LedgerLine]] = {"entries": {}, "lines": {}}
        self.sent: dict[tuple[str, str, int], Feedback] = {}
        self.times: list[CallSlot] = []
        self.next_due_at: datetime | None = None  # unknown while None: something may have been planned since
        self.company = together.Company()  # whom the engine has met and nobody has touched since
        self.lessons = {lesson.key: lesson for lesson in Lesson.objects.filter(edition=edition).select_related("week")}
        self.criteria = {
            (rubric, key): pk
            for rubric, key, pk in Criterion.objects.filter(rubric__edition=edition).values_list("rubric", "key", "pk")
        }

    def play(self, *, until: datetime) -> None:
        """Everything in its order, up to now; the engine's last look is now."""
        self.open_the_office()
        steps = [step for company in self.story.cohorts for step in self.life_of(company)]
        scored = paired.scored(self.story.calibrated, self.edition, by=lambda: self.coach)
        steps += [Step(at, act) for at, act in scored]
        for step in sorted(steps, key=lambda step: step.at):
            self._let_the_engine_look(until=step.at)
            step.act(at=step.at)
            self._forget(step.whose)
        self._let_the_engine_look(until=until)
        firing.tick(at=until, driver="seeding")
        firing.leave("seeding")  # nobody misses whoever made up a past

    def everybody(self) -> list[User]:
        """Who has an account in it, the office included."""
        return list({person.pk: person for person in self.people.values()}.values())

    def _let_the_engine_look(self, *, until: datetime) -> None:
        """Fire what came due, each at its own instant. Without a message to send, that is all a tick would do."""
        while self.next_due_at is None or self.next_due_at <= until:
            due = _next_due()
            if due is None or due > until:
                self.next_due_at = due or datetime.max.replace(tzinfo=UTC)
                return
            with together.remembering(self.company):
                firing.fire_alone(at=due)
            self.next_due_at = None

    def _forget(self, email: str) -> None:
        """What the engine knew of the client who was touched, or of everybody."""
        enrolment = self.enrolments.get(email)
        self.company.forget(enrolment.pk if enrolment else None)

    # --- Who comes in ---

    def open_the_office(self) -> None:
        """The admin comes in by a one-time link, opens the first cohort and invites its coach."""
        told, first = self.story, self.story.finished
        link = joining.invite(None, email="", role=Invitation.Role.ADMIN, by=None, at=told.admin.joined_at)
        self.admin = self._accepts(link, told.admin, at=told.admin.joined_at)
        self._opens(first, at=first.opened_at)
        self._invites(first, told.coach, role=Invitation.Role.COACH, at=told.coach.invited_at)
        invitation = Invitation.objects.select_related("cohort__edition").get(email=told.coach.email)
        self.coach = self._accepts(invitation, told.coach, at=told.coach.joined_at)

    def life_of(self, company: story.Company) -> Iterator[Step]:
        """Everything that happens in a cohort, from the day it is opened."""
        if company is not self.story.finished:
            yield Step(company.opened_at, partial(self._opens_with_the_coach, company))
        for person in company.people:
            yield Step(person.invited_at, partial(self._invites, company, person, role=ROLES[person.role]))
            if person.joined_at:
                yield Step(person.joined_at, partial(self._joins, company, person))
            yield from (step._replace(whose=person.email) for step in self._life(person))
            yield from (Step(word.at, partial(self._says, person, None, word), person.email) for word in person.talk)
            yield from (Step(one.at, partial(self._releases, person, one), person.email) for one in person.released)
            if person.left_at:
                yield Step(person.left_at, partial(self._leaves, person))
        yield from self._leads(company)
        if company.end:
            yield from self._ends(company, company.end)
        for at, act in paired.steps(company, self.people, self.enrolments, asks=lambda: self.admin):
            yield Step(at, act)

    def _opens(self, company: story.Company, *, at: datetime) -> None:
        self.cohorts[company.name] = opening.open_cohort(
            name=company.name,
            edition=self.edition,
            starts_on=company.calendar.starts_on,
            zone=company.calendar.zone,
            by=self.admin,
            at=at,
            demo=True,
        )

    def _opens_with_the_coach(self, company: story.Company, *, at: datetime) -> None:
        self._opens(company, at=at)
        assigning.assign(self.cohorts[company.name], coach=self.coach, by=self.admin, at=at)

    def _invites(self, company: story.Company, person: story.Person, *, role: str, at: datetime) -> None:
        cohort = self.cohorts[company.name]
        joining.invite(cohort, email=person.email, name=person.name, role=role, by=self.admin, at=at)

    def _joins(self, company: story.Company, person: story.Person, *, at: datetime) -> None:
        cohort = self.cohorts[company.name]
        invitation = Invitation.objects.select_related("cohort__edition").get(cohort=cohort, email=person.email)
        client = self._accepts(invitation, person, at=at)
        self.next_due_at = None
        if ROLES[person.role] != Invitation.Role.CLIENT:
            return
        enrolment = self._walks(cohort, person.email, client)
        agreeing.accept(enrolment, sha256=agreements.asked_of(enrolment).sha256, by=client, at=at)

    def _walks(self, cohort: Cohort, email: str, client: User) -> Enrolment:
        """Somebody who has come in, with every piece of theirs."""
        rows = deadlines.with_calendar(Enrolment.objects.all())
        self.enrolments[email] = enrolment = rows.get(cohort=cohort, client=client)
        for piece in enrolment.submissions.select_related("exercise"):
            self.pieces[email, piece.exercise.key] = piece
        return enrolment

    def _accepts(self, invitation: Invitation, person: story.Person, *, at: datetime) -> User:
        self.people[person.email] = someone = self.welcome(
            joining.accept_as_newcomer(
                invitation, email=person.email, name=person.name, zone=person.zone, password=self.password, at=at
            )
        )
        return someone

    def _leaves(self, person: story.Person, *, at: datetime) -> None:
        joining.withdraw(self.enrolments[person.email], by=self.admin, at=at)

    # --- What a client does, and the coach's answers ---

    def _life(self, person: story.Person) -> Iterator[Step]:
        for key, at in person.lessons.items():
            yield Step(at, partial(self._reads, person, key))
        for note in person.meetings:
            yield Step(note.at, partial(self._logs, person, note))
        for note in person.ledger:
            yield Step(note.at, partial(self._keeps, person, note))
        for own in person.ratings:
            yield Step(own.at, partial(self._rates, person, own))
        if person.focus:
            yield Step(person.focus.at, partial(self._agrees, person, person.focus))
        for turn in person.turns:
            yield from self._attempt(person, turn)
        for leeway in person.leeway:
            yield Step(leeway.at, partial(getattr(self, f"_{leeway.kind}"), person, leeway))

    def _attempt(self, person: story.Person, turn: story.Turn) -> Iterator[Step]:
        if turn.number > 1:
            yield Step(turn.saved_at, partial(self._tries_again, person, turn))
        if turn.handed_in_at:
            yield Step(turn.handed_in_at, partial(self._hands_in, person, turn))
        else:
            yield Step(turn.saved_at, partial(self._writes, person, turn))
        if turn.reply:
            yield Step(turn.reply.sent_at, partial(self._answers, person, turn, turn.reply))
            if turn.reply.read_at:
                yield Step(turn.reply.read_at, partial(self._opens_answer, person, turn))
            if turn.reply.used_at:
                yield Step(turn.reply.used_at, partial(self._opens_answer, person, turn, use=True))
            if turn.reply.talked_at:
                yield Step(turn.reply.talked_at, partial(self._talked, person, turn, turn.reply))
            yield from (Step(word.at, partial(self._says, person, turn, word)) for word in turn.reply.said)

    def _reads(self, person: story.Person, key: str, *, at: datetime) -> None:
        enrolment, client = self.enrolments[person.email], self.people[person.email]
        practising.mark_read(enrolment, self.lessons[key], read=True, by=client, at=at)

    def _logs(self, person: story.Person, note: story.Note, *, at: datetime) -> None:
        entry = {"stake": True, "error_heard": False} | note.content
        self.kept["entries"][person.email, note.key] = practising.log_meeting(
            self.enrolments[person.email], entry=entry, client_key=note.key, by=self.people[person.email], at=at
        )

    def _keeps(self, person: story.Person, note: story.Note, *, at: datetime) -> None:
        self.kept["lines"][person.email, note.key] = evidencing.add_line(
            self.enrolments[person.email], line=note.content, client_key=note.key, by=self.people[person.email], at=at
        )

    def _rates(self, person: story.Person, rating: story.Rating, *, at: datetime) -> None:
        enrolment, client = self.enrolments[person.email], self.people[person.email]
        assessing.keep(
            enrolment,
            rating.moment,
            answers=rating.answers,
            readiness=rating.readiness,
            remark=rating.remark,
            extra=rating.extra,
            by=client,
            at=at,
        )
        assessing.finish(enrolment, rating.moment, by=client, at=at)
        if rating.looking_back:
            assessing.look_back(enrolment, ratings=rating.looking_back, by=client, at=at)

    def _agrees(self, person: story.Person, focus: story.Note, *, at: datetime) -> None:
        assessing.agree_focus(
            self.enrolments[person.email],
            sentence=focus.content["sentence"],
            competency=focus.content["competency"],
            by=self.people[person.email],
            at=at,
        )

    def _tries_again(self, person: story.Person, turn: story.Turn, *, at: datetime) -> None:
        submitting.try_again(self.pieces[person.email, turn.key], by=self.people[person.email], at=at)

    def _writes(self, person: story.Person, turn: story.Turn, *, at: datetime) -> None:
        """A text that is not handed in yet."""
        piece = self.pieces[person.email, turn.key]
        answer, client = self._answer(person, turn, piece), self.people[person.email]
        submitting.save_draft(piece, answer=answer, revision=None, by=client, at=at)
        practising.seen(self.enrolments[person.email], at=at)

    # --- What is agreed about somebody's dates ---

    def _more_time(self, person: story.Person, leeway: story.Leeway, *, at: datetime) -> None:
        piece, client = self.pieces[person.email, leeway.key], self.people[person.email]
        until = extending.first_day(piece, at=at) + timedelta(days=leeway.days)
        extending.ask(piece, until=until, note=leeway.why, by=client, at=at)
        self.next_due_at = None

    def _excused(self, person: story.Person, leeway: story.Leeway, *, at: datetime) -> None:
        exercise = self.pieces[person.email, leeway.key].exercise
        excusing.excuse(self.enrolments[person.email], exercise, reason=leeway.why, by=self.coach, at=at)
        self.next_due_at = None

    def _on_hold(self, person: story.Person, leeway: story.Leeway, *, at: datetime) -> None:
        holding.hold(self.enrolments[person.email], reason=leeway.why, by=self.coach, at=at)
        self.next_due_at = None

    def _flagged(self, person: story.Person, leeway: story.Leeway, *, at: datetime) -> None:
        heeding.flag(self.enrolments[person.email], reason=leeway.why, by=self.coach, at=at)

    def _rated(self, person: story.Person, leeway: story.Leeway, *, at: datetime) -> None:
        rating.rate(self.enrolments[person.email], leeway.key, given=leeway.given, by=self.coach, at=at)

    def _noted(self, person: story.Person, leeway: story.Leeway, *, at: datetime) -> None:
        mine = self.enrolments[person.email]
        noting.write(mine.cohort, mine, visibility=leeway.readers, text=leeway.why, by=self.coach, at=at)

    def _answer(self, person: story.Person, turn: story.Turn, piece: Submission) -> dict[str, Any]:
        """The answer with its records by their numbers; the story has them by name."""
        named = [one for one in answers.fields_of(piece.exercise) if one.kind in self.kept and one.key in turn.answer]
        return turn.answer | {
            one.key: [{"id": self.kept[one.kind][person.email, name].pk} for name in turn.answer[one.key]]
            for one in named
        }

    def _hands_in(self, person: story.Person, turn: story.Turn, *, at: datetime) -> None:
        piece = self.pieces[person.email, turn.key]
        submitting.hand_in(piece, answer=self._answer(person, turn, piece), by=self.people[person.email], at=at)
        self.next_due_at = None
        practising.seen(self.enrolments[person.email], at=at)

    def _answers(self, person: story.Person, turn: story.Turn, reply: story.Reply, *, at: datetime) -> None:
        piece = self.pieces[person.email, turn.key]
        rubric = piece.exercise.rubric_id
        content = {
            "keep": reply.keep,
            "try_next": reply.try_next,
            "levels": {str(self.criteria[rubric, key]): level for key, level in reply.levels.items()},
            "another": reply.another,
            "live": reply.live,
            "asks": list(reply.asks),
            "notes": list(reply.notes),
            "addressed": self._addressed(person, turn, reply),
        }
        sent = reviewing.send_feedback(piece, content=content, by=self.coach, at=at)
        self.sent[person.email, turn.key, turn.number] = sent

    def _addressed(self, person: story.Person, turn: story.Turn, reply: story.Reply) -> dict[str, str]:
        """What became of the asks of the answer before; the story has them in their order."""
        if not reply.addressed:
            return {}
        asked = self.sent[person.email, turn.key, turn.number - 1].asks.all()
        return {str(ask.pk): answer for ask, answer in zip(asked, reply.addressed, strict=True)}

    def _opens_answer(self, person: story.Person, turn: story.Turn, *, at: datetime, use: bool = False) -> None:
        act = replying.mark_used if use else reviewing.mark_read
        act(self.sent[person.email, turn.key, turn.number], by=self.people[person.email], at=at)
        practising.seen(self.enrolments[person.email], at=at)

    def _talked(self, person: story.Person, turn: story.Turn, reply: story.Reply, *, at: datetime) -> None:
        sent, day = self.sent[person.email, turn.key, turn.number], moments.to_wall(at, self.coach.zone).date()
        talking.mark(sent, day=day, line=reply.talked_of, by=self.coach, at=at)

    def _says(self, person: story.Person, turn: story.Turn | None, word: story.Word, *, at: datetime) -> None:
        """Under an answer, or to each other."""
        by = self.coach if word.by_coach else self.people[person.email]
        if turn is not None:
            under = self.sent[person.email, turn.key, turn.number].attempt
            replying.reply(under, text=word.text, quick=word.quick, by=by, at=at)
        else:
            mine, piece = self.enrolments[person.email], self.pieces.get((person.email, word.about))
            conversing.write(mine, self.coach, text=word.text, piece=piece, by=by, at=at)


def _next_due() -> datetime | None:
    pending = Milestone.objects.filter(state=Milestone.State.PENDING)
    return pending.order_by("due_at").values_list("due_at", flat=True).first()
