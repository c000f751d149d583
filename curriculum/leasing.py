"""Work that takes longer than anybody waits: the row is the work, and whoever does it holds the row by a lease.

The lease is renewed while the work goes on, and `tries` tells holders apart: what a killed worker left is taken up
after it, and nobody writes over a later holder. No transaction has to be open meanwhile.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet

LEASE = timedelta(seconds=60)
TRIES_AT_MOST = 3


def going_on_from(at: datetime) -> Callable[[], datetime]:
    """The instant somebody began at, and the seconds since: the clock of work that outlasts its door."""
    began = time.monotonic()
    return lambda: at + timedelta(seconds=time.monotonic() - began)


@dataclass(frozen=True)
class Work:
    """Rows of a table with `state`, `tries` and `lease_until`, and what the states are called that they go through.

    `broken` is what besides its state a row says that every holder has let go.
    """

    rows: type[Model]
    waiting: str
    running: str
    failed: str
    broken: Mapping[str, Any] = field(default_factory=dict)

    def take(self, among: QuerySet[Any], *, at: datetime, **said: Any) -> Any:
        """The first that waits or was let go, or None. Any number of workers may ask at once, each in a transaction."""
        let_go = Q(state=self.running, lease_until__lt=at)
        tried_enough = self._all().filter(let_go, tries__gte=TRIES_AT_MOST)
        tried_enough.update(state=self.failed, lease_until=None, **self.broken)
        waiting = among.filter(Q(state=self.waiting) | let_go)
        found = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if found is not None:
            changed = said | {"state": self.running, "tries": found.tries + 1, "lease_until": at + LEASE}
            for name, value in changed.items():
                setattr(found, name, value)
            found.save(update_fields=list(changed))
        return found

    def held(self, found: Any) -> QuerySet[Any]:
        """The row, if whoever holds it is still the one who took it."""
        return self._all().filter(pk=found.pk, state=self.running, tries=found.tries)

    def renew(self, found: Any, *, at: datetime, **said: Any) -> bool:
        """Hold on to it, and say how far it is. False where somebody else has it by now, or it is gone."""
        return bool(self.held(found).update(lease_until=at + LEASE, **said))

    def end(self, found: Any, state: str, **said: Any) -> bool:
        """Let go of it in another state. What comes from somebody who lost their lease changes nothing."""
        return bool(self.held(found).update(state=state, lease_until=None, **said))

    def give_back(self, found: Any, **said: Any) -> bool:
        """It waits for another try; after the last one it has failed."""
        again = found.tries < TRIES_AT_MOST
        return self.end(found, self.waiting if again else self.failed, **said)

    def _all(self) -> QuerySet[Any]:
        return self.rows._default_manager.all()
