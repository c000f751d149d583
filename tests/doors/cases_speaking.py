"""Transcripts and listeners, asked at both doors."""

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from clients import listening
from clients.models import Receipt, Recording
from tests import roads, speaking
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, UNASKED, Ask, case, close, leave
from tests.doors.cases_uploading import EARLY, KEY
from tests.roads import WEEK_1
from tests.speech.measuring import MODEL


def ask_of(found: Recording, who: str = "mina") -> Ask:
    page = reverse("transcript-ask", args=[KEY, found.key])
    return Ask(who, page, {}, "post", f"recordings/{found.key}/transcript/", {}, LATER)


def ask(cast: Cast, who: str = "mina") -> Ask:
    return ask_of(speaking.recorded_without(cast.mina), who)


def edit(cast: Cast, who: str = "mina", text: str = speaking.RIGHT) -> Ask:
    settings.SPEECH_MODEL = MODEL
    found = speaking.heard(cast.mina).recording
    page = reverse("transcript-keep", args=[KEY, found.key])
    return Ask(
        who, page, {"beside-transcript": text}, "put", f"recordings/{found.key}/transcript/", {"text": text}, LATER
    )


for operation, doors in {"transcribing.ask": ask, "transcribing.edit": edit}.items():

    @case(operation, "homework.not_yours", 404)
    def _not_yours(cast, doors=doors):
        return doors(cast, who="omar")

    @case(operation, "homework.left")
    def _left(cast, doors=doors):
        found = doors(cast)
        leave(cast)
        return found

    @case(operation, "cohort.closed")
    def _closed(cast, doors=doors):
        found = doors(cast)
        close(cast.spring)
        return found

    @case(operation, "homework.locked")
    def _locked(cast, doors=doors):
        return replace(doors(cast), at=EARLY)

    @case(operation, "homework.with_coach")
    def _with_coach(cast, doors=doors):
        found = doors(cast)
        roads.translated(cast.mina)
        return found

    @case(operation, "homework.reviewed")
    def _reviewed(cast, doors=doors):
        found = doors(cast)
        roads.translation_answered(cast.mina, cast.tomas)
        return found

    UNASKED[operation, "homework.not_offered"] = "joining a cohort makes no piece of such an exercise"


@case("transcribing.ask", "transcript.off")
def _off(cast):
    return ask_of(roads.recorded(cast.mina))


@case("transcribing.ask", "transcript.not_ready")
def _not_ready(cast):
    settings.SPEECH_MODEL = MODEL
    return ask_of(roads.recording_begun(cast.mina))


@case("transcribing.ask", "transcript.there")
def _there(cast):
    settings.SPEECH_MODEL = MODEL
    return ask_of(roads.recorded(cast.mina))


@case("transcribing.edit", "transcript.not_done")
def _not_done(cast):
    settings.SPEECH_MODEL = MODEL
    found = roads.recorded(cast.mina)
    page = reverse("transcript-keep", args=[KEY, found.key])
    text = speaking.RIGHT
    return Ask(
        "mina", page, {"beside-transcript": text}, "put", f"recordings/{found.key}/transcript/", {"text": text}, LATER
    )


@case("transcribing.edit", "transcript.empty", 422)
def _empty(cast):
    return edit(cast, text="  ")


@case("transcribing.edit", "transcript.too_long", 422)
def _too_long(cast):
    return edit(cast, text="word " * 1000)


ALLOWED |= {"transcribing.ask": ask, "transcribing.edit": edit}


# --- Listeners ------------------------------------------------------------------------------------

RIGHT = {"what": 2, "why": 1, "wrong": 0, "when": 2}


def ask_listener(cast: Cast, who: str = "mina", key: str = KEY, at=LATER) -> Ask:
    path = f"submissions/{roads.piece(cast.mina, key).pk}/receipts/"
    return Ask(who, reverse("receipt-ask", args=[key]), {}, "post", path, {}, at)


def withdraw_of(receipt: Receipt, who: str = "mina", at=LATER) -> Ask:
    page = reverse("receipt-withdraw", args=[KEY, receipt.pk])
    return Ask(who, page, {}, "delete", f"receipts/{receipt.pk}/", {}, at)


def withdraw(cast: Cast, who: str = "mina") -> Ask:
    return withdraw_of(speaking.listener_asked(cast.mina)[0], who)


def mark_of(receipt: Receipt, who: str = "mina", **changes) -> Ask:
    marks = RIGHT | changes
    page = reverse("receipt-mark", args=[KEY, receipt.pk])
    form = {f"beside-mark-{receipt.pk}-{key}": value for key, value in marks.items()}
    return Ask(who, page, form, "put", f"receipts/{receipt.pk}/marks/", marks, LATER)


def mark(cast: Cast, who: str = "mina") -> Ask:
    return mark_of(speaking.remembered(cast.mina), who)


for operation, doors in {
    "listening.ask_listener": ask_listener, "listening.withdraw": withdraw, "listening.mark": mark,
}.items():  # fmt: skip

    @case(operation, "homework.not_yours", 404)
    def _somebody_elses(cast, doors=doors):
        return doors(cast, who="omar" if doors is not ask_listener else "lena")

    @case(operation, "homework.left")
    def _gone(cast, doors=doors):
        found = doors(cast)
        leave(cast)
        return found

    @case(operation, "cohort.closed")
    def _over(cast, doors=doors):
        found = doors(cast)
        close(cast.spring)
        return found


@case("listening.ask_listener", "homework.locked")
def _early(cast):
    return ask_listener(cast, at=EARLY)


@case("listening.ask_listener", "receipt.not_asked")
def _nothing_said(cast):
    return ask_listener(cast, key="w1-x1")


@case("listening.ask_listener", "receipt.five_open")
def _five(cast):
    for _number in range(listening.OPEN_AT_MOST):
        speaking.listener_asked(cast.mina)
    return ask_listener(cast)


UNASKED["listening.ask_listener", "receipt.no_recording"] = (
    "the page finds recordings of the piece itself that can be played, so only the API can name another"
)


def link_of(token: str, form: dict, verb: str, body: dict, at=LATER) -> Ask:
    return Ask("lena", reverse("listen", args=[token]), form, "post", f"listen/{token}/{verb}/", body, at)


def begin(cast: Cast) -> Ask:
    return link_of(speaking.listener_asked(cast.mina)[1], {"begin": "1"}, "begin", {})


def answer(cast: Cast, *, begun: bool = True, **changes) -> Ask:
    receipt, token = speaking.listener_asked(cast.mina)
    if begun:
        listening.begin(receipt, at=WEEK_1)
    memory = speaking.MEMORY | changes
    return link_of(token, memory, "answer", memory)


def _used(cast: Cast, token: str, receipt: Receipt) -> None:
    listening.begin(receipt, at=WEEK_1)
    listening.answer(receipt, **speaking.MEMORY, at=WEEK_1)


ENDINGS = {
    "receipt.used": _used,
    "receipt.withdrawn": lambda cast, token, receipt: listening.withdraw(receipt, by=cast.mina, at=WEEK_1),
    "receipt.expired": lambda cast, token, receipt: None,
}
for code, end in ENDINGS.items():
    late = WEEK_1 + timedelta(days=8) if code == "receipt.expired" else LATER

    @case("listening.withdraw", code)
    def _no_longer_open(cast, end=end, late=late):
        receipt, token = speaking.listener_asked(cast.mina)
        end(cast, token, receipt)
        return withdraw_of(receipt, at=late)

    for operation, sent in {"begin": {"begin": "1"}, "answer": speaking.MEMORY}.items():

        @case(f"listening.{operation}", code, 404)
        def _closed_to_listeners(cast, end=end, late=late, operation=operation, sent=sent):
            receipt, token = speaking.listener_asked(cast.mina)
            end(cast, token, receipt)
            return link_of(token, sent, operation, speaking.MEMORY if operation == "answer" else {}, late)


@case("listening.answer", "receipt.not_begun")
def _not_begun(cast):
    return answer(cast, begun=False)


@case("listening.answer", "receipt.empty", 422)
def _nothing_remembered(cast):
    return answer(cast, **dict.fromkeys(speaking.MEMORY, ""))


@case("listening.answer", "receipt.too_long", 422)
def _too_much(cast):
    return answer(cast, what="word " * 200)


@case("listening.mark", "receipt.not_answered")
def _not_answered(cast):
    return mark_of(speaking.listener_asked(cast.mina)[0])


@case("listening.mark", "receipt.marks", 422)
def _half_marked(cast):
    return mark_of(speaking.remembered(cast.mina), why=7)


ALLOWED |= {
    "listening.ask_listener": ask_listener,
    "listening.withdraw": withdraw,
    "listening.mark": mark,
    "listening.begin": begin,
    "listening.answer": answer,
}
