"""Cohorts: everybody sees theirs; opening, pausing and who is in them is for admins, to others it is not there."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from clients import closing, inviting, joining, pausing, stopping, tables
from clients.api.base import View, address_of_next, body, documented, page_of, query
from clients.models import Cohort, Enrolment, Invitation, User
from coaching import assigning, caseload, convening, roster
from coaching.models import Assignment
from curriculum import editions
from curriculum.models import Edition

from .serializers import cohorts as shapes

CohortPage = page_of(shapes.Cohort)


def complete(cohorts: QuerySet[Cohort]) -> QuerySet[Cohort]:
    return cohorts.select_related("edition").prefetch_related("pauses")


def managed(request, pk: int) -> Cohort:
    """A cohort, for admins; 404 for everybody else."""
    return get_object_or_404(roster.cohorts_set_up_by(request.user), pk=pk)


def _admins_only(request) -> None:
    if not caseload.is_admin(request.user):
        raise Http404


def _shown(cohort: Cohort, status: int = 200) -> Response:
    return Response(shapes.Cohort(cohort).data, status=status)


class Editions(View):
    """What a cohort can be opened on."""

    @documented("edition_list", "Published editions, for admins", returns=shapes.EditionNamed(many=True))
    def get(self, request):
        _admins_only(request)
        return Response(shapes.EditionNamed(editions.published(), many=True).data)


class Cohorts(View):
    """The list, newest first, and opening another."""

    @documented("cohort_list", "Cohorts you may see", filters=shapes.PageQuery, returns=CohortPage)
    def get(self, request):
        rows = complete(caseload.cohorts_visible_to(request.user)).order_by("-pk")
        if after := query(shapes.PageQuery, request).get("after"):
            rows = rows.filter(pk__lt=after)
        found = list(rows[: caseload.PAGE])
        last = found[-1].pk if len(found) == caseload.PAGE else None
        return Response(CohortPage({"next": address_of_next(request, last), "results": found}).data)

    @documented(
        "cohort_open", "Open a cohort", takes=shapes.CohortToOpen, returns=shapes.Cohort, status=201, refuses=[422]
    )
    def post(self, request):
        _admins_only(request)
        sent = body(shapes.CohortToOpen, request)
        edition = _one(Edition.objects.all(), "edition", _("There is no such edition."), pk=sent.pop("edition"))
        sent |= {"coaches": [_coach(address) for address in dict.fromkeys(sent.pop("coaches", []))]}
        sent |= {"people": tables.read(sent["people"]) if sent.get("people", "").strip() else None}
        return _shown(convening.open_cohort(edition=edition, by=request.user, at=self.at, **sent), 201)


class OneCohort(View):
    """One cohort."""

    @documented("cohort", "One cohort", returns=shapes.Cohort)
    def get(self, request, pk):
        return _shown(get_object_or_404(complete(caseload.cohorts_visible_to(request.user)), pk=pk))


class Pause(View):
    """Standing still."""

    @documented("cohort_pause", "Pause a cohort", takes=shapes.Reason, returns=shapes.Cohort, refuses=[409])
    def post(self, request, pk):
        return _shown(pausing.pause(managed(request, pk), by=request.user, at=self.at, **body(shapes.Reason, request)))


class Resume(View):
    """Going on."""

    @documented("cohort_resume", "Let a paused cohort go on", returns=shapes.Cohort, refuses=[409])
    def post(self, request, pk):
        return _shown(pausing.resume(managed(request, pk), by=request.user, at=self.at))


class Close(View):
    """The end of it."""

    @documented("cohort_close", "Close a cohort", returns=shapes.Cohort, refuses=[409])
    def post(self, request, pk):
        return _shown(closing.close(managed(request, pk), by=request.user, at=self.at))


class StopMail(View):
    """No mail to anybody in it; no date moves."""

    @documented("mail_stop", "Stop all mail of a cohort", takes=shapes.Reason, returns=shapes.Cohort, refuses=[409])
    def post(self, request, pk):
        found, sent = managed(request, pk), body(shapes.Reason, request)
        return _shown(stopping.stop_mail(found, by=request.user, at=self.at, **sent))


class LeaveOut(View):
    """Reminders a cohort does without."""

    @documented(
        "cohort_leave_out",
        "Choose which reminders a cohort does without",
        takes=shapes.LeftOut,
        returns=shapes.Cohort,
        refuses=[409, 422],
    )
    def put(self, request, pk):
        found, sent = managed(request, pk), body(shapes.LeftOut, request)
        return _shown(stopping.leave_out(found, sent["left_out"], by=request.user, at=self.at))


class ReleaseMail(View):
    """Mail goes again."""

    @documented("mail_release", "Let mail of a cohort go again", returns=shapes.Cohort, refuses=[409])
    def post(self, request, pk):
        return _shown(stopping.release_mail(managed(request, pk), by=request.user, at=self.at))


# --- Who is in it ---------------------------------------------------------------------------------


class Invitations(View):
    """Invitations to a cohort, newest first."""

    @documented("invitation_list", "Invitations to a cohort", returns=shapes.Invitation(many=True))
    def get(self, request, pk):
        found = Invitation.objects.filter(cohort=managed(request, pk))
        return Response(shapes.Invitation(found, many=True).data)

    @documented(
        "invite",
        "Invite somebody",
        takes=shapes.PersonToInvite,
        returns=shapes.Invitation,
        status=201,
        refuses=[409],
    )
    def post(self, request, pk):
        cohort = managed(request, pk)
        made = joining.invite(cohort, by=request.user, at=self.at, **body(shapes.PersonToInvite, request))
        return Response(shapes.Invitation(made).data, status=201)


class OneInvitation(View):
    """An open invitation."""

    @documented("invitation_revoke", "Withdraw an invitation", status=204, refuses=[409])
    def delete(self, request, pk, invitation):
        of_cohort = Invitation.objects.select_related("cohort").filter(cohort=managed(request, pk))
        joining.revoke(get_object_or_404(of_cohort, pk=invitation), by=request.user, at=self.at)
        return Response(status=204)


class SendAgain(View):
    """The same person once more, by a new link."""

    @documented(
        "invitation_send_again", "Send an invitation again", returns=shapes.Invitation, status=201, refuses=[409]
    )
    def post(self, request, pk, invitation):
        of_cohort = Invitation.objects.select_related("cohort").filter(cohort=managed(request, pk))
        made = joining.send_again(get_object_or_404(of_cohort, pk=invitation), by=request.user, at=self.at)
        return Response(shapes.Invitation(made).data, status=201)


class OpenInvitations(View):
    """Whoever is put down hears of it."""

    @documented("invitations_open", "Send what waits", returns=shapes.Invitation(many=True), refuses=[409])
    def post(self, request, pk):
        sent = inviting.open_invitations(managed(request, pk), by=request.user, at=self.at)
        return Response(shapes.Invitation(sent, many=True).data)


class Assignments(View):
    """Who coaches a cohort, and who did."""

    @documented("assignment_list", "Coaches of a cohort", returns=shapes.Assignment(many=True))
    def get(self, request, pk):
        found = Assignment.objects.filter(cohort=managed(request, pk)).select_related("coach")
        return Response(shapes.Assignment(found, many=True).data)

    @documented(
        "assign", "Assign a coach", takes=shapes.CoachToAssign, returns=shapes.Assignment, status=201, refuses=[409]
    )
    def post(self, request, pk):
        cohort = managed(request, pk)
        address = body(shapes.CoachToAssign, request)["email"]
        sentence = _("Nobody here has this address. Invite them as a coach instead.")
        coach = _one(User.objects.filter(is_active=True), "email", sentence, email__iexact=address)
        made = assigning.assign(cohort, coach=coach, by=request.user, at=self.at)
        return Response(shapes.Assignment(made).data, status=201)


class OneAssignment(View):
    """A coach of a cohort."""

    @documented("assignment_end", "End an assignment", status=204, refuses=[409])
    def delete(self, request, pk, assignment):
        mine = Assignment.objects.select_related("coach", "cohort").filter(cohort=managed(request, pk))
        assigning.release(get_object_or_404(mine, pk=assignment), by=request.user, at=self.at)
        return Response(status=204)


class Enrolments(View):
    """Who walks with a cohort."""

    @documented("enrolment_list", "Clients of a cohort", returns=shapes.Enrolment(many=True))
    def get(self, request, pk):
        found = Enrolment.objects.filter(cohort=managed(request, pk)).select_related("client", "cohort")
        return Response(shapes.Enrolment(found, many=True).data)


class Withdraw(View):
    """Leaving a cohort."""

    @documented("withdraw", "End an enrolment", takes=shapes.Reason, returns=shapes.Enrolment, refuses=[409])
    def post(self, request, pk, enrolment):
        found = get_object_or_404(Enrolment.objects.filter(cohort=managed(request, pk)), pk=enrolment)
        ended = joining.withdraw(found, by=request.user, at=self.at, **body(shapes.Reason, request))
        return Response(shapes.Enrolment(ended).data)


def _coach(address: str) -> User:
    sentence = _("Nobody here has the address %(email)s.") % {"email": address}
    return _one(User.objects.filter(is_active=True), "coaches", sentence, email__iexact=address)


def _one(rows: QuerySet, field: str, sentence: str, **lookup: Any) -> Any:
    """The row an input names, or the sentence beside the field it was named in."""
    found = rows.filter(**lookup).first()
    if found is None:
        raise ValidationError({field: [sentence]})
    return found
