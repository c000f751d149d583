"""A mark for every class of words: who may read it, and how it comes into the world. One line of the table is one mark.

Whoever brings new words adds a line. A mark is written by the operation people use, and it is found again by its name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from clients import choosing, excusing, extending, holding, inviting, listening, submitting, tables, transcribing
from clients.models import Cohort, Visibility
from coaching import (
    banking,
    calibrating,
    calling,
    convening,
    conversing,
    focusing,
    following,
    handing,
    heeding,
    inspecting,
    noting,
    rating,
    releasing,
    replying,
    reviewing,
    snapshotting,
    talking,
    waiving,
)
from coaching.models import CheckIn, Feedback, Snapshot
from tests import callings, graduating, keeping, pairing, pulsing, roads, sittings
from tests.calibrating import newcomer
from tests.doors.matrix import World
from tests.reliability.answers import answer
from tests.reporting import handed
from tests.roads import BEFORE, WEEK_1, WEEK_2, WEEK_4, WEEK_5

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW = WEEK_5 + HOUR  # when everything is read; the substitute's window is open
CLIENT, OTHER, COACH, ADMIN, SUBSTITUTE, SPONSOR = (
    {"client", "token_client"}, {"client_other"}, {"coach", "token_coach"}, {"admin"}, {"substitute"}, {"sponsor"},
)  # fmt: skip
DESK = COACH | SUBSTITUTE
COHORT = CLIENT | OTHER | DESK | ADMIN
PLACE = {"field": "left_out", "quote": "response times"}


@dataclass(frozen=True)
class Mark:
    """Words of one class. `write` gets the world and the mark, in the order of the table."""

    readers: set[str]
    write: Callable[[World, str], Any]


def text_of(name: str) -> str:
    """What stands in the world: one word that stands nowhere else, not even inside another mark."""
    return f"canary-{name.replace(' ', '-')}-yranac"


# --- How they are written -------------------------------------------------------------------------------


def _note(visibility: str, by: str = "tomas") -> Callable[[World, str], Any]:
    def write(world: World, mark: str) -> None:
        about = None if visibility == Visibility.COHORT else world.cast.enrolment(world.cast.mina)
        coach = getattr(world.cast, by)
        noting.write(world.cast.spring, about, visibility=visibility, text=mark, by=coach, at=WEEK_1)

    return write


def _handed_in(world: World, mark: str) -> None:
    roads.handed_in(world.cast.mina, "w5-x1", at=WEEK_5 - HOUR, left_out=f"The response times of each scenario. {mark}")


def _answered_work(world: World, mark: str) -> None:
    roads.handed_in(
        world.cast.mina, "w1-x1", at=WEEK_1, left_out=f"How the scoring works, and which vendor we chose for it. {mark}"
    )


def _released(visibility: str, *, withdrawn: bool = False) -> Callable[[World, str], Any]:
    """A line of the ledger, a copy of it for the sponsor, and perhaps that one taken back."""

    def write(world: World, mark: str) -> None:
        line = keeping.line(world.cast.mina, what=f"{keeping.LINE['what']} {mark}", visibility=visibility)
        _copied(world, "line", line.pk, withdrawn)

    return write


def _released_piece(world: World, mark: str) -> None:
    """What a client would like to be true, handed in and released."""
    piece = roads.piece(world.cast.mina, "w1-x2")
    submitting.save_draft(piece, answer=answer("w1-x2", mark), revision=None, by=world.cast.mina, at=WEEK_1)
    attempt = submitting.hand_in(piece, by=world.cast.mina, at=WEEK_1)
    reviewing.send_feedback(attempt.submission, content=roads.content(piece), by=world.cast.tomas, at=WEEK_1 + HOUR)
    vars(world).setdefault("pieces", []).append(piece.pk)
    _copied(world, "piece", attempt.pk, False)


def _released_note(*, withdrawn: bool = False) -> Callable[[World, str], Any]:
    """By the coach, with the client's leave."""

    def write(world: World, mark: str) -> None:
        mina = world.cast.enrolment(world.cast.mina)
        if not mina.consents.filter(scope="sponsor_notes").exists():
            following.agree(mina, "sponsor_notes", by=world.cast.mina, at=WEEK_1)
        noting.write(world.cast.spring, mina, visibility="released", text=mark, by=world.cast.tomas, at=WEEK_1)
        if withdrawn:
            releasing.withdraw(mina.releases.get(text=mark), by=world.cast.mina, at=WEEK_1 + HOUR)

    return write


def _copied(world: World, kind: str, source: int, withdrawn: bool) -> None:
    mina = world.cast.enrolment(world.cast.mina)
    made = releasing.release(mina, kind=kind, source=source, by=world.cast.mina, at=WEEK_1 + 2 * HOUR)
    if withdrawn:
        releasing.withdraw(made, by=world.cast.mina, at=WEEK_1 + 3 * HOUR)


def _charter(world: World, mark: str) -> None:
    """What a client wants to keep, which their coach has read."""
    piece = roads.piece(world.cast.mina, "w0-charter")
    value = f"I want to be heard and make nobody smaller. {mark}"
    submitting.save_draft(piece, answer={"value": value}, revision=None, by=world.cast.mina, at=WEEK_1)
    handed_in = submitting.hand_in(piece, by=world.cast.mina, at=WEEK_1).submission
    reviewing.send_feedback(handed_in, content=roads.content(piece), by=world.cast.tomas, at=WEEK_1 + HOUR)


def _draft_of_feedback(name: str) -> Callable[[World, str], Any]:
    """In one part of the coach's draft on what waits; the other parts stay as they are."""

    def write(world: World, mark: str) -> None:
        piece = roads.piece(world.cast.mina, "w5-x1")
        said = world.__dict__.setdefault("said", {"keep": "", "asks": [], "notes": []})
        said |= {"keep": mark} if name == "keep" else {}
        said["asks"] += [mark] if name == "ask" else []
        said["notes"] += [PLACE | {"text": mark}] if name == "note" else []
        reviewing.save_feedback_draft(piece, content=said, revision=None, by=world.cast.tomas, at=NOW - 30 * MINUTE)

    return write


def _sent(name: str) -> Callable[[World, str], Any]:
    """Feedback that asks for another attempt; the last of its parts sends it."""

    def write(world: World, mark: str) -> None:
        said = world.__dict__.setdefault("sent_parts", {})
        said |= {name: mark}
        if name == "margin":
            piece = roads.piece(world.cast.mina, "w1-x1")
            parts = {"keep": said["keep"], "try_next": said["try"], "asks": [said["ask"]]}
            parts |= {"notes": [{"field": "why", "quote": "costs us a sale", "text": mark}]}
            content = roads.content(piece, another=True, **parts)
            reviewing.send_feedback(piece, content=content, by=world.cast.tomas, at=WEEK_1 + 2 * HOUR)

    return write


def _reply(who: str) -> Callable[[World, str], Any]:
    """Under what was sent."""

    def write(world: World, mark: str) -> None:
        attempt = Feedback.objects.get(attempt__submission=roads.piece(world.cast.mina, "w1-x1")).attempt
        replying.reply(attempt, text=mark, by=getattr(world.cast, who), at=WEEK_1 + 3 * HOUR)

    return write


def _talked(world: World, mark: str) -> None:
    roads.translated(world.cast.mina, "w2-t2", at=WEEK_2)
    piece = roads.piece(world.cast.mina, "w2-t2")
    reviewing.claim(piece, by=world.cast.tomas, at=WEEK_2 + HOUR)
    content = roads.content(piece, live=True)
    sent = reviewing.send_feedback(piece, content=content, by=world.cast.tomas, at=WEEK_2 + HOUR)
    talking.mark(sent, day=sent.sent_at.date(), line=mark, by=world.cast.tomas, at=sent.shown_from)


def _word(who: str) -> Callable[[World, str], Any]:
    """Between a client and a coach; the client's comes last and waits, so whoever stands in reads it."""

    def write(world: World, mark: str) -> None:
        mine, by = world.cast.enrolment(world.cast.mina), getattr(world.cast, who)
        conversing.write(mine, world.cast.tomas, text=mark, by=by, at=WEEK_1 + 3 * HOUR)

    return write


def _recalled(world: World, mark: str) -> None:
    sent = roads.answered(world.cast.mina, world.cast.tomas, "w4-x1", at=WEEK_5 - 2 * HOUR, keep=mark)
    reviewing.recall_feedback(sent, by=world.cast.tomas, at=sent.sent_at + MINUTE)
    assert not Feedback.objects.filter(pk=sent.pk).exists()


def _next_draft(world: World, mark: str) -> None:
    """Somebody begins another attempt; nobody but them reads it."""
    submitting.try_again(roads.piece(world.cast.mina), by=world.cast.mina, at=WEEK_4)
    roads.drafted(world.cast.mina, at=WEEK_4, left_out=mark)


def _transcript(world: World, mark: str) -> None:
    transcribing.edit(
        world.recording.transcript, text=f"Today two people get the same room. {mark}", by=world.cast.mina, at=WEEK_1
    )
    roads.translated(world.cast.mina, audio={"id": world.recording.pk}, script="")


def _remembered(world: World, mark: str) -> None:
    listening.begin(world.receipt, at=WEEK_1)
    words = {"what": mark, "why": "", "wrong": "", "when": ""}
    listening.answer(world.receipt, **words, listener="Rosa", at=WEEK_1)


def _rated(
    who: str, many: int, *, shared: bool = False, group: str = "peer", **more: str
) -> Callable[[World, str], Any]:
    """What raters wrote three weeks before everything is read; the first of them wrote the mark."""

    def write(world: World, mark: str) -> None:
        client = getattr(world.cast, who)
        for number in range(many):
            link = pulsing.asked(world.cast, client, f"{group}{number}", group=group)
            pulsing.answered(link, p_try="" if number else mark, **more)
        if shared:
            following.agree(world.cast.enrolment(client), "pulse", by=client, at=WEEK_1)

    return write


def _asked_for_time(world: World, mark: str) -> None:
    piece = roads.piece(world.cast.mina, "w5-t5")
    extending.ask(piece, until=date(2026, 4, 12), note=mark, by=world.cast.mina, at=WEEK_5)


def _excused(world: World, mark: str) -> None:
    noor = world.cast.noor
    exercise = roads.piece(noor, "w1-x1").exercise
    excusing.excuse(world.cast.enrolment(noor), exercise, reason=mark, by=world.cast.tomas, at=WEEK_1)


def _evidence(who: str) -> Callable[[World, str], Any]:
    """Of the coach's rating at the midpoint."""

    def write(world: World, mark: str) -> None:
        enrolment = world.cast.enrolment(getattr(world.cast, who))
        given = {"presence": {"point": 3, "evidence": mark}}
        rating.rate(enrolment, "c4", given=given, by=world.cast.tomas, at=WEEK_4)

    return write


def _moved_call(world: World, mark: str) -> None:
    """To the time that is free; the one it had is taken by the other client next."""
    calling.move(world.call, world.free_time, reason=mark, by=world.cast.mina, at=WEEK_4)


def _cancelled_call(world: World, mark: str) -> None:
    calling.cancel(callings.booked(world.cast, "noor"), reason=mark, by=world.cast.noor, at=WEEK_4)


def _agreed(world: World, mark: str) -> None:
    focusing.agree(world.call, sentence=mark, competency="presence", by=world.cast.tomas, at=WEEK_4)


def _blind(world: World, mark: str) -> None:
    """In the early text, which waits for its coaches too."""
    pairing.allowed(world.cast, world.cast.noor, at=WEEK_1, early=f"{pairing.EARLY} {mark}")
    asked = pairing.asked(world.cast, world.cast.noor, world.cast.ines, at=WEEK_1)
    world.__dict__.setdefault("pairs", []).append(asked.token)
    world.__dict__.setdefault("pieces", []).append(roads.piece(world.cast.noor, "w1-t1").pk)


def _helped(months: int, shares: str) -> Callable[[World, str], Any]:
    """What helped a graduate, said months after."""

    def write(world: World, mark: str) -> None:
        omar, later = world.cast.omar, timedelta(days=31 * months)
        if world.cast.enrolment(omar).is_active:
            graduating.asked(world.cast, omar)
        row = CheckIn.objects.get(enrolment__client=omar, months=months)
        sent = graduating.ANSWERS | {"what_helped": mark, "shares": shares}
        following.answer(row, sent=sent, at=graduating.NOON + later + timedelta(days=10))

    return write


def _called_off(world: World, mark: str) -> None:
    convening.cancel(sittings.session(world.cast, 6), reason=mark, by=world.cast.tomas, at=WEEK_5)


def _external_id(world: World, mark: str) -> None:
    table = tables.read(f"email,cohort,external_id\n{world.cast.mina.email},Spring,{mark}")
    told = {"cohorts": Cohort.objects.all(), "default": None, "by": world.cast.ada, "at": WEEK_1}
    inviting.invite_listed(table, tables.guessed(table), **told)


# --- The table ------------------------------------------------------------------------------------------

MARKS: dict[str, Mark] = {
    "private note of a coach": Mark(COACH, _note("private")),
    "private note of a client": Mark(CLIENT, _note("private", "mina")),
    "note to a client": Mark(CLIENT | DESK, _note("pair")),
    "note to a coach": Mark(CLIENT | DESK, _note("pair", "mina")),
    "note of the coaches": Mark(DESK, _note("coaching_team")),
    "note of the programme": Mark(CLIENT | DESK | ADMIN, _note("programme")),
    "note of an admin": Mark(CLIENT | DESK | ADMIN, _note("programme", "ada")),
    "note to the cohort": Mark(COHORT, _note("cohort")),
    "answered work": Mark(CLIENT | COACH, _answered_work),
    "what a client wants to keep": Mark(CLIENT | COACH, _charter),
    "keep that was sent": Mark(CLIENT | COACH, _sent("keep")),
    "try that was sent": Mark(CLIENT | DESK, _sent("try")),  # what is awaited stands in the handover
    "ask that was sent": Mark(CLIENT | DESK, _sent("ask")),
    "margin note that was sent": Mark(CLIENT | COACH, _sent("margin")),
    "reply of a client": Mark(CLIENT | COACH, _reply("mina")),
    "reply of a coach": Mark(CLIENT | COACH, _reply("tomas")),
    "line of a talk": Mark(CLIENT | COACH, _talked),
    "word to a client": Mark(CLIENT | DESK, _word("tomas")),
    "word to a coach": Mark(CLIENT | DESK, _word("mina")),
    "draft of the next attempt": Mark(CLIENT, _next_draft),
    "work that waits": Mark(CLIENT | DESK, _handed_in),
    "keep in a draft": Mark(COACH, _draft_of_feedback("keep")),
    "ask in a draft": Mark(COACH, _draft_of_feedback("ask")),
    "margin note in a draft": Mark(COACH, _draft_of_feedback("note")),
    "recalled feedback": Mark(COACH, _recalled),
    "transcript": Mark(CLIENT | DESK, _transcript),
    "what a listener remembered": Mark(CLIENT, _remembered),
    "line of a peer among three": Mark(CLIENT, _rated("mina", 3)),
    "line of a peer among two": Mark(set(), _rated("omar", 2)),
    "line of a manager who is not named": Mark(set(), _rated("omar", 1, group="manager")),
    "line of a manager who is named": Mark(CLIENT, _rated("mina", 1, group="manager", named="on")),
    "line of a peer that is shared": Mark(OTHER | COACH, _rated("noor", 3, shared=True)),
    "external id of a client": Mark(ADMIN, _external_id),
    "own line of the comment bank": Mark(
        COACH, lambda world, mark: banking.add(kind="keep", text=mark, by=world.cast.tomas, at=WEEK_1)
    ),
    "shared line of the comment bank": Mark(
        DESK | {"coach_other"},
        lambda world, mark: banking.add(kind="try", text=mark, shared=True, by=world.cast.tomas, at=WEEK_1),
    ),
    "reason of a flag": Mark(
        DESK,
        lambda world, mark: heeding.flag(
            world.cast.enrolment(world.cast.mina), reason=mark, by=world.cast.tomas, at=WEEK_1
        ),
    ),
    "words of a blind pair": Mark(OTHER | DESK | {"coach_other"}, _blind),
    "evidence of a rating": Mark(CLIENT | COACH, _evidence("mina")),  # her own is finished
    "evidence of a rating that does not show yet": Mark(COACH, _evidence("noor")),
    "why a call moved": Mark(CLIENT | COACH, _moved_call),
    "why a call is off": Mark(OTHER | COACH, _cancelled_call),
    "focus of a call": Mark(CLIENT | DESK, _agreed),
    "reason of a hold": Mark(
        DESK,
        lambda world, mark: holding.hold(
            world.cast.enrolment(world.cast.noor), reason=mark, by=world.cast.tomas, at=WEEK_5
        ),
    ),
    "reason of an excusal": Mark(OTHER | COACH, _excused),
    "reason of a waiver": Mark(
        COACH | ADMIN,
        lambda world, mark: waiving.waive(
            world.cast.enrolment(world.cast.mina), "main-1", reason=mark, by=world.cast.ada, at=WEEK_1
        ),
    ),
    "question for more time": Mark(DESK, _asked_for_time),
    "word that is open for a reason": Mark(
        {"stranger", "coach_other"} | ADMIN, lambda world, mark: _to_ines(world, mark)
    ),
    "reason of an opened record": Mark({"stranger"} | ADMIN, lambda world, mark: _opened(world, mark)),
    "work the reason is not about": Mark({"stranger", "coach_other"}, lambda world, mark: _beside_it(world, mark)),
    "what helped a graduate": Mark({"stranger"}, _helped(3, "")),
    "what helped a graduate and is shared": Mark({"stranger", "coach_other"}, _helped(6, "yes")),
    "why a session is off": Mark(COHORT - SUBSTITUTE, _called_off),
    "line of a ledger": Mark(
        CLIENT | COACH, lambda world, mark: keeping.line(world.cast.mina, what=f"{keeping.LINE['what']} {mark}")
    ),
    "private line of a ledger": Mark(
        CLIENT,
        lambda world, mark: keeping.line(world.cast.mina, what=f"{keeping.LINE['what']} {mark}", visibility="private"),
    ),
    "line that was released": Mark(CLIENT | COACH | SPONSOR, _released("pair")),
    "private line that was released": Mark(CLIENT | SPONSOR, _released("private")),
    "line that was taken back from a sponsor": Mark(CLIENT | COACH, _released("pair", withdrawn=True)),
    "piece that was released": Mark(CLIENT | COACH | SPONSOR, _released_piece),
    "note that was released": Mark(CLIENT | DESK | ADMIN | SPONSOR, _released_note()),
    "note that was taken back from a sponsor": Mark(CLIENT | DESK | ADMIN, _released_note(withdrawn=True)),
    "entry of a meeting log": Mark(
        CLIENT | COACH,
        lambda world, mark: roads.logged(world.cast.mina, outcome=f"My proposal was taken. {mark}", at=WEEK_1),
    ),
    "situation of a midpoint": Mark(set(), lambda world, mark: _focus(world, mark)),
    "ratings in hand": Mark(OTHER, lambda world, mark: _in_hand(world, mark)),
    "reason of a let-off": Mark(
        ADMIN,
        lambda world, mark: calibrating.let_off(
            newcomer(world.cast.autumn, "Odo"), reason=mark, by=world.cast.ada, at=WEEK_1
        ),
    ),
    "title of a snapshot": Mark(
        ADMIN,
        lambda world, mark: snapshotting.entitle(
            Snapshot.objects.get(pk=world.snapshots["draft snapshot"]), title=mark, by=world.cast.ada, at=WEEK_1
        ),
    ),
    "title of a snapshot handed to a sponsor": Mark(
        ADMIN | SPONSOR,
        lambda world, mark: handed(world.cast, world.ten, world.sponsor, title=mark),
    ),
    "title of a snapshot taken back from a sponsor": Mark(
        ADMIN,
        lambda world, mark: handing.take_back(
            handed(world.cast, world.ten, world.sponsor, title=mark), by=world.cast.ada, at=WEEK_1
        ),
    ),
    "known word": Mark(CLIENT, lambda world, mark: choosing.know(world.cast.mina, word=mark, at=BEFORE)),
}


def _to_ines(world: World, mark: str) -> None:
    omar = world.cast.omar
    conversing.write(world.cast.enrolment(omar), world.cast.ines, text=mark, by=omar, at=WEEK_5 - HOUR)


def _opened(world: World, mark: str) -> None:
    """What Omar and Ines write to each other is open to an admin when everything is read."""
    enrolment, why = world.cast.enrolment(world.cast.omar), f"A complaint about the tone: {mark}"
    inspecting.begin(enrolment, about="talk", reason=why, by=world.cast.ada, at=NOW - 30 * MINUTE)


def _beside_it(world: World, mark: str) -> None:
    roads.answered(world.cast.omar, world.cast.ines, "w1-x1", at=WEEK_5 - 4 * HOUR, keep=mark)


def _focus(world: World, mark: str) -> None:
    """Of a finished midpoint."""
    before = roads.MIDPOINT["focus_situation"]
    roads.MIDPOINT["focus_situation"] = f"{before} {mark}"
    try:
        roads.assessed(world.cast.mina, "a4", at=WEEK_5)
    finally:
        roads.MIDPOINT["focus_situation"] = before


def _in_hand(world: World, mark: str) -> None:
    """Of a midpoint somebody has not finished."""
    before = roads.MIDPOINT["focus_situation"]
    roads.MIDPOINT["focus_situation"] = f"{before} {mark}"
    try:
        roads.rated(world.cast.noor, "a4", at=WEEK_4)
    finally:
        roads.MIDPOINT["focus_situation"] = before
