"""Reaching a state by the real operations. Every road takes the instant at which it is walked."""

import pickle
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction

from clients import (
    agreeing,
    agreements,
    assessing,
    assessments,
    inviting,
    joining,
    opening,
    practising,
    submitting,
    tables,
    uploading,
)
from clients.models import (
    Assessment,
    Attempt,
    CoachingAgreement,
    Cohort,
    Enrolment,
    Invitation,
    Meeting,
    Recording,
    Submission,
    User,
)
from coaching import assigning, calibrating, feedbacks, reviewing
from coaching.models import Feedback, Sponsorship
from curriculum import editions, importing, publishing
from curriculum.models import Edition

from .cast import PASSWORD, Cast
from .sounds.making import encoded

CONTENT = Path(__file__).parent.parent / "curriculum" / "content" / "across-8"
STARTS_ON = date(2026, 3, 2)  # a Monday; the European clocks change on 29 March
BEFORE = datetime(2026, 2, 20, 9, tzinfo=UTC)
WEEK_1 = datetime(2026, 3, 4, 10, tzinfo=UTC)  # Wednesday of week 1
WEEK_2 = datetime(2026, 3, 11, 10, tzinfo=UTC)
WEEK_4 = datetime(2026, 3, 25, 10, tzinfo=UTC)
WEEK_5 = datetime(2026, 4, 1, 10, tzinfo=UTC)
WEEK_6 = datetime(2026, 4, 8, 10, tzinfo=UTC)

ANSWERS = {
    "w1-x1": {
        "topic": "Fraud checks at checkout",
        "stakeholder": "finance_partner",
        "stakeholder_who": "Carla, VP Finance",
        "what": "We are replacing the part of checkout that decides whether a card payment is safe.",
        "why": "Today we refuse about one good customer in fifty, and each of them costs us a sale.",
        "wrong": "If we loosen the rules too far, fraud losses rise before we notice; we can go back in minutes.",
        "when": "The first country is live on 14 October; the rest follow by the end of November.",
        "left_out": "How the scoring works, which vendor we chose and why the old rules engine had to go away.",
        "redacted": True,
    },
    "w4-x1": {
        "setting": "Steering meeting, eleven people and our director. The date for the mobile release was being agreed.",
        "statement": "Security review is just a formality, we can do it after launch.",
        "why_it_matters": "Our contract with the bank requires the review before launch.",
        "instinct": "I say nothing and write to the director in the evening.",
        "too_blunt": "That is not so. Did you even read the contract?",
        "congruent": "Marco, we both want the fifth of June to hold. The review comes before launch: section nine says so.",
        "ways": ["shared_goal", "document"],
        "fit": 3,
        "script": "Marco, we both want the fifth of June to hold. The review comes before launch.",
        "used": "not_yet",
        "redacted": True,
    },
    "w5-x1": {
        "doc_type": "status",
        "reader": "Head of commerce, who gives the launch date to partners",
        "before": "This week we finished the load tests for the new search. " * 5,
        "subject": "New search ready for 3 June; nothing needed from you",
        "after": "New search is on track to go live on 3 June. It answers within our limit in 13 of the 14 situations we "
        "tested. I expect the last one to pass on Monday. No decision needed; I will write on Monday by noon.",
        "tags": [
            {"text": "New search is on track to go live on 3 June.", "tag": "K"},
            {"text": "It answers within our limit in 13 of the 14 situations we tested.", "tag": "K"},
            {"text": "I expect the last one to pass on Monday.", "tag": "F"},
            {"text": "No decision needed; I will write on Monday by noon.", "tag": "D"},
        ],
        "left_out": "The response times of each scenario. The test sheet has them.",
        "sent": "not_yet",
        "redacted": True,
    },
}


def edition(at: datetime = BEFORE) -> Edition:
    """The programme's own content, imported and published."""
    if known := editions.newest():
        return known
    found = importing.import_edition(CONTENT)
    return found if found.is_published else publishing.publish(found, signed_by="Ruth", at=at)


def copy_of_content(folder: Path, version: str = "5") -> Path:
    """The programme's content files, to change."""
    shutil.copytree(CONTENT, folder)
    programme = folder / "programme.yaml"
    programme.write_text(programme.read_text().replace('version: "4"', f'version: "{version}"'))
    return folder


def edition_of_before(folder: Path, weeks: int = 3, at: datetime = BEFORE) -> Edition:
    """A published edition as earlier versions of the programme were: with the first weeks only."""
    draft = importing.import_edition(copy_of_content(folder / "before", version="1"))
    draft.weeks.filter(number__gte=weeks).delete()
    return publishing.publish(draft, signed_by="Ruth", at=at)


def person(name: str, zone: str = "Europe/Berlin") -> User:
    return User.objects.create_user(f"{name.lower()}@example.org", PASSWORD, name=name, zone=zone)


def admin(name: str, at: datetime = BEFORE) -> User:
    ada = person(name)
    joining.make_admin(ada, by=None, at=at)
    return ada


def cohort(name: str, *, by: User | None = None, starts_on: date = STARTS_ON, at: datetime = BEFORE) -> Cohort:
    return opening.open_cohort(name=name, edition=edition(at), starts_on=starts_on, zone="Europe/Berlin", by=by, at=at)


def client(cohort_: Cohort, who: User, at: datetime = BEFORE) -> Enrolment:
    """Enrolled, and the coaching agreement accepted, as everybody does before week 1."""
    return agreed(joining.enrol(cohort_, client=who, by=None, at=at), at)


def agreed(enrolment: Enrolment, at: datetime = BEFORE) -> Enrolment:
    words = agreements.asked_of(enrolment).sha256
    agreeing.accept(enrolment, sha256=words, by=enrolment.client, at=at)
    enrolment.refresh_from_db(fields=["agreement"])
    return enrolment


def another_agreement(by: User, at: datetime = WEEK_1) -> CoachingAgreement:
    """A new version, which asks everybody again."""
    return agreeing.publish(f"Version {at.isoformat()}. Your coach reads what you hand in.", by=by, at=at)


def coach(cohort_: Cohort, who: User, at: datetime = BEFORE) -> None:
    """Assigned, and let off scoring exemplars: thirty of them are what tests of calibration do."""
    assigning.assign(cohort_, coach=who, by=None, at=at)
    if not who.let_offs.filter(ended_at=None).exists():
        calibrating.let_off(who, reason="Scored them on paper", by=None, at=at)


def sponsor(cohort_: Cohort, name: str = "Sven", at: datetime = BEFORE) -> tuple[User, Sponsorship]:
    """Somebody who accepted the invitation of a sponsor."""
    who = person(name)
    joining.accept(invitation(cohort_, who.email, role="sponsor", at=at), person=who, at=at)
    return who, who.sponsorships.get(cohort=cohort_)


def invitation(cohort_: Cohort, email: str, *, role: str = "client", at: datetime = BEFORE) -> Invitation:
    return joining.invite(cohort_, email=email, role=role, by=None, at=at)


def put_down(cohort_: Cohort, who: User, email: str = "dora@example.org", at: datetime = WEEK_1) -> Invitation:
    """Somebody who is invited once the invitations are opened."""
    table = tables.read(email)
    return inviting.put_down(table, tables.guessed(table), cohort=cohort_, by=who, at=at)[0]


def everybody() -> Cast:
    """The whole cast in two cohorts, before anything is due.

    The operations make it once a process. Afterwards the very rows they made are put back, which is five times as fast.
    """
    edition_ = edition()
    if _CAST.get("edition") != edition_.pk:
        models = apps.get_models(include_auto_created=True)
        before = {model: set(model._base_manager.values_list("pk", flat=True)) for model in models}
        cast = made()
        rows = {model: list(model._base_manager.exclude(pk__in=known)) for model, known in before.items()}
        _CAST.update(edition=edition_.pk, kept=pickle.dumps((cast, [some for some in rows.values() if some])))
    else:
        cast, kept = pickle.loads(_CAST["kept"])
        with transaction.atomic():  # foreign keys are looked at when all of it is there
            for some in kept:
                type(some[0])._base_manager.bulk_create(some)
    return cast


_CAST: dict[str, Any] = {}


def made() -> Cast:
    """The whole cast, by the operations."""
    mina, noor, omar = person("Mina", "America/Chicago"), person("Noor", "Asia/Kolkata"), person("Omar")
    tomas, ines, ada, lena = person("Tomas"), person("Ines"), admin("Ada"), person("Lena")
    spring, autumn = cohort("Spring", by=ada), cohort("Autumn", by=ada)
    for cohort_, clients, coach_ in ((spring, (mina, noor), tomas), (autumn, (omar,), ines)):
        coach(cohort_, coach_)
        for who in clients:
            client(cohort_, who)
    return Cast(mina, noor, omar, tomas, ines, ada, lena, spring, autumn)


def piece(who: User, key: str = "w1-x1") -> Submission:
    return Submission.objects.select_related("enrolment__cohort", "enrolment__client", "exercise__week").get(
        enrolment__client=who, exercise__key=key
    )


def drafted(who: User, key: str = "w1-x1", *, at: datetime = WEEK_1, **changes) -> Submission:
    found = piece(who, key)
    return submitting.save_draft(found, answer=ANSWERS[key] | changes, revision=found.draft_revision, by=who, at=at)


def handed_in(who: User, key: str = "w1-x1", *, at: datetime = WEEK_1, **changes) -> Attempt:
    return submitting.hand_in(drafted(who, key, at=at, **changes), by=who, at=at)


def handed_in_at(cohort_: Cohort, who: User, key: str = "w1-x1", *, at: datetime = WEEK_1, **changes) -> Attempt:
    """The same for somebody who is in more cohorts than one."""
    found = Submission.objects.get(enrolment__client=who, enrolment__cohort=cohort_, exercise__key=key)
    return submitting.hand_in(found, answer=ANSWERS[key] | changes, by=who, at=at)


def claimed(who: User, coach_: User, key: str = "w1-x1", *, at: datetime = WEEK_1) -> Submission:
    attempt = handed_in(who, key, at=at)
    reviewing.claim(attempt.submission, by=coach_, at=at + timedelta(hours=1))
    return piece(who, key)


def content(submission: Submission, *, another: bool = False, level: int = 3, **changes) -> dict:
    """A complete feedback for the submission's rubric."""
    criteria = submission.exercise.rubric.criteria.all() if submission.exercise.rubric_id else []
    return {
        "keep": "“One good customer in fifty” is a number finance can repeat.",
        "try_next": "Say what you need from Carla, and by when.",
        "levels": {str(criterion.pk): level for criterion in criteria if not feedbacks.is_own(criterion)},
        "another": another,
    } | changes


def answered(
    who: User, coach_: User, key: str = "w1-x1", *, at: datetime = WEEK_1, another: bool = False, level: int = 3, **more
) -> Feedback:
    """Handed in at `at`, answered two hours later."""
    submission = claimed(who, coach_, key, at=at)
    said = content(submission, another=another, level=level, **more)
    return reviewing.send_feedback(submission, content=said, by=coach_, at=at + timedelta(hours=2))


# --- Rating oneself ---------------------------------------------------------------------------------

LOOKING_BACK = {"then_s": 2, "then_i": 1, "then_m": 2, "then_u": 2}


def rated(who: User, moment: str = "a0", *, at: datetime, point: int = 3) -> Assessment:
    """Everything answered, nothing finished."""
    enrolment = Enrolment.objects.select_related("client", "cohort__edition").get(client=who)
    asked = assessments.questionnaire_of(enrolment)
    return assessing.keep(
        enrolment,
        moment,
        answers={item.key: point for item in asked.items},
        readiness={item.key: "partly" for item in asked.readiness},
        extra=MIDPOINT if moment == "a4" else {},
        by=who,
        at=at,
    )


def assessed(who: User, moment: str = "a0", *, at: datetime, point: int = 3) -> Assessment:
    enrolment = rated(who, moment, at=at, point=point).enrolment
    return assessing.finish(enrolment, moment, by=who, at=at)


def looked_back(who: User, *, at: datetime) -> Assessment:
    enrolment = Enrolment.objects.select_related("client", "cohort__edition").get(client=who)
    return assessing.look_back(enrolment, ratings=LOOKING_BACK, by=who, at=at)


MIDPOINT = {
    "confidence": 4,
    "focus_competency": "presence",
    "focus_situation": "The Thursday steering, where I wait until somebody asks me.",
}


# --- The meeting log --------------------------------------------------------------------------------

ENTRY = {
    "date": "2026-03-03",
    "title": "Release review",
    "kind": "review",
    "attendees": 9,
    "minutes": 45,
    "stake": True,
    "times_spoke": 3,
    "conclusion_first": "mostly",
    "error_heard": False,
    "outcome": "My proposal was taken.",
}


def logged(who: User, *, at: datetime = WEEK_1, key: str = "", **changes) -> Meeting:
    """One meeting in the person's log; without a key of its own every call is another entry."""
    enrolment = Enrolment.objects.select_related("client", "cohort__edition").get(client=who)
    key = key or f"entry {enrolment.meetings.count() + 1}"
    return practising.log_meeting(enrolment, entry=ENTRY | changes, client_key=key, by=who, at=at)


# --- Recordings -------------------------------------------------------------------------------------

TRANSLATION = {
    "topic": "Why a room can be gone when you click",
    "script": "When you book a room with us, the room is really yours from the moment we say so.",
    "self_check": ["what"],
    "receipt_from": "nobody",
}


def recording_begun(
    who: User, key: str = "w1-t1", *, at: datetime = WEEK_1, size: int = 1000, name: str = "road"
) -> Recording:
    return uploading.begin(piece(who, key), size=size, client_key=name, by=who, at=at)


def recorded(
    who: User, key: str = "w1-t1", *, at: datetime = WEEK_1, seconds: float = 6, data: bytes = b"", name: str = "road"
) -> Recording:
    """A recording that is ready to be handed in."""
    data = data or encoded(seconds)
    found = recording_begun(who, key, at=at, size=len(data), name=name)
    for start in range(0, len(data), uploading.PART):
        found = uploading.append(found, offset=start, data=data[start : start + uploading.PART], by=who, at=at)
    return found


def translated(who: User, key: str = "w1-t1", *, at: datetime = WEEK_1, **changes) -> Attempt:
    """A translation handed in, as a script."""
    return submitting.hand_in(piece(who, key), answer=TRANSLATION | changes, by=who, at=at)


def handed_in_recording(who: User, key: str = "w1-t1", *, at: datetime = WEEK_1) -> Recording:
    """A translation handed in as a recording, and taken back: the attempt still names it."""
    found = recorded(who, key, at=at)
    translated(who, key, at=at, audio={"id": found.pk}, script="")
    submitting.take_back(piece(who, key), by=who, at=at)
    return found


def translation_answered(who: User, coach_: User, key: str = "w1-t1", *, at: datetime = WEEK_1) -> Feedback:
    translated(who, key, at=at)
    submission = piece(who, key)
    reviewing.claim(submission, by=coach_, at=at + timedelta(hours=1))
    return reviewing.send_feedback(submission, content=content(submission), by=coach_, at=at + timedelta(hours=2))
