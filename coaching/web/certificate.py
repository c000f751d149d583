"""Looking up a certificate by its number, for whoever has it: a name and a programme, or nothing at all."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clients.web.links import by_link
from coaching import certificates


@by_link("certificate", ("GET", "HEAD"))
def certificate(request: HttpRequest, token: str) -> HttpResponse:
    found = certificates.find(token)
    return render(request, "coaching/certificate.html", {"found": found}, status=200 if found else 404)
