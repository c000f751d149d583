"""Questions that are asked at once give what each gives alone, in one statement, one time."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from django.db.models import DurationField, F, Value
from django.db.models.functions import Cast

from clients.models import Cohort, User
from curriculum.at_once import at_once
from curriculum.models import Edition, Programme
from curriculum.prepared import Question, Unmarked

NOON = datetime(2026, 11, 12, 12, 30, 15, 250_001, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def editions(db):
    programme = Programme.objects.create(key="one", title="Ça, “one” \\ %s")
    return [
        Edition.objects.create(
            programme=programme, version=f"v{number}", title=f"Edition {number}", digest=f"{number}",
            number=number + 1, published_at=NOON + number * HOUR, signed_by="Ada",
        )
        for number in range(3)
    ]  # fmt: skip


@Question
def since(*, at):
    return Edition.objects.filter(published_at__gte=at).select_related("programme").order_by("-published_at")


@Question
def called(*, title):
    return Programme.objects.filter(title=title).values_list("key", "title")


@Question
def of_programmes(*, which):
    return Programme.objects.filter(pk__in=which).prefetch_related("editions")


def fields_of(row):
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


def test_each_gives_what_it_gives_alone_and_all_of_them_are_one_statement(editions, django_assert_num_queries):
    title = editions[0].programme.title
    alone = since.all(at=NOON + HOUR), called.all(title=title), since.all(at=NOON + 9 * HOUR)

    asked = since.of(at=NOON + HOUR), called.of(title=title), since.of(at=NOON + 9 * HOUR)
    with django_assert_num_queries(1), at_once(*asked):
        together = since.all(at=NOON + HOUR), called.all(title=title), since.all(at=NOON + 9 * HOUR)

    assert [fields_of(row) for row in together[0]] == [fields_of(row) for row in alone[0]]
    assert [fields_of(row.programme) for row in together[0]] == [fields_of(row.programme) for row in alone[0]]
    assert (together[1:], alone[1]) == (alone[1:], [("one", title)])


def test_a_list_of_words_comes_as_it_is(editions):
    told = {"starts_on": date(2026, 3, 2), "zone": "UTC", "created_at": NOON, "left_out": ["due", "nudges"]}
    Cohort.objects.create(name="One", slug="one", edition=editions[0], **told)
    Cohort.objects.create(name="Two", slug="two", edition=editions[0], **told | {"left_out": []})
    asked = Question(lambda *, zone: Cohort.objects.filter(zone=zone).order_by("name"))

    with at_once(asked.of(zone="UTC")):
        assert [one.left_out for one in asked.all(zone="UTC")] == [["due", "nudges"], []]


def test_every_sort_of_value_comes_as_django_would_have_read_it(db):
    values = {
        "instant": NOON, "noday": None, "day": date(2026, 3, 2), "hour": time(7, 30), "yes": True, "number": 2**53 + 1,
        "part": 0.1, "code": UUID(int=7), "text": "\t“é” \U0001f600 {c0} %s",
    }  # fmt: skip
    Programme.objects.create(key="one", title="One")
    User.objects.create(email="mina@example.org", name="Mina", quiet_from=time(21, 15), known_words=["a", {"b": 1.5}])
    columns = {f"a_{name}": Value(value) for name, value in values.items() if value is not None}
    asked = Question(lambda *, key: Programme.objects.filter(key=key).annotate(**columns).values_list(*columns))
    people = Question(lambda *, name: User.objects.filter(name=name))

    with at_once(asked.of(key="one"), people.of(name="Mina")):
        (found,), (mina,) = asked.all(key="one"), people.all(name="Mina")

    assert found == asked.first(key="one") == tuple(value for value in values.values() if value is not None)
    assert [type(value) for value in found] == [type(value) for value in values.values() if value is not None]
    assert fields_of(mina) == fields_of(User.objects.get(name="Mina"))


def test_rows_of_the_same_column_names_and_what_goes_with_them_are_kept_apart(editions, django_assert_num_queries):
    here = [editions[0].programme_id]

    with django_assert_num_queries(2), at_once(of_programmes.of(which=here)):
        (found,) = of_programmes.all(which=here)
        assert {one.pk for one in found.editions.all()} == {one.pk for one in editions}


def test_an_answer_is_given_once_and_not_beyond(editions, django_assert_num_queries):
    with at_once(since.of(at=NOON)):
        Programme.objects.update(title="Renamed")
        first, second = since.all(at=NOON), since.all(at=NOON)

    assert [rows[0].programme.title for rows in (first, second)] == [editions[0].programme.title, "Renamed"]
    with at_once(since.of(at=NOON)):
        pass
    with django_assert_num_queries(1):
        since.all(at=NOON)


def test_nothing_asked_is_no_query_and_other_values_are_asked_anew(editions, django_assert_num_queries):
    with django_assert_num_queries(0), at_once():
        pass
    with django_assert_num_queries(2), at_once(since.of(at=NOON)):
        assert len(since.all(at=NOON + HOUR)) == 2


def test_one_within_another_knows_both(editions, django_assert_num_queries):
    with django_assert_num_queries(2), at_once(since.of(at=NOON)), at_once(called.of(title="x")):
        assert (len(since.all(at=NOON)), called.all(title="x")) == (3, [])


@pytest.mark.parametrize(
    "ask",
    [
        lambda *, key: Programme.objects.filter(key=key).select_for_update(),
        lambda *, key: Programme.objects.filter(key=key).annotate(long=Cast(Value("1"), DurationField())),
        lambda *, key: Programme.objects.filter(key=key).values_list("key").distinct().order_by(F("title").desc()),
    ],
    ids=["a lock", "a value JSON does not hold", "an order by what is not given"],
)
def test_what_would_not_come_through_is_refused(db, ask):
    with pytest.raises(Unmarked), at_once(Question(ask).of(key="one")):
        pass


def test_cohorts_come_with_days_and_nothing(db):
    whole = Question(lambda *, slug: Cohort.objects.filter(slug=slug))

    with at_once(whole.of(slug="none")):
        assert whole.all(slug="none") == []
