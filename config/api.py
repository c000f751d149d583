"""The API's addresses, its tokens and its description."""

from django.http import Http404
from django.urls import include, path, re_path
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from clients.api.base import Instant, Shape, View, body, documented
from config import tokens


class SessionScheme(OpenApiAuthenticationExtension):
    """The pages' own scripts come with a session; whoever reads the description comes with a token."""

    target_class = "rest_framework.authentication.SessionAuthentication"
    name: list[str] = []
    priority = 1

    def get_security_requirement(self, auto_schema):
        return None

    def get_security_definition(self, auto_schema):
        return []


class TokenToMake(Shape):
    """`code` is asked for where two-step sign-in is on: from the app, or one to recover with."""

    email = serializers.EmailField()
    password = serializers.CharField(trim_whitespace=False, max_length=4096)
    name = serializers.CharField(max_length=120, help_text="so that you know it again")
    code = serializers.CharField(required=False, allow_blank=True, max_length=32, default="")


class TokenMade(Shape):
    """The token, this once."""

    id = serializers.CharField(source="pk")
    token = serializers.CharField(source="secret", help_text="send it as `Authorization: Bearer …`")
    name = serializers.CharField()
    expiry = Instant()


class TokenListed(Shape):
    """A token without its secret."""

    id = serializers.CharField(source="pk", help_text="how the token begins")
    name = serializers.CharField()
    created = Instant()
    expiry = Instant()


class Tokens(View):
    """One's tokens. Making one takes what signing in takes."""

    def get_authenticators(self):
        return [] if _makes_one(self.request) else super().get_authenticators()

    def get_permissions(self):
        return [AllowAny()] if _makes_one(self.request) else super().get_permissions()

    def get_authenticate_header(self, request):
        return "Bearer"

    @documented("token_list", "Your tokens", returns=TokenListed(many=True))
    def get(self, request):
        return Response(TokenListed(tokens.of(request.user, at=self.at), many=True).data)

    @documented(
        "token_make",
        "Make a token",
        takes=TokenToMake,
        returns=TokenMade,
        status=201,
        refuses=[401, 409, 429],
        open_to_all=True,
    )
    def post(self, request):
        sent = body(TokenToMake, request)
        name = sent.pop("name")
        person = tokens.sign_in(request._request, **sent)
        return Response(TokenMade(tokens.make(person, name=name, at=self.at)).data, status=201)


def _makes_one(request) -> bool:
    return request is not None and request.method == "POST"


class OneToken(View):
    """A token of one's own."""

    @documented("token_end", "End a token", status=204)
    def delete(self, request, pk):
        if not tokens.end(request.user, pk, at=self.at):
            raise Http404
        return Response(status=204)


class Nothing(View):
    """Every other address: a problem, not a page."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    schema = None

    def initial(self, request, *args, **kwargs):
        raise Http404


urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("tokens/", Tokens.as_view(), name="api-tokens"),
    path("tokens/<str:pk>/", OneToken.as_view(), name="api-token"),
    path("", include("clients.api.urls")),
    path("", include("coaching.api.urls")),
    re_path("", Nothing.as_view(), name="api-nothing"),
]
