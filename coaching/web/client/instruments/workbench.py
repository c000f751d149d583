"""The upward-writing workbench: writing, tagging, the reader's phone, before beside after.

Everything that follows from the text and its tags is in parts, which a page shows at once and a script asks for again
whenever either has changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.models import Submission
from coaching import sentences
from coaching.sentences import NAMES, Line, in_words
from coaching.web.client import noticed, tagging
from curriculum import answers, draft_notes, tags
from curriculum.fields import Field, count_words
from curriculum.firstread import Note
from curriculum.tags import CONTEXT, DECIDE, FEEL, KNOW, Order

if TYPE_CHECKING:
    from coaching.web.client.forms import AnswerForm

NOTIFICATION = 90  # characters of the text a phone shows before it is opened
WRITE, TAG, PHONE, COMPARE = "write", "tag", "phone", "compare"
VIEWS = {
    WRITE: gettext_lazy("Write"),
    TAG: gettext_lazy("Tag"),
    PHONE: gettext_lazy("On their phone"),
    COMPARE: gettext_lazy("Compare"),
}
KEYS = (
    {"keys": ("1", "2", "3", "0"), "label": gettext_lazy("know, feel, decide, context: tag the sentence")},
    {"keys": ("↑", "↓"), "label": gettext_lazy("sentence before, sentence after")},
    {"keys": ("J",), "label": gettext_lazy("join it with the next")},
    {"keys": ("B",), "label": gettext_lazy("break it where the caret is, or before a word you choose")},
)
ASIDE = "coaching/client/instruments/workbench_aside.html"


@dataclass(frozen=True)
class Slot:
    """What the reader gets of know, feel or decide so far."""

    tag: str
    name: str
    what: str
    hint: str
    is_open: bool


@dataclass(frozen=True)
class Reader:
    """Who reads it, and what they get so far."""

    who: str
    slots: tuple[Slot, ...]
    sentence: str
    suggested: tuple[str, ...]


@dataclass(frozen=True)
class SoFar:
    """A tagged draft as the week's card shows it."""

    reader: Reader
    subject: str
    lines: tuple[Line, ...]
    words: int
    most: int | None


@dataclass(frozen=True)
class Ghost:
    """A line for what is missing."""

    tag: str
    text: str


@dataclass(frozen=True)
class Phone:
    """The text as it arrives."""

    subject: str
    first: str
    text: str


@dataclass(frozen=True)
class Side:
    """A text and its words, for reading it beside another."""

    title: str
    text: str
    words: int


def context(piece: Submission, form: "AnswerForm", typed: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Questions by where they stand, and every part."""
    field = _tagging(piece)
    questions = {question.definition.key: question for question in form.questions()}
    keys = list(questions)
    after = keys.index(field.extra["of"])
    above = [key for key in keys[:after] if key != "subject"]
    views = VIEWS if "before" in questions else {key: label for key, label in VIEWS.items() if key != COMPARE}
    return {
        "views": views,
        "mended": WRITE,
        "mended_in": {field.key: TAG},
        "keys": KEYS,
        "aside": ASIDE,
        "above": [questions[key] for key in above],
        "is_told": all(typed.get(key) for key in above) and not any(form.errors.get(key) for key in above),
        "subject": questions.get("subject"),
        "text": questions[field.extra["of"]],
        "below": [questions[key] for key in keys[after + 1 :] if key != field.key],
        "tags": form[field.key],
    } | parts(piece, typed, noticed.to_mark(piece, typed))


def _tagging(piece: Submission) -> Field:
    found = answers.tagging_of(piece.exercise)
    assert found is not None, "a workbench is for a text that is tagged"
    return found


def so_far(piece: Submission) -> SoFar | None:
    """A draft that is being tagged, for the week's card: what its reader gets by now."""
    field = answers.tagging_of(piece.exercise)
    if field is None or piece.state not in (Submission.State.DRAFT, Submission.State.RETURNED):
        return None
    tagged = sentences.shown_in([field], piece.draft).get(field.extra["of"], [])
    if not any(part["tag"] for part in tagged):
        return None
    who = str(piece.draft.get("reader") or "").strip()
    reader = _reader(who, tags.order_of(tagged))
    subject, text = (str(piece.draft.get(key) or "").strip() for key in ("subject", field.extra["of"]))
    most = next(one.words.max for one in answers.fields_of(piece.exercise) if one.key == field.extra["of"])
    return SoFar(reader, subject, sentences.of(tagged).lines, count_words(f"{subject} {text}"), most)


def parts(piece: Submission, typed: dict[str, Any], notes: Iterable[Note] = ()) -> dict[str, Any]:
    """What follows from the text and its tags. `notes` are those of the first read whose words are marked."""
    field = _tagging(piece)
    text, tagged = str(typed.get(field.extra["of"]) or "").strip(), typed.get(field.key) or []
    order = tags.order_of(tagged)
    return {
        "sentences": tagging.sentences(field.key, tagged, draft_notes.marks(piece.exercise, typed, notes)),
        "list_id": f"id_{field.key}",
        "order": order,
        "order_in_words": in_words(order),
        "ghosts": [Ghost(tag, _ghost(tag)) for tag in order.missing] if tagged else [],
        "counted": tagging.counted(tagged),
        "reader": _reader(str(typed.get("reader") or "").strip(), order),
        "phone": Phone(str(typed.get("subject") or "").strip(), _first(text), text),
        "sides": _sides(piece, typed, text),
    }


def _ghost(tag: str) -> str:
    return {
        KNOW: _("What is the outcome? Nothing yet says it."),
        FEEL: _("Nothing yet says how to take it: safe, watch this, or act now?"),
        DECIDE: _("Nothing yet says what you need and by when. If nothing is needed: say so here."),
    }[tag]


# --- The reader so far --------------------------------------------------------------------------------


def _reader(who: str, order: Order) -> Reader:
    slots = tuple(_slot(tag, order) for tag in (KNOW, FEEL, DECIDE))
    is_apart = not order.untagged and len(order.strip) > 1 and bool(_disorder(order))
    return Reader(who, slots, _order_sentence(order), order.suggested if is_apart else ())


def _slot(tag: str, order: Order) -> Slot:
    count = order.counts[tag]
    hints = {
        KNOW: _("The outcome, first"),
        FEEL: _("How to take it: safe, watch this, act now"),
        DECIDE: _("Ask, or say that nothing is needed"),
    }
    said = ngettext("%(n)s sentence", "%(n)s sentences", count) % {"n": count}
    first = _("%(sentences)s, first in line") % {"sentences": said} if order.strip[:1] == (tag,) else said
    return Slot(tag, str(NAMES[tag]), first if count else _("none yet"), "" if count else hints[tag], not count)


def _order_sentence(order: Order) -> str:
    if not order.strip:
        return _("Tag your sentences to see what your reader gets.")
    if found := _disorder(order):
        return found
    fine = _("Know, feel, decide, in that order.") if order.is_fine else _("In order so far.")
    return " ".join([fine, _("Context stands best at the end.")]) if _is_context_early(order) else fine


def _disorder(order: Order) -> str:
    """What stands out of order, as a suggestion; empty where nothing does."""
    if order.strip[:1] not in ((), (KNOW,)):
        return _("The first sentence is %(tag)s. A reader who stops there has no outcome yet.") % {
            "tag": NAMES[order.strip[0]]
        }
    if DECIDE in order.strip and KNOW in order.strip[order.strip.index(DECIDE) :]:
        return _("Something to know comes after the decision. A reader who decides early misses it.")
    if DECIDE in order.strip and FEEL in order.strip[order.strip.index(DECIDE) :]:
        return _("How to take it comes after the decision. Most readers want it before.")
    return ""


def _is_context_early(order: Order) -> bool:
    return CONTEXT in order.strip and any(tag != CONTEXT for tag in order.strip[order.strip.index(CONTEXT) :])


# --- As it arrives, and beside what it was -------------------------------------------------------------


def _first(text: str) -> str:
    """What a notification shows of the text."""
    line = " ".join(text.split())
    return line if len(line) <= NOTIFICATION else line[:NOTIFICATION].rstrip() + "…"


def _sides(piece: Submission, typed: dict[str, Any], text: str) -> list[Side]:
    """Before and after, where the exercise asks for both."""
    if "before" not in {field.key for field in answers.fields_of(piece.exercise)}:
        return []
    before = str(typed.get("before") or "").strip()
    pair = ((_("Before"), before), (_("After"), text))
    return [Side(title, each, count_words(each)) for title, each in pair]
