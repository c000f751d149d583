"""Many posts at once arrive as they were handed in."""

from datetime import timedelta

from clients import messaging
from clients.models import Message, Notice
from tests.roads import WEEK_1

KEYS = ['say "no"', "back\\slash", "{a,b}", "NULL", "null", "two\nlines", "“Größe” 日本", "it's", "%s", ""]


def test_whatever_a_key_looks_like_it_is_kept_letter_by_letter(cast):
    posts = [
        messaging.Post("week.unlock", key, to=cast.mina, cohort=cast.spring, about={"milestone": number, "said": key})
        for number, key in enumerate(KEYS)
    ]

    assert (messaging.post_all(posts, at=WEEK_1), messaging.post_all(posts, at=WEEK_1)) == (len(KEYS), 0)

    expected = [(key, cast.mina.pk, cast.spring.pk, {"milestone": n, "said": key}) for n, key in enumerate(KEYS)]
    assert list(Message.objects.order_by("pk").values_list("key", "person", "cohort", "about")) == expected
    assert sorted(Notice.objects.values_list("key", "person", "cohort", "about")) == sorted(expected)


def test_posts_that_differ_in_every_part_keep_their_own(cast):
    later = WEEK_1 + timedelta(hours=1)
    posts = [
        messaging.Post("week.unlock", "one", to=cast.mina, cohort=cast.spring, not_after=later, shows_at=later),
        messaging.Post("invite", "two", address="new@example.org", available_at=later),
    ]

    messaging.post_all(posts, at=WEEK_1)

    columns = ("key", "kind", "person", "address", "cohort", "available_at", "not_after", "posted_at", "state")
    assert list(Message.objects.order_by("pk").values_list(*columns)) == [
        ("one", "week.unlock", cast.mina.pk, "", cast.spring.pk, WEEK_1, later, WEEK_1, "queued"),
        ("two", "invite", None, "new@example.org", None, later, None, WEEK_1, "queued"),
    ]
    assert list(Notice.objects.values_list("key", "group", "at", "until")) == [("one", "weeks", later, later)]
