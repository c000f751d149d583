"""What happens among this floor's own activities. Sent inside the transaction of the change."""

from django.dispatch import Signal

# feedback, at
feedback_sent = Signal()
# attempt, at
feedback_undone = Signal()
# session, at: planned, moved, held or cancelled
session_changed = Signal()
# decline, at: somebody cannot come
session_declined = Signal()
# assignment, at: somebody coaches a cohort from now on
assigned = Signal()
# assignment, at: and no longer
unassigned = Signal()
