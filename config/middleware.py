"""What every request and every answer carries."""

from zoneinfo import ZoneInfo

from django.utils import timezone


def private_pages(get_response):
    """Nothing a signed-in person sees is kept by a browser or a proxy."""

    def respond(request):
        response = get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return respond


def readers_zone(get_response):
    """Pages show times in the reader's own zone; signed-out pages show UTC and say so."""

    def respond(request):
        if request.user.is_authenticated:
            timezone.activate(ZoneInfo(request.user.zone))
        else:
            timezone.deactivate()
        return get_response(request)

    return respond
