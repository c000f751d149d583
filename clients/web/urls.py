"""Addresses of people: coming in, and one's own settings."""

from django.urls import path

from . import account, join

urlpatterns = [
    path("join/<str:token>/", join.join, name="join"),
    path("account/", account.account, name="account"),
    path("account/words/forget/", account.forget_word, name="forget-word"),
]
