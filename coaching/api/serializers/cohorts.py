"""Shapes of cohorts, of who is in them, and of their board."""

from rest_framework import serializers

from clients import agreements, tables
from clients.api.base import BIGGEST, ClockTime, Instant, Query, Shape

from .names import CohortNamed, Person


class EditionNamed(Shape):
    """A published edition."""

    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    number = serializers.IntegerField(allow_null=True)
    version = serializers.CharField()


class Cohort(CohortNamed):
    """People walking one edition from one date in one zone."""

    edition = EditionNamed()
    starts_on = serializers.DateField(help_text="the Monday of week 1")
    zone = serializers.CharField()
    is_paused = serializers.BooleanField()
    is_closed = serializers.BooleanField()
    mail_stopped_at = Instant(allow_null=True)
    left_out = serializers.ListField(child=serializers.CharField(), help_text="groups of reminders that are not sent")


class PageQuery(Query):
    """No filter but the page."""

    after = serializers.IntegerField(required=False, min_value=0, max_value=2**62)


class CohortToOpen(Shape):
    """A new cohort, on a published edition."""

    name = serializers.CharField(max_length=80)
    edition = serializers.IntegerField(min_value=1, max_value=BIGGEST, help_text="the id of a published edition")
    starts_on = serializers.DateField(help_text="the Monday of week 1")
    zone = serializers.CharField(max_length=64, help_text="an IANA name, such as Europe/Berlin")
    session_day = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=6, help_text="of its live sessions; 0 is Monday"
    )
    session_time = ClockTime(required=False, allow_null=True, help_text="by the cohort's clock")
    breaks = serializers.ListField(
        child=serializers.DateField(), required=False, max_length=52, help_text="the Mondays of its weeks off"
    )
    coaches = serializers.ListField(
        child=serializers.EmailField(), required=False, max_length=50, help_text="addresses of people with an account"
    )
    people = serializers.CharField(
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        max_length=tables.MOST_LETTERS,
        help_text="a table of people who are put down for it; the letters go when its invitations are opened",
    )
    left_out = serializers.ListField(
        child=serializers.CharField(max_length=20), required=False, max_length=20, help_text="reminders it does without"
    )


class LeftOut(Shape):
    """Which reminders a cohort does without; all others are sent."""

    left_out = serializers.ListField(child=serializers.CharField(max_length=20), max_length=20)


class Reason(Shape):
    """Why, for the journal."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class PersonToInvite(Shape):
    """Whom to write to, and what they will do here."""

    email = serializers.EmailField()
    role = serializers.ChoiceField(["client", "coach", "sponsor"])
    name = serializers.CharField(required=False, allow_blank=True, max_length=120, default="")


class CoachToAssign(Shape):
    """Somebody who will coach."""

    email = serializers.EmailField(help_text="of somebody who has an account")


class Invitation(Shape):
    """An invitation. What opens it is in the mail alone."""

    id = serializers.IntegerField(source="pk")
    email = serializers.EmailField()
    name = serializers.CharField()
    zone = serializers.CharField()
    external_id = serializers.CharField()
    role = serializers.CharField()
    invited_by = serializers.CharField()
    invited_at = Instant()
    expires_at = Instant()
    accepted_at = Instant(allow_null=True)
    revoked_at = Instant(allow_null=True)
    is_waiting = serializers.BooleanField(help_text="put down, and not sent yet")


class Assignment(Shape):
    """Somebody coaches a cohort."""

    id = serializers.IntegerField(source="pk")
    coach = Person()
    since = Instant()
    ended_at = Instant(allow_null=True)


class Enrolment(Shape):
    """A client in a cohort: who, in which state, since when. Nothing of what they write."""

    id = serializers.IntegerField(source="pk")
    client = Person()
    email = serializers.EmailField(source="client.email")
    state = serializers.CharField()
    joined_at = Instant()
    left_at = Instant(allow_null=True)
    seen_at = Instant(allow_null=True)
    agreement = serializers.SerializerMethodField(
        help_text="accepted, earlier (an earlier version) or not_yet; empty where none is asked for"
    )

    def get_agreement(self, enrolment) -> str:
        return agreements.state_of(enrolment, enrolment.cohort)
