"""The table of the board as HTML. A template would take a hundred times as long for a thousand clients.

Everything that comes from a person goes through `escape`; everything else is a number or one of our own words.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from html import escape

from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coaching import worries
from coaching.attendance import Attended
from coaching.board import Board, Cell, Column, Row, Show
from coaching.worries import Risk

STEPS = 20  # of a bar and of a tint
CAPTIONS = {
    Show.MAIN: gettext_lazy("Clients by weeks, with the state of the main exercise"),
    Show.TRANSLATION: gettext_lazy("Clients by weeks, with the state of the translation"),
    Show.LOG: gettext_lazy("Clients by weeks, with the meetings they logged"),
}
AT_RISK = ' data-state="at-risk"'
A_FEW = 72  # hours that are told as hours
LONG_AGO = 99  # days after which the number says nothing any more
SHAPES = {
    "locked": "lock",
    "open": "open",
    "draft": "draft",
    "late": "late",
    "handed_in": "todo",
    "in_review": "todo",
    "returned": "again",
    "accepted": "rev",
    "done": "ok",
    "excused": "exc",
}


def table(board: Board, *, at: datetime, reasons: Mapping[int, Sequence[Risk]] | None = None) -> SafeString:
    """The whole table, safe to put into a page. `reasons` say by enrolment who needs their coach, and why."""
    draw = _Drawing(board, at, reasons or {})
    rows = "".join(draw.row(row) for row in board.rows)
    caption = escape(str(CAPTIONS[board.show]))
    return mark_safe(  # noqa: S308  put together below from escaped names, numbers and our own words
        f'<table class="board" id="board" data-module="board"{_keys(board)}>'
        f'<caption class="vh">{caption}</caption>'
        f"<thead><tr>{draw.head()}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _keys(board: Board) -> str:
    """Where the keys of a row lead, for the script that listens to them; 0 stands for the client. For coaches alone."""
    if not board.levels:
        return ""
    flag = f"{reverse('at-risk')}?client=0#flag-h"
    places = {"x": reverse("client-dates", args=[0]), "w": reverse("client-conversation", args=[0]), "f": flag}
    return "".join(f' data-on-{key}="{escape(place)}"' for key, place in places.items())


def aloud(cell: Cell) -> SafeString:
    """What a cell says where it is a line of text, safe to put into a page."""
    words = _words()
    if cell.state == "locked":
        return mark_safe(words["locked"])  # noqa: S308  one of our own words
    told = _("Reviewed, mean %(mean)s") % {"mean": cell.mean} if cell.mean is not None else _says(cell, words)[2]
    return mark_safe(told + _besides(cell))  # noqa: S308  numbers, our own words, and a name that is escaped


class _Drawing:
    """One board being drawn: words looked up once, not once a cell."""

    def __init__(self, board: Board, at: datetime, reasons: Mapping[int, Sequence[Risk]]):
        self.board, self.reasons = board, reasons
        self.today = timezone.localtime(at).date()
        self.zone = timezone.get_current_timezone()
        self.review = reverse("review", args=[0]).rsplit("0", 1)
        self.classes = [' class="c is-now"' if column.is_now else ' class="c"' for column in board.columns]
        self.weeks = [column.number for column in board.columns]
        self.words = _words()
        # The client file is for coaches; it leads on to the dates, which are all that an admin sees of somebody.
        self.person = reverse("client" if board.levels else "client-dates", args=[0]).rsplit("0", 1)
        self.seen, self.sessions = _("seen"), _("Sessions")
        self.at_risk = reverse("at-risk")
        self.flag = f'<svg class="i" aria-hidden="true"><use href="{static("img/icons.svg")}#i-flag"/></svg>'
        self.drawn: dict[tuple, tuple[str, str]] = {}

    # --- The head -----------------------------------------------------------------------------

    def head(self) -> str:
        first, last, came = escape(_("Client")), escape(_("Seen")), escape(self.sessions)
        weeks = "".join(self.column(column) for column in self.board.columns)
        ends = f'<th scope="col" class="att-h">{came}</th><th scope="col" class="seen-h">{last}</th>'
        return f'<th scope="col" class="cl">{first}</th>{weeks}{ends}'

    def column(self, column: Column) -> str:
        now = " is-now" if column.is_now else ""
        said = f'<span class="vh">, {escape(_("this week"))}</span>' if column.is_now else ""
        return (
            f'<th scope="col" class="wk{now}"><span class="vh">{escape(_("Week"))} </span>'
            f'<span class="n num">{column.number}</span><span class="wt">{escape(column.title)}</span>{said}'
            f"{self.bar(column)}</th>"
        )

    def bar(self, column: Column) -> str:
        if not column.is_open:
            return '<span class="bar none"></span>'
        clients = len(self.board.rows)
        words = escape(_("%(n)s of %(of)s in") % {"n": column.handed_in, "of": clients})
        step = _share(column.handed_in, clients)
        return f'<span class="bar" role="img" aria-label="{words}"><i class="w-{step}"></i></span>'

    # --- The rows -----------------------------------------------------------------------------

    def row(self, row: Row) -> str:
        name = escape(row.name)
        cells = "".join(f"<td{where}>{cell}</td>" for where, cell in zip(self.classes, self.cells(row), strict=True))
        why = self.why(row)
        return (
            f'<tr data-client="{row.enrolment}"{AT_RISK if why else ""}><th scope="row">'
            f'<span class="ava s" aria-hidden="true">{escape(_initials(row.name))}</span>'
            f'<span><span class="strong"><a href="{self.person[0]}{row.enrolment}{self.person[1]}">{name}</a></span>'
            f"{self.hold(row)}{why}</span></th>{cells}"
            f'<td class="att tiny num muted" data-label="{self.sessions}">{self.came(row.sessions)}</td>'
            f'<td class="seen tiny num muted" data-label="{self.seen}">{self.ago(row.seen_at)}</td></tr>'
        )

    def why(self, row: Row) -> str:
        """The reasons in brief: a link to all of them."""
        reasons = self.reasons.get(row.enrolment)
        if not reasons:
            return ""
        said = escape(worries.in_brief(reasons))
        return f'<a class="risk-why tiny" href="{self.at_risk}#c-{row.enrolment}">{self.flag}{said}</a>'

    def came(self, sessions: Attended) -> str:
        """How many they came to, and in words what is left out of it."""
        if not any(sessions):
            return _("none yet")
        told = _("%(n)s of %(of)s") % {"n": sessions.came, "of": sessions.held} if sessions.held else ""
        excused = _("%(n)s excused") % {"n": sessions.excused} if sessions.excused else ""
        unmarked = _("%(n)s unmarked") % {"n": sessions.unmarked} if sessions.unmarked else ""
        return "<br>".join(escape(one) for one in (told, excused, unmarked) if one)

    def hold(self, row: Row) -> str:
        return f' <span class="tiny muted">{escape(_("on hold"))}</span>' if row.on_hold_since else ""

    def cells(self, row: Row) -> Iterator[str]:
        for week, cell in zip(self.weeks, row.cells, strict=True):
            before, after = self.known(cell, week)
            yield f"{before}{cell.submission}{after}" if after else before

    def known(self, cell: Cell, week: int) -> tuple[str, str]:
        """What stands before and after the number of the piece. Drawn once for all cells that look alike."""
        is_link = cell.submission is not None and self.board.levels
        hours = None if cell.minutes is None else cell.minutes // 60
        alike = (week, is_link, cell._replace(submission=None, minutes=hours))
        if alike not in self.drawn:
            self.drawn[alike] = self.draw(cell, week, is_link)
        return self.drawn[alike]

    def draw(self, cell: Cell, week: int, is_link: bool) -> tuple[str, str]:
        if cell.state == "locked":
            return f'<span class="cell lock"><span class="vh">{self.words["locked"]}</span></span>', ""
        is_log = self.board.show is Show.LOG and cell.parts is not None
        shown, sign, said = _logged(*cell.parts) if is_log else _says(cell, self.words)
        said += _besides(cell)
        look, pip = self.look(cell), ""
        if cell.more_until:
            shown += f" <small>→ {cell.more_until:%-d %b}</small>"
        if cell.translation is not None:
            pip = '<i class="pip on"></i>' if cell.translation else '<i class="pip"></i>'
        inside = shown if shown == sign else f'<span class="l">{shown}</span><span class="s">{sign}</span>'
        inside += pip
        if is_link:
            said = f"{said}, {_('week')} {week}"
            return f'<a href="{self.review[0]}', f'{self.review[1]}" {look} aria-label="{said}">{inside}</a>'
        return f'<span {look} role="img" aria-label="{said}">{inside}</span>', ""

    def look(self, cell: Cell) -> str:
        if cell.state == "open" and cell.parts == (0, 0):
            return f'class="cell {SHAPES["excused"]}"'
        if cell.mean is not None:
            return f'class="cell rev v-{_tint(cell.mean)}"'
        state = ' data-state="in_review"' if cell.state == "in_review" else ""
        return f'class="cell {SHAPES[cell.state]}"{state}'

    def ago(self, seen_at: datetime | None) -> str:
        if seen_at is None:
            return _("not yet")
        day: date = seen_at.astimezone(self.zone).date()
        days = (self.today - day).days
        if days <= 1:
            return _("yesterday") if days == 1 else _("today")
        return _("%(n)s days") % {"n": days} if days <= LONG_AGO else _("long ago")


# --- What single states say -----------------------------------------------------------------------


def _words() -> dict[str, str]:
    return {
        "locked": _("not open yet"),
        "open": _("Open"),
        "draft": _("Draft"),
        "late": _("Late"),
        "handed_in": _("Review"),
        "in_review": _("In review"),
        "returned": _("Again"),
        "done": _("Done"),
        "excused": _("excused"),
    }


def _says(cell: Cell, words: dict[str, str]) -> tuple[str, str, str]:
    """(what the cell shows, its one sign on a phone, what it says aloud)."""
    if cell.mean is not None:
        return f"{cell.mean}", f"{cell.mean}", f"{cell.mean}"
    word = words["done" if cell.state == "accepted" else cell.state]
    said = SAYS.get(cell.state)
    return said(cell, word) if said else (word, SIGNS[cell.state], word)


def _besides(cell: Cell) -> str:
    """What it says aloud after that: how much more time there is, and whether the translation is in."""
    more = _("more time until %(day)s") % {"day": f"{cell.more_until:%-d %b}"} if cell.more_until else ""
    translation = "" if cell.translation is None else _("translation in") if cell.translation else _("translation open")
    return "".join(f", {one}" for one in (more, translation) if one)


SIGNS = {"excused": "–", "open": "○", "returned": "↺", "done": "✓", "accepted": "✓"}


def _to_review(cell: Cell, word: str) -> tuple[str, str, str]:
    hours = abs(cell.minutes or 0) // 60
    small = _("%(n)s h") % {"n": hours}
    left = _("%(n)s h left") % {"n": hours}
    if (cell.minutes or 0) < 0:
        small = left = _("%(n)s h over") % {"n": hours} if hours < A_FEW else _("%(n)s d over") % {"n": hours // 24}
    return f"{word} <small>{small}</small>", _("R"), f"{word} {left}"


def _in_review(cell: Cell, word: str) -> tuple[str, str, str]:
    if not cell.reader:
        return word, _("R"), word
    initials = escape(_initials(cell.reader))
    return initials, initials, f"{initials}: {escape(cell.reader)} {_('has it')}"


def _late(cell: Cell, word: str) -> tuple[str, str, str]:
    days = _("%(n)s d") % {"n": cell.late_days}
    return f"{word} <small>{days}</small>", _("L"), f"{word} {days}"


def _draft(cell: Cell, word: str) -> tuple[str, str, str]:
    if cell.parts and cell.parts[0]:
        parts = _("%(n)s of %(of)s") % {"n": cell.parts[0], "of": cell.parts[1]}
        return parts, f"{cell.parts[0]}/{cell.parts[1]}", parts
    return word, _("D"), word


def _logged(have: int, need: int) -> tuple[str, str, str]:
    """How many meetings, of how many where fewer than asked for; nothing to speak of where none is."""
    if not have and not need:
        return "–", "–", _("no meeting logged")
    said = ngettext("%(n)s meeting logged", "%(n)s meetings logged", have) % {"n": have}
    if have >= need:
        return f"{have}", f"{have}", said
    of = _("of %(n)s") % {"n": need}
    return f"{have} <small>{of}</small>", f"{have}/{need}", f"{said} {of}"


SAYS = {"handed_in": _to_review, "in_review": _in_review, "late": _late, "draft": _draft}


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0].upper() for word in (words[:1] + words[-1:] if len(words) > 1 else words))


def _share(part: int, whole: int) -> int:
    """Twentieths; only nothing is 0 and only all is 20."""
    if not whole or part in (0, whole):
        return STEPS if whole and part else 0
    return min(max(round(part / whole * STEPS), 1), STEPS - 1)


def _tint(mean: float) -> int:
    """Twentieths of the way from level 1 to level 4."""
    return min(max(round((mean - 1) / 3 * STEPS), 0), STEPS)
