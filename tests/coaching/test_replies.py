"""What is said under feedback: by whom, for whom, once, told in one mail, and counted for its coach alone."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from clients import choosing, delivering, joining, notices
from clients.models import JournalEntry, Message
from coaching import assigning, replies, replying, reviewing, signs, substituting
from coaching.models import Assignment, Reply, Used
from curriculum import clock
from tests import roads
from tests.doors.asking import Api
from tests.roads import WEEK_1, WEEK_2

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SOON = WEEK_1 + 3 * HOUR
EVERYBODY = ("mina", "noor", "omar", "tomas", "petra", "ines", "ada", "lena", "pia")


@pytest.fixture
def told(cast):
    """Mina has an answer of Tomas's. Petra coaches with him, Pia stands in for a week."""
    cast.petra, cast.pia = roads.person("Petra"), roads.person("Pia")
    roads.coach(cast.spring, cast.petra)
    roads.coach(roads.cohort("Reserve", by=cast.ada), cast.pia)
    days = {"first_day": date(2026, 3, 2), "last_day": date(2026, 3, 8)}
    substituting.set_window(cast.spring, away=cast.tomas, substitute=cast.pia, **days, by=cast.tomas, at=roads.BEFORE)
    cast.feedback = roads.answered(cast.mina, cast.tomas)
    cast.attempt = cast.feedback.attempt
    Message.objects.all().delete()
    return cast


def say(told, who, text="Which of the two?", at=SOON, **more):
    return replying.reply(told.attempt, text=text, by=getattr(told, who), at=at, **more)


def press(told, quick, at=SOON):
    return replying.reply(told.attempt, quick=quick, by=told.mina, at=at)


def code(refusal):
    return getattr(refusal, "code", None)


# --- Who reads it -------------------------------------------------------------------------------------


def readers(told, at=SOON):
    return {who for who in EVERYBODY if replies.visible_to(getattr(told, who), at=at).exists()}


def test_the_client_and_their_coaches_read_it_and_no_admin_and_no_stranger(told):
    say(told, "mina")

    assert readers(told) == {"mina", "tomas", "petra"}


def test_a_substitute_reads_it_while_the_piece_waits_again_inside_the_window(told):
    say(told, "mina")
    roads.submitting.try_again(roads.piece(told.mina), by=told.mina, at=SOON)
    roads.handed_in(told.mina, at=SOON)

    assert "pia" in readers(told, SOON)
    assert "pia" not in readers(told, WEEK_2)


def test_whoever_stopped_coaching_reads_nothing_more(told):
    say(told, "mina")
    assigning.release(Assignment.objects.get(coach=told.tomas), by=told.ada, at=SOON)

    assert readers(told) == {"mina", "petra"}


def test_after_a_recall_nothing_shows_and_nothing_is_lost(told):
    early = told.feedback.shown_from + MINUTE
    say(told, "mina", at=early)
    reviewing.recall_feedback(told.feedback, by=told.tomas, at=early)
    assert (readers(told), Reply.objects.count()) == (set(), 1)

    submission = roads.piece(told.mina)
    reviewing.send_feedback(submission, content=roads.content(submission), by=told.tomas, at=SOON)

    assert readers(told, SOON + MINUTE) == {"mina", "tomas", "petra"}


def test_no_page_no_answer_no_mail_and_no_journal_has_a_word_of_it_outside(told, monkeypatch):
    say(told, "mina", text="CANARY-REPLY")
    delivering.deliver(at=SOON + HOUR)
    monkeypatch.setattr(clock, "now", lambda: SOON + HOUR)
    piece = told.attempt.submission_id
    pages = [
        "/feedback/w1-x1/", "/work/w1-x1/", "/notices/", f"/coach/review/{piece}/", "/coach/queue/", "/coach/risk/",
        "/coach/board/spring/", "/coach/board/spring/csv/", "/manage/cohorts/spring/", "/manage/cohorts/spring/board/",
        "/manage/delivery/", f"/api/v1/submissions/{piece}/replies/", f"/api/v1/submissions/{piece}/",
    ]  # fmt: skip
    found = set()
    for who in EVERYBODY:
        browser, api = Client(), Api(getattr(told, who)).client
        browser.force_login(getattr(told, who))
        found |= {who for page in pages if "CANARY" in (api if "/api/" in page else browser).get(page).content.decode()}

    assert found == {"mina", "tomas", "petra"}
    assert mail.outbox and [one for one in mail.outbox if "CANARY" in one.subject + one.body] == []
    assert not JournalEntry.objects.filter(note__contains="CANARY").exists()


# --- Saying it ----------------------------------------------------------------------------------------


def test_words_and_presses_stand_in_their_order_with_a_line_of_the_journal_each(told):
    press(told, "lost")
    say(told, "mina", at=SOON + MINUTE)
    say(told, "tomas", "The second.", at=SOON + 2 * MINUTE)

    thread = replies.under(told.feedback, told.tomas, at=SOON + HOUR)
    assert [(str(one.author), one.quick, one.text) for one in thread.replies] == [
        ("Mina", "lost", ""),
        ("Mina", "", "Which of the two?"),
        ("Tomas", "", "The second."),
    ]
    assert thread.offered == (Reply.Quick.OTHERWISE, Reply.Quick.TRIED)
    lines = JournalEntry.objects.filter(action="replied")
    assert sorted(lines.values_list("note", flat=True)) == ["", "", ""]


def test_a_second_click_changes_nothing_and_tells_nobody(told):
    first = [press(told, "tried").pk, say(told, "mina").pk]

    assert [press(told, "tried").pk, say(told, "mina").pk] == first
    assert (Reply.objects.count(), JournalEntry.objects.filter(action="replied").count()) == (2, 2)


def test_replying_is_a_sign_of_life_and_an_answer_is_contact(told):
    say(told, "mina", at=SOON)
    say(told, "tomas", "The second.", at=SOON + HOUR)
    enrolment = told.enrolment(told.mina)
    known = signs.of([enrolment.pk])

    assert (enrolment.seen_at, known.wrote_at[enrolment.pk]) == (SOON, SOON + HOUR)


def test_nothing_is_said_before_the_feedback_shows(told):
    before = told.feedback.shown_from - timedelta(seconds=1)

    assert code(replying.reply_refusal(told.attempt, text="Yes", by=told.mina, at=before)) == "reply.nothing"
    assert code(replying.reply_refusal(told.attempt, text="Yes", by=told.tomas, at=before)) == "reply.nothing"
    assert replying.reply_refusal(told.attempt, text="Yes", by=told.mina, at=SOON) is None


@pytest.mark.parametrize("who", ["noor", "omar", "ines", "ada", "lena", "pia"])
def test_whoever_does_not_read_the_piece_says_nothing_about_it(told, who):
    assert code(replying.reply_refusal(told.attempt, text="Yes", by=getattr(told, who), at=SOON)) == "reply.not_yours"


def test_who_left_and_whose_cohort_is_closed_keep_what_was_said(told):
    say(told, "mina")
    joining.withdraw(told.enrolment(told.mina), by=told.ada, at=SOON)

    with pytest.raises(replying.CannotReply, match="Mina has left already"):
        say(told, "tomas", "Yes")
    assert "mina" in readers(told)


RULES = {
    "a_reply_is_words_or_one_press": [{"text": ""}, {"text": "Words", "quick": "tried"}],
    "a_press_is_one_of_three": [{"text": "", "quick": "other"}],
    "each_is_pressed_once_an_attempt": [{"text": "", "quick": "lost"}],
}


@pytest.mark.parametrize("rule", RULES)
def test_the_database_holds(told, rule):
    press(told, "lost")
    for parts in RULES[rule]:
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            Reply.objects.create(attempt=told.attempt, author=told.mina, written_at=SOON, **parts)


# --- Used ---------------------------------------------------------------------------------------------


def test_it_was_used_once_and_that_can_be_taken_back(told):
    replying.mark_used(told.feedback, by=told.mina, at=SOON)
    again = replying.mark_used(told.feedback, by=told.mina, at=SOON + HOUR)
    assert (Used.objects.count(), again.at) == (1, SOON)

    replying.unmark_used(told.feedback, by=told.mina, at=SOON)
    replying.unmark_used(told.feedback, by=told.mina, at=SOON)

    assert Used.objects.count() == 0


@pytest.mark.parametrize("who", ["noor", "tomas", "petra", "ada", "lena"])
def test_only_whoever_it_is_for_has_used_it(told, who):
    assert code(replying.use_refusal(told.feedback, by=getattr(told, who), at=SOON)) == "reply.not_yours"


def test_what_was_used_and_pressed_is_counted_for_whoever_sent_it_and_nobody_else(told):
    replying.mark_used(told.feedback, by=told.mina, at=SOON)
    press(told, "tried")
    say(told, "mina")
    roads.answered(told.noor, told.tomas)

    assert replies.heard(told.tomas, at=SOON) == replies.Heard(sent=2, used=1, lost=0, otherwise=0, tried=1)
    assert replies.heard(told.petra, at=SOON) == replies.Heard(0, 0, 0, 0, 0)
    assert replies.heard(told.tomas, at=SOON + timedelta(weeks=5)) == replies.Heard(0, 0, 0, 0, 0)


def test_the_counts_stand_on_the_coachs_own_page_and_on_no_other(told, monkeypatch):
    replying.mark_used(told.feedback, by=told.mina, at=SOON)
    press(told, "otherwise")
    monkeypatch.setattr(clock, "now", lambda: SOON)
    words = "What became of 1 piece: 1 used, 0 tried, 0 not understood, 1 seen differently."
    pages = {
        "tomas": ["/coach/queue/"],
        "petra": ["/coach/queue/", "/coach/board/spring/"],
        "ada": ["/manage/cohorts/spring/", "/manage/cohorts/spring/board/"],
        "mina": ["/feedback/", "/feedback/w1-x1/", "/progress/", "/week/"],
    }
    found = set()
    for who, theirs in pages.items():
        browser = Client()
        browser.force_login(getattr(told, who))
        shown = [" ".join(browser.get(page).content.decode().split()) for page in theirs]
        found |= {who for text in shown if words in text}

    assert found == {"tomas"}
    assert Api(told.tomas).get("reviews/heard/").json() == {
        "sent": 1, "used": 1, "lost": 0, "otherwise": 1, "tried": 0,
    }  # fmt: skip


# --- Telling ------------------------------------------------------------------------------------------


def posted():
    rows = Message.objects.filter(kind__endswith=".reply").order_by("pk")
    return [(str(row.person), row.kind, row.state) for row in rows]


def test_whoever_takes_part_is_told_and_whoever_wrote_is_not(told):
    say(told, "mina")
    assert posted() == [("Tomas", "review.reply", "queued")]

    say(told, "petra", "The second.", at=SOON + MINUTE)
    assert posted()[1:] == [("Mina", "feedback.reply", "queued"), ("Tomas", "review.reply", "queued")]


def test_where_whoever_answered_is_no_coach_there_any_more_the_others_are_told(told):
    assigning.release(Assignment.objects.get(coach=told.tomas), by=told.ada, at=SOON)

    say(told, "mina")

    assert posted() == [("Petra", "review.reply", "queued")]


def test_several_within_ten_minutes_are_told_in_one_mail_and_one_line_of_the_bell(told):
    press(told, "lost")
    say(told, "mina", at=SOON + 2 * MINUTE)
    say(told, "mina", "I mean in the second line.", at=SOON + 9 * MINUTE)

    for minutes in (9, 10, 11, 25):
        delivering.deliver(at=SOON + minutes * MINUTE)

    assert [(one.to, one.subject) for one in mail.outbox] == [
        (["tomas@example.org"], "Mina replied about “The four answers”")
    ]
    assert "Mina wrote 3 replies under the feedback on “The four answers”, week 1." in mail.outbox[0].body
    assert f"/coach/review/{told.attempt.submission_id}/?attempt=1" in mail.outbox[0].body
    lines = notices.lines_of(told.tomas, at=SOON + HOUR, only_unread=True).lines
    assert [(one.text, one.link) for one in lines if "replied" in one.text] == [
        ("Mina replied about “The four answers”", f"/coach/review/{told.attempt.submission_id}/?attempt=1")
    ]


def test_what_is_said_after_the_mail_has_one_of_its_own(told):
    later = SOON + 4 * HOUR
    say(told, "tomas", "Read the second line.", at=later)
    delivering.deliver(at=later + 10 * MINUTE)
    say(told, "tomas", "And the third.", at=later + 11 * MINUTE)
    delivering.deliver(at=later + 22 * MINUTE)

    assert [one.to for one in mail.outbox] == [["mina@example.org"]] * 2
    assert "Tomas wrote a reply" in mail.outbox[1].body
    assert "/feedback/w1-x1/?cohort=spring&attempt=1" in mail.outbox[1].body


def test_a_mail_about_what_one_does_not_read_any_more_does_not_leave(told):
    early = told.feedback.shown_from + MINUTE
    say(told, "mina", at=early)
    reviewing.recall_feedback(told.feedback, by=told.tomas, at=early + MINUTE)
    delivering.deliver(at=SOON)

    assert posted() == [("Tomas", "review.reply", "cancelled")]
    assert [one for one in notices.lines_of(told.tomas, at=SOON).lines if "replied" in one.text] == []


def test_who_wants_no_mail_about_feedback_finds_it_in_the_bell(told):
    choosing.choose(told.mina, wishes={("feedback", "mail"): False}, at=SOON)
    say(told, "tomas", "Read the second line.")
    delivering.deliver(at=SOON + HOUR)

    assert mail.outbox == []
    newest, *_others = notices.lines_of(told.mina, at=SOON + HOUR).lines
    assert newest.text == "Tomas replied about “The four answers”"


# --- Pages --------------------------------------------------------------------------------------------


@pytest.fixture
def page(told, monkeypatch):
    """One page as one person, in plain words."""
    monkeypatch.setattr(clock, "now", lambda: SOON + 2 * HOUR)

    def ask(who, path, sent=None):
        browser = Client()
        browser.force_login(getattr(told, who))
        answer = browser.get(path) if sent is None else browser.post(path, sent)
        answer.words = " ".join(answer.content.decode().split())
        return answer

    return ask


def test_the_client_presses_replies_and_says_it_was_of_use(told, page):
    reply, used = "/feedback/w1-x1/1/reply/", "/feedback/w1-x1/1/used/"
    assert page("mina", reply, {"quick": "lost"}).headers["Location"] == "/feedback/w1-x1/?attempt=1#replies"
    page("mina", reply, {"text": "Which line?"})
    page("mina", used, {"used": "yes"})

    shown = page("mina", "/feedback/w1-x1/").words
    assert "I did not understand this" in shown and "Which line?" in shown and "You used this" in shown
    assert 'value="lost"' not in shown and 'value="tried"' in shown
    assert "Reply: only you and your coaches can read" in shown
    page("mina", used, {"used": "no"})
    assert "I used it" in page("mina", "/feedback/w1-x1/").words


def test_what_is_in_the_field_when_one_is_pressed_and_what_is_too_long_stays_there(page):
    pressed = page("mina", "/feedback/w1-x1/1/reply/", {"quick": "tried", "text": "Half a sent"})
    long = page("mina", "/feedback/w1-x1/1/reply/", {"text": "y" * 1001})

    assert (pressed.status_code, ">Half a sent</textarea>" in pressed.words) == (200, True)
    assert (long.status_code, "y" * 1001 in long.words) == (422, True)
    assert "A reply has at most 1000 characters." in long.words


def test_what_was_typed_while_the_feedback_was_taken_back_stays_on_the_page(told, page):
    reviewing.recall_feedback(told.feedback, by=told.tomas, at=told.feedback.sent_at + MINUTE)

    answers = [
        page("mina", "/feedback/w1-x1/1/reply/", {"text": "Half a sentence"}),
        page("tomas", f"/coach/review/{told.attempt.submission_id}/attempt/1/reply/?attempt=1", {"text": "My half"}),
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "Half a sentence" in answers[0].words and "There is no feedback here to reply to" in answers[0].words
    assert "My half" in answers[1].words and "There is no feedback here to reply to" in answers[1].words


def test_the_coach_reads_and_replies_where_they_answered(told, page):
    press(told, "lost")
    replying.mark_used(told.feedback, by=told.mina, at=SOON)
    path = f"/coach/review/{told.attempt.submission_id}/"

    after = page("tomas", f"{path}attempt/1/reply/?attempt=1", {"text": "The second."})
    shown = page("tomas", path).words

    assert after.headers["Location"] == f"{path}?attempt=1#replies"
    assert "I did not understand this" in shown and "The second." in shown and "Mina used it" in shown
    assert "Reply: only Mina and their coaches can read" in shown


def test_the_next_attempt_says_how_much_was_said_under_the_one_before(told, page):
    press(told, "otherwise")
    replying.mark_used(told.feedback, by=told.mina, at=SOON)
    roads.submitting.try_again(roads.piece(told.mina), by=told.mina, at=SOON)
    roads.handed_in(told.mina, at=SOON + HOUR)
    path = f"/coach/review/{told.attempt.submission_id}/"

    beside = page("tomas", path).words
    assert "1 reply under it" in beside and 'href="?attempt=1#replies"' in beside and "Mina used it" in beside
    assert "I see it differently" in page("tomas", f"{path}?attempt=1").words


@pytest.mark.parametrize("count", [0, 1, 3, 50])
def test_pages_cost_the_same_however_much_is_said(told, page, count, django_assert_num_queries):
    for number in range(count):
        say(told, ("mina", "tomas")[number % 2], f"Line {number}", at=SOON + number * MINUTE)

    pages = {
        ("mina", "/feedback/w1-x1/"): 13,
        ("tomas", f"/coach/review/{told.attempt.submission_id}/"): 9,
        ("tomas", "/coach/queue/"): 11,
    }
    for (who, path), queries in pages.items():
        browser = Client()
        browser.force_login(getattr(told, who))
        browser.get(path)  # what an edition's criteria are called is looked up once in a process
        with django_assert_num_queries(queries):
            browser.get(path)
