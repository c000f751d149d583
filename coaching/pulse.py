"""What others said about working with a client, as far as anybody may know it.

Nothing shows before its round is closed, and then it never changes, so no sequence of looks tells anything. Peers show
from three answers on, else nothing of theirs is shown, and nothing is rolled up. A manager shows alone where they
agreed to be named. A mean at either end of the scale is told as an end, because it would say what everybody said.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from clients.models import Enrolment, User
from curriculum.questionnaires import Pulse

from . import caseload, raters
from .models import Consent, PulseAnswer, PulseLink
from .raters import MANAGER, PEER, Round

LOWEST, HIGHEST = 1.5, 4.5


@dataclass(frozen=True)
class Item:
    """One statement: the mean of `n`, or None where fewer than it takes could say. `words` is how it is written."""

    key: str
    text: str
    mean: float | None
    n: int
    words: str


@dataclass(frozen=True)
class GroupSaid:
    """What one group said. `why` is the sentence where nothing of it shows; counts are None where they would tell."""

    key: str
    name: str
    asked: int
    answered: int | None
    items: tuple[Item, ...]
    keep: tuple[str, ...]
    try_next: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True)
class Said:
    """One moment. `groups` is empty until it is closed."""

    moment: str
    name: str
    closes: datetime
    is_closed: bool
    asked: int
    groups: tuple[GroupSaid, ...]


def enrolments_read_by(user: User) -> QuerySet[Enrolment]:
    """Whose pulse somebody reads: one's own, and as a coach of the cohort that of clients who share it."""
    shared = Consent.objects.filter(scope=Consent.Scope.PULSE, withdrawn_at=None).values("enrolment")
    coached = Q(cohort__in=caseload.coached_by(user).values("pk"))
    return Enrolment.objects.filter(Q(client=user) | coached & Q(pk__in=shared))


def of(enrolment: Enrolment, reader: User, *, at: datetime) -> list[Said]:
    """Both moments as this person reads them; nothing for whoever does not."""
    if not enrolments_read_by(reader).filter(pk=enrolment.pk).exists():
        return []
    asked, found = raters.asked_of(enrolment), raters.rounds(enrolment)
    links = Counter(PulseLink.objects.filter(rater__enrolment=enrolment).values_list("moment", "rater__group"))
    answers = list(PulseAnswer.objects.filter(enrolment=enrolment).order_by("pk"))
    return [
        _said(found[moment], asked, links, answers, enrolment, at) for moment in sorted(found, reverse=True) if asked
    ]


def _said(
    one: Round, asked: Pulse, links: Counter, answers: list[PulseAnswer], enrolment: Enrolment, at: datetime
) -> Said:
    here = [row for row in answers if row.moment == one.moment]
    counts = {group: links[one.moment, group] for group in (MANAGER, PEER)}
    groups: tuple[GroupSaid, ...] = ()
    if one.is_closed(at):
        groups = tuple(
            SHOWN[group](asked, enrolment, n, [row for row in here if row.group == group])
            for group, n in counts.items()
            if n
        )
    return Said(one.moment, one.name, one.closes, one.is_closed(at), sum(counts.values()), groups)


def _of_manager(asked: Pulse, enrolment: Enrolment, n: int, rows: list[PulseAnswer]) -> GroupSaid:
    """One answer, where that manager allowed it. Otherwise it cannot be told from none."""
    if len(rows) == 1 and rows[0].is_named:
        return _group(MANAGER, _("Your manager"), asked, enrolment, n, rows, least=1)
    return GroupSaid(MANAGER, _("Your manager"), n, None, (), (), (), why=_("Nothing that may be shown by itself."))


def _of_peers(asked: Pulse, enrolment: Enrolment, n: int, rows: list[PulseAnswer]) -> GroupSaid:
    if len(rows) >= asked.shown_from:
        return _group(PEER, _("Peers"), asked, enrolment, n, rows, least=asked.shown_from)
    why = _("Fewer than three have answered, so nothing is shown.")
    return GroupSaid(PEER, _("Peers"), n, len(rows), (), (), (), why=why)


SHOWN = {MANAGER: _of_manager, PEER: _of_peers}


def _group(
    key: str, name: str, asked: Pulse, enrolment: Enrolment, n: int, rows: list[PulseAnswer], *, least: int
) -> GroupSaid:
    return GroupSaid(
        key=key,
        name=name,
        asked=n,
        answered=len(rows),
        items=tuple(
            _item(
                item.key,
                raters.text_for(enrolment, item.text),
                [row.points[item.key] for row in rows if item.key in row.points],
                least,
            )
            for item in asked.items
        ),
        keep=_mixed([row.keep for row in rows if row.keep], "keep"),
        try_next=_mixed([row.try_next for row in rows if row.try_next], "try"),
    )


def _item(key: str, text: str, points: list[int], least: int) -> Item:
    if len(points) < least:
        return Item(key, text, None, len(points), _("too few could say"))
    mean = sum(points) / len(points)
    if least > 1 and not LOWEST < mean < HIGHEST:
        end = HIGHEST if mean >= HIGHEST else LOWEST
        return Item(key, text, end, len(points), _("4.5 or more") if end == HIGHEST else _("1.5 or less"))
    return Item(key, text, round(mean, 1), len(points), f"{mean:.1f}")


def _mixed(lines: list[str], kind: str) -> tuple[str, ...]:
    """In an order that says nothing and is the same at every look; the two lines of one person do not stand alike."""
    return tuple(sorted(lines, key=lambda line: hashlib.sha256(f"{kind}:{line}".encode()).hexdigest()))
