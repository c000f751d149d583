"""What tests of mail on its way begin with."""

from datetime import timedelta

import pytest

from clients import joining
from clients.models import Message
from coaching import firing
from tests import roads
from tests.roads import WEEK_1


@pytest.fixture
def invited(cast):
    """One letter that waits to leave."""
    joining.invite(cast.spring, email="new@example.org", role="client", by=cast.ada, at=WEEK_1)
    return cast


@pytest.fixture
def nudged(cast):
    """A message that is not sent twice, due by day in Berlin."""
    roads.handed_in(cast.omar)
    firing.fire_due(at=WEEK_1 + timedelta(hours=48))
    return Message.objects.get(kind="review.warn")
