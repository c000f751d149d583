"""What an entry of the meeting log asks: labels, limits and the rules over several fields, for every door alike.

An entry is plain data keyed like these fields; the two questions of yes and no are choices, because leaving them open
is not the same as "no". A row of the table is made from an entry, and an entry from a row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curriculum import fields, values
from curriculum.fields import Field, Span

from .models import Meeting

Kind, SaidIt, Conclusion, Response = Meeting.Kind, Meeting.SaidIt, Meeting.ConclusionFirst, Meeting.Response
YES, NO = "yes", "no"
MINUTES = 30  # as long as most meetings are
KEPT_AS_FLAG = ("stake", "error_heard")
FEELINGS = (1, 2, 3, 4, 5)

WORDS: dict[str, dict[Any, Any]] = {
    "kind": {
        Kind.STAND_UP: gettext_lazy("Stand-up"),
        Kind.PLANNING: gettext_lazy("Planning"),
        Kind.REVIEW: gettext_lazy("Review"),
        Kind.STEERING: gettext_lazy("Steering"),
        Kind.ARCHITECTURE: gettext_lazy("Architecture"),
        Kind.CLIENT: gettext_lazy("Client"),
        Kind.ONE_ON_ONE: gettext_lazy("1:1"),
        Kind.OTHER: gettext_lazy("Other"),
    },
    "said_it": {
        SaidIt.YES: gettext_lazy("Yes"),
        SaidIt.OTHER_WORDS: gettext_lazy("In other words"),
        SaidIt.NO: gettext_lazy("No"),
        SaidIt.NOTHING_PREPARED: gettext_lazy("Nothing prepared"),
    },
    "conclusion_first": {
        Conclusion.ALWAYS: gettext_lazy("Always"),
        Conclusion.MOSTLY: gettext_lazy("Mostly"),
        Conclusion.SOMETIMES: gettext_lazy("Sometimes"),
        Conclusion.NO: gettext_lazy("No"),
        Conclusion.DID_NOT_SPEAK: gettext_lazy("Did not speak"),
    },
    "error_response": {
        Response.ROOM_CLEARLY: gettext_lazy("In the room, clearly"),
        Response.ROOM_SOFTLY: gettext_lazy("In the room, softly"),
        Response.WRITING_SAME_DAY: gettext_lazy("In writing, the same day"),
        Response.PRIVATELY: gettext_lazy("Privately"),
        Response.LET_STAND: gettext_lazy("Let it stand"),
    },
    "yes_no": {YES: gettext_lazy("Yes"), NO: gettext_lazy("No")},
}


@dataclass(frozen=True)
class Days:
    """The days an entry may lie on, both included, in the client's own calendar."""

    first: date
    last: date
    today: date


def fields_of() -> tuple[Field, ...]:
    """The fields, in the order of the programme."""
    return (
        Field("date", _("Date"), "date", required=True),
        Field("title", _("Which meeting?"), "line", _("No names of customers."), True, chars=Span(3, 80)),
        _choice("kind", _("What kind?"), "kind", required=True),
        Field("attendees", _("People in it, you included"), "int", required=True, span=Span(2, 200)),
        Field("minutes", _("Minutes"), "int", required=True, span=Span(5, 480)),
        _choice("stake", _("Did you have a stake in the outcome?"), "yes_no", required=True),
        Field("prepared", _("One sentence ready"), "prose", _("Written before the meeting."), words=Span(None, 50)),
        _choice("said_it", _("Did you say it?"), "said_it"),
        Field("times_spoke", _("How many times did you speak?"), "int", required=True, span=Span(0, 60)),
        Field("first_minute", _("Minute of your first contribution"), "int", span=Span(0, 480)),
        _choice("conclusion_first", _("Did you lead with the conclusion?"), "conclusion_first", required=True),
        _choice("error_heard", _("Was something incorrect said that mattered?"), "yes_no", required=True),
        _choice("error_response", _("What did you do?"), "error_response", required_if={"error_heard": (YES,)}),
        Field("outcome", _("What came of it?"), "prose", _("One sentence."), True, words=Span(3, 80)),
        Field("felt_like_me", _("Did it feel like you?"), "scale", _("1 not at all, 5 entirely."), span=Span(1, 5)),
    )


def _choice(key: str, label: str, words: str, **limits: Any) -> Field:
    options = tuple((str(value), str(label)) for value, label in WORDS[words].items())
    return Field(key, label, "choice", options=options, **limits)


def shape(raw: dict[str, Any]) -> dict[str, Any]:
    """Raw input as an entry: known fields only, each in its own type. Never refuses anything.

    A meeting without its length lasted half an hour, who spoke 0 times did not lead with anything, and without a
    sentence nothing was prepared.
    """
    entry = {one.key: values.value(one, _as_choice(one.key, raw.get(one.key))) for one in fields_of()}
    if raw.get("minutes") in (None, ""):
        entry["minutes"] = MINUTES
    if entry["times_spoke"] == 0 and not entry["conclusion_first"]:
        entry["conclusion_first"] = Conclusion.DID_NOT_SPEAK.value
    entry |= {key: entry[key].strip() for key in ("prepared", "outcome")}
    if not entry["prepared"] and not entry["said_it"]:
        entry["said_it"] = SaidIt.NOTHING_PREPARED.value
    return entry | {"title": " ".join(entry["title"].split())}


def _as_choice(key: str, raw: Any) -> Any:
    return (YES if raw else NO) if key in KEPT_AS_FLAG and isinstance(raw, bool) else raw


def problems(entry: dict[str, Any], days: Days) -> dict[str, list[str]]:
    """Field → sentences that say what to mend, in the order of the fields; empty when it can be kept."""
    found = {one.key: fields.complaints(one, entry[one.key], asked=fields.is_asked(one, entry)) for one in fields_of()}
    for key, sentence in _of_several(entry, days):
        found[key] = found[key] or [sentence]
    return {key: sentences for key, sentences in found.items() if sentences}


def _of_several(entry: dict[str, Any], days: Days) -> Iterator[tuple[str, str]]:
    yield from _of_the_day(entry["date"], days)
    yield from _of_the_sentence(entry)
    yield from _of_speaking(entry)
    if entry["error_response"] and entry["error_heard"] == NO:
        yield "error_response", _("Leave this open, or say that something incorrect was said.")


def _of_the_day(said: str, days: Days) -> Iterator[tuple[str, str]]:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return  # a date that is none is complained of as such
    if day > days.today:
        yield "date", _("This day is still to come. Log the meeting once it is over.")
    elif not days.first <= day <= days.last:
        yield (
            "date",
            _("A day from %(first)s to %(last)s: your programme, and two weeks on either side.")
            % {"first": f"{days.first:%-d %B %Y}", "last": f"{days.last:%-d %B %Y}"},
        )


def _of_the_sentence(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if not entry["prepared"] and entry["said_it"] not in ("", SaidIt.NOTHING_PREPARED):
        yield "prepared", _("Write the sentence you had ready, or choose “Nothing prepared”.")
    if entry["prepared"] and entry["said_it"] == "":
        yield "said_it", _("Choose one.")
    if entry["prepared"] and entry["said_it"] == SaidIt.NOTHING_PREPARED:
        yield "said_it", _("You had a sentence ready, so choose one of the other three.")


def _of_speaking(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    times, minute = entry["times_spoke"], entry["first_minute"]
    if times is None:
        return
    if times == 0 and entry["conclusion_first"] != Conclusion.DID_NOT_SPEAK:
        yield "conclusion_first", _("You spoke 0 times, so this is “Did not speak”.")
    if times > 0 and entry["conclusion_first"] == Conclusion.DID_NOT_SPEAK:
        yield "conclusion_first", _("You spoke, so choose one of the other four.")
    if times == 0 and minute is not None:
        yield "first_minute", _("Leave this empty; you did not speak.")
    elif minute is not None and entry["minutes"] is not None and minute > entry["minutes"]:
        yield "first_minute", _("The meeting had %(n)s minutes; choose one of them.") % {"n": entry["minutes"]}


# --- Rows -----------------------------------------------------------------------------------------


def columns(entry: dict[str, Any]) -> dict[str, Any]:
    """The row of an entry nothing is wrong with."""
    return entry | {
        "date": date.fromisoformat(entry["date"]),
        **{key: entry[key] == YES for key in KEPT_AS_FLAG},
    }


def entry_of(meeting: Meeting) -> dict[str, Any]:
    """A row as an entry again."""
    row = {one.key: getattr(meeting, one.key) for one in fields_of()}
    return row | {
        "date": meeting.date.isoformat(),
        **{key: YES if row[key] else NO for key in KEPT_AS_FLAG},
    }


def word(key: str, value: Any) -> str:
    """What a choice is called; anything unknown as it is."""
    return str(WORDS[key].get(value, value or ""))
