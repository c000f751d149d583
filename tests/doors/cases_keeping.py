"""The evidence ledger and the 1:1 planner, asked at both doors."""

from datetime import timedelta

from django.urls import reverse

from clients import planning
from clients.models import LedgerLine, OneOnOne
from tests import keeping
from tests.cast import Cast
from tests.doors.cases import ALLOWED, UNASKED, Ask, case, close, leave
from tests.keeping import HEARD, LINE, MOVES, WEEK_2, WEEK_7, WILL_DO

YEARS_LATER = WEEK_2 + timedelta(days=400)


def _form(line: dict) -> dict:
    return line | {name: "\n".join(line[name]) for name in ("who_saw", "credit")}


def add(cast: Cast, who: str = "mina", at=WEEK_2, **changes) -> Ask:
    line = LINE | changes
    sent = line | {"enrolment": cast.enrolment(cast.mina).pk, "client_key": "one"}
    return Ask(who, reverse("ledger-new"), _form(line) | {"client_key": "one"}, "post", "ledger/", sent, at)


def _kept(cast: Cast) -> int:
    row = LedgerLine.objects.filter(enrolment__client=cast.mina).first() or keeping.line(cast.mina)
    return row.pk


def change(cast: Cast, who: str = "mina", at=WEEK_2, pk: int = 0, **changes) -> Ask:
    line, pk = LINE | changes, pk or _kept(cast)
    return Ask(who, reverse("ledger-line", args=[pk]), _form(line), "put", f"ledger/{pk}/", line, at)


def remove(cast: Cast, who: str = "mina", at=WEEK_2, pk: int = 0) -> Ask:
    pk = pk or _kept(cast)
    return Ask(who, reverse("ledger-remove", args=[pk]), {}, "delete", f"ledger/{pk}/", {}, at)


DOORS = {"evidencing.add_line": add, "evidencing.change_line": change, "evidencing.remove_line": remove}
GONE = "only where two windows act at one moment; a line that is gone is not there at either door"
UNASKED |= {
    ("evidencing.add_line", "homework.not_yours"): "somebody else's enrolment is not there: theirs is meant"
} | {(operation, "ledger.gone"): GONE for operation in ("evidencing.change_line", "evidencing.remove_line")}

for operation, doors in DOORS.items():

    @case(operation, "record.left")
    def _left(cast, doors=doors):
        ask = doors(cast)
        leave(cast)
        return ask

    @case(operation, "cohort.closed")
    def _closed(cast, doors=doors):
        ask = doors(cast)
        close(cast.spring)
        return ask

    @case(operation, "record.over")
    def _over(cast, doors=doors):
        ask = doors(cast, at=YEARS_LATER)
        keeping.finished(cast.mina, at=WEEK_2)
        return ask

    @case(operation, "ledger.locked")
    def _locked(cast, doors=doors):
        return doors(cast, at=WEEK_2 - timedelta(days=7))


for operation, doors in {"evidencing.change_line": change, "evidencing.remove_line": remove}.items():

    @case(operation, "homework.not_yours", 404)
    def _not_yours(cast, doors=doors):
        return doors(cast, who="noor")


for operation, doors in {"evidencing.add_line": add, "evidencing.change_line": change}.items():

    @case(operation, "ledger.incomplete", 422)
    def _incomplete(cast, doors=doors):
        return doors(cast, what="It is done", factor="")


ALLOWED |= DOORS


# --- 1:1s ---------------------------------------------------------------------------------------------

DAY = "2026-04-15"


def plan(cast: Cast, who: str = "mina", at=WEEK_7, **changes) -> Ask:
    content = MOVES | changes
    form = content | {"date": DAY, "with_whom": "manager", "client_key": "one"}
    sent = {
        "content": content, "date": DAY, "with_whom": "manager", "lines": [], "client_key": "one",
        "enrolment": cast.enrolment(cast.mina).pk,
    }  # fmt: skip
    return Ask(who, reverse("one-on-one-new"), form, "post", "one-on-ones/", sent, at)


def _planned(cast: Cast, day: str = DAY) -> OneOnOne:
    return OneOnOne.objects.filter(enrolment__client=cast.mina).first() or keeping.planned(cast.mina, day=day)


def replan(cast: Cast, who: str = "mina", at=WEEK_7, **changes) -> Ask:
    pk = _planned(cast).pk
    asked = plan(cast, who, at, **changes)
    body = {key: asked.body[key] for key in ("content", "date", "with_whom", "lines")}
    return Ask(who, reverse("one-on-one", args=[pk]), asked.form, "put", f"one-on-ones/{pk}/", body, at)


def hold(cast: Cast, who: str = "mina", at=WEEK_7, heard: str = HEARD, day: str = DAY) -> Ask:
    pk = _planned(cast, day).pk
    form = keeping.FORM_HELD | {"heard": heard}
    body = {"heard": heard, "actions": WILL_DO, "status_sent_before": True}
    return Ask(who, reverse("one-on-one-hold", args=[pk]), form, "post", f"one-on-ones/{pk}/hold/", body, at)


def answer(cast: Cast, who: str = "mina", at=WEEK_7, index: int = 0) -> Ask:
    pk = _planned(cast).pk
    page, path = reverse("one-on-one-action", args=[pk, index]), f"one-on-ones/{pk}/actions/{index}/"
    return Ask(who, page, {"done": "yes"}, "put", path, {"done": True}, at)


def unplan(cast: Cast, who: str = "mina", at=WEEK_7) -> Ask:
    pk = _planned(cast).pk
    return Ask(who, reverse("one-on-one-remove", args=[pk]), {}, "delete", f"one-on-ones/{pk}/", {}, at)


PLANNING = {
    "planning.plan": plan,
    "planning.change": replan,
    "planning.hold": hold,
    "planning.close_action": answer,
    "planning.remove": unplan,
}
UNASKED |= {("planning.plan", "homework.not_yours"): "somebody else's enrolment is not there: theirs is meant"} | {
    (operation, code): reason
    for operation in PLANNING
    for code, reason in {
        "planner.none": "an edition without a planner has no such page: 404 before anything is asked",
        "one_on_one.gone": "only where two windows act at one moment; one that is gone is not there at either door",
    }.items()
    if (operation, code) != ("planning.plan", "one_on_one.gone")
}

for operation, doors in PLANNING.items():

    @case(operation, "record.left")
    def _left_planner(cast, doors=doors):
        ask = doors(cast)
        leave(cast)
        return ask

    @case(operation, "cohort.closed")
    def _closed_planner(cast, doors=doors):
        ask = doors(cast)
        close(cast.spring)
        return ask

    @case(operation, "record.over")
    def _planner_over(cast, doors=doors):
        ask = doors(cast, at=YEARS_LATER)
        keeping.finished(cast.mina, at=WEEK_2)
        return ask

    @case(operation, "planner.locked")
    def _planner_locked(cast, doors=doors):
        return doors(cast, at=WEEK_7 - timedelta(days=7))


for operation, doors in PLANNING.items():
    if operation != "planning.plan":

        @case(operation, "homework.not_yours", 404)
        def _somebody_elses(cast, doors=doors):
            return doors(cast, who="noor")


for operation, doors in {"planning.plan": plan, "planning.change": replan}.items():

    @case(operation, "one_on_one.incomplete", 422)
    def _short_words(cast, doors=doors):
        return doors(cast, ask_words="What is missing?")


@case("planning.hold", "one_on_one.incomplete", 422)
def _little_heard(cast):
    return hold(cast, heard="Keep doing what you do.")


@case("planning.change", "one_on_one.held")
def _held_already(cast):
    keeping.held(cast.mina)
    return replan(cast)


@case("planning.hold", "one_on_one.to_come")
def _to_come(cast):
    return hold(cast, day="2026-04-16")


@case("planning.hold", "one_on_one.done")
def _done(cast):
    one = keeping.held(cast.mina, actions=WILL_DO[:1])
    planning.close_action(one, index=0, done=True, by=cast.mina, at=WEEK_7)
    return hold(cast)


@case("planning.close_action", "one_on_one.not_held")
def _nothing_promised(cast):
    return answer(cast)


@case("planning.close_action", "one_on_one.no_action")
def _no_such_promise(cast):
    keeping.held(cast.mina)
    return answer(cast, index=7)


@case("planning.remove", "one_on_one.homework")
def _out_of_homework(cast):
    keeping.handed_in_plan(cast.mina)
    return unplan(cast)


def _answer_allowed(cast: Cast) -> Ask:
    keeping.held(cast.mina)
    return answer(cast)


ALLOWED |= PLANNING | {"planning.close_action": _answer_allowed}
