"""Check-ins of graduates: whether somebody is asked, finding one by its link, and what was said, for those who read it.

A token is derived from the secret key and the row, so that a letter can be written when it is sent and no table holds
anything that opens a door; the row keeps the token's hash. A link works from the hour it is sent until it closes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients import tokens
from clients.models import Enrolment, User
from curriculum import questionnaires
from curriculum.models import Instrument

from . import caseload
from .models import CheckIn, Consent, Milestone

Scope = Consent.Scope
PRIVATE = "what_helped"
PROOFS = {
    CheckIn.Proof.TOLD: _("You have my word"),
    CheckIn.Proof.SEEN: _("Others can see it: an announcement, a profile, an organisation chart"),
    CheckIn.Proof.CONFIRMED: _("Somebody else has confirmed it in writing: my manager or HR"),
}
WORDS = {
    Scope.CHECK_INS: _(
        "You may ask me by mail three times what has changed: three, six and twelve months after I finished. "
        "The coaches of my cohort read my answers; what helped me is read by nobody else unless I say so. "
        "Where I allow it, my answers are counted, without my name, in what the programme says of its results. "
        "I can stop it at any time with one click."
    ),
    Scope.SPONSOR_NOTES: _(
        "My coach may write notes for whoever pays for the programme, and I read each of them at the same time. "
        "I can take one back, or all of them, at any time; then it is gone for the sponsor at once."
    ),
    Scope.PULSE: _(
        "The coaches of my cohort may read what others said about working with me, exactly as I see it. "
        "I can take that back at any time; then they find it no more."
    ),
    Scope.CERTIFICATE: _(
        "Whoever has the number of my certificate may look up, without signing in, that it was given to me: "
        "they see my name and the programme, and nothing else. I can switch that off at any time."
    ),
}


# --- Consent --------------------------------------------------------------------------------------


def consent_of(enrolment: Enrolment, scope: str = Scope.CHECK_INS) -> Consent | None:
    """What stands of it. None: never agreed to, or taken back."""
    return Consent.objects.filter(enrolment=enrolment, scope=scope, withdrawn_at=None).first()


def consents_of(enrolment: Enrolment) -> QuerySet[Consent]:
    """All that was ever agreed to, the latest first; what was taken back is among it."""
    return Consent.objects.filter(enrolment=enrolment).order_by("-given_at", "-pk")


def is_asked(enrolment: Enrolment, months: int) -> bool:
    """Whether this graduate consented and has not answered the one after so many months."""
    has_answered = CheckIn.objects.filter(enrolment=enrolment, months=months, answered_at__isnull=False).exists()
    return has_questions(enrolment) and not has_answered and consent_of(enrolment) is not None


def has_questions(enrolment: Enrolment) -> bool:
    try:
        return bool(asked_of(enrolment).questions)
    except Instrument.DoesNotExist:
        return False


def asked_of(enrolment: Enrolment) -> questionnaires.CheckIn:
    return questionnaires.check_in(enrolment.cohort.edition_id)


# --- By its link ----------------------------------------------------------------------------------


def token_of(check_in: CheckIn) -> str:
    """256 bits that only somebody with the secret key and this row can make."""
    return _token(check_in.enrolment, check_in.months)


def _token(enrolment: Enrolment, months: int) -> str:
    return tokens.derived(f"check-in:{enrolment.pk}:{months}:{enrolment.left_at.timestamp()}")


def path_of(enrolment: Enrolment, months: int) -> str:
    return reverse("check-in", args=[_token(enrolment, months)])


def way_out_of(enrolment: Enrolment, months: int) -> str:
    return reverse("check-in-stop", args=[_token(enrolment, months)])


def find(token: str) -> CheckIn | None:
    """The one this link leads to, however it stands."""
    rows = CheckIn.objects.select_related("enrolment__client", "enrolment__cohort__edition")
    return rows.filter(token_hash=tokens.hash_of(token)).first()


@dataclass(frozen=True)
class Open:
    """From when until when one can be answered."""

    begins: datetime
    closes: datetime


def window_of(check_in: CheckIn) -> Open | None:
    """As its letters are planned; None where none is."""
    enrolment = check_in.enrolment
    rows = Milestone.objects.filter(kind=f"alumni.{check_in.months}", rung=1, object_id=enrolment.pk)
    begins = rows.filter(person=enrolment.client_id).values_list("due_at", flat=True).first()
    if begins is None:
        return None
    return Open(begins, begins + timedelta(days=asked_of(enrolment).closes_after_days))


# --- Reading --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """One answered check-in as somebody reads it: question and answer in words, points by competency."""

    months: int
    answered_at: datetime
    lines: tuple[tuple[str, str], ...]
    points: tuple[tuple[str, int], ...]


def visible_to(user: User) -> QuerySet[CheckIn]:
    """One's own, and as a coach those of the cohorts one looks after; admins and everybody else none."""
    return CheckIn.objects.filter(enrolment__in=enrolments_read_by(user).values("pk"))


def enrolments_read_by(user: User) -> QuerySet[Enrolment]:
    """Whose check-ins somebody reads: by the same rule."""
    return Enrolment.objects.filter(Q(client=user) | Q(cohort__in=caseload.coached_by(user).values("pk")))


def of(enrolment: Enrolment, reader: User) -> list[Said]:
    """What of it this person reads, the first one first."""
    rows = visible_to(reader).filter(enrolment=enrolment, answered_at__isnull=False).order_by("months")
    is_own = enrolment.client_id == reader.pk
    return [_said(one, asked_of(enrolment), is_own or one.shares_what_helped) for one in rows]


def _said(row: CheckIn, asked: questionnaires.CheckIn, with_private: bool) -> Said:
    lines = [
        (one.label, _in_words(dict(one.options), row.answers.get(one.key)))
        for one in asked.questions
        if one.key in row.answers and (with_private or one.key != PRIVATE)
    ]
    if row.proof:
        lines.append((str(_("How it can be known")), str(PROOFS[CheckIn.Proof(row.proof)])))
    points = tuple((one.text, row.points[one.key]) for one in asked.items if one.key in row.points)
    return Said(row.months, row.answered_at, tuple(lines), points)


def _in_words(labels: dict[str, str], content: Any) -> str:
    if isinstance(content, list):
        return ", ".join(labels.get(one, one) for one in content)
    return labels.get(str(content), str(content))
