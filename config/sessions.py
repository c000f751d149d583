"""Sessions in the database, as Django keeps them. Every page asks who is signed in, so that question is prepared."""

from django.contrib.sessions.backends.db import SessionStore as Kept
from django.contrib.sessions.models import Session
from django.utils import timezone

from curriculum.prepared import Question


class SessionStore(Kept):
    """One row a session; what is found is no more and no less than Django finds."""

    def _get_session_from_db(self):
        found = _of_key.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found


@Question
def _of_key(*, key, now):
    return Session.objects.filter(session_key=key, expire_date__gt=now)
