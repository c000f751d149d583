"""What people do in the model of the engine's world, each noted down; some of it has rules of its own."""

from datetime import datetime, timedelta

from hypothesis.stateful import RuleBasedStateMachine

from clients import choosing, deadlines, extending, holding, joining, moving, pausing, submitting
from clients.models import Cohort, Enrolment, Extension, User
from coaching import deciding, milestones, reviewing, scheduling
from coaching.models import Milestone
from curriculum import moments
from tests import roads
from tests.cast import Cast
from tests.coaching.engine_notes import ALL_HANDED_IN, FOLLOW_THE_DUE_TIME, Notes, Person, missing
from tests.coaching.engine_world import Broken
from tests.reliability.answers import answer

ZONES = ("America/Los_Angeles", "America/Chicago", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland")
DAYS = (-3, -2, 1, 2, 5)  # a cohort moves by
SHIFTS_AT_MOST = 3
PIECES = ("w1-x1", "w1-x2", "w1-t1")
DEEDS = (
    "nothing", "pause_or_resume", "hold_or_go_on", "shift", "have_more_time", "hand_in", "take_back", "be_answered",
    "leave", "move", "be_joined_by_lena", "be_planned_again",
)  # fmt: skip


class Deeds(RuleBasedStateMachine):
    """Two cohorts of three clients, a coach each, an admin."""

    cast: Cast
    notes: Notes

    @property
    def clients(self) -> tuple[User, ...]:
        return (self.cast.mina, self.cast.noor, self.cast.omar)

    @property
    def spring(self) -> Cohort:
        return Cohort.objects.get(pk=self.cast.spring.pk)

    @property
    def at(self) -> datetime:
        return self.notes.at

    def nothing(self, who: User, which: int) -> None:
        """Most of the time."""

    def pause_or_resume(self, who: User, which: int) -> None:
        if self.notes.is_paused:
            pausing.resume(self.spring, by=self.cast.ada, at=self.at)
            self.notes.pauses[-1] = self.notes.pauses[-1]._replace(ended_at=self.at)
            self.what_is_due_again_is_said_again(*(self.notes.people.keys() - {self.cast.omar.email}))
        else:
            pausing.pause(self.spring, by=self.cast.ada, at=self.at)
            self.notes.pauses.append(moments.Pause(self.at, None))

    def hold_or_go_on(self, who: User, which: int) -> None:
        holds, enrolment = self.notes.people[who.email].holds, self.cast.enrolment(who)
        if who.email in self.notes.gone:
            return
        if self.notes.stands_still(who.email):
            holding.go_on(enrolment, by=self.cast.tomas, at=self.at)
            holds[-1] = holds[-1]._replace(ended_at=self.at)
            self.what_is_due_again_is_said_again(who.email)
        else:
            holding.hold(enrolment, by=self.cast.tomas, at=self.at)
            holds.append(moments.Pause(self.at, None))

    def shift(self, who: User, which: int) -> None:
        """Earlier or later. What comes nearer makes nobody late."""
        days = DAYS[which]
        if len(self.notes.shifts) == SHIFTS_AT_MOST or moving.shift_refusal(self.spring, days=days, at=self.at):
            return
        before = self.dues()
        moving.shift(self.spring, days=days, by=self.cast.ada, at=self.at)
        self.notes.shifts.append(moments.Shift(self.at, days))
        for about, due in self.dues().items():
            was = before[about]
            if due != was if was <= self.at else due < min(was, self.at + moments.NOTICE):
                raise Broken(f"{about} was due at {was} and is due at {due}, moved at {self.at}")
        self.what_is_due_again_is_said_again(*(self.notes.people.keys() - {self.cast.omar.email}))

    def have_more_time(self, who: User, which: int) -> None:
        """For everything that is missing, by themselves or by their coach's leave; and they are reminded of it again."""
        has_asked = False
        for key in missing(self.cast.enrolment(who), ALL_HANDED_IN).values_list("exercise__key", flat=True):
            piece = roads.piece(who, key)
            if extending.ask_refusal(piece, by=who, at=self.at) is None:
                until = extending.first_day(piece, at=self.at) + timedelta(days=1 + which % 3)
                has_asked, asked = True, extending.ask(piece, until=until, by=who, at=self.at)
                if asked.state == Extension.State.ASKED:
                    coach = self.cast.ines if who == self.cast.omar else self.cast.tomas
                    deciding.decide(asked, grant=True, by=coach, at=self.at)
                self.notes.people[who.email].named.append(deadlines.Named(piece.exercise_id, until, self.at))
        if has_asked:
            self.what_is_due_again_is_said_again(who.email)

    def hand_in(self, who: User, which: int) -> None:
        piece = roads.piece(who, PIECES[which % 3])
        if submitting.hand_in_refusal(piece, by=who, at=self.at) is None:
            submitting.hand_in(piece, answer=answer(piece.exercise.key, "once"), by=who, at=self.at)

    def take_back(self, who: User, which: int) -> None:
        piece = roads.piece(who, PIECES[which % 3])
        if submitting.take_back_refusal(piece, by=who, at=self.at) is None:
            submitting.take_back(piece, by=who, at=self.at)

    def be_answered(self, who: User, which: int) -> None:
        piece = roads.piece(who, PIECES[which % 3])
        if reviewing.claim_refusal(piece, by=self.cast.tomas, at=self.at) is None:
            reviewing.claim(piece, by=self.cast.tomas, at=self.at)
            reviewing.send_feedback(piece, content=roads.content(piece), by=self.cast.tomas, at=self.at)

    def leave(self, who: User, which: int) -> None:
        if not self.notes.gone:
            joining.withdraw(self.cast.enrolment(who), by=who, at=self.at)
            self.notes.gone.add(who.email)

    def move(self, who: User, which: int) -> None:
        zones = self.notes.people[who.email].zones
        if zones[-1].zone != ZONES[which]:
            choosing.choose(who, zone=ZONES[which], at=self.at)
            zones.append(moments.ZoneFrom(self.at, ZONES[which]))
            self.what_is_due_again_is_said_again(who.email)

    def be_joined_by_lena(self, who: User, which: int) -> None:
        lena = self.cast.lena
        if lena.email not in self.notes.people:
            roads.client(self.spring, lena, at=self.at)
            self.notes.people[lena.email] = Person([moments.ZoneFrom(None, lena.zone)], self.at)

    def be_planned_again(self, who: User, which: int) -> None:
        if who.email not in self.notes.gone:
            scheduling.plan(self.cast.enrolment(who), at=self.at)

    # --- What follows ---------------------------------------------------------------------------------

    def what_is_due_again_is_said_again(self, *people: str) -> None:
        """What has reminded of a due time reminds of the new one, where that lies ahead; on hold, once they go on."""
        going = {email for email in people if not self.notes.stands_still(email)} - self.notes.gone
        rows = Milestone.objects.filter(enrolment__client__email__in=going, kind__in=FOLLOW_THE_DUE_TIME)
        told = rows.order_by("occurrence").select_related(*milestones.LOADED)
        for row in {(row.enrolment_id, row.kind, row.week): row for row in told}.values():
            row.occurrence += 1
            again = self.notes.due(row)
            is_later = moments.to_wall(again, row.enrolment.client.zone).date() > row.wall.date()
            if row.state != "pending" and again > self.at and is_later:
                raise Broken(f"{row} is due again at {again} and nobody says so")

    def dues(self) -> dict[tuple[str, int], datetime]:
        """When the weeks are due for everybody in spring, as the product says."""
        rows = deadlines.with_calendar(Enrolment.objects.filter(cohort=self.cast.spring))
        return {
            (str(row.client), week): deadlines.week_due_at(row, week, at=self.at) for row in rows for week in range(4)
        }
