"""A published edition has its class against the one before it, and the database keeps both to each other."""

import pytest
from django.db import DatabaseError, transaction

from curriculum import changes, publishing
from curriculum.changes import Change
from curriculum.models import Edition, Programme
from tests.issuing import draft
from tests.roads import BEFORE


@pytest.fixture
def programme(db):
    return Programme.objects.create(key="small", title="Small")


def published(programme: Programme, title: str = "One") -> Edition:
    made = draft(programme)
    made.weeks.update(title=title)
    Edition.objects.filter(pk=made.pk).update(digest=title)
    return publishing.publish(made, signed_by="Ruth", at=BEFORE)


def refused(edition: Edition, **columns) -> bool:
    try:
        with transaction.atomic():
            Edition.objects.filter(pk=edition.pk).update(**columns)
    except DatabaseError:
        return True
    return False


def test_the_first_follows_none_and_the_next_has_the_class_of_its_weightiest_change(programme):
    first, second = published(programme), published(programme, "Other words")
    third = draft(programme)
    third.modules.update(key="another")
    third = publishing.publish(third, signed_by="Ruth", at=BEFORE)

    found = [(one.number, one.follows, one.change) for one in (first, second, third)]
    assert found == [(1, None, ""), (2, first, "cosmetic"), (3, second, "breaking")]


def test_the_class_is_that_of_the_weightiest_change_and_cosmetic_where_nothing_changed():
    told = [Change("week w1", "Words.", kind) for kind in changes.CLASSES]

    assert [changes.class_of(told[:number]) for number in range(4)] == ["cosmetic", "cosmetic", "additive", "breaking"]
    assert changes.class_of(reversed(told)) == "breaking"


def test_no_edition_follows_itself_a_later_one_a_draft_or_one_of_another_programme(programme):
    first, second = published(programme), published(programme, "Other words")
    other = published(Programme.objects.create(key="other", title="Other"), "Elsewhere")
    made = draft(programme)
    imprint = {"number": 3, "published_at": BEFORE, "signed_by": "Ruth", "change": "cosmetic"}

    assert refused(made, follows=first, change="cosmetic")
    assert refused(made, **imprint | {"follows": None})
    assert refused(made, **imprint | {"follows": second, "change": ""})
    assert refused(made, **imprint | {"follows": second, "change": "other"})
    assert refused(made, **imprint | {"follows": other})
    assert refused(made, **imprint | {"follows": made})
    assert not refused(made, **imprint | {"follows": second})
    assert refused(made, change="additive")
