"""Addresses of a client's own homework and of what they keep."""

from django.urls import path

from . import agreement, assessments, ledger, meetings, notices, one_on_ones, preferences, receipts, recordings, transcripts, views

RATINGS = "enrolments/<int:enrolment>/assessments/"

urlpatterns = [
    path("submissions/<int:pk>/draft/", views.Draft.as_view(), name="api-draft"),
    path("submissions/<int:pk>/hand-in/", views.HandIn.as_view(), name="api-hand-in"),
    path("submissions/<int:pk>/take-back/", views.TakeBack.as_view(), name="api-take-back"),
    path("submissions/<int:pk>/try-again/", views.TryAgain.as_view(), name="api-try-again"),
    path("submissions/<int:pk>/attempts/<int:number>/text/", views.AttemptText.as_view(), name="api-attempt-text"),
    path("submissions/<int:pk>/sentences/", views.Sentences.as_view(), name="api-sentences"),
    path("submissions/<int:pk>/first-read/", views.FirstRead.as_view(), name="api-first-read"),
    path("submissions/<int:pk>/meant/", views.Meant.as_view(), name="api-meant"),
    path("me/known-words/", views.KnownWords.as_view(), name="api-known-words"),
    path("me/known-words/forget/", views.ForgetWord.as_view(), name="api-forget-word"),
    path("me/notices/", notices.Notices.as_view(), name="api-notices"),
    path("me/notices/read/", notices.ReadNotices.as_view(), name="api-notices-read"),
    path("me/notices/<int:pk>/read/", notices.ReadNotice.as_view(), name="api-notice-read"),
    path("me/preferences/", preferences.MyPreferences.as_view(), name="api-preferences"),
    path("submissions/<int:pk>/recordings/", recordings.Recordings.as_view(), name="api-recordings"),
    path("recordings/<uuid:key>/", recordings.OneRecording.as_view(), name="api-recording"),
    path("submissions/<int:pk>/receipts/", receipts.Receipts.as_view(), name="api-receipts"),
    path("receipts/<int:pk>/", receipts.OneReceipt.as_view(), name="api-receipt"),
    path("receipts/<int:pk>/marks/", receipts.ReceiptMarks.as_view(), name="api-receipt-marks"),
    path("listen/<str:token>/", receipts.Invitation.as_view(), name="api-listen"),
    path("listen/<str:token>/begin/", receipts.Begin.as_view(), name="api-listen-begin"),
    path("listen/<str:token>/answer/", receipts.Remember.as_view(), name="api-listen-answer"),
    path("recordings/<uuid:key>/transcript/", transcripts.OneTranscript.as_view(), name="api-transcript"),
    path("enrolments/<int:enrolment>/lessons/<int:pk>/read/", views.LessonRead.as_view(), name="api-lesson-read"),
    path(f"{RATINGS}looking-back/", assessments.LookingBack.as_view(), name="api-look-back"),
    path(f"{RATINGS}<slug:moment>/", assessments.OneAssessment.as_view(), name="api-assessment"),
    path(f"{RATINGS}<slug:moment>/finish/", assessments.FinishAssessment.as_view(), name="api-assessment-finish"),
    path("enrolments/<int:enrolment>/focus/", assessments.AgreeFocus.as_view(), name="api-focus"),
    path("meetings/", meetings.Meetings.as_view(), name="api-meetings"),
    path("meetings/<int:pk>/", meetings.OneMeeting.as_view(), name="api-meeting"),
    path("enrolments/<int:enrolment>/meetings/trend/", meetings.MeetingTrend.as_view(), name="api-meeting-trend"),
    path("ledger/", ledger.LedgerLines.as_view(), name="api-ledger"),
    path("ledger/<int:pk>/", ledger.OneLine.as_view(), name="api-ledger-line"),
    path("one-on-ones/", one_on_ones.OneOnOnes.as_view(), name="api-one-on-ones"),
    path("one-on-ones/<int:pk>/", one_on_ones.OneOneOnOne.as_view(), name="api-one-on-one"),
    path("one-on-ones/<int:pk>/hold/", one_on_ones.Hold.as_view(), name="api-one-on-one-hold"),
    path("one-on-ones/<int:pk>/actions/<int:index>/", one_on_ones.Action.as_view(), name="api-one-on-one-action"),
    path("enrolments/<int:enrolment>/agreement/", agreement.OwnAgreement.as_view(), name="api-agreement"),
    path("invitations/accept/", views.AcceptInvitation.as_view(), name="api-accept"),
]
