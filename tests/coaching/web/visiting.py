"""Looking at pages as a browser without scripts does."""

from django.test import Client

from clients.models import User


def browser(person: User) -> Client:
    """Somebody's browser, signed in."""
    client = Client()
    client.force_login(person)
    return client
