"""The files of an export, one a thing, with what every column means."""

from collections.abc import Iterator

from django.db.models import Count, Exists, ExpressionWrapper, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.fields import DurationField
from django.db.models.functions import Coalesce

from clients.models import Assessment, Attempt, Enrolment, Meeting, Submission, User

from ..models import CheckIn, Consent, Mark, Milestone, RatedPoint, Rating
from .columns import MEASURE, NAMED, SPAN, TIME, Column, Thing, code, instant, nearness, present, week_of


def _enrolment(source: str) -> Column:
    return Column("enrolment", "code of the enrolment, as in enrolments", source, code("enrolment"))


def _piece(at: str) -> tuple[Column, ...]:
    return (
        Column("week", "week of the programme", f"{at}exercise__week__number", unit="0 to 9"),
        Column("exercise", "key of the exercise, as in the edition", f"{at}exercise__key"),
    )


# --- Who ------------------------------------------------------------------------------------------


def _people(cohorts: QuerySet) -> QuerySet:
    here = Enrolment.objects.filter(client=OuterRef("pk"), cohort__in=cohorts)
    counted = Count("enrolments", filter=Q(enrolments__cohort__in=cohorts))
    return User.objects.filter(Exists(here)).annotate(n=counted, nowhere=Value(None, IntegerField()))


PEOPLE = Thing(
    "people",
    "Everybody who is or was a client, once each.",
    (
        Column("person", "code of the person in this export", "pk", code("person")),
        Column("name", "name to show", "name", visibility=NAMED),
        Column("email", "e-mail address", "email", visibility=NAMED),
        Column("external_id", "how whoever sends lists of people knows them", "external_id", visibility=NAMED),
        Column("zone", "time zone they live by", "zone", unit="IANA name", visibility=NAMED),
        Column("enrolments", "how many cohorts of this export they are or were in", "n", unit="count"),
    ),
    _people,
    "nowhere",
)
ENROLMENTS = Thing(
    "enrolments",
    "A client in a cohort, also those who left.",
    (
        Column("enrolment", "code of the enrolment in this export", "pk", code("enrolment")),
        Column("person", "code of the person, as in people", "client_id", code("person")),
        Column("cohort", "address of the cohort", "cohort__slug"),
        Column("edition", "version of the programme's content", "cohort__edition__version"),
        Column("state", "active, withdrawn or completed", "state"),
        Column("joined", "when they came in", "joined_at", instant, TIME),
        Column("ended", "when they left or finished; empty while neither", "left_at", instant, TIME),
    ),
    lambda cohorts: Enrolment.objects.filter(cohort__in=cohorts),
    "cohort_id",
)

# --- What was done --------------------------------------------------------------------------------

SUBMISSIONS = Thing(
    "submissions",
    "One client's work on one exercise, where it stands. No text.",
    (
        Column("submission", "code of the submission in this export", "pk", code("submission")),
        _enrolment("enrolment_id"),
        *_piece(""),
        Column("role", "what the exercise is in its week: main, translation or another", "exercise__role"),
        Column("required", "whether the programme asks for it", "exercise__required", unit="true or false"),
        Column("state", "draft, handed_in, in_review, returned or accepted", "state"),
        Column("attempts", "how many were handed in", "attempts_made", unit="0 to 3"),
    ),
    lambda cohorts: Submission.objects.filter(enrolment__cohort__in=cohorts),
    "enrolment__cohort_id",
)


def _attempts(cohorts: QuerySet) -> QuerySet:
    return Attempt.objects.filter(submission__enrolment__cohort__in=cohorts).annotate(
        early=ExpressionWrapper(F("due_at") - F("handed_in_at"), output_field=DurationField()),
        turnaround=ExpressionWrapper(F("feedback__sent_at") - F("handed_in_at"), output_field=DurationField()),
    )


ATTEMPTS = Thing(
    "attempts",
    "What was handed in, each as often as it was. No text.",
    (
        Column("attempt", "code of the attempt in this export", "pk", code("attempt")),
        Column("submission", "code of the submission, as in submissions", "submission_id", code("submission")),
        _enrolment("submission__enrolment_id"),
        *_piece("submission__"),
        Column("number", "which attempt it is; one that was taken back does not count", "number", unit="1 to 3"),
        Column("words", "how long it is", "words", unit="words"),
        Column("handed_in", "when it was handed in", "handed_in_at", instant, TIME),
        Column("early", "how long before it was due; negative after", "early", nearness, SPAN),
        Column("late", "handed in after the due instant that was in force", "is_late", unit="true or false"),
        Column("taken_back", "taken back before anybody read it", "taken_back__id", present, "true or false"),
        Column("feedback", "when feedback was sent; empty where none was", "feedback__sent_at", instant, TIME),
        Column("turnaround", "from handing in to feedback", "turnaround", nearness, SPAN),
    ),
    _attempts,
    "submission__enrolment__cohort_id",
)
SCORES = Thing(
    "scores",
    "The level a coach gave for one criterion of one attempt.",
    (
        Column("attempt", "code of the attempt, as in attempts", "feedback__attempt_id", code("attempt")),
        _enrolment("feedback__attempt__submission__enrolment_id"),
        *_piece("feedback__attempt__submission__"),
        Column("rubric", "key of the rubric", "criterion__rubric__key"),
        Column("criterion", "key of the criterion", "criterion__key"),
        Column("level", "level that was given", "level", unit="1 to 4", visibility=MEASURE),
    ),
    lambda cohorts: Mark.objects.filter(feedback__attempt__submission__enrolment__cohort__in=cohorts),
    "feedback__attempt__submission__enrolment__cohort_id",
    without_names_only=True,
)

# --- Ratings --------------------------------------------------------------------------------------


def _finished(cohorts: QuerySet) -> QuerySet:
    return Assessment.objects.filter(enrolment__cohort__in=cohorts, finished_at__isnull=False)


def _each_answer(row: tuple) -> Iterator[tuple]:
    """A sheet as rows: what was asked, and the point."""
    enrolment, moment, answers, back, cohort = row
    for item, point in sorted({**answers, **back}.items()):
        yield enrolment, moment, item, point, cohort


ASSESSMENTS = Thing(
    "assessments",
    "That a client rated themselves.",
    (
        _enrolment("enrolment_id"),
        Column("moment", "a0 before, a4 in the middle, a8 at the end", "moment"),
        Column("finished", "when all of it was answered", "finished_at", instant, TIME),
        Column("looked_back", "when they said where they had been, seen from the end", "looked_back_at", instant, TIME),
    ),
    _finished,
    "enrolment__cohort_id",
)
OWN_POINTS = Thing(
    "own_points",
    "Each point a client gave themselves.",
    (
        _enrolment("enrolment_id"),
        Column("moment", "as in assessments", "moment"),
        Column("item", "key of the statement; then_… is week 0 seen from the end", "answers"),
        Column("point", "how far it holds; 0: did not come up", "looking_back", unit="0 to 5", visibility=MEASURE),
    ),
    _finished,
    "enrolment__cohort_id",
    many=_each_answer,
    without_names_only=True,
)
RATINGS = Thing(
    "ratings",
    "That a coach rated a client.",
    (
        _enrolment("enrolment_id"),
        Column("moment", "c2 before, c4 in the middle, c9 at the end", "moment"),
        Column("rated", "when it was saved", "rated_at", instant, TIME),
    ),
    lambda cohorts: Rating.objects.filter(enrolment__cohort__in=cohorts),
    "enrolment__cohort_id",
)
COACH_POINTS = Thing(
    "coach_points",
    "Each point a coach gave, without its sentence of evidence.",
    (
        _enrolment("rating__enrolment_id"),
        Column("moment", "as in ratings", "rating__moment"),
        Column("competency", "key of the competency", "competency"),
        Column("point", "by the anchors of the programme", "point", unit="1 to 5", visibility=MEASURE),
    ),
    lambda cohorts: RatedPoint.objects.filter(rating__enrolment__cohort__in=cohorts),
    "rating__enrolment__cohort_id",
    without_names_only=True,
)

# --- What they kept, what came after, what was sent -----------------------------------------------

LOG = Thing(
    "log",
    "Meetings clients logged, in numbers and choices. No title, no sentence.",
    (
        _enrolment("enrolment_id"),
        Column("week", "calendar week of the cohort", "date", week_of, "1 is that of its first Monday", MEASURE),
        Column("kind", "what sort of meeting", "kind", visibility=MEASURE),
        Column("attendees", "how many were there", "attendees", unit="people", visibility=MEASURE),
        Column("minutes", "how long it took", "minutes", unit="minutes", visibility=MEASURE),
        Column("stake", "whether they had a stake in it", "stake", unit="true or false", visibility=MEASURE),
        Column("said_it", "whether the planned sentence was said", "said_it", visibility=MEASURE),
        Column("times_spoke", "how often they spoke", "times_spoke", unit="count", visibility=MEASURE),
        Column("first_minute", "in which minute first", "first_minute", unit="minutes", visibility=MEASURE),
        Column("conclusion_first", "whether the conclusion came first", "conclusion_first", visibility=MEASURE),
        Column("error_heard", "whether something wrong was said", "error_heard", unit="true or false",
               visibility=MEASURE),
        Column("error_response", "what they did about it", "error_response", visibility=MEASURE),
        Column("felt_like_me", "how much like themselves they felt", "felt_like_me", unit="1 to 5",
               visibility=MEASURE),
    ),
    lambda cohorts: Meeting.objects.filter(enrolment__cohort__in=cohorts),
    "enrolment__cohort_id",
    without_names_only=True,
)  # fmt: skip


def _said(cohorts: QuerySet) -> QuerySet:
    """Of graduates who said that their answers may be used without their name, while they allow check-ins."""
    stands = Consent.objects.filter(enrolment=OuterRef("enrolment"), scope="check_ins", withdrawn_at=None)
    rows = CheckIn.objects.filter(enrolment__cohort__in=cohorts, answered_at__isnull=False)
    return rows.filter(Exists(stands), answers__consent_anonymous_use="yes")


def _listed(frame, value, cohort):
    return " ".join(sorted(value)) if isinstance(value, list) else value


ALUMNI = Thing(
    "alumni",
    "What graduates said months later, of those who allow that it is used without their name.",
    (
        _enrolment("enrolment_id"),
        Column("months", "how long after finishing", "months", unit="months"),
        Column("answered", "when they answered", "answered_at", instant, TIME, MEASURE),
        Column("outcome", "what describes their work now", "answers__outcome", visibility=MEASURE),
        Column("proof", "how somebody else could see it: told, seen, confirmed", "proof", visibility=MEASURE),
        Column("conversation_held", "whether the promotion talk was held", "answers__conversation_held",
               visibility=MEASURE),
        Column("interviews", "for a management role", "answers__interviews", unit="count", visibility=MEASURE),
        Column("habits", "what is still in use", "answers__habits", _listed, "keys, by spaces", MEASURE),
        *(
            Column(name, f"own point for {competency}", f"points__{name}", unit="1 to 5", visibility=MEASURE)
            for name, competency in (
                ("now_s", "stakeholder"), ("now_i", "influence"), ("now_m", "presence"), ("now_u", "upward"),
            )
        ),
    ),
    _said,
    "enrolment__cohort_id",
    without_names_only=True,
)  # fmt: skip
MILESTONES = Thing(
    "milestones",
    "Every planned moment of a cohort and of its clients, and what became of it.",
    (
        Column("kind", "what it is, as in the milestones of the programme", "kind"),
        Column("enrolment", "of which client; empty where it is for all", "enrolment_id", code("enrolment")),
        Column("week", "of which week", "week", unit="0 to 9"),
        Column("rung", "which of several of its kind", "rung", unit="from 1"),
        Column("due", "when it was to come", "due_at", instant, TIME),
        Column("state", "pending, fired, skipped, cancelled or dead", "state"),
        Column("fired", "when it came", "fired_at", instant, TIME),
        Column("reason", "why it did not come, as the engine says it", "reason"),
    ),
    lambda cohorts: Milestone.objects.filter(Q(cohort__in=cohorts) | Q(enrolment__cohort__in=cohorts)).annotate(
        of_cohort=Coalesce("cohort_id", "enrolment__cohort_id")
    ),
    "of_cohort",
)
THINGS = (
    PEOPLE, ENROLMENTS, SUBMISSIONS, ATTEMPTS, SCORES, ASSESSMENTS, OWN_POINTS, RATINGS, COACH_POINTS, LOG, ALUMNI,
    MILESTONES,
)  # fmt: skip
