"""How often one network address may knock where nobody signs in."""

from typing import Any

from allauth.core.internal import ratelimit

# A page, a player that asks for parts, two posts, and room for a family's one address.
KNOCKS = dict.fromkeys(("listen", "check-in", "certificate", "pulse"), "60/5m/ip")


def may_knock(request: Any, action: str) -> bool:
    """Counts every request, looking included: guessing a link is looking."""
    return bool(ratelimit.consume(request, app="across", action=action, config=KNOCKS, limit_get=True))


def too_many(request: Any) -> Any:
    """The answer to whoever knocked too often, as on the sign-in page."""
    return ratelimit.respond_429(request)
