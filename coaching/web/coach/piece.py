"""What a client handed in, as a coach reads it: the fields with their labels, for whom, what changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest
from typing import Any

from django.utils.translation import gettext as _

from clients import copies
from clients.models import Attempt
from coaching import diffs, margin, marked, sentences
from coaching.diffs import Piece
from curriculum import answers, fields
from curriculum.fields import RECORDS, Field
from curriculum.models import Exercise

READ, CHANGES, COMPARE = "read", "changes", "compare"
HEADINGS = ("topic", "subject")  # fields that name what the piece is about
AUDIENCES = (
    "audience",
    "stakeholder",
    "reader",
)  # fields that say for whom it is; `…_who` says it in the client's words
ASIDE = ("before", "left_out")  # fields that are folded away under the text
LOOKS = RECORDS  # kinds that are shown in a way of their own


@dataclass(frozen=True)
class Block:
    """One field. `kind` is prose, fact or table; `rows` of a table hold cells, and every text comes in pieces.

    Kinds with a look of their own (`coaching/parts/_<kind>.html`) are shown from `content`; of what it lists, `came`
    was not in the attempt before and `went` is not in this one.
    """

    key: str
    kind: str
    label: str
    pieces: list[Piece]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[list[Piece], ...], ...] = ()
    words: int = 0
    most: int | None = None
    content: Any = None
    came: tuple[Any, ...] = ()
    went: tuple[Any, ...] = ()
    notes: tuple[margin.Note, ...] = ()


@dataclass(frozen=True)
class Section:
    """Neighbouring fields of one kind: facts stand together, everything else alone."""

    kind: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Note:
    """Something the first read noticed while the client wrote."""

    noticed: str
    kept: bool


# --- The text -------------------------------------------------------------------------------------


def sections(exercise: Exercise, answer: dict[str, Any]) -> list[Section]:
    """The answer without what is folded away."""
    return with_aside(exercise, answer)[0]


def answered(exercise: Exercise, answer: dict[str, Any]) -> list[Section]:
    """Only what somebody wrote into it, for a text that is nobody's homework here."""
    blocks = [block for block in _blocks(exercise, answer, None) if answer.get(block.key)]
    return [Section(kind, tuple(group)) for kind, group in _together(blocks)]


def with_aside(
    exercise: Exercise,
    answer: dict[str, Any],
    *,
    before: dict[str, Any] | None = None,
    notes: margin.Placed | None = None,
) -> tuple[list[Section], list[Block]]:
    """The same and what stands under it, folded away; with `before` as what changed since then, with the notes on
    it."""
    blocks = [_noted(block, notes) if notes else block for block in _blocks(exercise, answer, before)]
    shown = [block for block in blocks if block.key not in ASIDE]
    sections = [Section(kind, tuple(group)) for kind, group in _together(shown)]
    return sections, [block for block in blocks if block.key in ASIDE]


def _noted(block: Block, notes: margin.Placed) -> Block:
    """The block with its notes, and the words marked they are about."""
    spots, own = notes.spots.get(block.key, []), tuple(notes.of(block.key))
    if block.kind == "tags" and block.content:
        return replace(block, content=sentences.noted(block.content, spots), notes=own)
    return replace(block, pieces=marked.pieces(block.pieces, spots), notes=own)


def _blocks(exercise: Exercise, answer: dict[str, Any], before: dict[str, Any] | None) -> Iterator[Block]:
    """What a coach reads of it: everything but what its client keeps to themselves."""
    asked = [field for field in answers.fields_of(exercise) if not field.extra.get("private")]
    tagged = sentences.shown_in(asked, answer)
    for field in asked:
        if field.key in tagged:
            yield _tagged(field, answer, tagged[field.key], before)
        elif field.extra.get("of") not in tagged:
            yield _block(field, answer.get(field.key), before)


def _together(blocks: list[Block]) -> Iterator[tuple[str, list[Block]]]:
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        if kind == "fact":
            yield kind, list(group)
        else:
            yield from ((kind, [block]) for block in group)


def _tagged(
    field: Field, answer: dict[str, Any], content: list[dict[str, Any]], before: dict[str, Any] | None
) -> Block:
    """A text sentence by sentence, with its tags."""
    text = str(answer[field.key])
    shown = (
        sentences.of(content) if before is None else sentences.since(str(before.get(field.key) or ""), text, content)
    )
    words = fields.count_words(text)
    return Block(field.key, "tags", field.label, [], words=words, most=field.words.max, content=shown)


def _block(field: Field, content: Any, before: dict[str, Any] | None) -> Block:
    if field.kind == "tags":
        return Block(field.key, field.kind, field.label, [], content=sentences.of(content) if content else None)
    if field.kind in LOOKS:
        return _record(field, content, before)
    earlier = before.get(field.key) if before is not None else None
    if field.kind == "rows":
        columns = tuple(column.label for column in field.columns)
        return Block(field.key, "table", field.label, [], columns, _rows(field, content, earlier, before is not None))
    text = text_of(field, content)
    pieces = diffs.unchanged(text) if before is None else diffs.words(text_of(field, earlier), text)
    kind = "prose" if field.kind == "prose" else "fact"
    return Block(field.key, kind, field.label, pieces, words=fields.count_words(text), most=field.words.max)


def _record(field: Field, content: Any, before: dict[str, Any] | None) -> Block:
    """What is shown in a way of its own: of a recording the words that changed, of a list what came and what went."""
    block = Block(field.key, field.kind, field.label, [], content=copies.told(field, content))
    if before is None:
        return block
    earlier = before.get(field.key)
    if field.kind == "audio":
        return replace(block, pieces=_said_since(earlier, content))
    now, then = block.content, copies.told(field, earlier)
    came, went = (tuple(one for one in some if one not in others) for some, others in ((now, then), (then, now)))
    return replace(block, content=(*now, *went), came=came, went=went)


def _said_since(earlier: Any, content: Any) -> list[Piece]:
    """How what is said in a recording differs from the one before, where both have their words."""
    old, new = ((one or {}).get("transcript") or "" for one in (earlier, content))
    return diffs.words(old, new) if old and new and old != new else []


def _rows(field: Field, content: Any, earlier: Any, differ: bool) -> tuple[tuple[list[Piece], ...], ...]:
    now: list[dict[str, Any]] = content or []
    then: list[dict[str, Any]] = (earlier or []) if differ else []
    nothing: dict[str, Any] = {}
    return tuple(
        tuple(_cell(column, row, old, differ) for column in field.columns)
        for row, old in zip_longest(now, then, fillvalue=nothing)
    )


def _cell(column: Field, row: dict[str, Any], old: dict[str, Any], differ: bool) -> list[Piece]:
    text = text_of(column, row.get(column.key))
    return diffs.words(text_of(column, old.get(column.key)), text) if differ else diffs.unchanged(text)


def text_of(field: Field, content: Any) -> str:
    """What stands in a field that is no table, in the words the client chose among."""
    if fields.is_empty(field, content):
        return ""
    if field.kind == "check":
        return _("yes")
    if field.kind == "choice":
        return dict(field.options).get(content, str(content))
    if field.kind == "multi":
        return ", ".join(label for value, label in field.options if value in content)
    return str(content)


# --- Around it ------------------------------------------------------------------------------------


def heading(exercise: Exercise, answer: dict[str, Any]) -> str:
    """What the client says the piece is about, or else what was set."""
    named = (str(answer.get(key) or "").strip() for key in HEADINGS)
    return next((name for name in named if name), exercise.title)


def reader(exercise: Exercise, answer: dict[str, Any]) -> str:
    """For whom it is written; empty where the exercise names nobody."""
    by_key = {field.key: field for field in answers.fields_of(exercise)}
    for key in AUDIENCES:
        if key in by_key:
            named = str(answer.get(f"{key}_who") or "").strip() or text_of(by_key[key], answer.get(key))
            return named.rstrip(". ")
    return exercise.listener


def length(exercise: Exercise, attempt: Attempt) -> str:
    """Words of limit, of the text the exercise is about: "93 of 120 words"."""
    keys = exercise.first_read.get("fields", [])
    main = [field for field in answers.fields_of(exercise) if field.key in keys]
    if not main or any(field.words.max is None for field in main):
        return _("%(n)s words") % {"n": attempt.words}
    written = sum(answers.words_of(field, attempt.answer) for field in main)
    return _("%(n)s of %(most)s words") % {"n": written, "most": sum(field.words.max or 0 for field in main)}


def notes(attempt: Attempt) -> list[Note]:
    """What the client saw when they handed in, and what of it they kept on purpose."""
    return [Note(note["noticed"], bool(note.get("kept"))) for note in attempt.first_read]


def views(exercise: Exercise, earlier: Attempt | None) -> list[str]:
    """The ways this piece can be looked at."""
    found = [READ]
    if earlier is not None:
        found.append(CHANGES)
    if earlier is not None or _has_both(exercise):
        found.append(COMPARE)
    return found


def sides(exercise: Exercise, attempt: Attempt, earlier: Attempt | None) -> list[tuple[str, list[Section]]]:
    """(title, text) twice: before and after where the exercise asks for both, else the last two attempts."""
    if _has_both(exercise):
        both = [block for block in _blocks(exercise, attempt.answer, None) if block.key in ("before", "after")]
        return [("", [Section(block.kind, (block,))]) for block in both]
    pair = [earlier, attempt] if earlier is not None else [attempt]
    return [(_("Attempt %(n)s") % {"n": one.number}, sections(exercise, one.answer)) for one in pair]


def _has_both(exercise: Exercise) -> bool:
    return {"before", "after"} <= {field.key for field in answers.fields_of(exercise)}
