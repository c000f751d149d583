"""What every answer carries."""


def private_pages(get_response):
    """Nothing a signed-in person sees is kept by a browser or a proxy."""

    def respond(request):
        response = get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return respond
