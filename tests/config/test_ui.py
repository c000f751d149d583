"""The shell: what its tags say, what its parts show, and the laws of the style sheet."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.utils import timezone

from clients.models import Submission
from config.templatetags import ui

CONFIG = Path(settings.BASE_DIR) / "config"
TEMPLATES = CONFIG / "templates"
CSS = CONFIG / "static" / "css"
ALL_TEMPLATES = sorted(
    path for room in ("config", "clients", "coaching") for path in (CONFIG.parent / room).glob("templates/**/*.html")
)
PARTS = sorted(path.name for path in (TEMPLATES / "parts").glob("_*.html"))

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)
LISBON = ZoneInfo("Europe/Lisbon")
SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")


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
        "nav": [{"label": "Queue", "url": "/q/", "icon": "queue", "current": True, "count": 4, "count_label": "4 waiting"}],
        "tabs": [{"label": "Queue", "url": "/q/", "icon": "queue", "current": True}],
        "person": {
            "name": "Dana Whitfield", "initials": "DW", "line": "Coach", "account_url": "/a/", "sign_out_url": "/out/"
        },
        "roles": [],
        **changes,
    }


def gallery_context() -> dict:
    """Sample data for every part."""
    note = {"rule": "H12", "title": "“soon”", "noticed": "Two readers, two dates.", "suggestion": "a day.", "reader": "",
            "keep_if": "the day does not matter."}
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
        "shell": person(roles=[{"label": "A", "url": "#", "current": True}, {"label": "B", "url": "#"}], alert="Paused."),
    }


def sprite() -> set[str]:
    """The names of the icons there are."""
    return set(re.findall(r'id="i-([\w-]+)"', (CONFIG / "static/img/icons.svg").read_text("utf-8")))


# --- Moments --------------------------------------------------------------------------------------


def test_an_instant_is_shown_in_the_readers_zone_with_the_zones_name():
    with timezone.override(SAIGON):
        shown = ui.when(NOON)

    assert shown == (
        '<time datetime="2026-11-12T12:00:00Z" title="Thursday 12 November 2026, 19:00, Ho Chi Minh time (UTC+7)">'
        "Thursday 12 November, 19:00 Ho Chi Minh time</time>"
    )


def test_an_instant_that_is_not_there_is_shown_as_nothing():
    assert (ui.when(None), ui.when_short(None, NOON)) == ("", "")


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "today 12:00"),
        (11, "today 23:00"),
        (12, "tomorrow 00:00"),
        (-13, "yesterday 23:00"),
        (3 * 24, "Sunday 12:00"),
        (-2 * 24, "Tuesday 12:00"),
        (7 * 24, "19 November 12:00"),
        (-7 * 24, "5 November 12:00"),
    ],
)
def test_a_near_instant_is_said_as_people_say_it(hours, words):
    with timezone.override(LISBON):
        shown = ui.when_short(NOON + timedelta(hours=hours), NOON)

    assert visible(shown) == words


def test_without_a_present_instant_the_day_and_month_are_said():
    with timezone.override(LISBON):
        assert visible(ui.when_short(NOON)) == "12 November 12:00"


@pytest.mark.parametrize(("zone", "words"), [("UTC", "UTC"), ("America/New_York", "New York time")])
def test_a_zone_is_named_by_its_place(zone, words):
    with timezone.override(ZoneInfo(zone)):
        assert ui.zone_name(NOON) == words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=5, minutes=59), "5 h left"),
        (timedelta(minutes=59), "59 min left"),
        (timedelta(), "0 min left"),
        (timedelta(hours=95), "95 h left"),
        (timedelta(hours=96), "4 d left"),
        (timedelta(minutes=-30), "30 min over"),
        (timedelta(hours=-2), "2 h over"),
    ],
)
def test_time_left_never_promises_more_than_there_is(left, words):
    assert ui.hours_left(NOON + left, NOON) == words


@pytest.mark.parametrize(("hours", "state"), [(-1, "late"), (6, "late"), (7, "wait"), (24, "wait"), (25, "")])
def test_little_time_left_is_shown_as_such(hours, state):
    assert ui.urgency(NOON + timedelta(hours=hours), NOON) == state


# --- Names, states, shares ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "letters"), [("Linh Đặng", "LĐ"), ("ruth", "R"), ("Maria de la Cruz", "MC"), ("  ", "")]
)
def test_initials_are_the_first_letters_of_the_first_and_the_last_word(name, letters):
    assert ui.initials(name) == letters


def test_a_client_and_a_coach_read_their_own_words_for_one_state():
    assert (ui.state_label("handed_in"), ui.state_label("handed_in", "coach")) == ("Handed in", "To review")


def test_every_stored_state_has_a_label_and_a_sign():
    stored = set(Submission.State.values)

    assert stored - set(ui.STATE_LABELS) == set()
    assert stored - set(ui.STATE_SIGNS) == set()


def test_an_unknown_state_is_shown_in_words():
    assert (ui.state_label("half_way"), ui.state_sign("half_way")) == ("Half way", "")


@pytest.mark.parametrize(("mean", "step"), [(1, "v-0"), (2.4, "v-9"), (4, "v-20"), (None, "v-0")])
def test_the_tint_grows_with_the_mean(mean, step):
    assert ui.tint(mean) == step


@pytest.mark.parametrize(
    ("part", "whole", "step"),
    [(0, 9, "w-0"), (9, 9, "w-20"), (8, 9, "w-18"), (1, 1000, "w-1"), (999, 1000, "w-19"), (3, 0, "w-0")],
)
def test_only_nothing_is_an_empty_bar_and_only_all_is_a_full_one(part, whole, step):
    assert ui.share(part, whole) == step


def test_a_message_that_the_sheet_does_not_know_is_a_note():
    assert (ui.message_state("success"), ui.message_state("other")) == ("done", "note")
    assert (ui.message_icon("error"), ui.message_icon("other")) == ("alert", "info")


# --- Icons ----------------------------------------------------------------------------------------


def test_an_icon_is_decoration_unless_it_has_a_label():
    bare = render_to_string("parts/_icon.html", ui.icon("clock"))
    named = render_to_string("parts/_icon.html", ui.icon("clock", label="Due"))

    assert bare == '<svg class="i" aria-hidden="true"><use href="/static/img/icons.svg#i-clock"/></svg>'
    assert named == '<svg class="i" role="img" aria-label="Due"><use href="/static/img/icons.svg#i-clock"/></svg>'


def test_every_icon_a_template_names_is_in_the_sprite():
    named = {
        name
        for path in ALL_TEMPLATES
        for name in re.findall(r"""{%\s*icon ["']([\w-]+)["']|icon=["']([\w-]+)["']""", path.read_text("utf-8"))
        for name in name
        if name
    }

    assert named - sprite() == set()


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
    two = [{"label": "As a client", "url": "/week/", "current": True}, {"label": "As a coach", "url": "/coach/"}]

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

    missing = [
        name for name in PARTS
        if f'"parts/{name}"' not in shown + inside and name != "_icon.html"
    ]

    assert missing == ["_field.html"]  # Django's own field template shows it, see below


def test_the_gallery_renders_with_no_inline_style_or_script():
    html = render_to_string("gallery.html", gallery_context())

    assert re.findall(r"\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|<style", html) == []
    assert html.count('class="field"') == 5


@pytest.mark.parametrize("name", PARTS)
def test_every_part_says_what_it_takes(name):
    text = (TEMPLATES / "parts" / name).read_text("utf-8")

    assert name == "_icon.html" or "{% comment %}" in text


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


# --- The style sheet ------------------------------------------------------------------------------


def test_only_the_tokens_hold_literal_colours_lengths_and_times():
    literal = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|light-dark)a?\(|\d(?:px|rem|ms|s)\b", re.I)
    found = {
        path.relative_to(CSS).as_posix(): hits
        for path in sorted(CSS.rglob("*.css"))
        if path.name not in ("tokens.css", "fonts.css")
        if (hits := literal.findall(re.sub(r"/\*.*?\*/|@media[^{]+|url\([^)]*\)", "", path.read_text("utf-8"), flags=re.S)))
    }

    assert found == {}


def test_every_sheet_is_imported_once_into_a_layer():
    imported = re.findall(r'@import url\("([^"]+)"\)', (CSS / "app.css").read_text("utf-8"))
    written = [path.relative_to(CSS).as_posix() for path in CSS.rglob("*.css") if path.name != "app.css"]

    assert sorted(imported) == sorted(written)


def test_every_token_that_is_used_is_defined():
    sheets = "".join(path.read_text("utf-8") for path in CSS.rglob("*.css"))
    defined = set(re.findall(r"(--[\w-]+)\s*:", sheets))
    used = set(re.findall(r"var\((--[\w-]+)", sheets))

    assert used - defined == set()


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=lambda path: path.relative_to(CONFIG.parent).as_posix())
def test_no_template_has_an_inline_style_or_script(path):
    if "emails" in path.parts:
        pytest.skip("a mail's styles are put inline when it is sent")
    text = path.read_text("utf-8")

    assert re.findall(r"\sstyle=|\son(?:click|change|submit|load|input)=|<style|<script(?![^>]*\ssrc=)", text) == []
