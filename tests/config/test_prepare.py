"""Every start makes the install ready, and does nothing twice."""

import shutil
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients import joining
from clients.invitations import token_of
from clients.models import Cohort, Invitation, User
from coaching import seeding, story
from curriculum import clock
from curriculum.models import Edition
from tests import roads


def run(name: str, capsys) -> str:
    """What the command prints."""
    capsys.readouterr()
    call_command(name)
    return capsys.readouterr().out


@pytest.fixture
def bare(db, settings):
    """An install that was told to start empty."""
    settings.DEMO = False


def link(invitation: Invitation) -> str:
    return "http://across.test" + reverse("join", args=[token_of(invitation)])


# --- Content ----------------------------------------------------------------------------------------


def test_known_content_is_published_once(bare, capsys):
    before = list(Edition.objects.values_list("pk", "number"))

    run("prepare", capsys)
    run("prepare", capsys)

    assert list(Edition.objects.values_list("pk", "number")) == before
    assert len(before) == 1


def test_a_draft_of_the_same_files_is_published(bare, capsys, tmp_path, settings):
    shutil.copytree(settings.BASE_DIR / "curriculum" / "content", tmp_path / "curriculum" / "content")
    changed = tmp_path / "curriculum" / "content" / "across-8" / "weeks" / "w1" / "week.yaml"
    changed.write_text(changed.read_text().replace("The game changed", "The game has changed"))
    settings.BASE_DIR = tmp_path

    run("prepare", capsys)
    run("prepare", capsys)

    numbers = list(Edition.objects.order_by("number").values_list("number", "signed_by"))
    assert numbers == [(1, "Ruth"), (2, "Across")]


def test_content_that_needs_mending_stops_the_start_with_every_reason(bare, tmp_path, settings):
    shutil.copytree(settings.BASE_DIR / "curriculum" / "content", tmp_path / "curriculum" / "content")
    (tmp_path / "curriculum" / "content" / "across-8" / "programme.yaml").write_text("key: across-8\n")
    settings.BASE_DIR = tmp_path

    with pytest.raises(CommandError, match=r"programme\.yaml:1: “version” is missing"):
        call_command("prepare")


# --- The first way in ---------------------------------------------------------------------------------


def test_an_empty_install_has_a_way_in_and_prints_it_at_every_start(bare, capsys):
    run("prepare", capsys)
    first = run("sign_ins", capsys)
    run("prepare", capsys)

    invitation = Invitation.objects.get()
    assert first == (
        "Nobody looks after this install yet. Whoever opens this link becomes its admin, "
        f"until {invitation.expires_at:%-d %B}:\n  {link(invitation)}\n"
    )
    assert run("sign_ins", capsys) == first
    assert Cohort.objects.count() == 0


def test_the_way_in_is_open_for_a_fortnight_and_then_replaced(bare, capsys, monkeypatch):
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    run("prepare", capsys)
    first = Invitation.objects.get()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=14))

    run("prepare", capsys)

    second = Invitation.objects.exclude(pk=first.pk).get()
    assert first.expires_at == now + timedelta(days=14)
    assert link(second) in run("sign_ins", capsys)
    assert link(first) not in run("sign_ins", capsys)


def test_who_uses_it_becomes_the_admin_and_nothing_more_is_printed(bare, capsys):
    run("prepare", capsys)
    invitation = Invitation.objects.get()

    joining.accept_as_newcomer(
        invitation, email="Ruth@example.org", name="Ruth", zone="Europe/Berlin", password="long enough", at=clock.now()
    )
    run("prepare", capsys)

    assert list(User.objects.filter(groups__name="programme-admins").values_list("email", flat=True)) == [
        "ruth@example.org"
    ]
    assert run("sign_ins", capsys) == ""
    assert Invitation.objects.count() == 1


def test_a_second_start_with_nothing_changed_asks_little(bare, capsys):
    run("prepare", capsys)

    with CaptureQueriesContext(connection) as queries:
        run("prepare", capsys)

    assert len(queries) <= 25


# --- The demo -----------------------------------------------------------------------------------------


def test_the_demo_comes_once_and_never_comes_back_by_itself(db, small_demo, capsys, monkeypatch):
    assert run("prepare", capsys) == "· Demo\n"
    assert run("prepare", capsys) == ""
    assert run("sign_ins", capsys) == (
        "Sign in with the password across-demo\n"
        "  client@example.org    Linh Đặng, client\n"
        "  finished@example.org  Nadia Benali, client whose weeks are over\n"
        "  coach@example.org     Dana Whitfield, coach\n"
        "  admin@example.org     Ruth Castellanos, programme admin\n"
        "  sponsor@example.org   Vera Lindqvist, sponsor\n"
    )

    monkeypatch.setenv("ACROSS_DEMO_PASSWORD", "chosen after the demo was made")
    assert run("sign_ins", capsys).startswith("Sign in with the password that was set when the demo was made\n")

    removed = run("remove_demo", capsys)
    assert run("prepare", capsys) == ""
    assert Cohort.objects.count() == 0
    assert link(Invitation.objects.get()) in removed
    assert link(Invitation.objects.get()) in run("sign_ins", capsys)


def test_a_demo_of_an_earlier_version_is_left_as_it_is(db, small_demo, capsys, tmp_path, settings):
    """It stays on its edition and on its story, though both have grown since."""
    (small_demo / "mondego" / "nadia.yaml").rename(tmp_path / "told later")
    run("prepare", capsys)
    editions = dict(Cohort.objects.values_list("name", "edition__number"))
    (tmp_path / "told later").rename(small_demo / "mondego" / "nadia.yaml")
    story.forget()
    shutil.copytree(settings.BASE_DIR / "curriculum" / "content", tmp_path / "curriculum" / "content")
    week = tmp_path / "curriculum" / "content" / "across-8" / "weeks" / "w1" / "week.yaml"
    week.write_text(week.read_text().replace("The game changed", "The game has changed"))
    settings.BASE_DIR = tmp_path

    assert run("prepare", capsys) == ""

    assert list(Edition.objects.values_list("number", flat=True).order_by("number")) == [1, 2]
    assert dict(Cohort.objects.values_list("name", "edition__number")) == editions
    assert set(editions.values()) == {1}
    assert "finished@example.org" not in run("sign_ins", capsys)


def test_the_demos_password_is_the_one_that_was_chosen(db, small_demo, capsys, monkeypatch):
    monkeypatch.setenv("ACROSS_DEMO_PASSWORD", "only we know this one")

    run("prepare", capsys)

    assert run("sign_ins", capsys).startswith("Sign in with the password only we know this one\n")
    assert not seeding.opens_with(seeding.KNOWN_PASSWORD)


def test_beside_a_real_cohort_there_is_no_demo(cast, capsys):
    assert run("prepare", capsys) == ""

    assert User.objects.filter(demo=True).count() == 0


def test_no_stranger_reaches_people_whose_password_everybody_knows(db, settings):
    linh = seeding.mark_demo(roads.person("Linh"))
    linh.set_password(seeding.KNOWN_PASSWORD)
    linh.save()
    settings.LOCAL, settings.DEMO = False, False

    with pytest.raises(CommandError, match=r"everybody knows their password: run manage\.py remove_demo"):
        call_command("prepare")


def test_people_of_the_demo_with_a_password_of_their_own_may_be_reached(db, settings):
    seeding.mark_demo(roads.person("Linh"))
    settings.LOCAL, settings.DEMO = False, False

    call_command("prepare")
