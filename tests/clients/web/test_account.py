"""One's own settings, by the page."""

import re
from datetime import time

import pytest
from django.test import Client

from clients import choosing
from clients.models import ZoneChange
from curriculum import clock
from tests.roads import WEEK_1

FORM = {
    "name": "Mina Park",
    "zone": "Asia/Tokyo",
    "theme": "dark",
    "quiet_from": "22:00",
    "quiet_until": "06:30",
    "texts_in_mail": "on",
    "seen": "Asia/Tokyo",  # what the new zone does was looked at
}


@pytest.fixture
def mina(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_1)
    client = Client()
    client.force_login(cast.mina)
    return client


def words(response):
    return " ".join(response.content.decode().split())


def test_the_page_shows_what_was_chosen(cast, mina):
    form = mina.get("/account/").context["form"]

    assert {name: form[name].value() for name in ("name", "zone", "theme", "letter_keys")} == {
        "name": "Mina", "zone": "America/Chicago", "theme": "system", "letter_keys": True,
    }  # fmt: skip


def test_what_is_saved_is_kept_and_the_theme_applies_at_once(cast, mina):
    response = mina.post("/account/", FORM, follow=True)

    cast.mina.refresh_from_db()
    chosen = cast.mina
    assert (chosen.name, chosen.zone, chosen.theme) == ("Mina Park", "Asia/Tokyo", "dark")
    assert (chosen.quiet_from, chosen.quiet_until) == (time(22), time(6, 30))
    assert (chosen.texts_in_mail, chosen.letter_keys) == (True, False)
    assert 'data-theme="dark"' in words(response)


def test_a_new_zone_is_remembered_with_the_old_one(cast, mina):
    mina.post("/account/", FORM)

    change = ZoneChange.objects.get(person=cast.mina)
    assert (change.old_zone, change.new_zone, change.at) == ("America/Chicago", "Asia/Tokyo", WEEK_1)


def test_what_a_new_zone_does_to_dates_and_messages_is_shown_before_anything_is_saved(cast, mina):
    looked = mina.post("/account/", {name: sent for name, sent in FORM.items() if name != "seen"})
    told = words(looked)

    assert "Nothing has happened yet." in told
    assert 'Spring</span> <span class="muted">Asia/Tokyo' in told
    assert "Mon 16 Mar 13:59 → Sun 15 Mar 23:59" in told  # week 2, by the new clock
    assert "due tomorrow" in told
    cast.mina.refresh_from_db()
    assert (cast.mina.name, cast.mina.zone, ZoneChange.objects.count()) == ("Mina", "America/Chicago", 0)

    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', looked.content.decode()))
    assert {name: hidden.get(name) for name in FORM} == FORM
    mina.post("/account/", {name: hidden[name] for name in FORM})
    cast.mina.refresh_from_db()
    assert (cast.mina.name, cast.mina.zone) == ("Mina Park", "Asia/Tokyo")


def test_another_zone_than_the_one_that_was_looked_at_is_shown_again(cast, mina):
    mina.post("/account/", FORM | {"zone": "Europe/Lisbon"})

    cast.mina.refresh_from_db()
    assert cast.mina.zone == "America/Chicago"


def test_a_coach_sees_what_a_new_zone_does_to_their_mornings(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_1)
    tomas = Client()
    tomas.force_login(cast.tomas)

    told = words(tomas.post("/account/", FORM | {"name": "Tomas", "seen": ""}))

    assert re.search(r'For you alone</span> <span class="muted">Asia/Tokyo, \d+ messages move', told)
    assert "a coach’s morning list" in told


def test_a_zone_that_moves_nothing_is_saved_at_once(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_1)
    lena = Client()
    lena.force_login(cast.lena)

    lena.post("/account/", FORM | {"seen": ""})

    cast.lena.refresh_from_db()
    assert cast.lena.zone == "Asia/Tokyo"


def test_single_letter_keys_that_are_off_are_off_on_every_page(cast, mina):
    mina.post("/account/", FORM)

    assert 'data-letters="off"' in words(mina.get("/week/"))


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"name": ""}, "name"), ({"zone": "Mars/Olympus"}, "zone"), ({"theme": "pink"}, "theme"),
     ({"quiet_from": "25:00"}, "quiet_from")],
)  # fmt: skip
def test_what_has_to_change_is_said_under_its_field_and_nothing_is_saved(cast, mina, changed, field):
    response = mina.post("/account/", FORM | changed)

    cast.mina.refresh_from_db()
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert cast.mina.name == "Mina"


def test_every_zone_but_those_named_after_no_place_is_offered_and_ones_own_always(cast, mina):
    cast.mina.zone = "EST5EDT"
    cast.mina.save()
    choices = dict(mina.get("/account/").context["form"].fields["zone"].widget.choices)

    assert choices["EST5EDT"] == "EST5EDT"
    assert ("Europe/Lisbon", "Lisbon") in choices["Europe"]
    assert ("America/Argentina/Ushuaia", "Argentina, Ushuaia") in choices["America"]


def test_the_page_leads_to_password_and_two_step_sign_in(mina):
    response = mina.get("/account/")

    assert 'href="/account/password/change/"' in words(response)
    assert 'href="/account/2fa/"' in words(response)


def test_nobody_who_is_signed_out_sees_it(db):
    assert Client().get("/account/").headers["Location"] == "/account/login/?next=/account/"


def test_words_listeners_know_can_be_taken_out(cast, mina):
    choosing.know(cast.mina, word="ci/cd", at=WEEK_1)
    choosing.know(cast.mina, word="payload", at=WEEK_1)
    before = words(mina.get("/account/"))

    response = mina.post("/account/words/forget/", {"word": "ci/cd"}, follow=True)

    assert "Words your listeners know" in before
    assert 'value="ci/cd"' in before
    assert 'value="ci/cd"' not in words(response)
    assert 'value="payload"' in words(response)


def test_nothing_is_said_of_words_where_there_are_none(mina):
    assert "Words your listeners know" not in words(mina.get("/account/"))
