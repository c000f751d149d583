"""Where something that is counted is worked on, for pages and letters alike."""

from urllib.parse import urlencode

from django.urls import reverse

from clients.counted import LEDGER, MEETINGS, Count


def of_count(count: Count, cohort: str = "") -> str:
    """The log (one more meeting of that week, until it is done), the ledger or the assessment; in the cohort named."""
    query = {"cohort": cohort} if cohort else {}
    if count.of == MEETINGS and not count.is_done:
        return _with(reverse("log-new"), query | {"week": str(count.exercise.week.number)})
    if count.of == MEETINGS:
        return _with(reverse("log"), query)
    if count.of == LEDGER:
        return _with(reverse("ledger"), query)
    return _with(reverse("assessment", args=[count.exercise.counts["moment"]]), query)


def _with(path: str, query: dict[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
