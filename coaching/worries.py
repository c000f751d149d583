"""What a reason to worry says: the reason, what it rests on, and something its coach may write. Words only."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from .models import Rule


@dataclass(frozen=True)
class Risk:
    """One reason. `message` is a draft for the coach to send in their own words; `rests_until` once seen to."""

    rule: str
    since: datetime
    reason: str
    evidence: str
    message: str
    flag: int | None = None
    rests_until: datetime | None = None

    def resting(self, until: datetime | None) -> "Risk":
        return replace(self, rests_until=until)


def overdue(name: str, since: datetime, weeks: tuple[int, int]) -> Risk:
    told = {"first": weeks[0], "second": weeks[1], "name": first_of(name)}
    return Risk(
        Rule.OVERDUE,
        since,
        _("Two weeks overdue in a row"),
        _("The main pieces of weeks %(first)s and %(second)s were never handed in.") % told,
        _(
            "%(name)s, weeks %(first)s and %(second)s are still with you. Late costs nothing. Send me what "
            "there is of one of them, or tell me what is in the way and we make it smaller."
        )
        % told,
    )


def quiet(name: str, since: datetime, last: datetime | None) -> Risk:
    told = {"name": first_of(name), "day": f"{last:%-d %B}" if last else ""}
    return Risk(
        Rule.QUIET,
        since,
        _("Nothing opened for ten days"),
        _("The last sign of them is from %(day)s.") % told if last else _("There is no sign of them yet."),
        _(
            "%(name)s, I have not seen you here for a while, and that is all right. Is it the time, or is it the work "
            "itself? One line is enough; I would rather know than guess."
        )
        % told,
    )


def sessions(name: str, since: datetime, titles: tuple[str, str]) -> Risk:
    told = {"first": titles[0], "second": titles[1], "name": first_of(name)}
    return Risk(
        Rule.SESSIONS,
        since,
        _("Two live sessions missed in a row"),
        _("“%(first)s” and “%(second)s” took place without them.") % told,
        _(
            "%(name)s, we missed you in the last two sessions. Is it the hour? If it does not work for you, say so; "
            "there is another way to what we did."
        )
        % told,
    )


def confidence(name: str, since: datetime, level: int) -> Risk:
    told = {"level": level, "name": first_of(name)}
    return Risk(
        Rule.CONFIDENCE,
        since,
        _("Little confidence at the midpoint"),
        _("“I will finish this programme with something I can use”: %(level)s of 5.") % told,
        _(
            "%(name)s, you said at the midpoint that you doubt whether this will be of use. Thank you for saying it. "
            "What would have to be different in the next two weeks for you to say otherwise?"
        )
        % told,
    )


def levels(name: str, since: datetime, told: tuple[int, int, float, float]) -> Risk:
    then, now, before, after = told
    said = {"then": then, "now": now, "before": f"{before:.1f}", "after": f"{after:.1f}", "name": first_of(name)}
    return Risk(
        Rule.LEVELS,
        since,
        _("The mean of the rubric fell"),
        _("%(before)s in week %(then)s, %(after)s in week %(now)s.") % said,
        _(
            "%(name)s, week %(now)s was harder than week %(then)s, and the task is a different one. Shall we look at "
            "one sentence of it together?"
        )
        % said,
    )


def flag(name: str, since: datetime, coach: str, reason: str, *, number: int) -> Risk:
    told = {"coach": coach, "reason": reason, "name": first_of(name)}
    return Risk(
        Rule.FLAG,
        since,
        _("A coach’s own flag"),
        _("%(coach)s: “%(reason)s”") % told,
        _("%(name)s, how are you getting on? I have been thinking of you and would like to hear.") % told,
        flag=number,
    )


def in_brief(reasons: Collection[Risk]) -> str:
    """The reason that has held the longest, in words, and how many more there are."""
    longest = min(reasons, key=lambda one: one.since).reason
    return longest + " " + _("and %(n)s more") % {"n": len(reasons) - 1} if len(reasons) > 1 else longest


def first_of(name: str) -> str:
    """What somebody is called in a message."""
    return name.split()[0] if name.split() else name
