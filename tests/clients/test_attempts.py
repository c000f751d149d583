"""What an empty draft is offered to begin with."""

from datetime import timedelta

from clients import attempts, submitting
from tests import roads
from tests.roads import WEEK_1

WEEK_5 = WEEK_1 + timedelta(weeks=4)
UPDATE = " ".join(["We finished the load tests and two of them were slow."] * 5)


def test_the_update_of_week_0_is_offered_where_week_5_asks_for_one(cast):
    first, fifth = roads.piece(cast.mina, "w0-x1"), roads.piece(cast.mina, "w5-x1")
    assert attempts.beginning(fifth) == {"doc_type": "status"}

    submitting.save_draft(first, answer={"body": UPDATE}, revision=None, by=cast.mina, at=WEEK_1)

    assert attempts.beginning(fifth) == {"doc_type": "status", "before": UPDATE}
    assert attempts.beginning(roads.piece(cast.noor, "w5-x1")) == {"doc_type": "status"}
    fifth.refresh_from_db()
    assert (fifth.draft, fifth.is_started) == ({}, False)
