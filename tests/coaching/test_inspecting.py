"""An admin reads part of a record for an hour: the client is told at once, each reading is written, and it ends."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients import audio, delivering
from clients.models import JournalEntry, Notice
from clients.models.user import ADMINS
from coaching import (
    caseload,
    conversing,
    inspecting,
    inspections,
    noting,
    recordings,
    reviewing,
    voices,
    voicing,
)
from coaching.models import Inspection, InspectionRead
from tests import roads
from tests.coaching.web.visiting import browser
from tests.roads import WEEK_1
from tests.sounds.making import encoded

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WHY = "She asked us to look at what was said of her rewrite."
MARK = "Security review waits for nobody."


@pytest.fixture
def bea(cast):
    return roads.admin("Bea")


def begun(cast, about="work", at=WEEK_1, who=None, by=None):
    whose = cast.enrolment(who or cast.mina)
    return inspecting.begin(whose, about=about, reason=WHY, by=by or cast.ada, at=at)


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def everything(cast):
    """A piece with feedback, a word and a note of Mina's and Tomas's, each with its mark."""
    roads.answered(cast.mina, cast.tomas, at=WEEK_1 - HOUR * 4, keep=MARK)
    enrolment = cast.enrolment(cast.mina)
    said = conversing.write(enrolment, cast.tomas, text=f"In a word: {MARK}", by=cast.mina, at=WEEK_1 - HOUR)
    note = noting.write(
        cast.spring, enrolment, visibility="pair", text=f"In a note: {MARK}", by=cast.tomas, at=WEEK_1 - HOUR
    )
    noting.write(cast.spring, enrolment, visibility="coaching_team", text="Not hers.", by=cast.tomas, at=WEEK_1 - HOUR)
    noting.write(cast.spring, enrolment, visibility="private", text="Mine.", by=cast.tomas, at=WEEK_1 - HOUR)
    return {"work": roads.piece(cast.mina).pk, "talk": said.conversation.pk, "notes": note.pk}


# --- Reading ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("about", ["work", "talk", "notes"])
def test_only_what_the_reason_is_about_can_be_read(cast, about):
    numbers = everything(cast)
    found = begun(cast, about)

    assert [one.number for one in inspections.items(found, at=WEEK_1)] == [numbers[about]]
    _found, _title, parts = inspecting.read(found, numbers[about], by=cast.ada, at=WEEK_1)
    assert MARK in " ".join(part.text for part in parts)
    others = {name: number for name, number in numbers.items() if name != about and number != numbers[about]}
    for number in others.values():
        with pytest.raises(inspecting.NotForYou):
            inspecting.read(found, number, by=cast.ada, at=WEEK_1)


def test_a_draft_is_never_read_and_neither_is_another_client(cast):
    roads.drafted(cast.mina)
    roads.handed_in(cast.noor, "w1-x1")
    found = begun(cast)

    assert inspections.items(found, at=WEEK_1) == []
    with pytest.raises(inspecting.NotForYou):
        inspecting.read(found, roads.piece(cast.noor).pk, by=cast.ada, at=WEEK_1)


def test_each_reading_is_written_down_and_journalled_before_a_word_is_shown(cast):
    numbers = everything(cast)
    found = begun(cast)
    for minute in (1, 2):
        inspecting.read(found, numbers["work"], by=cast.ada, at=WEEK_1 + minute * MINUTE)

    title = f"Week 1: {roads.piece(cast.mina).exercise.title}"
    assert list(found.reads.values_list("title", "number", "at")) == [
        (title, numbers["work"], WEEK_1 + MINUTE),
        (title, numbers["work"], WEEK_1 + 2 * MINUTE),
    ]
    lines = JournalEntry.objects.filter(action="read for a reason")
    assert {(one.actor, one.subject, one.note) for one in lines} == {
        ("Ada", f"enrolment:{found.enrolment_id}", f"work {numbers['work']}: {title}")
    }
    assert (lines.count(), JournalEntry.objects.get(action="opened a record").note) == (2, f"work: {WHY}")


# --- What can be heard --------------------------------------------------------------------------------


def hears(who, key, at=WEEK_1):
    """Whether the one door of sounds opens."""
    found = recordings.visible_to(who, at=at).filter(key=key) or voices.visible_to(who, at=at).filter(key=key)
    return bool(found)


@pytest.fixture
def store(settings, tmp_path, monkeypatch):
    """Where sound lies; what it is nobody asks here."""

    def looked(came, playable):
        playable.write_bytes(came.read_bytes())
        return audio.Sound(milliseconds=6000, silence=0.1, peaks=(50,) * 120)

    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(audio, "examine", looked)


def spoken_of(cast):
    """A piece handed in as a recording and answered by voice, and the two keys."""
    recording = roads.recorded(cast.mina, at=WEEK_1 - HOUR * 4)
    roads.translated(cast.mina, at=WEEK_1 - HOUR * 4, audio={"id": recording.pk}, script="")
    piece = roads.piece(cast.mina, "w1-t1")
    voice = voicing.say(piece, parts=[encoded(6)], by=cast.tomas, at=WEEK_1 - HOUR * 3)
    reviewing.send_feedback(piece, content=roads.content(piece), by=cast.tomas, at=WEEK_1 - HOUR * 3)
    return piece.pk, str(recording.key), str(voice.key)


def test_a_recording_is_heard_once_its_piece_was_read_for_a_reason_and_that_is_written_down(cast, bea, store):
    number, recording, voice = spoken_of(cast)
    found, talk = begun(cast), begun(cast, "talk", by=bea)
    assert not hears(cast.ada, recording) and not hears(cast.ada, voice)

    _found, _title, parts = inspecting.read(found, number, by=cast.ada, at=WEEK_1)

    assert [[one.key for one in part.sounds] for part in parts] == [[recording], [voice]]
    assert hears(cast.ada, recording) and hears(cast.ada, voice)
    assert list(found.reads.values_list("number", flat=True)) == [number]
    assert not hears(bea, recording) and not hears(bea, voice) and talk.reads.count() == 0
    assert not hears(cast.ada, recording, WEEK_1 + HOUR) and not hears(cast.ada, voice, WEEK_1 + HOUR)
    inspecting.end(found, by=cast.ada, at=WEEK_1 + MINUTE)
    assert not hears(cast.ada, recording, WEEK_1 + MINUTE)


def test_a_take_that_was_not_handed_in_is_never_heard(cast, store):
    number, _recording, _voice = spoken_of(cast)
    take = roads.recorded(cast.mina, "w2-t2", at=WEEK_1 + 8 * 24 * HOUR, name="a take")
    found = begun(cast)
    inspecting.read(found, number, by=cast.ada, at=WEEK_1)

    assert not hears(cast.ada, take.key)


# --- It ends ----------------------------------------------------------------------------------------


def test_it_ends_by_itself_after_sixty_minutes(cast):
    numbers = everything(cast)
    found = begun(cast)

    last = WEEK_1 + HOUR - timedelta(microseconds=1)
    inspecting.read(found, numbers["work"], by=cast.ada, at=last)
    assert inspections.submissions(cast.ada, at=WEEK_1 + HOUR).count() == 0
    with pytest.raises(inspecting.CannotInspect, match="The hour is over"):
        inspecting.read(found, numbers["work"], by=cast.ada, at=WEEK_1 + HOUR)


def test_whoever_is_done_closes_it_and_whoever_is_no_admin_any_more_reads_nothing(cast):
    numbers = everything(cast)
    done, other = begun(cast), begun(cast, who=cast.noor)
    inspecting.end(done, by=cast.ada, at=WEEK_1 + MINUTE)
    with pytest.raises(inspecting.CannotInspect):
        inspecting.read(done, numbers["work"], by=cast.ada, at=WEEK_1 + MINUTE)

    cast.ada.groups.filter(name=ADMINS).first().user_set.remove(cast.ada)
    with pytest.raises(inspecting.NotForYou):
        inspecting.read(other, numbers["work"], by=cast.ada, at=WEEK_1 + MINUTE)
    assert list(inspections.own(cast.ada)) == []


def test_another_admin_reads_nothing_through_it(cast, bea):
    numbers = everything(cast)
    found = begun(cast)

    assert list(inspections.submissions(bea, at=WEEK_1)) == []
    with pytest.raises(inspecting.NotForYou):
        inspecting.read(found, numbers["work"], by=bea, at=WEEK_1)
    assert browser(bea).get(reverse("inspection", args=[found.pk])).status_code == 404


def test_nobody_but_an_admin_opens_one_and_every_other_page_stays_as_it_was(cast):
    everything(cast)
    for who in (cast.tomas, cast.mina, cast.omar, cast.lena):
        with pytest.raises(inspecting.NotForYou):
            begun(cast, by=who)
    begun(cast)

    assert not caseload.submissions_visible_to(cast.ada, at=WEEK_1).exists()


# --- Who hears of it ----------------------------------------------------------------------------------


def test_the_client_is_told_at_once_whatever_the_hour_with_the_reason(cast, bea):
    night = WEEK_1.replace(hour=8)  # 02:00 in Chicago
    begun(cast, at=night)
    delivering.deliver(at=night)

    (letter,) = [one for one in mail.outbox if one.to == [cast.mina.email]]
    assert letter.subject == "Ada opened part of your record for an hour"
    assert f"“{WHY}”" in letter.body
    assert "what you handed in, and the feedback on it" in letter.body
    assert "closes by itself at 03:00" in letter.body
    assert Notice.objects.filter(person=cast.mina, kind="inspection").exists()


def test_the_other_admins_and_lead_coaches_hear_of_it_and_nobody_else(cast, bea):
    begun(cast)

    told = Notice.objects.filter(kind="inspection.office").values_list("person__name", flat=True)
    assert set(told) == {"Bea"}
    assert set(Notice.objects.filter(kind="inspection").values_list("person__name", flat=True)) == {"Mina"}


def test_who_read_mine_shows_each_time_and_each_thing_to_its_client_alone(cast, now):
    numbers = everything(cast)
    inspecting.read(begun(cast), numbers["work"], by=cast.ada, at=WEEK_1 + MINUTE)
    now.at = WEEK_1 + HOUR * 2

    hers = words(browser(cast.mina).get(reverse("who-read-mine")))
    assert "Ada, admin" in hers
    assert WHY in hers
    assert roads.piece(cast.mina).exercise.title in hers
    for who in (cast.noor, cast.omar, cast.tomas):
        assert "Nobody has opened your record for a reason." in words(browser(who).get(reverse("who-read-mine")))


# --- The pages ----------------------------------------------------------------------------------------


def test_an_admin_gives_a_reason_reads_and_closes(cast, now):
    numbers = everything(cast)
    now.at = WEEK_1
    ada, pk = browser(cast.ada), cast.enrolment(cast.mina).pk
    page = reverse("client-inspect", args=[pk])

    assert "Only Mina and their coaches read it." in words(ada.get(page))
    short = ada.post(page, {"about": "work", "reason": "Because"})
    assert (short.status_code, "Because" in short.content.decode()) == (422, True)
    opened = ada.post(page, {"about": "work", "reason": WHY})
    found = Inspection.objects.get()
    assert opened.url == reverse("inspection", args=[found.pk])
    read = ada.get(reverse("inspection-read", args=[found.pk, numbers["work"]]))
    assert MARK in words(read)
    now.at = WEEK_1 + HOUR
    over = ada.get(reverse("inspection", args=[found.pk]))
    assert "The hour is over." in words(over)
    assert ada.get(reverse("inspection-read", args=[found.pk, numbers["work"]])).status_code == 409
    listed = words(ada.get(reverse("inspections")))
    assert WHY in listed
    assert MARK not in listed


@pytest.mark.parametrize("times", [1, 3])
def test_the_lists_take_as_many_queries_for_one_as_for_three(cast, now, times):
    numbers = everything(cast)
    for hour in range(times):
        found = begun(cast, at=WEEK_1 + hour * HOUR)
        inspecting.read(found, numbers["work"], by=cast.ada, at=WEEK_1 + hour * HOUR)
    now.at = WEEK_1 + 5 * HOUR
    counts = []
    for who, name in ((cast.ada, "inspections"), (cast.mina, "who-read-mine")):
        client = browser(who)
        client.get(reverse(name))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name))
        counts.append(len(queries))

    assert counts == [7, 6]


# --- What the database holds --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"reason": ""}, "an_inspection_has_a_reason"),
        ({"about": "all"}, "an_inspection_is_of_a_part"),
        ({"ends_at": WEEK_1 + 2 * HOUR}, "an_inspection_lasts_an_hour"),
        ({"ended_at": WEEK_1 - MINUTE}, "an_inspection_ends_within_its_hour"),
    ],
)
def test_an_inspection_is_an_hour_of_a_part_for_a_reason(cast, changes, rule):
    found = begun(cast)

    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Inspection.objects.filter(pk=found.pk).update(**changes)


def test_one_admin_has_a_record_open_once_at_a_time(cast):
    found = begun(cast)
    same = {"enrolment": found.enrolment, "admin": cast.ada, "about": "talk", "reason": WHY}
    hour = {"began_at": WEEK_1 + MINUTE, "ends_at": WEEK_1 + MINUTE + HOUR}

    with pytest.raises(IntegrityError, match="one_inspection_of_a_client_at_a_time"), transaction.atomic():
        Inspection.objects.create(**same, **hour)


def test_nothing_is_read_outside_the_hour_and_what_was_read_never_changes(cast):
    found = begun(cast)
    row = {"inspection": found, "number": 1, "title": "Week 1"}

    for at in (WEEK_1 - MINUTE, WEEK_1 + HOUR):
        with pytest.raises(IntegrityError, match="outside the hour"), transaction.atomic():
            InspectionRead.objects.create(**row, at=at)
    kept = InspectionRead.objects.create(**row, at=WEEK_1)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        InspectionRead.objects.filter(pk=kept.pk).update(title="Week 2")
