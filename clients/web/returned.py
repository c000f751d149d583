"""Where a mail provider says which mail came back. There only where its secret is set; what it says is announced."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt

from clients import providers


@csrf_exempt
@login_not_required
def returned(request: HttpRequest, provider: str) -> HttpResponse:
    """Signed, or with the secret: anything else is a bad request, and nothing is read from it."""
    if provider not in providers.switched_on():
        raise Http404
    view = import_string(f"anymail.webhooks.{provider}.{providers.VIEWS[provider]}")
    return view.as_view(**({"basic_auth": []} if provider in providers.SIGNED_WITH else {}))(request)
