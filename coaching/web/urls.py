"""The programme's pages, by audience."""

from django.urls import include, path

from . import account, certificate, check_in, feed, note, pulse, read_mine, sponsor

urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/read/", read_mine.who_read_mine, name="who-read-mine"),
    path("feed/<str:token>/", feed.feed, name="feed"),
    path("certificate/<str:token>/", certificate.certificate, name="certificate"),
    path("check-in/<str:token>/", check_in.check_in, name="check-in"),
    path("check-in/<str:token>/stop/", check_in.stop, name="check-in-stop"),
    path("pulse/<str:token>/", pulse.pulse, name="pulse"),
    path("pulse/<str:token>/stop/", pulse.stop, name="pulse-stop"),
    path("calendar/address/", feed.address, name="calendar-address"),
    path("calendar/address/off/", feed.switch_off, name="calendar-address-off"),
    path("notes/<int:pk>/remove/", note.remove, name="note-remove"),
    path("sponsor/", sponsor.sponsor, name="sponsor"),
    path("sponsor/reports/<int:pk>/", sponsor.report, name="handout"),
    path("sponsor/reports/<int:pk>/as/<slug:kind>/", sponsor.report_file, name="handout-file"),
    path("", include("coaching.web.client.urls")),
    path("coach/", include("coaching.web.coach.urls")),
    path("manage/", include("coaching.web.office.urls")),
]
