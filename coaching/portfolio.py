"""What a client leaves with: then and now, what they rewrote, what they set out to do, and all of it to take along.

Nothing here compares anybody with anybody else.
"""

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from clients import assessments, sounds
from clients.assessments import Distance
from clients.models import Attempt, Enrolment
from curriculum import plain, questionnaires
from curriculum.models import Exercise

from .models import Feedback

PAIRS = (("w0-t0", "w1-t1"), ("w8-t8",))  # then: the first of these there is; now: likewise
CHARTER, PICTURE, HORIZON = "w0-charter", "w1-x2", "w8-x2"
ALIKE = 0.3  # changes closer than that are told as alike; a largest change below it as little: plots of the design
# The file lies on somebody's disk, so it carries its few lines of style itself.
LOOK = (
    "<style>body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:17px/1.6 Georgia,serif}.pre{white-space:pre-wrap}"
    ".muted,.tiny{color:#555;font-size:.85em}dt{font-weight:600}dd{margin:0 0 .5rem}</style>"
)
EPOCH = (2020, 1, 1, 0, 0, 0)  # in the archive, so that the same portfolio is the same file


@dataclass(frozen=True)
class Piece:
    """A piece as it was handed in last, with the newest feedback its client may see."""

    exercise: Exercise
    attempt: Attempt
    feedback: Feedback | None

    @property
    def text(self) -> str:
        """Without its title."""
        return plain.text_of(self.exercise, self.attempt.answer).partition("\n\n")[2].strip()


@dataclass(frozen=True)
class Portfolio:
    """`pieces` in the order of the programme. `then` and `now` are the first and the last translation."""

    enrolment: Enrolment
    pieces: tuple[Piece, ...]
    distances: tuple[Distance, ...]
    then: Piece | None
    now: Piece | None

    def piece(self, key: str) -> Piece | None:
        return next((one for one in self.pieces if one.exercise.key == key), None)

    @property
    def rewrites(self) -> tuple[Piece, ...]:
        """What has a before and an after."""
        return tuple(one for one in self.pieces if {"before", "after"} <= one.attempt.answer.keys())

    @property
    def set_out(self) -> tuple[Piece, ...]:
        """The charter, the picture and the horizon map."""
        found = (self.piece(key) for key in (CHARTER, PICTURE, HORIZON))
        return tuple(one for one in found if one is not None)

    @property
    def recordings(self) -> tuple[tuple[Piece, dict], ...]:
        held = ((one, one.attempt.answer.get("audio")) for one in self.pieces)
        return tuple((one, sound) for one, sound in held if isinstance(sound, dict) and sound.get("playable"))


def of(enrolment: Enrolment, *, at: datetime) -> Portfolio:
    """In a fixed number of queries."""
    pieces = tuple(_pieces(enrolment, at))
    known = {one.exercise.key: one for one in pieces}
    then, now = (next((known[key] for key in keys if key in known), None) for keys in PAIRS)
    return Portfolio(enrolment, pieces, tuple(_distances(enrolment)), then, now)


def _pieces(enrolment: Enrolment, at: datetime):
    attempts = Attempt.objects.filter(submission__enrolment=enrolment, taken_back=None).order_by("serial")
    newest = {one.submission_id: one for one in attempts.select_related("submission__exercise__week")}
    said = Feedback.objects.filter(attempt__submission__enrolment=enrolment, shown_from__lte=at)
    feedback = {one.attempt.submission_id: one for one in said.select_related("attempt", "coach").order_by("sent_at")}
    found = [Piece(one.submission.exercise, one, feedback.get(pk)) for pk, one in newest.items()]
    return sorted(found, key=lambda one: (one.exercise.week.number, one.exercise.position))


def _distances(enrolment: Enrolment) -> list[Distance]:
    try:
        return assessments.distances(enrolment)
    except questionnaires.Instrument.DoesNotExist:
        return []


def title(found: Portfolio) -> str:
    """The finding, by rule: the largest change, or that all moved alike, or that little has moved."""
    changes = [(one.final - one.baseline, one) for one in found.distances if None not in (one.baseline, one.final)]
    if not changes:
        started = any(one.baseline is not None for one in found.distances)
        return _("This is today.") if started else _("Your distance will show here.")
    (largest, most), smallest = max(changes, key=lambda pair: pair[0]), min(change for change, _one in changes)
    if largest < ALIKE:
        return _("Little has moved yet, by your own rating.")
    if largest - smallest < ALIKE:
        return _("All four moved about alike.")
    return _("%(name)s moved most: %(then)s → %(now)s.") % {
        "name": most.name,
        "then": f"{most.baseline:.1f}",
        "now": f"{most.final:.1f}",
    }


# --- To take along --------------------------------------------------------------------------------


def markdown(found: Portfolio) -> str:
    """Everything as one Markdown text, week by week."""
    head = f"# {found.enrolment.client}\n\n{found.enrolment.cohort.name}. {title(found)}\n"
    return "\n".join([head, *_ratings(found), *(_as_markdown(one) for one in found.pieces)])


def _ratings(found: Portfolio) -> list[str]:
    rows = [f"| {one.name} | {' | '.join(map(_told, _points(one)))} |" for one in found.distances]
    titles = _("| Own rating, 1 to 5 | Week 0 | Week 4 | Week 8 | Week 0 seen from week 8 |")
    return [titles, "|---|---|---|---|---|", *rows, ""] if rows else []


def _points(one: Distance) -> tuple[float | None, ...]:
    return one.baseline, one.midpoint, one.final, one.seen_from_now


def _told(point: float | None) -> str:
    return "–" if point is None else f"{point:g}"


def _as_markdown(piece: Piece) -> str:
    week = _("week %(n)s") % {"n": piece.exercise.week.number}
    parts = [f"## {piece.exercise.title}, {week}", f"{piece.attempt.handed_in_at:%Y-%m-%d}", piece.text]
    if piece.feedback:
        parts += [f"> {_('Keep')}: {_quoted(piece.feedback.keep)}", f"> {_('Try')}: {_quoted(piece.feedback.try_next)}"]
    return "\n\n".join(parts) + "\n"


def _quoted(text: str) -> str:
    return text.replace("\n", "\n> ")


def page_of(found: Portfolio) -> str:
    """The portfolio as one HTML file that needs nothing else."""
    context = {"found": found, "title": title(found), "look": mark_safe(LOOK)}  # noqa: S308  our own constant
    return render_to_string("coaching/client/portfolio_alone.html", context)


def archive(found: Portfolio) -> bytes:
    """A zip of the page, the Markdown and the recordings. A recording whose file is gone is left out."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr(_entry("portfolio.html"), page_of(found))
        files.writestr(_entry("portfolio.md"), markdown(found))
        for piece, sound in found.recordings:
            path = sounds.path_of(sound["playable"])
            if path.is_file():
                files.writestr(_entry(f"audio/{piece.exercise.key}.m4a", zipfile.ZIP_STORED), path.read_bytes())
    return target.getvalue()


def _entry(name: str, method: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = method
    return entry
