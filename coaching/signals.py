"""What happens among this floor's own activities. Sent inside the transaction of the change."""

from django.dispatch import Signal

# feedback, at
feedback_sent = Signal()
# attempt, at
feedback_undone = Signal()
# session, at: where it stands now, whether or not anybody has to be told
session_changed = Signal()
# session, by, at: somebody gave it another time
session_moved = Signal()
# session, by, at: somebody cancelled it
session_called_off = Signal()
# rule, by, at: the sessions of a cohort got other times, by a new rule
sessions_rearranged = Signal()
# decline, at: somebody cannot come
session_declined = Signal()
# call, by, at: a midpoint call was booked, moved or cancelled (by None: whoever had it is gone)
call_changed = Signal()
# cohort, coach, at: times for calls were offered
calls_offered = Signal()
# assignment, at: somebody coaches a cohort from now on
assigned = Signal()
# assignment, at: and no longer
unassigned = Signal()
# enrolment, at: an admin has confirmed that somebody has finished
graduated = Signal()
# enrolment, at: and has taken that back
graduation_taken_back = Signal()
# snapshot: somebody asked for a snapshot of the outcomes report, or asked again
snapshot_asked = Signal()
# table: somebody brought a table of people that is too long to wait for
table_brought = Signal()
# export: somebody asked for one
export_asked = Signal()
