"""What a client keeps for themselves and their coaches: entries of the meeting log, lines of the ledger, 1:1s.

A private line is nobody's but its client's. Whoever stands in reads none of it: none of it is work that waits.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from clients.models import Enrolment, LedgerLine, Meeting, OneOnOne, User, Visibility

from . import caseload


@dataclass(frozen=True)
class Kept:
    """Of one client, the newest day first."""

    meetings: tuple[Meeting, ...]
    lines: tuple[LedgerLine, ...]
    one_on_ones: tuple[OneOnOne, ...]

    @property
    def staked(self) -> int:
        """Entries of meetings with something at stake: those that count in the trend."""
        return sum(row.stake for row in self.meetings)

    @property
    def led(self) -> int:
        """Of those, how many were led with the conclusion."""
        return sum(row.stake and row.led for row in self.meetings)

    @property
    def seen(self) -> int:
        """Lines that somebody saw."""
        return sum(bool(row.who_saw) for row in self.lines)


def meetings_visible_to(coach: User) -> QuerySet[Meeting]:
    return Meeting.objects.filter(_of_clients_of(coach))


def lines_visible_to(coach: User) -> QuerySet[LedgerLine]:
    """Without those that are for their client alone."""
    return LedgerLine.objects.filter(_of_clients_of(coach), visibility=Visibility.PAIR)


def one_on_ones_visible_to(coach: User) -> QuerySet[OneOnOne]:
    return OneOnOne.objects.filter(_of_clients_of(coach))


def of(enrolment: Enrolment, coach: User) -> Kept:
    """What this coach reads of what one client keeps. Three queries."""
    whose = {"enrolment": enrolment}
    return Kept(
        meetings=tuple(meetings_visible_to(coach).filter(**whose).order_by("-date", "-pk")),
        lines=tuple(lines_visible_to(coach).filter(**whose).order_by("-date", "-pk")),
        one_on_ones=tuple(one_on_ones_visible_to(coach).filter(**whose).order_by("-date", "-pk")),
    )


def _of_clients_of(coach: User) -> Q:
    return Q(enrolment__cohort__in=caseload.coached_by(coach).values("pk")) & ~Q(enrolment__client=coach)
