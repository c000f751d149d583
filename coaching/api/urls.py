"""Addresses of the service."""

from django.urls import path

from . import boards, cases, cohorts, homework, me, progress, recordings, reviews, sessions

urlpatterns = [
    path("me/", me.Me.as_view(), name="api-me"),
    path("me/progress/", progress.MyProgress.as_view(), name="api-progress"),
    path("me/portfolio/", progress.MyPortfolio.as_view(), name="api-portfolio"),
    path("me/week/", me.MyWeek.as_view(), name="api-week"),
    path("calendar/address/", me.MyCalendarAddress.as_view(), name="api-calendar-address"),
    path("calendar/", me.MyCalendar.as_view(), name="api-calendar"),
    path("submissions/", homework.Submissions.as_view(), name="api-submissions"),
    path("submissions/<int:pk>/", homework.OneSubmission.as_view(), name="api-submission"),
    path("recordings/<uuid:key>/sound/", recordings.Sound.as_view(), name="sound"),
    path("reviews/queue/", reviews.Queue.as_view(), name="api-queue"),
    path("submissions/<int:pk>/case/", cases.CaseOfPiece.as_view(), name="api-case"),
    path("submissions/<int:pk>/case/pdf/", cases.CaseAsPdf.as_view(), name="api-case-pdf"),
    path("submissions/<int:pk>/claim/", reviews.Claim.as_view(), name="api-claim"),
    path("submissions/<int:pk>/take-over/", reviews.TakeOver.as_view(), name="api-take-over"),
    path("submissions/<int:pk>/release/", reviews.Release.as_view(), name="api-release"),
    path("submissions/<int:pk>/feedback-draft/", reviews.FeedbackDraft.as_view(), name="api-feedback-draft"),
    path("submissions/<int:pk>/feedback/", reviews.Feedback.as_view(), name="api-feedback"),
    path("submissions/<int:pk>/feedback/undo/", reviews.FeedbackUndo.as_view(), name="api-feedback-undo"),
    path("submissions/<int:pk>/feedback/read/", reviews.FeedbackRead.as_view(), name="api-feedback-read"),
    path("editions/", cohorts.Editions.as_view(), name="api-editions"),
    path("cohorts/", cohorts.Cohorts.as_view(), name="api-cohorts"),
    path("cohorts/<int:pk>/", cohorts.OneCohort.as_view(), name="api-cohort"),
    path("cohorts/<int:pk>/board/", boards.Board.as_view(), name="api-board"),
    path("cohorts/<int:pk>/session-rule/", sessions.Rule.as_view(), name="api-session-rule"),
    path("cohorts/<int:pk>/sessions/", sessions.Sessions.as_view(), name="api-sessions"),
    path("sessions/<int:pk>/hold/", sessions.Hold.as_view(), name="api-session-hold"),
    path("sessions/<int:pk>/move/", sessions.Move.as_view(), name="api-session-move"),
    path("sessions/<int:pk>/cancel/", sessions.Cancel.as_view(), name="api-session-cancel"),
    path("sessions/<int:pk>/declined/", sessions.Declined.as_view(), name="api-session-declined"),
    path("cohorts/<int:pk>/pause/", cohorts.Pause.as_view(), name="api-pause"),
    path("cohorts/<int:pk>/resume/", cohorts.Resume.as_view(), name="api-resume"),
    path("cohorts/<int:pk>/invitations/", cohorts.Invitations.as_view(), name="api-invitations"),
    path(
        "cohorts/<int:pk>/invitations/<int:invitation>/",
        cohorts.OneInvitation.as_view(),
        name="api-invitation",
    ),
    path("cohorts/<int:pk>/assignments/", cohorts.Assignments.as_view(), name="api-assignments"),
    path(
        "cohorts/<int:pk>/assignments/<int:assignment>/",
        cohorts.OneAssignment.as_view(),
        name="api-assignment",
    ),
    path("cohorts/<int:pk>/enrolments/", cohorts.Enrolments.as_view(), name="api-enrolments"),
    path(
        "cohorts/<int:pk>/enrolments/<int:enrolment>/withdraw/",
        cohorts.Withdraw.as_view(),
        name="api-withdraw",
    ),
]
