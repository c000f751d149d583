"""For admins: the sender and a test mail, and addresses that take no mail."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response

from clients import probing, returning, sender
from clients.api.base import Instant, Shape, View, documented
from coaching import caseload


class Check(Shape):
    """One thing about the sender, told from the settings."""

    name = serializers.CharField()
    state = serializers.ChoiceField(["done", "wait", "note"], help_text="fine, to be mended, not looked at")
    words = serializers.CharField()


class SenderChecked(Shape):
    """What can be told about mail from here. SPF, DKIM and DMARC cannot: no DNS is asked."""

    checks = Check(many=True)


class TestMail(Shape):
    """Where the test mail goes. `posted` is false for a second one within a minute."""

    to = serializers.EmailField()
    posted = serializers.BooleanField()
    checks = Check(many=True)


class Suppression(Shape):
    """An address that takes no mail."""

    id = serializers.IntegerField(source="pk")
    address = serializers.EmailField()
    cause = serializers.ChoiceField(["bounce", "complaint"])
    detail = serializers.CharField(help_text="what the other mail server said")
    since = Instant()


class OfficeView(View):
    """For everybody but admins there is nothing here."""

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if not caseload.is_admin(request.user):
            raise Http404


class Sender(OfficeView):
    """The sender of every mail."""

    @documented("mail_sender", "What can be told about the sender", returns=SenderChecked)
    def get(self, request):
        return Response(SenderChecked({"checks": sender.checks()}).data)

    @documented("mail_test", "Send yourself a test mail", returns=TestMail, status=201)
    def post(self, request):
        posted = probing.send_test(request.user, at=self.at)
        told = {"to": request.user.email, "posted": posted, "checks": sender.checks()}
        return Response(TestMail(told).data, status=201)


class Suppressions(OfficeView):
    """Addresses nothing goes to."""

    @documented("suppressions", "Addresses that take no mail", returns=Suppression(many=True))
    def get(self, request):
        return Response(Suppression(returning.suppressed(), many=True).data)


class LiftSuppression(OfficeView):
    """Mail goes there again."""

    @documented("suppression_lift", "Send mail to an address again", status=204)
    def post(self, request, pk):
        returning.lift(get_object_or_404(returning.suppressed(), pk=pk), by=request.user, at=self.at)
        return Response(status=204)
