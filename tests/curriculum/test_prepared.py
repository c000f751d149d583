"""A prepared question gives what its queryset gives, for every value, and refuses what it could not replace."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from curriculum.models import Edition, Programme
from curriculum.prepared import Question, Unmarked

NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def editions(db):
    """Three editions of two programmes, an hour apart."""
    programmes = [Programme.objects.create(key=key, title=key.title()) for key in ("one", "two")]
    return [
        Edition.objects.create(
            programme=programmes[number % 2], version=f"v{number}", title=f"Edition {number}", digest=f"{number}",
            number=number + 1, published_at=NOON + number * HOUR, signed_by="Ada",
        )
        for number in range(3)
    ]  # fmt: skip


@Question
def since(*, at):
    return Edition.objects.filter(published_at__gte=at).select_related("programme").order_by("published_at")


@Question
def first_ones(most, *, numbers, title):
    return (
        Edition.objects.filter(pk__in=numbers)
        .exclude(title=title)
        .order_by("pk")
        .values_list("title", flat=True)[:most]
    )


def test_it_gives_the_rows_of_its_queryset_for_each_value_and_loads_what_goes_with_them(
    editions, django_assert_num_queries
):
    since.all(at=NOON)
    with django_assert_num_queries(1):
        found = [(row.title, row.programme.title) for row in since.all(at=NOON + HOUR)]

    assert found == [("Edition 1", "Two"), ("Edition 2", "One")]
    assert (since.all(at=NOON + 9 * HOUR), since.first(at=NOON + 9 * HOUR)) == ([], None)
    assert since.first(at=NOON) == editions[0]


def test_a_list_may_be_as_long_as_it_likes_or_empty(editions):
    keys = [edition.pk for edition in editions]

    assert first_ones.all(9, numbers=keys[:1], title="") == ["Edition 0"]
    assert first_ones.all(9, numbers=keys, title="Edition 1") == ["Edition 0", "Edition 2"]
    assert first_ones.all(9, numbers=[], title="") == []


def test_what_is_given_by_position_makes_a_question_of_its_own(editions):
    keys = [edition.pk for edition in editions]

    assert [len(first_ones.all(most, numbers=keys, title="")) for most in (1, 2, 1)] == [1, 2, 1]


def test_a_day_is_no_instant(editions):
    on = Question(lambda *, day, at: Edition.objects.filter(published_at__date=day, published_at__gt=at))

    assert [len(on.all(day=NOON.date(), at=NOON + hours * HOUR)) for hours in (-1, 0, 9)] == [3, 2, 0]
    assert on.all(day=NOON.date() + timedelta(days=1), at=NOON - HOUR) == []


def test_a_value_goes_in_as_a_value_whatever_it_says(db):
    Programme.objects.create(key="three", title="'; %s DROP")
    called = Question(lambda *, title: Programme.objects.filter(title=title).values_list("key", flat=True))

    assert (called.all(title="'; %s DROP"), called.all(title="' OR 1=1")) == (["three"], [])


@pytest.mark.parametrize(
    ("ask", "given"),
    [
        (lambda *, many: Edition.objects.all()[:many], {"many": 3}),
        (lambda *, drafts: Edition.objects.filter(number__isnull=drafts), {"drafts": True}),
        (lambda *, which: Edition.objects.filter(pk=which), {"which": None}),
        (lambda *, which: Edition.objects.all(), {"which": 1}),
    ],
    ids=["a limit", "yes or no", "nothing", "what is not used"],
)
def test_what_cannot_be_replaced_is_refused(db, ask, given):
    with pytest.raises((Unmarked, TypeError)):
        Question(ask).all(**given)


def test_nothing_is_no_value_the_second_time_either(editions):
    assert since.first(at=NOON) == editions[0]

    with pytest.raises(Unmarked):
        since.all(at=None)


@pytest.mark.django_db(transaction=True)
def test_a_row_is_locked_only_in_a_transaction():
    locked = Question(lambda *, which: Edition.objects.select_for_update().filter(pk=which))
    with transaction.atomic():
        locked.all(which=1)

    with pytest.raises(TransactionManagementError):
        locked.all(which=1)
