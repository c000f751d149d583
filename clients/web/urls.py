"""Addresses of people: coming in, and one's own settings."""

from django.urls import path

from . import account, join, listen

urlpatterns = [
    path("join/<str:token>/", join.join, name="join"),
    path("listen/<str:token>/", listen.listen, name="listen"),
    path("listen/<str:token>/sound/", listen.sound, name="listen-sound"),
    path("account/", account.account, name="account"),
    path("account/words/forget/", account.forget_word, name="forget-word"),
]
