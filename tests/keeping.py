"""What clients keep, by the real operations: lines of their ledger, and 1:1s."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from clients import evidencing, planning, submitting
from clients.models import Attempt, Enrolment, LedgerLine, OneOnOne, Submission, User
from tests import roads
from tests.roads import WEEK_1

WEEK_2 = WEEK_1 + timedelta(weeks=1)
FURTHER = count()

LINE = {
    "date": "2026-03-10",
    "what": "Support sees by itself why a label was refused.",
    "for_whom": "The support team for parcel customers",
    "my_part": "I wrote the five plain messages",
    "factor": "stakeholder",
    "who_saw": ["Head of support"],
    "credit": ["Ana, who knew every label"],
    "trace": "Help centre, labels page",
    "quote": "We stopped guessing.",
    "visibility": "pair",
}


def enrolment_of(who: User) -> Enrolment:
    return Enrolment.objects.select_related("client", "cohort__edition").get(client=who)


def line(who: User, *, at: datetime = WEEK_2, key: str = "", **changes: Any) -> LedgerLine:
    """One more line in somebody's ledger."""
    key = key or f"line {next(FURTHER)}"
    return evidencing.add_line(enrolment_of(who), line=LINE | changes, client_key=key, by=who, at=at)


def finished(who: User, *, at: datetime) -> Enrolment:
    """The programme is over for this client, at whatever instant; `tests.graduating` goes the whole way."""
    Enrolment.objects.filter(client=who).update(state=Enrolment.State.COMPLETED, left_at=at)
    return enrolment_of(who)


# --- 1:1s -------------------------------------------------------------------------------------------

WEEK_7 = WEEK_1 + timedelta(weeks=6)  # Wednesday 15 April
MOVES = {
    "connect_priority": "Retention is the goal for this half.",
    "connect_my_work": "My work on returns serves that goal.",
    "connect_words": "You said retention is the goal. My work on returns serves it. Do you see it so?",
    "surface_words": "You may not have seen it: Logistics and we agreed on one address check.",
    "ask_level": "An engineering-manager role within a year.",
    "ask_words": "What would you need to see from me to put me forward?",
    "flag_seeing": "",
}
HEARD = "I would need to see you run something where the other side does not report to us, end to end."
WILL_DO = [
    {"action": "Lead the address check", "by": "2026-06-30"},
    {"action": "Ask her how it was", "by": "2026-07-12"},
]
FORM_HELD = {
    "heard": HEARD,
    "status_sent_before": "yes",
    **{f"will_do-{number}-{key}": text for number, row in enumerate(WILL_DO) for key, text in row.items()},
}


def planned(who: User, *, at: datetime = WEEK_7, day: str = "2026-04-15", key: str = "", **changes: Any) -> OneOnOne:
    """A 1:1 in somebody's planner."""
    lines = changes.pop("lines", [])
    return planning.plan(
        enrolment_of(who), content=MOVES | changes, date=day, with_whom="manager", lines=lines,
        client_key=key or f"plan {next(FURTHER)}", by=who, at=at,
    )  # fmt: skip


def held(who: User, one: OneOnOne | None = None, *, at: datetime = WEEK_7, **changes: Any) -> OneOnOne:
    said = {"heard": HEARD, "actions": WILL_DO, "status_sent_before": "yes"} | changes
    return planning.hold(one or planned(who, at=at), by=who, at=at, **said)


def homework(*lines: LedgerLine, **changes: Any) -> dict[str, Any]:
    """An answer to the week-7 exercise, planned unless it says held."""
    plan = {
        "date": "2026-04-15", "with_whom": "manager", "stage": "planned", "status_sent_before": "yes",
        "ledger_refs": [{"id": line.pk} for line in lines], "redacted": True,
    }  # fmt: skip
    return MOVES | plan | changes


HELD = {"stage": "held", "heard": HEARD, "will_do": WILL_DO}


def handed_in_plan(who: User, *, at: datetime = WEEK_7, **changes: Any) -> Attempt:
    """The week-7 exercise, handed in with a line of the ledger."""
    piece = roads.piece(who, "w7-x1")
    line_ = line(who, key="for homework")
    answer = homework(line_, **changes)
    return submitting.hand_in(piece, answer=answer, revision=piece.draft_revision, by=who, at=at)


# --- The promotion case -----------------------------------------------------------------------------

WEEK_8 = WEEK_1 + timedelta(weeks=7)
CASE = {
    "level": "Engineering manager, Commerce, autumn round",
    "criteria_source": "both",
    "claim_stakeholder": "Finance and Support act on what I tell them without a second meeting.",
    "claim_influence": "I moved a team that does not report to us.",
    "claim_presence": "I frame choices when we are stuck.",
    "claim_upward": "My director hears risk from me first, with a plan.",
    "technical_line": "I own the payment core; table stakes, no open question.",
    "gap_what": "I have not led people through a hard conversation.",
    "gap_plan": "Lead the internship, with my manager watching one feedback talk.",
    "gap_by": "2026-09-30",
    "ask": "I would like to be put forward in the autumn round. Please tell me by 30 June what would make it easy.",
    "conversation_date": "2026-06-24",
    "script": "I would like to be put forward for engineering manager in the autumn round.",
    "redacted": True,
}


def case_of(who: User, **changes: Any) -> dict[str, Any]:
    """An answer to the week-8 exercise with a line for three of the four factors."""
    proofs = {
        f"evidence_{factor}": [{"id": line(who, key=f"case {factor}", factor=factor).pk}]
        for factor in ("stakeholder", "influence", "presence")
    }
    return CASE | proofs | changes


def drafted_case(who: User, *, at: datetime = WEEK_8, **changes: Any) -> Submission:
    piece = roads.piece(who, "w8-x1")
    answer = case_of(who, **changes)
    return submitting.save_draft(piece, answer=answer, revision=piece.draft_revision, by=who, at=at)


def handed_in_case(who: User, *, at: datetime = WEEK_8, **changes: Any) -> Attempt:
    return submitting.hand_in(drafted_case(who, at=at, **changes), by=who, at=at)
