"""The programme's pages, by audience."""

from django.urls import include, path

urlpatterns = [
    path("", include("coaching.web.client.urls")),
    path("coach/", include("coaching.web.coach.urls")),
    path("manage/", include("coaching.web.office.urls")),
]
