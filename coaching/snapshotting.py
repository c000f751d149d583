"""A snapshot of the outcomes report from being asked for to being frozen.

Whoever computes holds the row by a lease that is renewed with every step, as `leasing` has it. Everything is read
twice, first to be computed with, then within the transaction that freezes it, with its people locked: what is frozen
is what stands at that moment, and nobody has left, joined or frozen another one in between. Lock order: the
enrolments, then the snapshot.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients import recording
from clients.models import Cohort, Enrolment, User
from curriculum.leasing import LEASE, TRIES_AT_MOST, Work, going_on_from
from curriculum.models import Instrument

from . import outcomes, participation, snapshots
from .models import Snapshot, SnapshotPart
from .models.snapshot import TITLE_LENGTH
from .outcomes import behind, masked, plain, released
from .outcomes.parts import Measure
from .outcomes.released import Released
from .signals import snapshot_asked

ROUNDS = 3  # so often may something change while it is read
State, Audience = Snapshot.State, Snapshot.Audience
WORK = Work(Snapshot, State.ASKED, State.COMPUTING, State.FAILED, {"error": snapshots.BROKEN})


class CannotSnapshot(ValidationError):
    """Not of these, not now, or it stays as it is."""


class BadTitle(ValidationError):
    """It cannot be called like this."""

    field = "title"


class Incomplete(Exception):
    """Something of the report could not be had. Half a report is not frozen."""


class NotThese(ValidationError):
    """Not of these cohorts."""

    field = "cohorts"


# --- Refusals -----------------------------------------------------------------------------------------


def ask_refusal(cohorts: Sequence[Cohort], audience: str) -> ValidationError | None:
    """Why there is no snapshot of these cohorts for this audience now."""
    if not cohorts:
        return NotThese(_("Choose at least one cohort."), code="snapshot.of_none")
    least = Snapshot.LEAST[Audience(audience)]
    people = Enrolment.objects.filter(cohort__in=cohorts).count()
    if people < least:
        words = ngettext(
            "One person is in it, and it takes at least %(least)s. Add a cohort.",
            "%(n)s people are in it, and it takes at least %(least)s. Add a cohort.",
            people,
        )
        return NotThese(words % {"n": people, "least": least}, code="snapshot.too_few")
    if Snapshot.objects.filter(_on_the_way(), of=_of(cohorts), audience=audience).exists():
        return _there_already()
    return None


def _there_already() -> CannotSnapshot:
    return CannotSnapshot(_("It is being computed already. Wait until it is there."), code="snapshot.on_the_way")


def ask_again_refusal(snapshot: Snapshot) -> ValidationError | None:
    if snapshot.state != State.FAILED:
        return CannotSnapshot(_("It has not failed, so there is nothing to ask again."), code="snapshot.not_failed")
    return ask_refusal(list(snapshot.cohorts.all()), snapshot.audience)


def entitle_refusal(snapshot: Snapshot) -> ValidationError | None:
    if snapshot.is_frozen:
        return CannotSnapshot(_("It is frozen, with its title. Ask for a new one."), code="snapshot.frozen")
    return None


# --- Operations of an admin ---------------------------------------------------------------------------


@transaction.atomic
def ask(cohorts: Sequence[Cohort], *, audience: str, title: str = "", by: User, at: datetime) -> Snapshot:
    """Have a snapshot of these cohorts computed and frozen. Without a title it gets the finding for one."""
    cohorts = sorted(cohorts, key=lambda one: one.pk)
    title = _title(title)
    if refusal := ask_refusal(cohorts, audience):
        raise refusal
    try:
        with transaction.atomic():
            found = Snapshot.objects.create(of=_of(cohorts), audience=audience, title=title, asked_by=by, asked_at=at)
    except IntegrityError as error:  # somebody asked at the same moment
        raise _there_already() from error
    found.cohorts.set(cohorts)
    return _asked(found, by, at)


@transaction.atomic
def ask_again(snapshot: Snapshot, *, by: User, at: datetime) -> Snapshot:
    """Have one computed that failed."""
    found = _locked(snapshot)
    if refusal := ask_again_refusal(found):
        raise refusal
    found.state, found.error, found.tries, found.step, found.steps = State.ASKED, "", 0, 0, 0
    try:
        with transaction.atomic():
            found.save(update_fields=["state", "error", "tries", "step", "steps"])
    except IntegrityError as error:
        raise _there_already() from error
    return _asked(found, by, at)


def _asked(found: Snapshot, by: User, at: datetime) -> Snapshot:
    recording.record("asked for a snapshot", found, by=by, at=at, note=found.get_audience_display())
    snapshot_asked.send(sender=Snapshot, snapshot=found)
    return found


@transaction.atomic
def entitle(snapshot: Snapshot, *, title: str, by: User, at: datetime) -> Snapshot:
    """Give it a title while it is a draft; without one it gets the finding."""
    found, title = _locked(snapshot), _title(title)
    if refusal := entitle_refusal(found):
        raise refusal
    found.title = title
    found.save(update_fields=["title"])
    recording.record("named a snapshot", found, by=by, at=at)
    return found


def _title(title: str) -> str:
    title = " ".join(title.replace("\0", "").split())
    if len(title) > TITLE_LENGTH:
        words = _("A title has %(most)s characters at most; this one has %(n)s.")
        raise BadTitle(words % {"most": TITLE_LENGTH, "n": len(title)}, code="snapshot.long_title")
    return title


# --- Computing ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Computed:
    """The report as it may be shown, and what that was decided by."""

    whole: outcomes.Report
    shown: outcomes.Report
    measures: dict[str, Measure]
    released: dict[str, Released]
    before: tuple[int, ...]
    people: tuple[int, ...]
    months: int = 0  # that had begun; a sponsor is told of each


Step = Callable[[int, int], bool]  # how far it is, of how many steps; False where somebody else has it by now


def compute_one(*, at: datetime) -> bool:
    """Take one snapshot that waits to its end. Whether there was one."""
    found = claim(at=at)
    if found is None:
        return False
    by_now = going_on_from(at)

    def step(done: int, of: int) -> bool:
        return note_progress(found, done, of, at=by_now())

    try:
        _compute(found, step, by_now)
    except CannotSnapshot as refusal:
        fail(found, refusal.code)
    except Exception:
        if found.tries >= TRIES_AT_MOST:
            fail(found, snapshots.BROKEN)
        raise
    return True


def _compute(found: Snapshot, step: Step, by_now: Callable[[], datetime]) -> None:
    for _round in range(ROUNDS):
        computed = compute(found, step, at=by_now())
        if computed is None or freeze(found, computed, at=by_now()):
            return
    raise CannotSnapshot(snapshots.SENTENCES[snapshots.MOVING], code=snapshots.MOVING)


@transaction.atomic
def claim(*, at: datetime) -> Snapshot | None:
    """The one that waits longest, for as long as the lease is renewed. Any number of workers may ask at once."""
    return WORK.take(Snapshot.objects.order_by("asked_at", "pk"), at=at)


def note_progress(found: Snapshot, done: int, of: int, *, at: datetime) -> bool:
    """Say how far it is and hold on to it. False where somebody else has it by now, or it is gone."""
    return WORK.renew(found, at=at, step=done, steps=of)


def compute(found: Snapshot, step: Step, *, at: datetime) -> Computed | None:
    """The report of everybody, and of each of them alone: so it is known who stands behind which number."""
    people = tuple(snapshots.people_of(found).values_list("pk", flat=True))
    if not people:
        raise CannotSnapshot(snapshots.SENTENCES[snapshots.NOBODY], code=snapshots.NOBODY)
    steps, alone = len(people) + 1, {}
    whole = _complete(outcomes.of(Enrolment.objects.filter(pk__in=people), at=at))
    for number, who in enumerate(people, start=1):
        alone[who] = _complete(outcomes.of(Enrolment.objects.filter(pk=who), at=at))
        if not step(number, steps):
            return None
    return _released(found, whole, alone, lambda: step(steps - 1, steps))


def _complete(report: outcomes.Report) -> outcomes.Report:
    if report.failed:
        raise Incomplete(", ".join(report.failed))
    return report


def _released(
    found: Snapshot, whole: outcomes.Report, alone: dict[int, outcomes.Report], hold: Callable[[], bool]
) -> Computed | None:
    before, cohorts = snapshots.before(found, alone), list(found.cohorts.all())
    coded = found.audience == Audience.SPONSOR
    months = participation.told(cohorts, at=whole.at) if coded else []
    earlier = snapshots.earlier(before)
    measures = behind.measures(whole, alone, audience=found.audience)
    free: dict[str, Released] = {}
    for key, measure in measures.items():
        beside = participation.beside(key, measure, earlier.get(key, ()), months)
        free[key] = released.release(measure, beside, least=found.least, coded=coded)
        if not hold():
            return None
    by_itself = (released.release(one, (), least=found.least, coded=coded) for one in measures.values())
    if not any(one.has_any for one in free.values()) and any(one.has_any for one in by_itself):
        raise CannotSnapshot(snapshots.SENTENCES[snapshots.NOTHING], code=snapshots.NOTHING)
    shown = masked.of(whole, free, least=found.least, audience=found.audience)
    begun = len(participation.begun(cohorts, at=whole.at))
    return Computed(whole, shown, measures, free, tuple(one.pk for one in before), tuple(alone), begun)


@transaction.atomic
def freeze(found: Snapshot, computed: Computed, *, at: datetime) -> bool:
    """Write it down for good, if everything is still as it was read. Whether it is done; also where somebody else
    has it by now."""
    people = Enrolment.objects.select_for_update(no_key=True).filter(cohort__in=found.cohorts.all())
    here = tuple(people.order_by("pk").values_list("pk", flat=True))
    row = WORK.held(found).select_for_update().first()
    if row is None:
        return True
    if here != computed.people or not _stands(row, computed) or _has_begun_since(row, computed, at):
        return False
    _write(row, computed, at)
    recording.record("froze a snapshot", row, by=None, at=at, note=row.sha256)
    return True


def _stands(row: Snapshot, computed: Computed) -> bool:
    """Whether nothing of it has changed, and nothing else was frozen of the same people."""
    again = outcomes.of(Enrolment.objects.filter(pk__in=computed.people), at=computed.whole.at)
    return again == computed.whole and computed.before == tuple(
        one.pk for one in snapshots.before(row, computed.people)
    )


def _has_begun_since(row: Snapshot, computed: Computed, at: datetime) -> bool:
    """Whether sponsors are told of one month more by now."""
    return len(participation.begun(row.cohorts.all(), at=at)) != computed.months


def _write(row: Snapshot, computed: Computed, at: datetime) -> None:
    row.title = row.title or computed.shown.told.title[:TITLE_LENGTH]
    row.data = plain.canonical(_content(row, computed))
    row.sha256 = plain.digest(row.data)
    row.state, row.lease_until, row.step = State.FROZEN, None, row.steps
    row.data_at, row.frozen_at = computed.whole.at, at
    row.shown = {
        key: snapshots.record(computed.measures[key], one) for key, one in computed.released.items() if one.has_any
    }
    SnapshotPart.objects.bulk_create(
        SnapshotPart(snapshot=row, enrolment_id=who, places=snapshots.places(computed.measures, computed.released, who))
        for who in computed.people
    )
    row.save()


def fail(found: Snapshot, code: str) -> bool:
    """It stays as it is until an admin asks again."""
    return WORK.end(found, State.FAILED, error=code)


@transaction.atomic
def sample(cohorts: Sequence[Cohort], *, audience: str, by: User, at: datetime) -> Snapshot:
    """What a snapshot would look like: frozen as any other is, given back, and undone."""
    found = ask(cohorts, audience=audience, by=by, at=at)
    Snapshot.objects.filter(pk=found.pk).update(state=State.COMPUTING, tries=1, lease_until=at + LEASE)
    found.refresh_from_db()
    _compute(found, lambda done, of: note_progress(found, done, of, at=at), lambda: at)
    found.refresh_from_db()
    transaction.set_rollback(True)
    return found


# --- Inside -------------------------------------------------------------------------------------------


def _content(row: Snapshot, computed: Computed) -> dict[str, Any]:
    """Everything that is frozen."""
    cohorts = list(row.cohorts.select_related("edition").order_by("pk"))
    return {
        "format": snapshots.FORMAT,
        "title": row.title,
        "audience": row.audience,
        "least": row.least,
        "cohorts": [{"slug": one.slug, "name": one.name, "starts": one.starts_on.isoformat()} for one in cohorts],
        "versions": _versions(cohorts),
        "report": plain.data_of(computed.shown),
    }


def _versions(cohorts: Sequence[Cohort]) -> dict[str, Any]:
    editions = {one.edition_id: one.edition for one in cohorts}
    instruments = Instrument.objects.filter(edition__in=editions).order_by("edition", "key")
    return {
        "product": settings.VERSION,
        "editions": [
            {"title": one.title, "number": one.number, "version": one.version, "digest": one.digest}
            for _pk, one in sorted(editions.items())
        ],
        "instruments": [
            {"key": one.key, "title": one.title, "digest": plain.digest(plain.canonical(one.content))}
            for one in instruments
        ],
    }


def _of(cohorts: Sequence[Cohort]) -> str:
    return ",".join(str(pk) for pk in sorted({one.pk for one in cohorts}))


def _on_the_way() -> Q:
    return Q(state__in=[State.ASKED, State.COMPUTING])


def _locked(snapshot: Snapshot) -> Snapshot:
    return Snapshot.objects.select_for_update().get(pk=snapshot.pk)
