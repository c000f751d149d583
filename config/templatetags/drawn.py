"""The long lists of a coach's pages as HTML: a template takes ten times as long for a hundred rows.

Everything that comes from a person goes through `escape`; everything else is a number, an address or one of our own
words, which go through it as well. What is drawn decides nothing: each row comes from a reading with all it says.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .ui import hours_left, icon, initials, urgency, when_short

register = template.Library()


@register.filter
def pieces(found: Iterable[Any]) -> SafeString:
    """A text in pieces (`coaching.diffs.Piece`): what stayed, came in, went; words a note is about are marked."""
    return mark_safe("".join(map(_piece, found)))  # noqa: S308  put together below from escaped parts


def _piece(one: Any) -> str:
    text = escape(one.text)
    drawn = f"<{one.kind}>{text}</{one.kind}>" if one.kind in ("ins", "del") else text
    return f'<span class="anchor" data-note="{one.note:d}">{drawn}</span>' if one.note else drawn


# --- The queue ------------------------------------------------------------------------------------


@register.simple_tag
def queue_rows(
    rows: Iterable[Any], at: datetime, coach: Any, many_cohorts: bool, worries: Mapping[int, str]
) -> SafeString:
    """Rows of the queue. `coach` is who reads, to leave their own name out; each names its cohort where there are
    several. `worries` say by enrolment why a client needs their coach."""
    words = _words() | {"yours": escape(_("you have it")), "has it": escape(_("has it since"))}
    why = {key: _why(key, said) for key, said in worries.items()}
    drawn = "".join(_queue_row(row, at, coach.pk, many_cohorts, words, why.get(row.enrolment, "")) for row in rows)
    return mark_safe(f'<ol class="list">{drawn}</ol>')  # noqa: S308  put together below from escaped parts


def _words() -> dict[str, str]:
    """Looked up once a list."""
    found = {"week": _("Week"), "attempt": _("attempt"), "late": _("late"), "stands": _("stands")}
    head, tail = reverse("review", args=[0]).rsplit("0", 1)
    return {name: escape(word) for name, word in (found | {"head": head, "tail": tail}).items()}


def _why(enrolment: int, said: str) -> str:
    """The words, and the way to the place where the whole of it is."""
    address = escape(reverse("at-risk"))
    return f'<a class="risk-why tiny" href="{address}#c-{enrolment:d}">{icon("flag")}{escape(said)}</a>'


def _queue_row(row: Any, at: datetime, coach: int, many_cohorts: bool, words: dict[str, str], why: str) -> str:
    about = f"{words['week']} {row.week}, {escape(row.title)}"
    about += f", {words['attempt']} {row.attempt}" if row.attempt > 1 else ""
    about += f", {words['late']}" if row.is_late else ""
    about += f" · {escape(row.cohort.name)}" if many_cohorts else ""
    if row.claimed_by_id == coach:
        about += f" · {words['yours']}"
    elif row.claimed_by:
        about += f" · {escape(row.claimed_by)} {words['has it']} {when_short(row.claimed_at, at)}"
    until = row.promise.until
    return (
        f'<li><span class="ava s" aria-hidden="true">{escape(initials(row.client))}</span><div class="grow">'
        f'<a class="t" data-piece href="{words["head"]}{row.submission.pk}{words["tail"]}">{escape(row.client)}</a>'
        f'<p class="tiny muted">{about}</p><div class="why-{row.enrolment:d}">{why}</div></div>'
        f'<span class="chip num" data-state="{urgency(until, at)}">{escape(hours_left(until, at))}</span></li>'
    )


@register.simple_tag
def queue_column(
    rows: Iterable[Any], at: datetime, coach: Any, here: int, after: int | None, before: int | None
) -> SafeString:
    """The queue beside a text. `here` is the piece that is read; keys lead to the ones `after` and `before` it."""
    marks = {here: ' aria-current="page"', after: ' data-key="j"', before: ' data-key="k"'}
    words = _words()
    return mark_safe("".join(_column_row(row, at, coach.pk, marks, words) for row in rows))  # noqa: S308  as above


def _column_row(row: Any, at: datetime, coach: int, marks: dict[int | None, str], words: dict[str, str]) -> str:
    about: str = escape(_("Week %(week)s, %(title)s") % {"week": row.week, "title": row.title})
    about += f", {words['attempt']} {row.attempt}" if row.attempt > 1 else ""
    about += f" ({words['late']})" if row.is_late else ""
    about += f" · {escape(row.claimed_by)}" if row.claimed_by and row.claimed_by_id != coach else ""
    until = row.promise.until
    left = words["stands"] if row.promise.stands else escape(hours_left(until, at))
    address = f"{words['head']}{row.submission.pk}{words['tail']}"
    return (
        f'<li><a href="{address}"{marks.get(row.submission.pk, "")}>'
        f'<span class="ava s" aria-hidden="true">{escape(initials(row.client))}</span>'
        f'<span class="who">{escape(row.client)}<span class="tiny muted">{about}</span></span>'
        f'<span class="left num" data-state="{urgency(until, at)}">{left}</span></a></li>'
    )


# --- Levels ---------------------------------------------------------------------------------------


@register.simple_tag
def criterion_levels(row: Any, rubric: str) -> SafeString:
    """A criterion (`coaching.feedbacks.MarkedCriterion`) of the rubric of this key, with its levels and anchors."""
    key, before, words = row.criterion.pk, row.before, (escape(_("essential")), escape(_("last attempt")))
    essential = row.criterion.essential
    star = f' <span class="star">{words[0]}</span>' if essential else ""
    levels = (_level(one, key, one.rank == row.level, words[1] if one.rank == before else "") for one in row.anchors)
    anchors = (
        f'<p class="tiny" id="anchor-{one.pk}" data-level="{one.rank:d}">{escape(one.anchor)}</p>'
        for one in row.anchors
    )
    return mark_safe(  # noqa: S308  put together of numbers and escaped parts
        f'<fieldset class="crit" id="id_level-{key}" tabindex="-1" data-step '
        f'data-criterion="{escape(rubric)}.{escape(row.criterion.key)}"'
        f"{' data-essential' if essential else ''}><legend>{escape(row.criterion.title)}{star}</legend>"
        f'<div class="levels">{"".join(levels)}</div><div class="anchors">{"".join(anchors)}</div></fieldset>'
    )


def _level(one: Any, criterion: int, is_given: bool, before: str) -> str:
    """`before` says in words that it was given to the last attempt."""
    told, was = (f'<span class="vh"> {before}</span>', ' class="was"') if before else ("", "")
    name = f'name="level-{criterion}" value="{one.rank:d}" aria-describedby="anchor-{one.pk}"'
    return f'<label{was}><input type="radio" {name}{" checked" if is_given else ""}>{one.rank:d}{told}</label>'


# --- The comment bank -------------------------------------------------------------------------------


@register.simple_tag
def bank_lines(lines: Iterable[Any]) -> SafeString:
    """The comment bank, each line with what is known of it."""
    drawn = (
        f'<li data-comment="{escape(line.kind)}" data-about="{escape(line.about)}" data-level="{line.level or ""}">'
        f'<div class="grow"><span data-line>{escape(line.text)}</span> {told_of(line)}</div></li>'
        for line in lines
    )
    return mark_safe("".join(drawn))  # noqa: S308  put together above from escaped parts


@register.simple_tag
def told_of(line: Any) -> SafeString:
    """Of a line of the bank: what it is about, whose it is, how often it was used and what came next."""
    return mark_safe(f'<span class="micro muted">{" · ".join(_known(line))}</span>')  # noqa: S308  escaped below


def _known(line: Any) -> Iterator[str]:
    if line.title:
        yield escape(line.title) + (f' <span class="num">{line.level:d}</span>' if line.level else "")
    yield escape(_whose(line))
    if uses := line.outcome.uses:
        yield escape(ngettext("used once", "used %(n)s times", uses) % {"n": uses})
    if line.outcome.rose is not None:
        told = {"rose": line.outcome.rose, "n": line.outcome.followed}
        yield escape(_("%(rose)s of %(n)s next attempts rose") % told)


def _whose(line: Any) -> str:
    if line.starter:
        return _("of the programme")
    if line.author:
        return _("shared by %(name)s") % {"name": line.author}
    return _("yours, shared") if line.is_shared else _("yours")


# --- Places for notes -----------------------------------------------------------------------------


@register.simple_tag
def note_places(places: Iterable[Any]) -> SafeString:
    """Where a note can be put, as the options of a list."""
    drawn = (f'<option value="{escape(place.at)}">{escape(place.label)}</option>' for place in places)
    return mark_safe("".join(drawn))  # noqa: S308  put together above from escaped parts
