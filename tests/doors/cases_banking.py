"""The comment bank, asked at both doors."""

from django.urls import reverse

from coaching import bank, banking
from coaching.models import BankLine
from tests.cast import Cast
from tests.doors.cases import ALLOWED, LATER, PAGE_WORDS, Ask, case
from tests.roads import WEEK_1

LINE = {"kind": "try", "text": "Move “{quote}” to the end."}
PAGE_WORDS[("banking.add", "bank.no_criterion")] = "the page offers the criteria there are, and says so of any other"


def add(cast: Cast, who: str = "tomas", **changes) -> Ask:
    sent = LINE | changes
    return Ask(who, reverse("comments"), sent, "post", "comments/", sent, LATER)


def kept(cast: Cast, *, shared: bool = False) -> BankLine:
    return banking.add(**LINE, shared=shared, by=cast.tomas, at=WEEK_1)


def share(cast: Cast, who: str = "tomas", shared: bool = False) -> Ask:
    line = kept(cast, shared=shared)
    page = reverse("comment-share", args=[line.pk])
    return Ask(who, page, {"shared": "yes"}, "patch", f"comments/{line.pk}/", {"shared": True}, LATER)


def drop(cast: Cast, who: str = "tomas", shared: bool = False) -> Ask:
    line = kept(cast, shared=shared)
    return Ask(who, reverse("comment-drop", args=[line.pk]), {}, "delete", f"comments/{line.pk}/", at=LATER)


@case("banking.add", "bank.not_yours", 404)
def _no_coach(cast):
    return add(cast, who="mina")


@case("banking.add", "bank.empty", 422)
def _empty(cast):
    return add(cast, text=" ")


@case("banking.add", "bank.no_criterion", 422)
def _no_such_criterion(cast):
    return add(cast, about="r-write.nothing")


@case("banking.add", "bank.level_of_nothing", 422)
def _a_level_of_nothing(cast):
    return add(cast, level=2)


@case("banking.add", "bank.full", 422)
def _full(cast):
    lines = (BankLine(author=cast.tomas, kind="try", text=f"Line {n}", kept_at=WEEK_1) for n in range(bank.AT_MOST))
    BankLine.objects.bulk_create(lines)
    return add(cast)


for operation, doors in (("banking.share", share), ("banking.drop", drop)):

    @case(operation, "bank.not_yours", 403)
    def _a_colleagues(cast, doors=doors):
        return doors(cast, who="ines", shared=True)


ALLOWED |= {"banking.add": add, "banking.share": share, "banking.drop": drop}
