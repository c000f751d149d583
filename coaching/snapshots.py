"""Reading snapshots of the outcomes report: who sees which, what one says, what was shown of the same people before."""

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clients.models import Enrolment, User

from . import caseload, outcomes
from .models import Snapshot, SnapshotPart
from .models.snapshot import TITLE_LENGTH
from .outcomes import plain
from .outcomes.parts import Measure, Part
from .outcomes.released import Earlier, Released

FORMAT = 2  # of the data that is kept
BESIDE_MONTHS = 2  # from this format on, what is for sponsors was held beside what they are told each month
NOTHING, MOVING, BROKEN, NOBODY = "nothing_to_show", "moving", "broken", "nobody"
SENTENCES = {
    NOTHING: _(
        "Beside what was shown of these people before nothing of this one can be shown: too few came, left or "
        "answered since. Ask again once more of them have."
    ),
    MOVING: _("Numbers kept changing while they were read. Ask again."),
    BROKEN: _("It could not be computed this time. Ask again; if it fails once more, tell whoever runs this."),
    NOBODY: _("Nobody is in these cohorts any more."),
}
State, Audience = Snapshot.State, Snapshot.Audience


@dataclass(frozen=True)
class Content:
    """What a frozen snapshot says: the report as it may be shown, of whom, when read, and by which versions."""

    title: str
    audience: str
    least: int
    cohorts: tuple[dict[str, Any], ...]
    versions: dict[str, Any]
    report: outcomes.Report
    format: int = FORMAT

    @property
    def finding(self) -> str:
        """The sentence by rule, where the title is another one; else empty."""
        told = self.report.told.title
        return "" if told[:TITLE_LENGTH] == self.title else told


def visible_to(user: User) -> QuerySet[Snapshot]:
    """Every one for an admin, none for anybody else; the latest first."""
    if not caseload.is_admin(user):
        return Snapshot.objects.none()
    return Snapshot.objects.defer("data", "shown").select_related("asked_by").prefetch_related("cohorts")


def content(snapshot: Snapshot) -> Content:
    """Of a frozen one, from the very bytes its hash is of."""
    said = json.loads(snapshot.data)
    report = plain.read(outcomes.Report, said["report"])
    of = (said["title"], said["audience"], said["least"], tuple(said["cohorts"]), said["versions"])
    return Content(*of, report, said["format"])


def is_whole(snapshot: Snapshot) -> bool:
    """Whether the data is what was frozen."""
    return plain.digest(snapshot.data) == snapshot.sha256


def percent(snapshot: Snapshot) -> int:
    """How far it is; 0 before it is known how much there is to do."""
    return 100 * snapshot.step // snapshot.steps if snapshot.steps else 0


def sentence(snapshot: Snapshot) -> str:
    """Why it failed; empty where it did not."""
    return str(SENTENCES.get(snapshot.error, SENTENCES[BROKEN])) if snapshot.error else ""


def people_of(snapshot: Snapshot) -> QuerySet[Enrolment]:
    """Everybody in its cohorts, those who left among them."""
    return Enrolment.objects.filter(cohort__in=snapshot.cohorts.all()).order_by("pk")


# --- What was shown before ----------------------------------------------------------------------------


def before(snapshot: Snapshot, people: Collection[int]) -> list[Snapshot]:
    """Frozen ones over some of these people that its readers have seen, the oldest first: admins see them all."""
    rows = Snapshot.objects.filter(state=State.FROZEN, parts__enrolment__in=people).exclude(pk=snapshot.pk)
    if snapshot.audience == Audience.SPONSOR:
        rows = rows.filter(audience=Audience.SPONSOR)
    return list(rows.defer("data").distinct().order_by("frozen_at", "pk"))


def earlier(rows: Collection[Snapshot]) -> dict[str, list[Earlier]]:
    """What they showed, by measure. One query."""
    parts: dict[int, dict[str, dict[int, Part]]] = defaultdict(lambda: defaultdict(dict))
    for one in SnapshotPart.objects.filter(snapshot__in=[row.pk for row in rows]).order_by():
        for measure, place in one.places.items():
            parts[one.snapshot_id][measure][one.enrolment_id] = Part(place["group"], place["sums"])
    found: dict[str, list[Earlier]] = defaultdict(list)
    for row in rows:
        for measure, shown in row.shown.items():
            found[measure].append(replace(_earlier(shown, parts[row.pk][measure]), at=row.frozen_at))
    return found


def _earlier(shown: dict[str, Any], parts: dict[int, Part]) -> Earlier:
    wanted = {name: tuple(groups) for name, groups in shown["wanted"].items()}
    measure = Measure(tuple(shown["groups"]), wanted, sums=tuple(shown["sums"]), parts=parts)
    coded = {name: (low, high) for name, (low, high) in shown["coded"].items()}
    return Earlier(measure, Released(frozenset(shown["shown"]), coded, frozenset(shown["sums"])), shown["people"])


def record(measure: Measure, released: Released) -> dict[str, Any]:
    """What `earlier` reads, of one measure."""
    return {
        "groups": list(measure.groups),
        "wanted": {name: list(groups) for name, groups in measure.wanted.items()},
        "shown": sorted(released.shown),
        "coded": {name: list(ends) for name, ends in released.coded.items()},
        "sums": sorted(released.sums),
        "people": len(measure.parts),
    }


def places(measures: dict[str, Measure], released: dict[str, Released], who: int) -> dict[str, Any]:
    """One person's part, where anything was shown; of the sums only those that were."""
    return {
        key: {"group": part.group, "sums": {name: part.sums[name] for name in released[key].sums if name in part.sums}}
        for key, measure in measures.items()
        if released[key].has_any and (part := measure.parts.get(who))
    }
