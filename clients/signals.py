"""What this floor announces to whoever is above. Every one is sent inside the transaction of the change."""

from django.dispatch import Signal

# invitation, person, at: somebody accepted an invitation
invitation_accepted = Signal()
# cohort, at
cohort_opened = Signal()
# cohort, at: everybody in it has finished or left, and it goes on no more
cohort_closed = Signal()
# enrolment, at
enrolled = Signal()
# enrolment, at
left = Signal()
# transfer, at: a client goes on in another cohort, with what came along; sent after `left` and `enrolled`
transferred = Signal()
# transfer, at: and does not after all; sent after `left`, with everything back
transfer_undone = Signal()
# enrolment, at: somebody walks again with a cohort that they had left
returned = Signal()
# proposal, at: an admin proposes that somebody becomes one
admin_proposed = Signal()
# proposal, at: another admin has confirmed it
admin_confirmed = Signal()
# cohort, at: pauses or dates of a cohort changed
schedule_changed = Signal()
# crossing, at: a cohort went over to another edition, or back where it is undone
crossed = Signal()
# enrolment, at: the dates of one client changed, by a hold, more time, or an exercise excused or asked again
rescheduled = Signal()
# enrolment, at: what a client keeps grew, changed or shrank: meetings, lines, a finished assessment
kept = Signal()
# extension, at: a client asks their coach for more time
extension_asked = Signal()
# person, at: somebody's time zone changed
zone_changed = Signal()
# attempt, at
handed_in = Signal()
# attempt, at
taken_back = Signal()
# at: there is something in the outbox that may leave now
messages_posted = Signal()
# message, told, at: the mail server refuses this mailbox for good
mailbox_refused = Signal()
# recording, at: a client's recording was decoded and can be played
recording_ready = Signal()
# transcript: somebody wants to know what is said in a recording
transcript_asked = Signal()
