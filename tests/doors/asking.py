"""Asking the API, as somebody."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from knox.models import AuthToken

from clients.models import User


class Api:
    """The API with one person's token, or with none."""

    def __init__(self, person: User | None = None):
        headers = {"authorization": f"Bearer {AuthToken.objects.create(person)[1]}"} if person else {}
        self.client = Client(headers=headers)

    def get(self, path: str, **filters: Any) -> HttpResponse:
        return self.client.get(f"/api/v1/{path}", filters)

    def post(self, path: str, **sent: Any) -> HttpResponse:
        return self.client.post(f"/api/v1/{path}", sent, content_type="application/json")

    def put(self, path: str, **sent: Any) -> HttpResponse:
        return self.client.put(f"/api/v1/{path}", sent, content_type="application/json")

    def patch(self, path: str, **sent: Any) -> HttpResponse:
        return self.client.patch(f"/api/v1/{path}", sent, content_type="application/json")

    def delete(self, path: str) -> HttpResponse:
        return self.client.delete(f"/api/v1/{path}")


def no(response: HttpResponse) -> tuple[int, str]:
    """A refusal as its status and its code."""
    assert response.headers["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]
