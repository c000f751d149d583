"""What stands in a link that opens something to whoever holds it, and what is kept of it.

A derived token is made again whenever a letter is written, from the secret key and a row that says which; no table
holds anything that opens a door, only hashes.
"""

import base64
import hashlib
import hmac

from django.conf import settings


def derived(seed: str) -> str:
    """256 bits, as 43 letters, that only somebody with the secret key can make of this seed (HMAC-SHA-256)."""
    digest = hmac.new(settings.SECRET_KEY.encode(), seed.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(token: str) -> str:
    """What is kept, and what a token is looked up by, so that a guess learns nothing from the time it takes."""
    return hashlib.sha256(token.encode()).hexdigest()
