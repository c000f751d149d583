"""Coming to a pulse by the operations: people asked, answers given by their links."""

from datetime import datetime, timedelta
from typing import Any

from clients.models import User
from coaching import pulsing, raters
from coaching.models import PulseLink, Rater
from tests.cast import Cast
from tests.roads import WEEK_1

DAY = timedelta(days=1)
CLOSED = WEEK_1 + 21 * DAY  # seven days for asking, fourteen for answering
ASKED = {"group": "peer", "wording": "work"}
SAID = {"p1": "4", "p2": "3", "p3": "0", "p-keep": "", "p-try": ""}


def asked(cast: Cast, who: User, name: str = "Ana", *, at: datetime = WEEK_1, **changes: Any) -> PulseLink:
    """Somebody is asked for the moment it is; their link."""
    told = ASKED | {"name": name, "address": f"{name.lower()}@raters.example"} | changes
    rater: Rater = pulsing.ask(cast.enrolment(who), **told, by=who, at=at)
    return raters.links().filter(rater=rater).earliest("moment" if at > WEEK_1 + 30 * DAY else "-moment")


def answered(link: PulseLink, *, at: datetime = WEEK_1 + DAY, **changes: Any) -> PulseLink:
    pulsing.answer(link, sent=SAID | {key.replace("_", "-"): text for key, text in changes.items()}, at=at)
    return raters.links().get(pk=link.pk)


def three(cast: Cast, who: User, **changes: Any) -> list[PulseLink]:
    """Three peers who have answered alike."""
    return [answered(asked(cast, who, name), **changes) for name in ("Ana", "Ben", "Cleo")]
