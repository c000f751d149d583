"""Pages that whoever holds a link may open, with or without an account."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.views.decorators.http import require_http_methods

from clients import limits

from .join import keeps_the_token


def unlisted(view):
    """No search engine keeps it, and no cache does."""

    @wraps(view)
    def quiet(request, token):
        response = view(request, token)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return quiet


def limited(action):
    """Too many requests from one address are answered as they are on the sign-in page."""

    def to_so_many(view):
        @wraps(view)
        def check(request, token):
            return view(request, token) if limits.may_knock(request, action) else limits.too_many(request)

        return check

    return to_so_many


def by_link(action, methods=("GET", "HEAD", "POST")):
    """All of it for one page: nobody signs in, the link stays where it is, and nobody tries many."""

    def opened(view):
        return require_http_methods(methods)(login_not_required(keeps_the_token(unlisted(limited(action)(view)))))

    return opened
