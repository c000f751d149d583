"""Mail providers that say themselves which mail came back: which are switched on, and how to read what they say.

Whether a request comes from the provider is anymail's business; here is only what an event of its means.
"""

import re
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.conf import settings

from .returns import Report

# By the provider's name in the address: the view that knows its requests.
VIEWS = {
    "brevo": "BrevoTrackingWebhookView",
    "mailersend": "MailerSendTrackingWebhookView",
    "mailgun": "MailgunTrackingWebhookView",
    "mailjet": "MailjetTrackingWebhookView",
    "postmark": "PostmarkTrackingWebhookView",
    "sendgrid": "SendGridTrackingWebhookView",
    "sparkpost": "SparkPostTrackingWebhookView",
}
# These sign what they send; all others carry the user and password put into the address they are given.
SIGNED_WITH = {"mailersend": "MAILERSEND_SIGNING_SECRET", "mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY"}
BACK = (EventType.BOUNCED, EventType.REJECTED)
FOR_GOOD = (RejectReason.BOUNCED, RejectReason.INVALID)
NO_SUCH_MAILBOX = re.compile(r"\b5\.1\.\d+\b")


def switched_on() -> list[str]:
    """Those whose secret is set."""
    known: dict[str, Any] = settings.ANYMAIL
    return [name for name in VIEWS if known.get(SIGNED_WITH.get(name, "WEBHOOK_SECRET"))]


def read(event: AnymailTrackingEvent) -> Report | None:
    """What an event says about an address; None where it is about nothing that came back."""
    if not event.recipient or event.event_type not in (*BACK, EventType.COMPLAINED, EventType.DEFERRED):
        return None
    is_complaint = event.event_type == EventType.COMPLAINED
    return Report(
        number=None,
        message_id=event.message_id or "",
        recipients=(event.recipient.lower(),),
        is_final=is_complaint or _is_final(event),
        is_complaint=is_complaint,
        detail=" ".join(str(event.mta_response or event.description or event.reject_reason or "").split())[:300],
        is_vouched=True,
        happened_at=event.timestamp,
    )


def _is_final(event: AnymailTrackingEvent) -> bool:
    """The mailbox is not there. A full one, a virus, a policy, and what Postmark calls a soft bounce, are not that."""
    said = event.esp_event if isinstance(event.esp_event, dict) else {}
    if event.event_type not in BACK or said.get("Type") == "SoftBounce":
        return False
    return event.reject_reason in FOR_GOOD or bool(NO_SUCH_MAILBOX.search(str(event.mta_response or "")))
