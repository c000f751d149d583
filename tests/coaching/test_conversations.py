"""What client and coach write to each other: between the two of them, told in one mail, and nobody forgotten."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from clients import choosing, delivering, joining, notices
from clients.models import JournalEntry, Message
from coaching import assigning, conversations, conversing, heeding, signs, substituting
from coaching.models import Assignment, Conversation, Word
from curriculum import clock
from tests import roads
from tests.doors.asking import Api
from tests.roads import WEEK_1, WEEK_2

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
SOON = WEEK_1 + 6 * HOUR  # in nobody's quiet hours
EVERYBODY = ("mina", "noor", "omar", "tomas", "petra", "ines", "ada", "lena", "pia")


@pytest.fixture
def pair(cast):
    """Mina and Tomas. Petra coaches with him, Pia stands in for him for the week."""
    cast.petra, cast.pia = roads.person("Petra"), roads.person("Pia")
    roads.coach(cast.spring, cast.petra)
    roads.coach(roads.cohort("Reserve", by=cast.ada), cast.pia)
    days = {"first_day": date(2026, 3, 2), "last_day": date(2026, 3, 8)}
    cast.window = substituting.set_window(
        cast.spring, away=cast.tomas, substitute=cast.pia, **days, by=cast.tomas, at=roads.BEFORE
    )
    Message.objects.all().delete()
    cast.pair = cast.enrolment(cast.mina)
    return cast


def write(pair, who, text="Which of the two?", at=SOON, coach="tomas", **more):
    by, to = getattr(pair, who), getattr(pair, coach)
    return conversing.write(pair.pair, to, text=text, by=by, at=at, **more)


def readers(pair, at=SOON):
    return {who for who in EVERYBODY if conversations.visible_to(getattr(pair, who), at=at).exists()}


def code(refusal):
    return getattr(refusal, "code", None)


def stands(pair):
    return Conversation.objects.get(enrolment=pair.pair, coach=pair.tomas)


# --- Who reads it -------------------------------------------------------------------------------------


def test_it_is_between_the_two_and_no_admin_no_other_coach_and_no_stranger_reads_it(pair):
    write(pair, "tomas", "How is it going?")

    assert readers(pair) == {"mina", "tomas"}


def test_whoever_stands_in_reads_what_waits_and_what_they_answered_while_the_window_is_open(pair):
    write(pair, "mina")
    assert readers(pair) == {"mina", "tomas", "pia"}

    write(pair, "tomas", "The second.")
    assert readers(pair) == {"mina", "tomas"}

    write(pair, "mina", "And the third?")
    write(pair, "pia", "The third as well.")
    assert readers(pair) == {"mina", "tomas", "pia"}
    assert readers(pair, WEEK_2) == {"mina", "tomas"}


def test_a_window_called_off_ends_it_with_the_next_request(pair):
    write(pair, "mina")
    substituting.call_off(pair.window, by=pair.tomas, at=SOON)

    assert readers(pair) == {"mina", "tomas"}


def test_whoever_stopped_coaching_reads_nothing_more_and_the_client_keeps_it(pair):
    write(pair, "mina")
    assigning.release(Assignment.objects.get(coach=pair.tomas), by=pair.ada, at=SOON)

    assert readers(pair, WEEK_2) == {"mina"}


def test_no_page_no_answer_no_mail_and_no_journal_has_a_word_of_it_outside(pair, monkeypatch):
    write(pair, "mina", "CANARY-WORD")
    number = stands(pair).pk
    delivering.deliver(at=SOON + HOUR)
    monkeypatch.setattr(clock, "now", lambda: SOON + HOUR)
    client = pair.pair.pk
    pages = [
        f"/conversations/{pair.tomas.pk}/", "/conversations/", "/notices/", "/week/", "/coach/conversations/",
        f"/coach/clients/{client}/conversation/", "/coach/queue/", "/coach/risk/", "/coach/board/spring/",
        "/coach/board/spring/csv/", f"/coach/clients/{client}/dates/", f"/coach/clients/{client}/notes/",
        f"/coach/handover/{pair.window.pk}/", "/manage/cohorts/spring/", "/manage/cohorts/spring/board/",
        "/manage/delivery/", "/api/v1/conversations/", f"/api/v1/conversations/{number}/", "/api/v1/notes/",
    ]  # fmt: skip
    found = set()
    for who in EVERYBODY:
        browser, api = Client(), Api(getattr(pair, who)).client
        browser.force_login(getattr(pair, who))
        found |= {who for page in pages if "CANARY" in (api if "/api/" in page else browser).get(page).content.decode()}

    assert found == {"mina", "tomas", "pia"}
    assert mail.outbox and [one for one in mail.outbox if "CANARY" in one.subject + one.body] == []
    assert not JournalEntry.objects.filter(note__contains="CANARY").exists()


# --- Writing ------------------------------------------------------------------------------------------


def test_a_client_waits_from_their_first_word_until_somebody_answers(pair):
    write(pair, "mina", at=SOON)
    write(pair, "mina", "Or the third?", at=SOON + HOUR)
    assert stands(pair).waits_since == SOON

    write(pair, "pia", "The third.", at=SOON + 2 * HOUR)
    assert stands(pair).waits_since is None


def test_what_one_wrote_is_new_to_the_other_until_they_read_or_answer_it(pair):
    write(pair, "mina")
    assert (stands(pair).new_to_coach_since, stands(pair).new_to_client_since) == (SOON, None)
    conversing.read(stands(pair), by=pair.pia, at=SOON)
    assert stands(pair).new_to_coach_since == SOON

    write(pair, "tomas", "The second.", at=SOON + HOUR)
    assert (stands(pair).new_to_coach_since, stands(pair).new_to_client_since) == (None, SOON + HOUR)
    conversing.read(stands(pair), by=pair.mina, at=SOON + HOUR)
    assert stands(pair).new_to_client_since is None


def test_a_question_keeps_which_piece_it_is_about(pair):
    said = write(pair, "mina", piece=roads.piece(pair.mina))

    assert said.piece.exercise.key == "w1-x1"


def test_a_second_click_changes_nothing_and_tells_nobody(pair):
    assert write(pair, "mina").pk == write(pair, "mina").pk
    lines = JournalEntry.objects.filter(action="wrote")
    assert (Word.objects.count(), list(lines.values_list("note", flat=True))) == (1, [""])


def test_writing_is_a_sign_of_life_and_an_answer_is_contact(pair):
    write(pair, "mina")
    write(pair, "tomas", "The second.", at=SOON + HOUR)
    known = signs.of([pair.pair.pk])

    assert (pair.enrolment(pair.mina).seen_at, known.wrote_at[pair.pair.pk]) == (SOON, SOON + HOUR)


@pytest.mark.parametrize("who", ["noor", "omar", "petra", "ines", "ada", "lena", "pia"])
def test_nobody_else_writes_there_and_whoever_stands_in_begins_nothing(pair, who):
    refusal = conversing.write_refusal(pair.pair, pair.tomas, text="Yes", by=getattr(pair, who), at=SOON)

    assert code(refusal) == "word.not_yours"


def test_a_client_writes_to_nobody_who_does_not_coach_them(pair):
    write(pair, "mina")
    assigning.release(Assignment.objects.get(coach=pair.tomas), by=pair.ada, at=SOON)

    with pytest.raises(conversing.CannotWrite, match="Tomas does not coach you any more"):
        write(pair, "mina", "And now?")
    with pytest.raises(conversing.CannotWrite, match="Ines does not coach you any more"):
        write(pair, "mina", "And now?", coach="ines")


def test_who_left_keeps_what_was_written(pair):
    write(pair, "mina")
    joining.withdraw(pair.enrolment(pair.mina), by=pair.ada, at=SOON)

    with pytest.raises(conversing.CannotWrite, match="Mina has left already"):
        write(pair, "tomas", "A pity.")
    assert "mina" in readers(pair)
    assert not conversations.waiting(pair.tomas, at=SOON).exists()


def test_the_database_holds_that_a_word_says_something_and_a_pair_has_one_conversation(pair):
    write(pair, "mina")
    with pytest.raises(IntegrityError, match="a_word_says_something"), transaction.atomic():
        Word.objects.create(conversation=stands(pair), author=pair.mina, text="", written_at=SOON)
    for rule, earlier in (("one_conversation_a_pair", 0), ("a_conversation_goes_on_from_its_start", 1)):
        coach = pair.petra if earlier else pair.tomas
        times = {"begun_at": SOON, "last_at": SOON - earlier * HOUR}
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            Conversation.objects.create(enrolment=pair.pair, coach=coach, **times)


# --- Telling ------------------------------------------------------------------------------------------


def posted():
    rows = Message.objects.filter(kind__startswith="written.").order_by("pk")
    return [(str(row.person), row.kind, row.state) for row in rows]


def test_the_other_one_is_told_and_of_a_clients_word_whoever_stands_in_as_well(pair):
    write(pair, "mina")
    assert posted() == [("Tomas", "written.coach", "queued"), ("Pia", "written.coach", "queued")]

    write(pair, "pia", "The second.")
    assert posted()[2:] == [("Mina", "written.client", "queued")]


def test_several_within_ten_minutes_are_told_in_one_mail_and_one_line_of_the_bell(pair):
    for minutes in (0, 4, 9):
        write(pair, "tomas", f"Line {minutes}", at=SOON + minutes * MINUTE)
    for minutes in (9, 10, 11, 25):
        delivering.deliver(at=SOON + minutes * MINUTE)

    assert [(one.to, one.subject) for one in mail.outbox] == [(["mina@example.org"], "Tomas has written to you")]
    assert "Tomas has written to you, 3 times." in mail.outbox[0].body
    place = f"/conversations/{pair.tomas.pk}/?cohort=spring"
    assert place in mail.outbox[0].body
    lines = notices.lines_of(pair.mina, at=SOON + HOUR, only_unread=True).lines
    assert [(one.text, one.link) for one in lines if "written" in one.text] == [("Tomas has written to you", place)]


def test_what_was_read_needs_no_mail_and_no_line(pair):
    write(pair, "mina", piece=roads.piece(pair.mina))
    assert notices.lines_of(pair.tomas, at=SOON).lines[0].text == "Mina asks about “The four answers”"
    conversing.read(stands(pair), by=pair.tomas, at=SOON + MINUTE)
    delivering.deliver(at=SOON + HOUR)

    assert [(one.to) for one in mail.outbox] == [["pia@example.org"]]
    assert [one for one in notices.lines_of(pair.tomas, at=SOON + HOUR).lines if "asks" in one.text] == []


def test_what_a_coach_writes_always_comes_and_a_coach_may_stop_mails_about_questions(pair):
    choosing.choose(pair.tomas, wishes={("reviews", "mail"): False}, at=SOON)
    substituting.call_off(pair.window, by=pair.tomas, at=SOON)
    write(pair, "mina")
    write(pair, "tomas", "The second.", at=SOON + HOUR)
    delivering.deliver(at=SOON + 2 * HOUR)

    assert [one.to for one in mail.outbox if "written" in one.subject or "asks" in one.subject] == [
        ["mina@example.org"]
    ]


# --- Pages --------------------------------------------------------------------------------------------


@pytest.fixture
def page(pair, monkeypatch):
    """One page as one person, in plain words."""
    monkeypatch.setattr(clock, "now", lambda: SOON + 2 * HOUR)

    def ask(who, path, sent=None, **more):
        browser = Client()
        browser.force_login(getattr(pair, who))
        answer = browser.get(path, **more) if sent is None else browser.post(path, sent, **more)
        answer.words = " ".join(answer.content.decode().split())
        return answer

    return ask


def test_a_client_asks_about_a_piece_before_handing_it_in(pair, page):
    from_the_piece = page("mina", "/work/w1-x1/").words
    assert 'href="/conversations/?piece=w1-x1"' in from_the_piece and "Ask about this" in from_the_piece
    place = f"/conversations/{pair.tomas.pk}/"
    chosen = page("mina", "/conversations/?piece=w1-x1").words
    assert f'href="{place}?piece=w1-x1"' in chosen and "Whom do you ask about “The four answers”?" in chosen

    asked = page("mina", f"{place}?piece=w1-x1").words
    assert 'name="piece" value="w1-x1"' in asked and "Send: only you and Tomas can read" in asked
    after = page("mina", place, {"text": "Is one number enough?", "piece": "w1-x1"})

    assert after.headers["Location"] == f"{place}#newest"
    shown = page("mina", place).words
    assert "about “The four answers”" in shown and "Waits for Tomas since" in shown


def test_with_one_coach_the_list_is_the_conversation(pair, page):
    assigning.release(Assignment.objects.get(coach=pair.petra), by=pair.ada, at=SOON)

    answer = page("mina", "/conversations/?piece=w1-x1")

    assert answer.headers["Location"] == f"/conversations/{pair.tomas.pk}/?piece=w1-x1"


def test_the_coach_finds_who_waits_and_answers(pair, page):
    write(pair, "mina")
    place = f"/coach/clients/{pair.pair.pk}/conversation/"
    for desk in ("/coach/conversations/", "/coach/queue/"):
        assert f'href="{place}"' in page("tomas", desk).words
    assert 'data-module="opened"' in page("tomas", place).words

    after = page("tomas", place, {"text": "One is enough."})

    assert after.headers["Location"] == f"{place}#newest"
    assert "One is enough." in page("mina", f"/conversations/{pair.tomas.pk}/").words
    assert f'href="{place}"' not in page("tomas", "/coach/queue/").words


def test_whoever_stands_in_answers_in_the_name_of_the_coach(pair, page):
    place = f"/coach/clients/{pair.pair.pk}/conversation/"
    assert page("pia", place).status_code == 404
    write(pair, "mina")

    assert "Send: only Mina, Tomas and you can read" in page("pia", place).words
    page("pia", place, {"text": "One is enough."})
    assert str(Word.objects.last().author) == "Pia" and stands(pair).coach == pair.tomas


def test_what_is_too_long_stays_in_the_field(pair, page):
    for who, place in (
        ("mina", f"/conversations/{pair.tomas.pk}/"),
        ("tomas", f"/coach/clients/{pair.pair.pk}/conversation/"),
    ):
        answer = page(who, place, {"text": "y" * 2001})
        assert (answer.status_code, "y" * 2001 in answer.words) == (422, True)
        assert "At most 2000 characters at a time." in answer.words


def test_opening_it_is_a_post_and_a_look_changes_nothing(pair, page):
    write(pair, "tomas", "How is it going?")
    page("mina", f"/conversations/{pair.tomas.pk}/")
    assert stands(pair).new_to_client_since == SOON

    page("mina", f"/conversations/{pair.tomas.pk}/read/", {})

    assert stands(pair).new_to_client_since is None


@pytest.mark.parametrize("who", ["client", "coach"])
def test_the_frame_says_that_something_is_new(pair, page, who):
    write(pair, "tomas" if who == "client" else "mina")
    reader, home = ("mina", "/calendar/") if who == "client" else ("tomas", "/coach/board/spring/")

    assert '<span>Conversations</span><span class="count"><span aria-hidden="true">1</span>' in page(reader, home).words


def test_the_draft_of_whoever_is_at_risk_can_be_sent_from_there(pair, page):
    heeding.flag(pair.pair, reason="Quiet", by=pair.tomas, at=SOON)
    shown = page("tomas", "/coach/risk/").words

    assert f'action="/coach/clients/{pair.pair.pk}/conversation/"' in shown
    assert "Mina, how are you getting on?" in shown


@pytest.mark.parametrize("count", [1, 3, 50])
def test_pages_cost_the_same_however_much_was_written(pair, page, count, django_assert_num_queries):
    for number in range(count):
        write(pair, ("mina", "tomas")[number % 2], f"Line {number}", at=SOON + number * MINUTE)
    pages = {
        ("mina", f"/conversations/{pair.tomas.pk}/"): 11,
        ("tomas", f"/coach/clients/{pair.pair.pk}/conversation/"): 9,
    }
    for (who, path), queries in pages.items():
        browser = Client()
        browser.force_login(getattr(pair, who))
        with django_assert_num_queries(queries):
            browser.get(path)


@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_list_costs_the_same_however_many_wrote(pair, page, count, django_assert_num_queries):
    for number in range(count):
        somebody = roads.client(pair.spring, roads.person(f"Client{number}"))
        conversing.write(somebody, pair.tomas, text="Hello", by=somebody.client, at=SOON + number * MINUTE)
    browser = Client()
    browser.force_login(pair.tomas)
    with django_assert_num_queries(6):
        browser.get("/coach/conversations/")
