"""Reading who stands still: what of the post waits for a client on hold."""

from django.db.models import Exists, OuterRef

from .models import Enrolment, Hold, Message


def holds_back(message: Message) -> bool:
    """Whether a message is for a client on hold, about the cohort they stand still in: read with it, by `waiting`."""
    return bool(vars(message)["is_held_back"])


def waiting() -> Exists:
    """The same as a column of messages. Who has left waits for nothing: the guards of what is left are asked."""
    here = {
        "enrolment__state": Enrolment.State.ACTIVE,
        "enrolment__cohort": OuterRef("cohort"),
        "enrolment__client": OuterRef("person"),
    }
    return Exists(Hold.objects.filter(ended_at=None, **here))
