"""How the controls of every form become HTML: the plain ones, of which a page has dozens, without a template."""

from collections.abc import Callable
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape as escape
from django.utils.safestring import mark_safe

WIDGETS = "django/forms/widgets"


class Controls(TemplatesSetting):
    """As the templates of Django would draw them, sign for sign; what is not plain they do draw."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        draw = PLAIN.get(template_name)
        if draw is None:
            return super().render(template_name, context, request)
        return mark_safe(draw(context["widget"]))  # noqa: S308  drawn below from escaped parts


def _input(widget: dict[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{escape(str(widget["value"]))}"'
    return f'<input type="{escape(widget["type"])}" name="{escape(widget["name"])}"{value}{_attributes(widget)}>'


def _textarea(widget: dict[str, Any]) -> str:
    text = escape(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{escape(widget["name"])}"{_attributes(widget)}>\n{text}</textarea>'


def _attributes(widget: dict[str, Any]) -> str:
    given = ((name, value) for name, value in widget["attrs"].items() if value is not False)
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{escape(str(value))}"' for name, value in given
    )


PLAIN: dict[str, Callable[[dict[str, Any]], str]] = {
    f"{WIDGETS}/{name}.html": _input for name in ("text", "hidden", "number", "email", "password", "input")
} | {f"{WIDGETS}/textarea.html": _textarea}
