"""Who may read which note, and in which words a button says so. Every page and every answer starts here."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.models import Cohort, Enrolment, Submission, User, Visibility

from . import caseload, check_ins
from .models import Assignment, Consent, Note, Substitution

NAMED = 4  # readers; of more a button says how many
OF_A_CLIENT = (Visibility.PAIR, Visibility.PRIVATE, Visibility.TEAM, Visibility.PROGRAMME)
OF_A_COHORT = (Visibility.COHORT, Visibility.TEAM, Visibility.PRIVATE)


@dataclass(frozen=True)
class Offer:
    """One class somebody may save a note in, and what its button says."""

    visibility: Visibility
    words: str


def visible_to(user: User, *, at: datetime) -> QuerySet[Note]:
    """One's own private notes, and what one is a reader of at this instant.

    Whoever stands in reads what a pair shares only of clients with something open. Admins read what is the programme's
    or the cohort's, and nothing else.
    """
    coached = Q(cohort__in=Assignment.objects.filter(coach=user, ended_at=None).values("cohort"))
    stands_in = Q(cohort__in=Substitution.objects.at(at).filter(substitute=user).values("cohort"))
    walks = Enrolment.objects.exclude(state__in=Enrolment.LEFT).filter(client=user)
    is_client, desk = Q(enrolment__client=user), coached | stands_in
    office = ~Q(pk=None) if caseload.is_admin(user) else Q(pk=None)
    waits = Submission.objects.filter(enrolment=OuterRef("enrolment"), state__in=caseload.WAITS)
    return Note.objects.filter(
        Q(visibility=Visibility.PRIVATE, author=user)
        | Q(visibility=Visibility.PAIR) & (is_client | coached | stands_in & Q(Exists(waits)))
        | Q(visibility=Visibility.TEAM) & desk & ~is_client
        | Q(visibility=Visibility.PROGRAMME) & (is_client | desk | office)
        | Q(visibility=Visibility.RELEASED) & (is_client | desk | office)
        | Q(visibility=Visibility.COHORT) & (desk | office | Q(cohort__in=walks.values("cohort")))
    ).select_related("author", "enrolment__client", "cohort")


def about(user: User, enrolment: Enrolment, *, at: datetime) -> QuerySet[Note]:
    """What this reader may read about one client."""
    return visible_to(user, at=at).filter(enrolment=enrolment)


def of_cohort(user: User, cohort: Cohort, *, at: datetime) -> QuerySet[Note]:
    """What is about a cohort and about nobody in it."""
    return visible_to(user, at=at).filter(cohort=cohort, enrolment=None)


# --- Writing it ---------------------------------------------------------------------------------------


def classes_for(user: User, cohort: Cohort, enrolment: Enrolment | None) -> tuple[Visibility, ...]:
    """In which classes this person may write: a client to their coach, a coach, an admin for the programme."""
    if enrolment is not None and enrolment.client_id == user.pk:
        return (Visibility.PAIR, Visibility.PRIVATE, Visibility.PROGRAMME) if enrolment.is_active else ()
    if caseload.coaches(user, cohort):
        return _of_a_client(enrolment) if enrolment else OF_A_COHORT
    return (Visibility.PROGRAMME,) if enrolment and caseload.is_admin(user) else ()


def _of_a_client(enrolment: Enrolment) -> tuple[Visibility, ...]:
    """For the sponsor as well, where its client allows that."""
    allows = check_ins.consent_of(enrolment, Consent.Scope.SPONSOR_NOTES)
    return (*OF_A_CLIENT, Visibility.RELEASED) if allows else OF_A_CLIENT


def offers(user: User, cohort: Cohort, enrolment: Enrolment | None, *, at: datetime) -> list[Offer]:
    """The buttons, the usual one first. Three queries at most, whoever reads."""
    classes = classes_for(user, cohort, enrolment)
    if not classes:
        return []
    desk = list(caseload.readers_of(cohort, at=at).values_list("pk", "name"))
    client = [(enrolment.client_id, str(enrolment.client))] if enrolment else []
    return [Offer(one, _words(one, [*client, *desk], client, desk, user, cohort)) for one in classes]


def _words(
    visibility: Visibility,
    pair: list[tuple[int, str]],
    client: list[tuple[int, str]],
    desk: list[tuple[int, str]],
    user: User,
    cohort: Cohort,
) -> str:
    if visibility == Visibility.COHORT:
        return _("Save: everybody in %(cohort)s and the programme’s admins can read") % {"cohort": cohort}
    people = {Visibility.PRIVATE: [], Visibility.TEAM: desk}.get(visibility, pair)
    others = _others([name for pk, name in people if pk != user.pk])
    if visibility == Visibility.RELEASED:
        return _("Save: you, %(others)s, the programme’s admins and the sponsor can read") % {"others": others}
    if visibility == Visibility.PROGRAMME:
        named = {"others": others}
        if others:
            return _("Save: you, %(others)s and the programme’s admins can read") % named
        return _("Save: you and the programme’s admins can read")
    if others:
        return _("Save: only you and %(others)s can read") % {"others": others}
    if visibility == Visibility.TEAM:
        return _("Save: only coaches of %(cohort)s can read; now that is you") % {"cohort": cohort}
    return _("Save: only you can read")


def cohort_words(cohort: Cohort) -> str:
    """Who reads what is written to a cohort, and where, for whoever is about to."""
    return _("Everybody in %(cohort)s and the programme’s admins can read it, among their notes. No mail goes out.") % {
        "cohort": cohort
    }


def _others(names: list[str]) -> str:
    if len(names) > NAMED:
        return ngettext("%(n)s other", "%(n)s others", len(names)) % {"n": len(names)}
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
