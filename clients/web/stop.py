"""The way out that stands in every mail of a kind one can switch off. Open to anyone who holds the link.

Mail scanners open links to look at them, so looking changes nothing: the page has one button, and only what it posts
counts. Mail programs post to the same address by themselves (RFC 8058), without a page and without a cookie.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from clients import choices, choosing
from curriculum import clock

from .join import keeps_the_token
from .links import unlisted


@csrf_exempt  # the link itself says who may; a mail program has no cookie to show
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@keeps_the_token
@unlisted
def stop(request: HttpRequest, token: str) -> HttpResponse:
    found = choices.find_stop(token)
    if found is None:
        raise Http404
    person, group = found
    if request.method == "POST":
        choosing.stop_mail(person, group=group.name, at=clock.now())
    return render(request, "clients/stop.html", {"group": group, "is_done": request.method == "POST"})
