"""Notes: each for one class of readers, named on its button, and never anywhere else."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from clients import joining
from clients.models import JournalEntry
from coaching import assigning, firing, handovers, notes, noting, substituting
from coaching.models import Assignment, Note
from curriculum import clock
from tests import roads
from tests.doors.asking import Api
from tests.roads import WEEK_1, WEEK_2

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLASSES = ("private", "pair", "coaching_team", "programme", "cohort")
EVERYBODY = ("mina", "noor", "omar", "tomas", "petra", "ines", "ada", "lena", "pia")


@pytest.fixture
def written(cast):
    """One note of each class by Tomas, about Mina or the cohort. Petra coaches with him, Pia stands in for a week."""
    cast.petra, cast.pia = roads.person("Petra"), roads.person("Pia")
    roads.coach(cast.spring, cast.petra)
    roads.coach(roads.cohort("Reserve", by=cast.ada), cast.pia)
    days = {"first_day": date(2026, 3, 2), "last_day": date(2026, 3, 8)}
    cast.window = substituting.set_window(
        cast.spring, away=cast.tomas, substitute=cast.pia, **days, by=cast.tomas, at=roads.BEFORE
    )
    cast.notes = {
        visibility: noting.write(
            cast.spring,
            None if visibility == "cohort" else cast.enrolment(cast.mina),
            visibility=visibility,
            text=f"CANARY-{visibility}",
            by=cast.tomas,
            at=WEEK_1,
        )
        for visibility in CLASSES
    }
    return cast


def readers(written, visibility, at=WEEK_1):
    return {
        who
        for who in EVERYBODY
        if notes.visible_to(getattr(written, who), at=at).filter(pk=written.notes[visibility].pk).exists()
    }


READERS = {
    "private": {"tomas"},
    "pair": {"tomas", "petra", "mina"},
    "coaching_team": {"tomas", "petra", "pia"},
    "programme": {"tomas", "petra", "pia", "mina", "ada"},
    "cohort": {"tomas", "petra", "pia", "mina", "noor", "ada"},
}


@pytest.mark.parametrize("visibility", CLASSES)
def test_a_note_has_exactly_the_readers_of_its_class(written, visibility):
    assert readers(written, visibility) == READERS[visibility]


def test_a_substitute_reads_what_a_pair_shares_while_something_of_theirs_waits_inside_the_window(written):
    roads.handed_in(written.mina, at=WEEK_1)
    inside, outside = WEEK_1 + HOUR, WEEK_2

    assert readers(written, "pair", inside) == READERS["pair"] | {"pia"}
    assert {one: "pia" in readers(written, one, outside) for one in CLASSES} == dict.fromkeys(CLASSES, False)


def test_whoever_left_or_stopped_coaching_reads_nothing_but_what_is_private_to_them(written):
    assigning.release(Assignment.objects.get(coach=written.tomas), by=written.ada, at=WEEK_1)
    joining.withdraw(written.enrolment(written.noor), by=written.ada, at=WEEK_1)

    assert {one for one in CLASSES if "tomas" in readers(written, one)} == {"private"}
    assert "noor" not in readers(written, "cohort")


def test_no_page_no_answer_no_mail_and_no_journal_has_a_mark_outside_its_class(written, client, monkeypatch):
    at = WEEK_1 + HOUR
    monkeypatch.setattr(clock, "now", lambda: at)
    firing.tick(at=at)
    mina, cohort = written.enrolment(written.mina).pk, written.spring.pk
    pages = [
        "/notes/", "/week/", "/notices/", "/progress/", "/coach/queue/", "/coach/risk/", "/coach/board/spring/",
        "/coach/board/spring/csv/", "/coach/board/spring/notes/", f"/coach/clients/{mina}/notes/",
        f"/coach/clients/{mina}/dates/", f"/coach/handover/{written.window.pk}/", "/coach/away/spring/",
        "/manage/cohorts/spring/", "/manage/cohorts/spring/board/", "/api/v1/notes/", f"/api/v1/notes/?enrolment={mina}",
        f"/api/v1/cohorts/{cohort}/board/", f"/api/v1/substitutions/{written.window.pk}/handover/", "/api/v1/risks/",
    ]  # fmt: skip
    pages += [f"/api/v1/notes/{note.pk}/" for note in written.notes.values()]

    found = {who: set() for who in EVERYBODY}
    for who in EVERYBODY:
        client.force_login(getattr(written, who))
        api = Api(getattr(written, who)).client
        for page in pages:
            text = (api if "/api/" in page else client).get(page).content.decode()
            found[who] |= {one for one in CLASSES if f"CANARY-{one}" in text}

    assert found == {who: {one for one in CLASSES if who in READERS[one]} for who in EVERYBODY}
    assert mail.outbox and [one for one in mail.outbox if "CANARY" in one.subject + one.body] == []
    assert not JournalEntry.objects.filter(note__contains="CANARY").exists()


def test_private_notes_do_not_travel_with_a_handover(written):
    assert "CANARY" not in str(handovers.of(written.window, at=WEEK_1))


# --- The button ---------------------------------------------------------------------------------------


def said(user, cohort, enrolment, at=WEEK_2):
    return {str(offer.visibility): offer.words for offer in notes.offers(user, cohort, enrolment, at=at)}


def test_the_button_names_who_will_read_it(written):
    mina = written.enrolment(written.mina)

    assert said(written.tomas, written.spring, mina) == {
        "pair": "Save: only you and Mina and Petra can read",
        "private": "Save: only you can read",
        "coaching_team": "Save: only you and Petra can read",
        "programme": "Save: you, Mina and Petra and the programme’s admins can read",
    }
    assert said(written.mina, written.spring, mina)["pair"] == "Save: only you and Petra and Tomas can read"
    assert said(written.ada, written.spring, mina) == {
        "programme": "Save: you, Mina, Petra and Tomas and the programme’s admins can read"
    }
    assert said(written.tomas, written.spring, None)["cohort"] == (
        "Save: everybody in Spring and the programme’s admins can read"
    )
    assert said(written.tomas, written.spring, mina, at=WEEK_1)["coaching_team"] == (
        "Save: only you and Petra and Pia can read"
    )
    assert said(written.ines, written.autumn, None)["coaching_team"] == (
        "Save: only coaches of Autumn can read; now that is you"
    )
    assert said(written.omar, written.spring, None) == said(written.pia, written.spring, mina) == {}


def test_what_the_button_names_is_what_is_kept(written, client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_2)
    page = f"/coach/clients/{written.enrolment(written.noor).pk}/notes/"
    client.force_login(written.tomas)

    shown = client.get(page).content.decode()
    answer = client.post(page, {"visibility": "coaching_team", "text": "  Speaks once.  "})
    note = Note.objects.get(text="Speaks once.")

    assert '<button class="btn primary" name="visibility" value="pair">' in shown
    assert "A sponsor reads none of it, unless its client allows that" in shown
    assert 'value="released"' not in shown
    assert (answer.status_code, note.visibility, note.author) == (302, "coaching_team", written.tomas)
    assert JournalEntry.objects.filter(action="wrote a note").latest("pk").note == "coaching_team"


def test_a_client_writes_to_their_coach_and_takes_it_away(written, client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_2)
    client.force_login(written.mina)
    client.post("/notes/", {"visibility": "pair", "text": "I start with the end now."})
    note = Note.objects.get(author=written.mina)

    shown = client.get("/notes/").content.decode()
    gone = client.post(f"/notes/{note.pk}/remove/")

    assert "I start with the end now." in shown
    assert (gone.status_code, gone.headers["Location"]) == (302, "/notes/?cohort=spring")
    assert not Note.objects.filter(author=written.mina).exists()


# --- The table ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("visibility", "has_client", "text", "name"),
    [
        ("pair", True, "", "a_note_says_something"),
        ("everybody", True, "x", "a_note_is_of_one_class"),
        ("pair", False, "x", "what_a_pair_shares_or_releases_has_a_client"),
        ("released", False, "x", "what_a_pair_shares_or_releases_has_a_client"),
        ("cohort", True, "x", "a_note_to_everybody_is_about_nobody"),
    ],
)
def test_the_database_holds_what_a_note_is(cast, visibility, has_client, text, name):
    enrolment = cast.enrolment(cast.mina) if has_client else None
    row = {"cohort": cast.spring, "enrolment": enrolment, "author": cast.tomas, "written_at": WEEK_1}

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Note.objects.create(**row, visibility=visibility, text=text)


@pytest.mark.parametrize("more", [0, 3])
def test_the_page_costs_the_same_for_one_note_and_for_four(cast, client, monkeypatch, django_assert_num_queries, more):
    monkeypatch.setattr(clock, "now", lambda: WEEK_1)
    mina = cast.enrolment(cast.mina)
    for _number in range(1 + more):
        noting.write(cast.spring, mina, visibility="pair", text="Once more.", by=cast.tomas, at=WEEK_1)
    client.force_login(cast.tomas)

    with django_assert_num_queries(13):
        assert client.get(f"/coach/clients/{mina.pk}/notes/").content.decode().count("Once more.") >= 1 + more
