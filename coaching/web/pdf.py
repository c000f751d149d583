"""A PDF as an answer."""

from django.http import HttpResponse

from clients.papers import NAME, TYPE, Paper


def answer(paper: Paper, name: str = NAME) -> HttpResponse:
    """A file to keep: no browser shows it within this page's rules."""
    head = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(paper.pdf, content_type=TYPE, headers=head)
