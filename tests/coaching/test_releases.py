"""Releases: a sponsor reads a copy of what a client gave them, and nothing once it is taken back."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from clients import delivering, planning
from clients.models import JournalEntry, Notice
from coaching import following, notes, noting, releases, releasing, reviewing, sponsoring
from coaching.models import Note, Release
from curriculum import clock
from tests import keeping, roads
from tests.coaching.web.test_coach_pages import page, words
from tests.coaching.web.visiting import browser
from tests.doors.asking import Api, no
from tests.keeping import WEEK_7
from tests.releasing import notes_allowed, released, sponsored
from tests.roads import WEEK_1

HOUR = timedelta(hours=1)
WHY = roads.ANSWERS["w1-x1"]["why"]
SCOPE = "sponsor_notes"


@pytest.fixture
def here(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_1 + 3 * HOUR)


@pytest.fixture
def sven(cast):
    return sponsored(cast)


def mine(cast):
    return cast.enrolment(cast.mina)


def read_by(person):
    return list(releases.to_sponsor(person).values_list("title", flat=True))


# --- A copy ---------------------------------------------------------------------------------------


def test_a_piece_is_released_as_it_is_at_that_moment_and_stays_so(cast, sven):
    found = released(cast)

    roads.submitting.take_back(roads.piece(cast.mina), by=cast.mina, at=WEEK_1)
    roads.drafted(cast.mina, why="Today we lose one good customer in ten, which is something else altogether.")
    roads.submitting.hand_in(roads.piece(cast.mina), by=cast.mina, at=WEEK_1 + HOUR)

    found.refresh_from_db()
    assert WHY in found.text and "something else" not in found.text
    assert (found.kind, found.title, found.released_at) == ("piece", "The four answers", WEEK_1)
    assert read_by(sven) == [found.title]
    assert JournalEntry.objects.filter(action="released to a sponsor", note="piece").count() == 1


def test_the_journal_has_none_of_its_words(cast, sven):
    releasing.withdraw(released(cast), by=cast.mina, at=WEEK_1 + HOUR)

    said = " ".join(str(vars(row)) for row in JournalEntry.objects.all())
    assert WHY not in said and "four answers" not in said


def test_with_its_feedback_it_has_what_the_client_was_sent_and_not_before_they_could_read_it(cast, sven):
    attempt = roads.handed_in(cast.mina)
    piece = attempt.submission
    sent = reviewing.send_feedback(piece, content=roads.content(piece), by=cast.tomas, at=WEEK_1 + HOUR)

    before = releases.copy_of(mine(cast), "answered", attempt.pk, at=WEEK_1 + HOUR)
    after = releases.copy_of(mine(cast), "answered", attempt.pk, at=sent.shown_from)

    assert before is None
    assert sent.keep in after.text and sent.try_next in after.text and WHY in after.text
    assert sent.keep not in releases.copy_of(mine(cast), "piece", attempt.pk, at=sent.shown_from).text


def test_an_entry_of_the_log_and_a_line_of_the_ledger_can_be_released_and_a_private_line_too(cast, sven):
    meeting, line = roads.logged(cast.mina), keeping.line(cast.mina)

    for kind, row in (("meeting", meeting), ("line", line)):
        released(cast, kind, row.pk)

    texts = dict(releases.to_sponsor(sven).values_list("kind", "text"))
    assert meeting.outcome in texts["meeting"] and "9 people, 45 minutes" in texts["meeting"]
    assert line.what in texts["line"]


def test_nobody_releases_what_is_not_theirs(cast, sven):
    attempt, line = roads.handed_in(cast.noor), keeping.line(cast.noor)

    for kind, row in (("piece", attempt), ("line", line), ("note", line), ("no such kind", line)):
        assert releases.copy_of(mine(cast), kind, row.pk, at=WEEK_1) is None
        assert releasing.release(mine(cast), kind=kind, source=row.pk, by=cast.mina, at=WEEK_1) is None
    for who in (cast.tomas, cast.ada, cast.noor, sven):
        with pytest.raises(releasing.NotYourRelease):
            releasing.release(mine(cast), kind="piece", source=attempt.pk, by=who, at=WEEK_1)
    assert Release.objects.count() == 0


def test_what_was_taken_back_from_the_coach_is_not_there_to_release(cast, sven):
    attempt = roads.handed_in(cast.mina)
    roads.submitting.take_back(attempt.submission, by=cast.mina, at=WEEK_1)

    assert releases.copy_of(mine(cast), "piece", attempt.pk, at=WEEK_1) is None


def test_what_could_be_released_is_offered_until_it_stands_released(cast, sven):
    attempt = roads.handed_in(cast.mina)
    roads.logged(cast.mina)
    assert [one.kind for one in releases.offered(mine(cast), at=WEEK_1)] == ["piece", "meeting"]

    found = released(cast, "piece", attempt.pk)
    assert [one.kind for one in releases.offered(mine(cast), at=WEEK_1)] == ["meeting"]
    releasing.withdraw(found, by=cast.mina, at=WEEK_1)
    assert [one.kind for one in releases.offered(mine(cast), at=WEEK_1)] == ["piece", "meeting"]


# --- Who reads it ---------------------------------------------------------------------------------


def test_a_copy_has_its_client_and_the_sponsors_of_the_cohort_as_readers_and_nobody_else(cast, sven):
    found, other = released(cast), roads.sponsor(cast.autumn, "Signe")[0]
    everybody = (cast.mina, cast.noor, cast.omar, cast.tomas, cast.ines, cast.ada, cast.lena, sven, other)

    assert {one.name for one in everybody if releases.visible_to(one).filter(pk=found.pk)} == {"Mina", "Sven"}


def test_whoever_is_a_sponsor_no_more_reads_nothing(cast, sven, here):
    found = released(cast)
    sponsoring.end(sven.sponsorships.get(), by=cast.ada, at=WEEK_1)

    assert browser(sven).get(reverse("release", args=[found.pk])).status_code == 404
    assert Api(sven).get("releases/").json() == []


# --- Taken back -----------------------------------------------------------------------------------


def test_taken_back_it_is_gone_for_the_sponsor_at_once_and_no_word_of_it_is_kept(cast, sven, here):
    found = released(cast)
    reader, path = browser(sven), reverse("release", args=[found.pk])
    assert WHY in words(reader.get(path))

    releasing.withdraw(found, by=cast.mina, at=WEEK_1 + HOUR)

    assert reader.get(path).status_code == 404
    assert no(Api(sven).get(f"releases/{found.pk}/"))[0] == 404
    assert found.title not in words(page(reader, "sponsor"))
    found.refresh_from_db()
    assert (found.title, found.text, found.source) == ("", "", None)
    assert (found.kind, found.released_at, found.withdrawn_at) == ("piece", WEEK_1, WEEK_1 + HOUR)
    assert "You have taken this back" in words(browser(cast.mina).get(path))


def test_it_can_be_released_again(cast, sven):
    first = released(cast)
    source = first.source
    releasing.withdraw(first, by=cast.mina, at=WEEK_1)

    assert released(cast, "piece", source).pk != first.pk
    assert len(read_by(sven)) == 1


# --- The client sees what the sponsor sees --------------------------------------------------------


def the_copy(response):
    """The part of a page that is the copy."""
    found = response.content.decode()
    return found[found.index("<article") : found.index("</article>")]


def test_a_client_looks_at_the_very_copy_the_sponsor_reads(cast, sven, here):
    attempt = roads.handed_in(cast.mina)
    mina = browser(cast.mina)
    thing = {"kind": "piece", "source": attempt.pk}

    before = the_copy(mina.get(reverse("release-new"), thing))
    assert mina.post(reverse("release-new"), thing).status_code == 302
    path = reverse("release", args=[Release.objects.get().pk])
    own, theirs = the_copy(mina.get(path)), the_copy(browser(sven).get(path))

    assert own == theirs
    assert words_of(before) == words_of(own).replace(" · as it was on 4 March 2026", "")
    shown = mina.get(reverse("my-releases"))
    assert "Sven can read what stands released here" in words(shown)


def words_of(html):
    import re

    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_api_shows_it_before_and_after_in_the_same_words(cast, sven, here):
    attempt = roads.handed_in(cast.mina)
    own, path = Api(cast.mina), f"enrolments/{mine(cast).pk}/releases/"

    preview = own.get(path, kind="piece", source=attempt.pk).json()
    made = own.post(path, kind="piece", source=attempt.pk).json()

    assert {name: made[name] for name in ("kind", "title", "text")} == {
        name: preview[name] for name in ("kind", "title", "text")
    }
    assert Api(sven).get(f"releases/{made['id']}/").json() == made
    assert own.delete(f"releases/{made['id']}/").status_code == 204
    assert Api(sven).delete(f"releases/{made['id']}/").status_code == 404
    assert own.get(path, kind="piece", source=2**31 - 1).status_code == 404


@pytest.mark.parametrize("source", ["", "x", "-1", "²", "9" * 40])
def test_what_is_no_number_of_anything_is_not_there(cast, sven, here, source):
    assert browser(cast.mina).get(reverse("release-new"), {"kind": "piece", "source": source}).status_code == 404


@pytest.mark.parametrize("n", [1, 3, 50])
def test_the_list_costs_the_same_whatever_there_is_to_release(cast, sven, here, django_assert_num_queries, n):
    for _each in range(n):
        roads.logged(cast.mina)
    released(cast, "meeting", mine(cast).meetings.first().pk)
    client = browser(cast.mina)
    page(client, "my-releases")

    with django_assert_num_queries(14):
        page(client, "my-releases")


# --- Notes for the sponsor ------------------------------------------------------------------------


def note(cast, text="Leads with the conclusion now.", at=WEEK_1):
    return noting.write(cast.spring, mine(cast), visibility="released", text=text, by=cast.tomas, at=at)


def test_no_note_is_released_without_its_clients_leave(cast, sven):
    with pytest.raises(noting.CannotNote, match="without its client’s leave"):
        note(cast)
    notes_allowed(cast)
    with pytest.raises(noting.CannotNote):
        noting.write(cast.spring, cast.enrolment(cast.noor), visibility="released", text="x", by=cast.tomas, at=WEEK_1)
    with pytest.raises(noting.CannotNote):
        noting.write(cast.spring, visibility="released", text="x", by=cast.tomas, at=WEEK_1)

    assert Release.objects.count() == 0


def test_a_released_note_is_read_by_its_client_their_coach_the_office_and_the_sponsor_as_a_copy(cast, sven):
    notes_allowed(cast)
    found = note(cast)

    everybody = (cast.mina, cast.noor, cast.omar, cast.tomas, cast.ines, cast.ada, cast.lena, sven)
    readers = {one.name for one in everybody if notes.visible_to(one, at=WEEK_1).filter(pk=found.pk)}
    assert readers == {"Mina", "Tomas", "Ada"}
    assert list(releases.to_sponsor(sven).values_list("kind", "text")) == [("note", found.text)]
    offers = {one.visibility: one.words for one in notes.offers(cast.tomas, cast.spring, mine(cast), at=WEEK_1)}
    assert offers["released"] == "Save: you, Mina, the programme’s admins and the sponsor can read"


def test_with_the_leave_taken_back_no_note_is_read_by_the_sponsor_and_none_is_written(cast, sven):
    notes_allowed(cast)
    note(cast)
    piece = released(cast)

    following.withdraw(mine(cast), SCOPE, by=cast.mina, at=WEEK_1 + HOUR)

    assert read_by(sven) == [piece.title]
    assert Note.objects.count() == 1
    with pytest.raises(noting.CannotNote):
        note(cast, at=WEEK_1 + 2 * HOUR)


def test_a_client_takes_one_note_back_from_the_sponsor_and_leaves_the_others(cast, sven):
    notes_allowed(cast)
    note(cast, "One."), note(cast, "Two.")

    releasing.withdraw(Release.objects.get(text="One."), by=cast.mina, at=WEEK_1)

    assert list(releases.to_sponsor(sven).values_list("text", flat=True)) == ["Two."]


def test_a_note_its_author_takes_away_is_gone_for_the_sponsor_too(cast, sven):
    notes_allowed(cast)

    noting.remove(note(cast), by=cast.tomas, at=WEEK_1)

    assert read_by(sven) == []


def test_the_page_of_releases_asks_for_the_leave_and_takes_it_back(cast, sven, here):
    client, path = browser(cast.mina), reverse("release-notes")
    assert "My coach may write notes for whoever pays" in words(page(client, "my-releases"))

    client.post(path, {"agree": "yes"})
    assert "You agreed on 4 March 2026" in words(page(client, "my-releases"))
    shown = words(browser(cast.tomas).get(reverse("client-notes", args=[mine(cast).pk])))
    assert "the programme’s admins and the sponsor can read" in shown
    client.post(path, {"agree": "no"})

    assert "If you leave it, your coach writes nothing" in words(page(client, "my-releases"))


# --- What the database holds ----------------------------------------------------------------------

BREAKS = {
    "its words are changed": "UPDATE coaching_release SET text = 'other'",
    "it is dated back": "UPDATE coaching_release SET released_at = released_at - interval '1 day'",
    "withdrawn with its words": "UPDATE coaching_release SET withdrawn_at = now()",
    "withdrawn and dated back": "UPDATE coaching_release SET withdrawn_at = now(), title = '', text = '', source = NULL, "
    "released_at = released_at - interval '1 day'",
    "it is deleted": "DELETE FROM coaching_release",
    "released twice": "INSERT INTO coaching_release (enrolment_id, kind, source, title, text, released_at) "
    "SELECT enrolment_id, kind, source, title, text, now() FROM coaching_release",
    "it says nothing": "INSERT INTO coaching_release (enrolment_id, kind, source, title, text, released_at) "
    "SELECT enrolment_id, kind, 9, title, '', now() FROM coaching_release",
}


@pytest.mark.parametrize("how", BREAKS)
def test_the_database_keeps_a_copy_as_it_was(cast, sven, how):
    released(cast)

    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BREAKS[how])


def test_what_was_withdrawn_is_never_filled_again(cast, sven):
    releasing.withdraw(released(cast), by=cast.mina, at=WEEK_1)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE coaching_release SET withdrawn_at = NULL, title = 'x', text = 'x', source = 1")


# --- A 1:1 as it was planned ----------------------------------------------------------------------


def test_a_planned_one_on_one_is_released_as_its_words_stand_and_nothing_that_was_heard(cast, sven):
    one = keeping.planned(cast.mina)
    held = keeping.planned(cast.mina, day="2026-04-14")
    planning.hold(held, heard=keeping.HEARD, actions=keeping.WILL_DO, status_sent_before="yes", by=cast.mina, at=WEEK_7)

    for row in (one, held):
        released(cast, "oneonone", row.pk, at=WEEK_7)

    for title, text in releases.to_sponsor(sven).values_list("title", "text"):
        assert title.startswith("1:1 with their manager, 1")
        assert keeping.MOVES["connect_words"] in text and keeping.MOVES["ask_words"] in text
        assert keeping.HEARD not in text and "Lead the address check" not in text
    changed = keeping.MOVES | {"ask_words": "What would you need to see from me by the autumn round?"}
    planning.change(one, content=changed, date="2026-04-15", with_whom="manager", lines=[], by=cast.mina, at=WEEK_7)
    assert not releases.to_sponsor(sven).filter(text__contains="autumn round").exists()


def test_a_one_on_one_is_offered_and_somebody_elses_is_not_there(cast, sven):
    own, other = keeping.planned(cast.mina), keeping.planned(cast.noor)

    offered = [(one.kind, one.source) for one in releases.offered(mine(cast), at=WEEK_7)]
    assert offered == [("oneonone", own.pk)]
    assert releases.copy_of(mine(cast), "oneonone", other.pk, at=WEEK_7) is None


# --- The letter to the sponsor --------------------------------------------------------------------


def letters_after(minutes):
    delivering.deliver(at=WEEK_1 + timedelta(minutes=minutes))
    return [(one.to, one.subject, one.body) for one in mail.outbox if "released something" in one.subject]


def test_each_sponsor_is_told_in_one_letter_of_what_is_released_together_and_never_a_word_of_it(cast, sven):
    other = roads.sponsor(cast.spring, "Signe")[0]
    roads.sponsor(cast.autumn, "Stranger")
    first = released(cast)
    released(cast, "meeting", roads.logged(cast.mina).pk, at=WEEK_1 + timedelta(minutes=2))

    assert letters_after(9) == []
    told = letters_after(12)

    assert sorted(to for to, _subject, _body in told) == [[other.email], [sven.email]]
    for _to, subject, body in told:
        assert subject == "Mina released something to you"
        assert "copies of 2 things" in body and "/sponsor/" in body
        assert first.title not in body and WHY not in body
    assert letters_after(60) == told


def test_what_is_taken_back_before_the_letter_leaves_is_not_told_and_its_notice_goes(cast, sven):
    found = released(cast)
    assert Notice.objects.get(person=sven, kind="release").withdrawn == ""

    releasing.withdraw(found, by=cast.mina, at=WEEK_1 + timedelta(minutes=1))

    assert letters_after(12) == []
    assert Notice.objects.get(person=sven, kind="release").withdrawn == "it was taken back"


def test_whoever_is_a_sponsor_no_more_is_not_told(cast, sven):
    released(cast)
    sponsoring.end(sven.sponsorships.get(), by=cast.ada, at=WEEK_1)

    assert letters_after(12) == []


def test_the_bell_of_a_sponsor_leads_to_the_copy(cast, sven, here):
    found, reader = released(cast), browser(sven)

    assert "Mina released something to you" in words(page(reader, "notices"))
    followed = reader.post(reverse("notice-open", args=[Notice.objects.get(person=sven).pk]))
    assert followed.headers["Location"] == reverse("release", args=[found.pk])
