"""What this floor announces. Sent inside the transaction of the change."""

from django.dispatch import Signal

# edition, at
edition_published = Signal()
