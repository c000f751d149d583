"""What a mistake in the engine would look like, and for each a programme of steps in which it shows.

A fault is the functions it lies in: what stands there, and what would stand there instead. Its programme begins at one
of the machine's starts and breaks no rule as long as the engine is as it is.
"""

from types import ModuleType
from typing import NamedTuple

from clients import delivering, mails
from coaching import firing, milestones, plans, promises, scheduling
from curriculum import moments
from tests.coaching.engine_deeds import DAYS
from tests.coaching.engine_machine import OFFSETS, Step

SUNDAY_BEFORE, THURSDAY, SATURDAY, MONDAY_AFTER = range(4)  # of the machine's starts; week 1 opens after the first
MINA, NOOR, OMAR = range(3)
JUST_BEFORE = OFFSETS[0]
LOS_ANGELES = 0  # of the zones
REVIVE = "SET state = 'pending', fired_at = NULL, "


class Fault(NamedTuple):
    """Where it lies, and where it shows."""

    places: list[tuple[ModuleType, str, str, str]]
    start: int
    programme: list[Step | str]


OURS = "row.state = 'sending' AND row.lease_token = %s"
FAULTS: dict[str, Fault] = {
    "a pause is not asked for when a milestone fires": Fault(
        [
            (firing, "due", ".walking()", ".all()"),
            (firing, "_cohorts_going_on", 'held - set(paused.values_list("pk", flat=True))', "held"),
            (promises, "counted_on", "for began, end in stops:", "for began, end in ():"),
        ],
        SUNDAY_BEFORE,
        ["week.unlock", Step(), Step("hand_in", MINA), "review.warn", Step("pause_or_resume")],
    ),
    "a hold is not asked for when a milestone fires": Fault(
        [(milestones, "guard_reason", "milestone.enrolment.is_on_hold", "False")],
        SUNDAY_BEFORE,
        [Step("hold_or_go_on", NOOR), "week.unlock", Step()],
    ),
    "a hold is not asked for when a message leaves": Fault(
        [
            (milestones, "guard_reason", "milestone.enrolment.is_on_hold", "False"),
            (delivering, "_not_now", "if not kind.outlives_pause and holds.holds_back(message):", "if False:"),
        ],
        SUNDAY_BEFORE,
        ["week.unlock", Step(), Step("hold_or_go_on", MINA), Step(), Step(), Step()],
    ),
    "nothing is asked when a message leaves": Fault(
        [(delivering, "_handed_over", "if outcome := _not_now(message, kind, at):", "if outcome := None:")],
        SUNDAY_BEFORE,
        ["week.unlock", Step()],
    ),
    "a message is marked before it is handed over": Fault(
        [
            (delivering, "_handed_over", "@transaction.atomic\n", ""),
            (
                delivering, "_handed_over",
                "    handed = False\n", "    _settle(message, state=State.SENT, sent_at=at)\n    handed = False\n",
            ),
        ],
        SUNDAY_BEFORE,
        ["week.unlock", Step(work="die_at_the_door", write=0)],
    ),
    "a milestone is marked before its messages are posted": Fault(
        [
            (firing, "_effect", "@transaction.atomic\n", ""),
            (firing, "_effect", "    messaging.post_all(", "    _settle(batch)\n    messaging.post_all("),
        ],
        SUNDAY_BEFORE,
        ["week.unlock", Step(work="die_while_firing", write=3)],
    ),
    "messages are posted before the milestone is marked, under the number of the try": Fault(
        [
            (firing, "_effect", "@transaction.atomic\n", ""),
            (firing, "_tell", "{audience.name}", "{audience.name}:{milestone.attempts}"),
        ],
        SUNDAY_BEFORE,
        ["week.unlock", Step(work="die_while_firing", write=3), Step()],
    ),
    "a new plan revives what has fired": Fault(
        [
            (scheduling, "_replan", "filter(state=State.PENDING)", "filter(state__in=[State.PENDING, State.FIRED])"),
            (scheduling, "_write", "execute(WRITE,", f"execute(WRITE.replace('SET ', {REVIVE!r}),"),
        ],
        THURSDAY,
        ["nudge.midweek", Step(), Step("move", OMAR, LOS_ANGELES)],
    ),
    "a new plan is ignored": Fault(
        [
            (scheduling, "_replan", "    _write(", "    list("),
            (firing, "_decide", "if moved > batch.at:", "if moved is None:"),
        ],
        SUNDAY_BEFORE,
        [Step("shift", which=DAYS.index(2)), Step()],
    ),
    "the next occurrence takes the number of the last": Fault(
        [(scheduling, "follow", "milestone.occurrence + ahead", "milestone.occurrence")],
        SUNDAY_BEFORE,
        ["week.unlock", Step(), Step("hand_in", MINA), "review.breach", Step()],
    ),
    "with more time a reminder takes the number of the last": Fault(
        [(scheduling, "_over", "occurrence=occurrence + 1", "occurrence=occurrence")],
        SATURDAY,
        [Step(), Step("have_more_time", NOOR)],
    ),
    "where the dates of a cohort have moved nobody is reminded again": Fault(
        [(scheduling, "_replan", "    over = _over(which, rows)", "    over = []")],
        SATURDAY,
        [Step(), Step("shift", which=DAYS.index(2))],
    ),
    "what comes nearer comes without notice": Fault(
        [(moments, "_carried", "if change.zone is not None or change.days < 0:", "if change.zone is not None:")],
        THURSDAY,
        [Step("shift", which=DAYS.index(-2))],
    ),
    "a week is seven times 24 hours": Fault(
        [
            (plans, "_in_its_week", "planned = _moment(", "planned = timedelta(weeks=1) + _moment("),
            (plans, "_in_its_week", "week=row.week,", "week=row.week - 1,"),
        ],
        SATURDAY,
        [Step() for _moment in range(8)],
    ),
    "a message has another key with every try": Fault(
        [(mails, "message_id", "message.key.encode()", "(message.key + str(message.attempts)).encode()")],
        THURSDAY,
        ["nudge.midweek", Step(work="die_at_the_door", write=1), Step()],
    ),
    "a lease that was lost is not noticed": Fault(
        [(delivering, "_ours", "execute(LOCK, [pk, token])", f"execute(LOCK.replace({OURS!r}, 'true'), [pk])")],
        THURSDAY,
        ["nudge.midweek", Step(work="stall", write=5)],
    ),
    "the worker's clock is an hour ahead": Fault(
        [(firing, "fire_due", "    _bury(at)\n", "    at += timedelta(hours=1)\n    _bury(at)\n")],
        SUNDAY_BEFORE,
        ["week.unlock", Step(offset=JUST_BEFORE)],
    ),
    "what a killed worker had in hand stays with it": Fault(
        [(delivering, "_claim", " | Q(state=State.SENDING, lease_until__lt=at)", "")],
        SUNDAY_BEFORE,
        ["week.unlock", Step(work="die_at_the_door", write=0), Step()],
    ),
    "what a killed engine had in hand stays with it": Fault(
        [(firing, "due", " | Q(lease_until__lte=at)", "")],
        SUNDAY_BEFORE,
        ["week.unlock", Step(work="die_while_firing", write=2), Step()],
    ),
}  # fmt: skip
