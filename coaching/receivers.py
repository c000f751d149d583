"""What this floor does when something is announced below, one line each, and the letters it sends."""

from django.db import transaction
from django.dispatch import receiver

from clients import messaging, notices, noticing, sounds
from clients.models import Invitation
from clients.receivers import wake
from clients.signals import (
    admin_confirmed,
    admin_proposed,
    cohort_closed,
    cohort_opened,
    crossed,
    enrolled,
    extension_asked,
    handed_in,
    invitation_accepted,
    kept,
    left,
    rescheduled,
    returned,
    schedule_changed,
    taken_back,
    transfer_undone,
    transferred,
    zone_changed,
)

from . import (
    accompanying,
    admin_letters,
    announcing,
    assigning,
    call_letters,
    calling,
    calls,
    check_ins,
    convening,
    conversation_letters,
    crossing_letters,
    deciding,
    following,
    gathered,
    headlines,
    inspection_letters,
    instruments,
    pair_letters,
    pulse_letters,
    pulsing,
    raters,
    ratings,
    release_letters,
    reply_letters,
    resting,
    scheduling,
    session_letters,
    sessions,
    sponsoring,
    standing_letters,
    switching,
    together,
    transfer_letters,
    voices,
    words,
)
from .signals import (
    assigned,
    call_changed,
    calls_offered,
    export_asked,
    feedback_sent,
    feedback_undone,
    graduated,
    graduation_taken_back,
    session_called_off,
    session_changed,
    session_declined,
    session_moved,
    sessions_rearranged,
    snapshot_asked,
    table_brought,
    unassigned,
)
from .tasks import compute_snapshots, make_exports, read_tables

for kind in (
    *words.KINDS,
    *conversation_letters.KINDS,
    *pair_letters.KINDS,
    *pulse_letters.KINDS,
    *reply_letters.KINDS,
    *session_letters.KINDS,
    *call_letters.KINDS,
    *standing_letters.KINDS,
    *admin_letters.KINDS,
    *inspection_letters.KINDS,
    *release_letters.KINDS,
    *transfer_letters.KINDS,
    *crossing_letters.KINDS,
    gathered.KIND,
):
    messaging.register(kind)
instruments.install(instruments.SESSIONS, instruments.Occasions(sessions.occasion))
instruments.install(instruments.CALLS, instruments.Occasions(calls.occasion))
instruments.install(
    instruments.CHECK_INS, instruments.CheckIns(check_ins.is_asked, check_ins.path_of, check_ins.way_out_of)
)
instruments.install(instruments.PULSE, instruments.Pulse(raters.to_ask))
instruments.install(instruments.RATINGS, instruments.Ratings(ratings.unrated, "/coach/ratings/"))
notices.register("milestone", headlines.of_milestones)
notices.register("feedback", headlines.of_feedback)
notices.register("conversation", conversation_letters.headlines)
notices.register("reply", reply_letters.headlines)
notices.register("session", session_letters.headlines)
notices.register("call", call_letters.headlines)
notices.register("offer", call_letters.offer_headlines)
sounds.also_named(voices.named_files)
notices.register("window", standing_letters.headlines)
notices.register("proposal", admin_letters.headlines)
notices.register("inspection", inspection_letters.headlines)
notices.register("release", release_letters.headlines)
notices.register("transfer", transfer_letters.headlines)
notices.register("crossing", crossing_letters.headlines)
notices.register("rating", pair_letters.headlines)


@receiver(cohort_opened)
def plan_for_the_cohort(cohort, at, **kwargs):
    scheduling.plan_cohort(cohort, at=at)


@receiver(cohort_closed)
def let_the_cohort_rest(cohort, at, **kwargs):
    convening.let_go(cohort, at=at)
    calling.let_cohort_go(cohort, at=at)
    scheduling.cancel_cohort(cohort, reason="the cohort is closed")


@receiver(assigned)
def plan_for_the_coach(assignment, at, **kwargs):
    scheduling.plan_coach(assignment.cohort, assignment.coach, at=at)


@receiver(unassigned)
def cancel_for_the_coach(assignment, at, **kwargs):
    scheduling.cancel_coach(assignment.cohort, assignment.coach, reason="the coach looks after the cohort no longer")


@receiver(unassigned)
def let_their_calls_go(assignment, at, **kwargs):
    calling.let_coach_go(assignment.cohort, assignment.coach, at=at)


@receiver(left)
def let_their_call_go(enrolment, at, **kwargs):
    calling.let_client_go(enrolment, at=at)


@receiver(left)
def let_their_raters_go(enrolment, at, **kwargs):
    pulsing.let_go(enrolment)


@receiver(call_changed)
def remind_of_the_call(call, at, **kwargs):
    week = calls.week_of(call.slot.cohort, call.slot.starts_at, at=at)
    scheduling.plan_call(call.enrolment, number=call.pk, week=week, at=at)


@receiver(call_changed)
def tell_the_other_one(call, by, at, **kwargs):
    announcing.tell_of_call(call, by=by, at=at)


@receiver(calls_offered)
def tell_who_has_no_call(cohort, coach, at, **kwargs):
    announcing.tell_of_offers(cohort, coach, at=at)


@receiver(enrolled)
def plan_milestones(enrolment, at, **kwargs):
    scheduling.plan(enrolment, at=at)


@receiver(enrolled)
def welcome_late(enrolment, at, **kwargs):
    announcing.welcome_late(enrolment, at=at)


@receiver(left)
def cancel_milestones(enrolment, at, **kwargs):
    scheduling.cancel_all(enrolment, reason=scheduling.LEFT)


@receiver(returned)
def plan_again(enrolment, at, **kwargs):
    resting.come_back(enrolment, at=at)


@receiver(transferred)
def take_along(transfer, at, **kwargs):
    accompanying.accompany(transfer.left, transfer.entered, at=at)


@receiver(transfer_undone)
def take_back(transfer, at, **kwargs):
    accompanying.accompany(transfer.entered, transfer.left, at=at)


@receiver((transferred, transfer_undone))
def tell_whoever_changes(transfer, at, **kwargs):
    announcing.tell_of_transfer(transfer, at=at)


@receiver(admin_proposed)
def ask_a_second_admin(proposal, at, **kwargs):
    announcing.ask_admins(proposal, at=at)


@receiver(admin_confirmed)
def tell_the_new_admin(proposal, at, **kwargs):
    announcing.tell_new_admin(proposal, at=at)


@receiver(graduated)
def prepare_the_check_ins(enrolment, at, **kwargs):
    following.prepare(enrolment)


@receiver(graduation_taken_back)
def drop_the_check_ins(enrolment, at, **kwargs):
    following.drop(enrolment, at=at)


@receiver(graduated)
def plan_for_the_alumnus(enrolment, at, **kwargs):
    resting.rest(enrolment)
    scheduling.plan_alumnus(enrolment, at=at)


@receiver(graduated)
def let_the_call_of_a_graduate_go(enrolment, at, **kwargs):
    calling.let_client_go(enrolment, at=at)


@receiver(graduation_taken_back)
def plan_as_before(enrolment, at, **kwargs):
    resting.wake(enrolment, at=at)


@receiver(schedule_changed)
def replan_cohort(cohort, at, **kwargs):
    convening.replan(cohort, at=at)
    scheduling.replan_cohort(cohort, at=at)


@receiver(crossed)
def follow_to_the_edition(crossing, at, **kwargs):
    switching.follow(crossing, at=at)
    announcing.tell_of_other_weeks(crossing, at=at)


@receiver(rescheduled)
def replan_client(enrolment, at, **kwargs):
    scheduling.replan_enrolment(enrolment, at=at)


@receiver(extension_asked)
def ask_the_coaches(extension, at, **kwargs):
    deciding.ask_the_coaches(extension, at=at)


@receiver(session_moved)
def tell_the_new_time(session, by, at, **kwargs):
    announcing.tell(session, kind=session_letters.MOVED, by=by, at=at)


@receiver(session_called_off)
def tell_that_it_is_off(session, by, at, **kwargs):
    announcing.tell(session, kind=session_letters.CANCELLED, by=by, at=at)


@receiver(sessions_rearranged)
def tell_the_new_rule(rule, by, at, **kwargs):
    announcing.tell_rule(rule, by=by, at=at)


@receiver(session_declined)
def tell_its_coaches(decline, at, **kwargs):
    announcing.tell_coaches(decline, at=at)


@receiver(zone_changed)
def replan_person(person, at, **kwargs):
    scheduling.replan_person(person, at=at)


@receiver(handed_in)
def watch_the_promise(attempt, at, **kwargs):
    scheduling.plan_review(attempt, at=at)


@receiver(handed_in)
def nothing_missing_any_more(attempt, at, **kwargs):
    """Guards ask for the dates of the client who handed in, which are at hand."""
    enrolment = attempt.submission.enrolment
    with together.remembering(together.Company.of(enrolment)):
        noticing.settle(person=enrolment.client, cohort=enrolment.cohort, kind__in=messaging.budgeted(), at=at)


@receiver((handed_in, taken_back))
def follow_what_is_missing(attempt, at, **kwargs):
    scheduling.follow_what_is_missing(attempt.submission.enrolment, at=at)


@receiver(kept)
def follow_what_is_counted(enrolment, at, **kwargs):
    scheduling.follow_what_is_missing(enrolment, at=at)


@receiver(taken_back)
def stop_watching(attempt, at, **kwargs):
    scheduling.cancel_review(attempt, reason="the client took it back")


@receiver(feedback_sent)
def promise_kept(feedback, at, **kwargs):
    scheduling.cancel_review(feedback.attempt, reason="feedback was sent")
    scheduling.plan_next_attempt(feedback, at=at)


@receiver(feedback_sent)
def nothing_to_warn_of(feedback, at, **kwargs):
    watched = headlines.watching(feedback.attempt)
    noticing.withdraw("feedback was sent", kind__startswith="review.", about__milestone__in=watched)


@receiver(feedback_undone)
def promise_again(attempt, at, **kwargs):
    scheduling.resume_review(attempt, at=at)


@receiver(feedback_undone)
def warn_again(attempt, at, **kwargs):
    watched = headlines.watching(attempt)
    noticing.restore("feedback was sent", kind__startswith="review.", about__milestone__in=watched)


@receiver(feedback_undone)
def nothing_to_reply_to(attempt, at, **kwargs):
    told = [kind.name for kind in reply_letters.KINDS]
    noticing.withdraw(reply_letters.TAKEN_BACK, kind__in=told, about__attempt=attempt.pk)


@receiver(feedback_sent)
def replies_show_again(feedback, at, **kwargs):
    told = [kind.name for kind in reply_letters.KINDS]
    noticing.restore(reply_letters.TAKEN_BACK, kind__in=told, about__attempt=feedback.attempt_id)


@receiver(invitation_accepted)
def assign_invited_coach(invitation, person, at, **kwargs):
    if invitation.role == Invitation.Role.COACH:
        assigning.assign(invitation.cohort, coach=person, by=person, at=at)


@receiver(export_asked)
def wake_whoever_makes_it(export, **kwargs):
    transaction.on_commit(lambda: wake(make_exports), robust=True)


@receiver(table_brought)
def wake_who_reads_tables(table, **kwargs):
    transaction.on_commit(lambda: wake(read_tables), robust=True)


@receiver(invitation_accepted)
def show_an_invited_sponsor(invitation, person, at, **kwargs):
    if invitation.role == Invitation.Role.SPONSOR:
        sponsoring.grant(invitation.cohort, sponsor=person, by=person, at=at)


@receiver(session_changed)
def remind_of_the_session(session, at, **kwargs):
    scheduling.plan_session(session.cohort, number=session.pk, week=session.week, at=at)


@receiver(snapshot_asked)
def wake_who_computes(snapshot, **kwargs):
    transaction.on_commit(lambda: wake(compute_snapshots), robust=True)
