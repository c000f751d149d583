"""Who is a sponsor of which cohort. What they are told of it stands in `participation` and in `handouts`."""

from django.db.models import QuerySet

from clients.models import Cohort, User
from clients.models.user import SPONSORS

from .models import Sponsorship


def sponsored_by(user: User) -> QuerySet[Cohort]:
    """The cohorts somebody is a sponsor of right now."""
    here = Sponsorship.objects.of_person(user).filter(sponsor__is_active=True)
    return Cohort.objects.filter(pk__in=here.values("cohort")).select_related("edition")


def sponsors_of(cohort: Cohort) -> QuerySet[Sponsorship]:
    """Who sees what is released there, by name."""
    here = Sponsorship.objects.filter(cohort=cohort, ended_at=None, sponsor__is_active=True)
    return here.filter(sponsor__groups__name=SPONSORS).select_related("sponsor").order_by("sponsor__name", "pk")
