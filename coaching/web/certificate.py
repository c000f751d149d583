"""Looking up a certificate by its number, for whoever has it: a name and a programme, or nothing at all."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clients.web.join import keeps_the_token
from clients.web.listen import limited, unlisted
from coaching import certificates


@require_safe
@login_not_required
@keeps_the_token
@unlisted
@limited("certificate")
def certificate(request: HttpRequest, token: str) -> HttpResponse:
    found = certificates.find(token)
    return render(request, "coaching/certificate.html", {"found": found}, status=200 if found else 404)
