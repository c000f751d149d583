"""Addresses of the office, for admins only."""

from django.urls import path

from . import ahead, calibration, cohorts, dates, delivery, mail, pairs, waivers

urlpatterns = [
    path("cohorts/", cohorts.cohorts, name="cohorts"),
    path("cohorts/new/", cohorts.cohort_new, name="cohort-new"),
    path("cohorts/<slug:slug>/", cohorts.cohort, name="cohort"),
    path("cohorts/<slug:slug>/board/", cohorts.board, name="cohort-board"),
    path("cohorts/<slug:slug>/invite/", cohorts.invite, name="cohort-invite"),
    path("cohorts/<slug:slug>/revoke/<int:pk>/", cohorts.revoke, name="cohort-revoke"),
    path("cohorts/<slug:slug>/assign/", cohorts.assign, name="cohort-assign"),
    path("cohorts/<slug:slug>/release/<int:pk>/", cohorts.release, name="cohort-release"),
    path("cohorts/<slug:slug>/arrange/", cohorts.arrange, name="cohort-arrange"),
    path("cohorts/<slug:slug>/break/", dates.set_break, name="cohort-break"),
    path("cohorts/<slug:slug>/break/<int:pk>/drop/", dates.drop_break, name="cohort-break-drop"),
    path("cohorts/<slug:slug>/shift/", dates.shift, name="cohort-shift"),
    path("cohorts/<slug:slug>/pause/", dates.pause, name="cohort-pause"),
    path("cohorts/<slug:slug>/resume/", dates.resume, name="cohort-resume"),
    path("cohorts/<slug:slug>/stop-mail/", cohorts.stop_mail, name="cohort-stop-mail"),
    path("cohorts/<slug:slug>/release-mail/", cohorts.release_mail, name="cohort-release-mail"),
    path("cohorts/<slug:slug>/withdraw/<int:pk>/", cohorts.withdraw, name="cohort-withdraw"),
    path("clients/<int:pk>/waive/", waivers.waive, name="client-waive"),
    path("clients/<int:pk>/ask-again/", waivers.ask_again, name="client-waiver-end"),
    path("calibration/", calibration.standings, name="calibration-standings"),
    path("calibration/<int:pk>/let-off/", calibration.let_off, name="calibration-let-off"),
    path("calibration/<int:pk>/ask-again/", calibration.ask_again, name="calibration-ask-again"),
    path("pairs/", pairs.blind_pairs, name="blind-pairs"),
    path("pairs/<int:pk>/ask/", pairs.ask, name="blind-pairs-ask"),
    path("delivery/", delivery.delivery, name="delivery"),
    path("delivery/ahead/", ahead.ahead, name="delivery-ahead"),
    path("delivery/test/", delivery.test, name="delivery-test"),
    path("delivery/suppressed/<int:pk>/lift/", delivery.lift, name="suppression-lift"),
    path("delivery/<int:pk>/replay/", delivery.replay, name="delivery-replay"),
    path("delivery/clock/", delivery.trust, name="delivery-clock"),
    path("delivery/release/", delivery.release, name="delivery-release"),
    path("delivery/let-go/", delivery.let_go, name="delivery-let-go"),
    path("mail/", mail.mails, name="mail"),
    path("mail/<str:name>/", mail.mail, name="mail-one"),
]
