"""The frame of a page, its parts and the error pages: what is shown, to whom, and that it is sound HTML."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.template.loader import render_to_string

from config.templatetags import ui

CONFIG = Path(settings.BASE_DIR) / "config"
TEMPLATES = CONFIG / "templates"
PARTS = sorted(path.name for path in (TEMPLATES / "parts").glob("_*.html"))
NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)


class Settings(forms.Form):
    """One field of each shape."""

    name = forms.CharField(label="Name", help_text="As your coach sees it.")
    zone = forms.ChoiceField(label="Zone", choices=[("a", "Lisbon time")])
    words = forms.CharField(label="Words", widget=forms.Textarea(attrs={"placeholder": "Words"}))
    agreed = forms.BooleanField(label="Removed")
    theme = forms.ChoiceField(label="Theme", choices=[("l", "Light")], widget=forms.RadioSelect)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


def visible(html: str) -> str:
    """The words of some HTML, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def person(**changes):
    """A signed-in coach's `shell`."""
    return {
        "brand": "Across",
        "version": "1.2.3",
        "home": "/",
        "theme": "dark",
        "slim": False,
        "nav": [
            {
                "label": "Queue",
                "url": "/q/",
                "icon": "queue",
                "current": True,
                "count": 4,
                "count_label": "4 waiting",
            }
        ],
        "tabs": [{"label": "Queue", "url": "/q/", "icon": "queue", "current": True}],
        "person": {
            "name": "Dana Whitfield",
            "initials": "DW",
            "line": "Coach",
            "account_url": "/a/",
            "sign_out_url": "/out/",
        },
        "roles": [],
        **changes,
    }


def gallery_context() -> dict:
    """Sample data for every part."""
    note = {
        "rule": "H12",
        "title": "“soon”",
        "noticed": "Two readers, two dates.",
        "suggestion": "a day.",
        "reader": "",
        "keep_if": "the day does not matter.",
    }
    return {
        "at": NOON,
        "due": NOON + timedelta(hours=19),
        "form": Settings({}),
        "icons": sorted(sprite()),
        "states": list(ui.STATE_LABELS),
        "refusal": ValidationError("Jo has it since 10:20.", code="claimed"),
        "page": Paginator(range(30), 10).page(2),
        "steps": [{"label": "Edition", "state": "done", "url": "#"}, {"label": "Dates", "current": True}],
        "good": ["You say it plainly."],
        "notes": [note, note | {"title": ""}, note | {"meant": True}, note],
        "keys": [{"keys": ["J", "K"], "label": "next, previous"}],
        "mine": {"text": "One text.", "revision": 3},
        "theirs": {"text": "Another.", "saved_at": NOON, "revision": 4},
        "messages": [Message(constants.SUCCESS, "Saved.")],
        "shell": person(
            roles=[{"label": "A", "url": "#", "current": True}, {"label": "B", "url": "#"}], alert="Paused."
        ),
    }


def sprite() -> set[str]:
    """The names of the icons there are."""
    return set(re.findall(r'id="i-([\w-]+)"', (CONFIG / "static/img/icons.svg").read_text("utf-8")))


# --- Fields ---------------------------------------------------------------------------------------


def test_a_control_is_described_by_its_help_and_its_error():
    html = render_to_string("parts/_field.html", {"field": Settings({})["name"]})

    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert re.findall(r' id="([^"]+)"', html) == ["id_name", "id_name_error", "id_name_helptext"]


def test_help_from_the_template_describes_the_control_too():
    html = render_to_string("parts/_field.html", {"field": Settings({})["words"], "help": "At most 130 words."})

    assert 'aria-describedby="id_words_helptext id_words_error"' in html


def test_a_label_from_the_template_takes_the_place_of_a_placeholder():
    named = render_to_string("parts/_field.html", {"field": Settings()["words"], "label": "Your text"})
    own = render_to_string("parts/_field.html", {"field": Settings()["words"]})

    assert ('placeholder=""' in named, 'placeholder="Words"' in own) == (True, True)


def test_djangos_own_form_rendering_uses_the_part():
    html = str(Settings())

    assert html.count('class="field"') == 5
    assert html.count("<fieldset") == 1
    assert '<input type="hidden" name="revision" id="id_revision">' in html


def test_the_summary_of_errors_links_to_the_fields():
    html = render_to_string("parts/_errors.html", {"form": Settings({"zone": "a", "theme": "l", "words": "x"})})

    assert re.findall(r'href="#([^"]+)"', html) == ["id_name", "id_agreed"]
    assert visible(html).startswith("2 things to change")


# --- The frame ------------------------------------------------------------------------------------


def test_a_signed_out_page_has_no_rail_and_no_tabs():
    html = render_to_string("base.html")

    assert re.findall(r'class="(rail|tabs|topbar|app is-bare)', html) == ["app is-bare"]
    assert 'data-theme="system"' in html


def test_a_signed_in_page_says_where_one_is_and_what_waits():
    html = render_to_string("base.html", {"shell": person(), "csrf_token": "t" * 32})

    assert html.count('<a href="/q/" aria-current="page"') == 2
    assert html.count("4 waiting") == 1
    assert 'data-theme="dark"' in html


def test_signing_out_is_a_form_and_works_without_scripts():
    html = render_to_string("base.html", {"shell": person(), "csrf_token": "t" * 32})

    assert html.count('<form method="post" action="/out/"><input type="hidden" name="csrfmiddlewaretoken"') == 2


def test_the_switch_of_roles_is_shown_to_those_with_two():
    two = [
        {"label": "As a client", "url": "/week/", "current": True},
        {"label": "As a coach", "url": "/coach/"},
    ]

    one_role = render_to_string("base.html", {"shell": person(roles=two[:1])})
    two_roles = render_to_string("base.html", {"shell": person(roles=two)})
    slim = render_to_string("base.html", {"shell": person(roles=two, slim=True)})

    assert [html.count("As a coach") for html in (one_role, two_roles, slim)] == [0, 2, 2]


def test_refusals_are_swapped_and_nothing_is_evaluated():
    html = render_to_string("base.html")
    config = re.search(r"name=\"htmx-config\" content='([^']+)'", html)[1]

    assert '"allowEval": false' in config
    assert '"includeIndicatorStyles": false' in config
    assert re.findall(r'"code": "(4\d\d)", "swap": true', config) == ["409", "422"]


def test_an_amber_bar_is_shown_when_there_is_something_to_say():
    quiet = render_to_string("base.html", {"shell": person()})
    loud = render_to_string("base.html", {"shell": person(alert="No heartbeat for 5 minutes.")})

    assert (quiet.count("No heartbeat"), loud.count("No heartbeat")) == (0, 1)


# --- Parts and error pages ------------------------------------------------------------------------


def test_the_gallery_shows_every_part():
    shown = "".join((TEMPLATES / name).read_text("utf-8") for name in ("gallery.html", "base.html"))
    inside = "".join((TEMPLATES / "parts" / name).read_text("utf-8") for name in PARTS)

    missing = [name for name in PARTS if f'"parts/{name}"' not in shown + inside]

    assert missing == ["_field.html"]  # Django's own field template shows it, see below


def test_the_gallery_renders_with_no_inline_style_or_script():
    html = render_to_string("gallery.html", gallery_context())

    assert re.findall(r"\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|<style", html) == []
    assert html.count('class="field"') == 5


@pytest.mark.parametrize("name", PARTS)
def test_every_part_says_what_it_takes(name):
    text = (TEMPLATES / "parts" / name).read_text("utf-8")

    assert "{% comment %}" in text


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "429", "refused"])
def test_an_error_page_needs_nobody_to_be_signed_in(code):
    html = render_to_string(f"errors/{code}.html", {"sentence": "Jo has it since 10:20."})

    assert html.count("<h1>") == 1
    assert "Across</title>" in html


def test_the_last_error_page_needs_nothing_and_gives_a_reference():
    bare = render_to_string("errors/500.html")
    told = render_to_string("errors/500.html", {"reference": "4f1c2a9d"})

    assert ("<code>" in bare, "<code>4f1c2a9d</code>" in told) == (False, True)


def test_a_page_that_is_not_here_names_the_likely_places():
    html = render_to_string("errors/404.html", {"shell": person()})

    assert '<ul class="places"><li><a href="/q/">Queue</a></li></ul>' in html
