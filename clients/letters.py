"""The words of a message, as plain text and as HTML for mail programs.

Client-facing words are texts of the edition; the others are templates. Both end in the same frame.
"""

import re
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _

from curriculum import editions, placeholders
from curriculum.models import Edition

Way = tuple[str, str]  # a link and its button
MARK = re.compile("\ue000(.*?)\ue001")


@dataclass(frozen=True)
class Letter:
    """A mail's words. The HTML is made when somebody asks for it: a rehearsal never does.

    `notes` are kept with its message once it has left, as part of what that is about.
    """

    subject: str
    text: str
    parts: dict[str, object]
    headers: dict[str, str] = field(default_factory=dict)
    notes: dict[str, object] = field(default_factory=dict)

    @cached_property
    def html(self) -> str:
        words = {name: part for name, part in self.parts.items() if part and name != "paragraphs"}
        paragraphs: Any = self.parts["paragraphs"]
        words |= {f"paragraph {number}": text for number, text in enumerate(paragraphs)}
        frame = _frame(len(paragraphs), frozenset(words))
        return MARK.sub(lambda found: conditional_escape(str(words[found[1]])), frame)


def from_edition(
    edition: Edition,
    key: str,
    values: dict[str, object],
    *,
    link: str,
    button: str,
    second: Way | None = None,
    why: str = "",
) -> Letter:
    """The edition's own words for `key`, with its slots filled; `second` is another way on, beside the button."""
    text = editions.text_of(edition.pk, key)
    values = {"brand": settings.BRAND_NAME, **values}
    return framed(
        placeholders.fill(text.subject, values), placeholders.fill(text.body, values), link, button, second, why
    )


def from_template(kind: str, context: dict[str, object], *, link: str, button: str) -> Letter:
    """`emails/<kind>.subject.txt` and `emails/<kind>.text.txt` of the floor that sends it."""
    body = render_to_string(f"emails/{kind}.text.txt", _branded(context))
    return framed(subject_of(kind, context), body, link, button)


def subject_of(kind: str, context: dict[str, object]) -> str:
    """The subject of such a letter, in one line; it is also what the bell says."""
    return " ".join(render_to_string(f"emails/{kind}.subject.txt", _branded(context)).split())


def _branded(context: dict[str, object]) -> dict[str, object]:
    return {"brand": settings.BRAND_NAME, **context}


def framed(subject: str, body: str, link: str, button: str, second: Way | None = None, why: str = "") -> Letter:
    """One subject line, paragraphs, one button, one line saying why this came; `why` where it is not by taking part."""
    subject = " ".join(subject.split())
    paragraphs = [" ".join(part.split()) for part in body.split("\n\n") if part.strip()]
    address = settings.BASE_URL + link if link else ""
    why = why or _(
        "You get this because you take part in a programme on %(brand)s. Set what reaches you in your account."
    ) % {"brand": settings.BRAND_NAME}
    context: dict[str, object] = {
        "subject": subject,
        "paragraphs": paragraphs,
        "link": address,
        "button": button,
        "why": why,
    }
    ways = [f"{button}: {address}"] if link else []
    if second:
        context |= {"second": settings.BASE_URL + second[0], "second_button": second[1]}
        ways.append(f"{second[1]}: {context['second']}")
    text = "\n\n".join([*paragraphs, *ways, f"-- \n{why}"])
    return Letter(subject, text + "\n", context | {"brand": settings.BRAND_NAME})


def only_waiting(letter: Letter) -> Letter:
    """The same letter where its reader wants no words in it: the subject, that something waits, and the link."""
    words = _("Something is waiting for you on %(brand)s.") % {"brand": settings.BRAND_NAME}
    address = str(letter.parts["link"])
    button, link = _("Open it"), address.removeprefix(settings.BASE_URL)
    return replace(framed(letter.subject, words, link, button), headers=letter.headers, notes=letter.notes)


def with_way_out(letter: Letter, address: str, words: str) -> Letter:
    """The same letter with a way to stop its kind: a line at its end, and RFC 8058's headers for mail programs."""
    return replace(
        letter,
        text=f"{letter.text}{words}: {address}\n",
        parts=letter.parts | {"stop": address, "stop_words": words},
        headers=letter.headers
        | {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )


@lru_cache(maxsize=64)
def _frame(paragraphs: int, names: frozenset[str]) -> str:
    """The frame of letters with these parts, styles put where mail programs look for them, a mark for each part."""
    marks: dict[str, Any] = {name: f"\ue000{name}\ue001" for name in names}
    marks["paragraphs"] = [marks[f"paragraph {number}"] for number in range(paragraphs)]
    return _inliner().inline(render_to_string("emails/frame.html", marks))


@cache
def _inliner():
    import css_inline  # noqa: PLC0415  costs start-up time and only workers send

    return css_inline.CSSInliner(load_remote_stylesheets=False)
