"""Reading who stands still: what of the post waits for a client on hold."""

from .models import Hold, Message


def holds_back(message: Message) -> bool:
    """Whether a message is for a client on hold, about the cohort they stand still in."""
    if message.cohort_id is None or message.person_id is None:
        return False
    here = {"enrolment__cohort": message.cohort_id, "enrolment__client": message.person_id}
    return Hold.objects.filter(ended_at=None, **here).exists()
