"""Addresses of people: coming in, and one's own settings."""

from django.urls import path

from . import account, join, listen, notices, returned, stop

urlpatterns = [
    path("join/<str:token>/", join.join, name="join"),
    path("listen/<str:token>/", listen.listen, name="listen"),
    path("listen/<str:token>/sound/", listen.sound, name="listen-sound"),
    path("notices/", notices.bell, name="notices"),
    path("notices/read/", notices.read_all, name="notices-read"),
    path("notices/<int:pk>/", notices.open_notice, name="notice-open"),
    path("notices/<int:pk>/read/", notices.read_notice, name="notice-read"),
    path("account/reach/", account.reach, name="reach"),
    path("mail/returned/<slug:provider>/", returned.returned, name="mail-returned"),
    path("stop/<str:token>/", stop.stop, name="stop"),
    path("account/words/forget/", account.forget_word, name="forget-word"),
]
