"""What the tags of the shell say about an instant, a name, a state or a share."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from clients.models import Submission
from config.templatetags import ui

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)
LISBON = ZoneInfo("Europe/Lisbon")
SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")


def visible(html: str) -> str:
    """The words of some HTML, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- Moments --------------------------------------------------------------------------------------


def test_an_instant_is_shown_in_the_readers_zone_with_the_zones_name():
    with timezone.override(SAIGON):
        shown = ui.when(NOON)

    assert shown == (
        '<time datetime="2026-11-12T12:00:00Z" title="Thursday 12 November 2026, 19:00, '
        'Ho Chi Minh time (UTC+7)">Thursday 12 November, 19:00 Ho Chi Minh time</time>'
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
    bare = ui.icon("clock")
    named = ui.icon("clock", label="Due")

    assert bare == '<svg class="i" aria-hidden="true"><use href="/static/img/icons.svg#i-clock"/></svg>'
    assert named == '<svg class="i" role="img" aria-label="Due"><use href="/static/img/icons.svg#i-clock"/></svg>'
