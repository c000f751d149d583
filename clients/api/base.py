"""What every view of the API shares: one reading of the clock, how input is shaped, how it is documented.

Serializers only shape; whether something may be done is the operation's own business, and its "no"
becomes problem+json in one place for all views.
"""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.fields import SkipField
from rest_framework.parsers import JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from curriculum import clock
from curriculum.refusals import code_of, sentence_of

PROBLEM = "application/problem+json"
BIGGEST = 2**31 - 1  # of any number that stands for a row or a revision


class Parser(JSONParser):
    """JSON whose texts a database can keep: no NUL, no half of a surrogate pair, no bottomless nesting."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            found = super().parse(stream, media_type, parser_context)
            text = json.dumps(found, ensure_ascii=False)
            text.encode()
        except (RecursionError, UnicodeError):
            raise ParseError from None
        if "\\u0000" in text and _holds_nul(found):
            raise ParseError
        return found


def _holds_nul(found: Any) -> bool:
    if isinstance(found, dict):
        return any(_holds_nul(part) for pair in found.items() for part in pair)
    if isinstance(found, list):
        return any(_holds_nul(part) for part in found)
    return isinstance(found, str) and "\x00" in found


class View(APIView):
    """A view reads the clock once, and nothing it answers is kept by a browser or a proxy."""

    parser_classes = (Parser,)

    @cached_property
    def at(self) -> datetime:
        """The instant of this request, by the database's clock."""
        return clock.now()

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response


class Plain(BaseRenderer):
    """Text as it is."""

    media_type = "text/plain"
    format = "txt"
    charset = "utf-8"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        return data.encode()


class TextView(View):
    """A view whose answer is plain text, whatever kind was asked for. Its "no" is problem+json like any other."""

    renderer_classes = (Plain,)

    def perform_content_negotiation(self, request, force=False):
        return Plain(), Plain.media_type


# --- Shaping --------------------------------------------------------------------------------------


class Shape(serializers.Serializer):
    """The shape of something that goes out or comes in. Never writes anything."""

    def to_representation(self, instance):
        """What the library makes of it; how each field is read is looked up once, not once a row."""
        shown = {}
        for name, read, show in self._reads:
            try:
                value = read(instance)
            except SkipField:
                continue
            shown[name] = None if value is None else show(value)
        return shown

    @cached_property
    def _reads(self) -> list[tuple[str, Callable[[Any], Any], Callable[[Any], Any]]]:
        return [(field.field_name, _reader(field), field.to_representation) for field in self._readable_fields]


def _reader(field: serializers.Field) -> Callable[[Any], Any]:
    """An attribute is read as such; whatever is anything else, the library finds."""
    if not field.source_attrs:
        return field.get_attribute
    attribute = attrgetter(".".join(field.source_attrs))

    def read(instance: Any) -> Any:
        try:
            value = attribute(instance)
        except (AttributeError, KeyError, ObjectDoesNotExist):  # the library knows what is meant by it
            return field.get_attribute(instance)
        return field.get_attribute(instance) if callable(value) else value

    return read


class Query(Shape):
    """What may stand behind the question mark. Anything else is refused rather than overlooked."""

    def to_internal_value(self, data):
        if unknown := sorted(set(data) - set(self.fields)):
            raise serializers.ValidationError({name: [_("There is no such filter.")] for name in unknown})
        return super().to_internal_value(data)


class Instant(serializers.DateTimeField):
    """UTC, ISO 8601, with a Z at its end, wherever the reader lives."""

    def __init__(self, **kwargs):
        super().__init__(default_timezone=UTC, **kwargs)

    def to_representation(self, value):
        is_instant = isinstance(value, datetime) and value.tzinfo is not None
        return value.astimezone(UTC).isoformat()[:-6] + "Z" if is_instant else super().to_representation(value)


@extend_schema_field({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$", "example": "21:00"})
class ClockTime(serializers.TimeField):
    """A time of day on somebody's own clock, hours and minutes."""

    def __init__(self, **kwargs):
        super().__init__(format="%H:%M", **kwargs)


class Flag(serializers.BooleanField):
    """True or false, and nothing that only looks like it."""

    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Answer(serializers.DictField):
    """An answer to an exercise: field key → content, as the exercise's `fields` describe it."""


def body(shape: type[Shape], request: Request, *, partial: bool = False) -> dict[str, Any]:
    """The request's JSON in this shape; fields nobody asked for are left out. Raises with a sentence a field."""
    serializer = shape(data=request.data, partial=partial)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def query(shape: type[Query], request: Request) -> dict[str, Any]:
    """The filters in this shape, those that were given."""
    serializer = shape(data=request.query_params.dict())
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def page_of(item: type[Shape]) -> type[Shape]:
    """A page of a list: at most 100 items and the address of the next ones."""
    parts = {
        "next": serializers.URLField(allow_null=True, help_text="the address of the next page, null on the last"),
        "results": item(many=True),
    }
    return type(f"{item.__name__}Page", (Shape,), {"__doc__": page_of.__doc__, **parts})


def address_of_next(request: Request, after: object | None) -> str | None:
    """This list again, from behind its last row on; None where that was the last one."""
    return None if after is None else address_with(request, after=after)


def address_with(request: Request, **filters: object) -> str:
    """This address with these filters changed."""
    wanted = request.query_params.copy()
    for name, content in filters.items():
        wanted[name] = str(content)
    return request.build_absolute_uri(f"{request.path}?{wanted.urlencode()}")


class Stale(ValidationError):
    """A save that came too late, in the operation's own words, with what is kept and what was sent."""

    def __init__(self, refusal: ValidationError, *, stored: dict[str, Any], yours: dict[str, Any]):
        super().__init__(sentence_of(refusal), code=code_of(refusal))
        self.stored, self.yours = stored, yours

    def extra(self) -> dict[str, Any]:
        """What the problem says besides."""
        return {"stored": self.stored, "yours": self.yours}


# --- Documenting ----------------------------------------------------------------------------------


class Problem(Shape):
    """Every "no" of the API, as RFC 9457 has it. `code` is stable; `detail` is the sentence a page shows."""

    type = serializers.CharField(help_text="always about:blank; `code` tells problems apart")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # a field of that name, as RFC 9457 shows it
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="field → sentences that say what to mend",
    )
    stored = serializers.DictField(required=False, help_text="what is kept, where a save came too late")
    yours = serializers.DictField(required=False, help_text="what was sent, where a save came too late")


def documented(
    name: str,
    summary: str,
    *,
    returns: Any = None,
    takes: Any = None,
    filters: type[Query] | None = None,
    status: int = 200,
    also: Iterable[int] = (),
    refuses: Iterable[int] = (),
    open_to_all: bool = False,
    media: str = "application/json",
) -> Any:
    """What the schema says of an operation. 400, 401, 404 and 415 follow from the rest; `refuses` adds to them."""
    problems = {*refuses} | ({400, 415} if takes else set()) | ({400} if filters else set())
    problems |= set() if open_to_all else {401, 404}
    return extend_schema(
        operation_id=name,
        summary=summary,
        request=takes,
        parameters=[filters] if filters else [],
        responses={(code, media) if returns else code: returns for code in (status, *also)}
        | {(code, PROBLEM): Problem for code in sorted(problems)},
        auth=[] if open_to_all else None,
    )
