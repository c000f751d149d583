"""Tables of people that were brought: whose they are, how far each is, how long its lines stand there."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.models import User

from . import caseload
from .models import BroughtTable
from .models.table import OPEN

KEPT = timedelta(hours=24)
State = BroughtTable.State


def visible_to(user: User) -> QuerySet[BroughtTable]:
    """One's own, for admins; nobody else has any. `has_lines` says whether there are lines to go on with."""
    if not caseload.is_admin(user):
        return BroughtTable.objects.none()
    nothing = When(text="", then=Value(False))
    has_lines = Case(nothing, default=Value(True), output_field=BooleanField())
    return BroughtTable.objects.filter(brought_by=user).select_related("cohort").annotate(has_lines=has_lines)


def over(*, at: datetime) -> QuerySet[BroughtTable]:
    """Those whose people need not stand here any more: a day after they were brought, unless they are still to be
    read."""
    return BroughtTable.objects.exclude(text="").exclude(state__in=OPEN).filter(brought_at__lte=at - KEPT)


def is_open_for(user: User) -> bool:
    """Whether a table of theirs is still to be read."""
    return BroughtTable.objects.filter(brought_by=user, state__in=OPEN).exists()


def says(table: BroughtTable) -> str:
    """How far it is, in a sentence."""
    if table.state == State.WAITING:
        return _("Waits for its turn.")
    if table.state == State.FAILED:
        return _("It could not be read, and nobody in it was invited. Bring it once more.")
    if table.state == State.DONE:
        return _done(table)
    if not table.counts:
        return _("Is being read.")
    told = _("%(new)s new, %(changed)s changed, %(known)s known, %(error)s to mend: written now, all at once.")
    return told % table.counts


def invited(counts: Mapping[str, int]) -> list[str]:
    """How many are invited and, where there are any, changed: a sentence each."""
    said = [ngettext("%(n)s person is invited.", "%(n)s people are invited.", counts["new"]) % {"n": counts["new"]}]
    if n := counts["changed"]:
        said.append(ngettext("%(n)s is changed.", "%(n)s are changed.", n) % {"n": n})
    return said


def _done(table: BroughtTable) -> str:
    counts = table.counts
    said = invited(counts)
    if n := counts["known"]:
        said.append(ngettext("%(n)s was known.", "%(n)s were known.", n) % {"n": n})
    if n := counts["error"]:
        said.append(ngettext("%(n)s line is to be mended.", "%(n)s lines are to be mended.", n) % {"n": n})
    return " ".join(said)
