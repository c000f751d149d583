"""Addresses of a client. All of them take `?cohort=<slug>` where a person is in two."""

from django.urls import path

from . import assessment, feedback, home, ledger, lesson, log, recording, week, work

urlpatterns = [
    path("", home.home, name="home"),
    path("week/", week.week, name="this-week"),
    path("week/<int:number>/", week.week, name="week"),
    path("week/<int:number>/lesson/<slug:slug>/", lesson.lesson, name="lesson"),
    path("week/<int:number>/lesson/<slug:slug>/read/", lesson.read, name="lesson-read"),
    path("work/<slug:key>/", work.work, name="work"),
    path("work/<slug:key>/draft/", work.draft, name="work-draft"),
    path("work/<slug:key>/first-read/", work.first_read, name="work-read"),
    path("work/<slug:key>/meant/", work.meant, name="work-meant"),
    path("work/<slug:key>/known/", work.known, name="work-known"),
    path("work/<slug:key>/hand-in/", work.hand_in, name="work-hand-in"),
    path("work/<slug:key>/take-back/", work.take_back, name="work-take-back"),
    path("work/<slug:key>/try-again/", work.try_again, name="work-try-again"),
    path("work/<slug:key>/recordings/", recording.begin, name="recording-begin"),
    path("work/<slug:key>/recordings/whole/", recording.whole, name="recording-whole"),
    path("work/<slug:key>/recordings/<uuid:recording>/", recording.part, name="recording-part"),
    path("work/<slug:key>/recordings/<uuid:recording>/remove/", recording.remove, name="recording-remove"),
    path("work/<slug:key>/attempt/<int:number>/", feedback.attempt, name="attempt"),
    path("work/<slug:key>/attempt/<int:number>/text/", feedback.attempt_text, name="attempt-text"),
    path("assessment/looking-back/", assessment.looking_back, name="looking-back"),
    path("assessment/looking-back/keep/", assessment.look_back, name="look-back"),
    path("assessment/focus/", assessment.focus, name="focus"),
    path("assessment/<slug:moment>/", assessment.assessment, name="assessment"),
    path("assessment/<slug:moment>/save/", assessment.save, name="assessment-save"),
    path("assessment/<slug:moment>/finish/", assessment.finish, name="assessment-finish"),
    path("log/", log.log, name="log"),
    path("log/new/", log.new, name="log-new"),
    path("log/<int:pk>/", log.meeting, name="log-meeting"),
    path("log/<int:pk>/remove/", log.remove, name="log-remove"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/new/", ledger.ledger_new, name="ledger-new"),
    path("ledger/<int:pk>/", ledger.ledger_line, name="ledger-line"),
    path("ledger/<int:pk>/remove/", ledger.ledger_remove, name="ledger-remove"),
    path("feedback/", feedback.feedback, name="feedback"),
    path("feedback/<slug:key>/", feedback.feedback_of, name="feedback-of"),
]
