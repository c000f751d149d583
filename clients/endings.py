"""How an enrolment that is over came to its end, in words."""

from django.utils.translation import gettext as _

from .models import Enrolment


def sentence(enrolment: Enrolment) -> str:
    """Why nothing of it changes any more: its client has finished, or has left."""
    if enrolment.state == Enrolment.State.COMPLETED:
        return _("%(name)s has finished already.") % {"name": enrolment.client}
    if enrolment.state == Enrolment.State.TRANSFERRED:
        where = {"name": enrolment.client, "cohort": enrolment.went_on_in.cohort}
        return _("%(name)s goes on in %(cohort)s.") % where
    return _("%(name)s has left already.") % {"name": enrolment.client}


def own_sentence(enrolment: Enrolment, *, stays: str) -> str:
    """The same to its client, with what `stays` as it was."""
    if enrolment.state == Enrolment.State.COMPLETED:
        return _("You have finished; %(what)s stays readable.") % {"what": stays}
    if enrolment.state == Enrolment.State.TRANSFERRED:
        return _("You go on in another cohort; %(what)s here stays readable.") % {"what": stays}
    return _("You have left this cohort; %(what)s stays readable.") % {"what": stays}
