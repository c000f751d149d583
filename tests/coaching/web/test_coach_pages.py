"""The coach's pages as a browser without scripts uses them, and what scripts are told."""

import csv
import html
import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.urls import reverse

from clients import submitting
from clients.models import Submission
from coaching import assigning, reviewing, substituting
from coaching.caseload import PAGE
from coaching.models import Assignment, Claim, Feedback, FeedbackDraft, Mark
from coaching.promises import PROMISE
from curriculum import clock, draft_notes
from tests import roads
from tests.coaching.web.visiting import browser
from tests.roads import WEEK_1, WEEK_2, WEEK_4, WEEK_5

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
SCRIPT = {"X-Requested-With": "XMLHttpRequest", "Accept": "application/json"}
KEEP, TRY = "“One good customer in fifty” can be repeated.", "Say what you need from Carla."


@pytest.fixture
def now(monkeypatch):
    """Every page reads three hours after Wednesday of week 1, until a test sets `now.at`."""
    hand = type("Clock", (), {"at": WEEK_1 + 3 * HOUR})()
    monkeypatch.setattr(clock, "now", lambda: hand.at)
    return hand


@pytest.fixture
def tomas(cast, now):
    return browser(cast.tomas)


@pytest.fixture
def piece(cast):
    """Mina's four answers, handed in and nobody's yet."""
    return roads.handed_in(cast.mina).submission


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


def post(client, name, *args, headers=None, query="", **sent):
    return client.post(reverse(name, args=args) + query, sent, headers=headers or {})


def words(response):
    """The page's text, as somebody reads it."""
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())
    return re.sub(r" ([.,])", r"\1", text)


def links(response, place):
    """The pieces a part of the page links to, in order."""
    part = response.content.decode().split(place, 1)[1]
    return [int(number) for number in re.findall(r'href="/coach/review/(\d+)/"', part)]


def written(piece, level=3, **changes):
    """A whole feedback as the form sends it."""
    content = roads.content(piece, level=level)
    levels = {f"level-{key}": given for key, given in content["levels"].items()}
    attempt = piece.attempts.order_by("serial").last().pk
    return levels | {"keep": KEEP, "try_next": TRY, "another": "", "revision": 0, "attempt": attempt} | changes


def fresh(piece):
    return Submission.objects.get(pk=piece.pk)


# --- The queue ---------------------------------------------------------------------------------------------


def test_the_queue_says_what_to_take_first(cast, tomas, now):
    roads.handed_in(cast.noor, at=WEEK_1 + HOUR)
    first = roads.handed_in(cast.mina).submission

    response = page(tomas, "queue")

    assert "2 pieces wait for feedback" in words(response)
    assert "The first of them: 69 h left of the 72 hours we promise." in words(response)
    assert "Review Mina, 69 h left" in words(response)
    assert links(response, "board-head")[0] == first.pk


def test_pieces_due_by_the_end_of_the_coach_s_day_stand_under_today(cast, tomas, now):
    roads.handed_in(cast.mina)
    now.at = datetime(2026, 3, 6, 22, 30, tzinfo=UTC)  # Friday 23:30 in Berlin; the promise ends on Saturday
    before = words(page(tomas, "queue"))
    now.at = datetime(2026, 3, 6, 23, 0, tzinfo=UTC)  # Saturday there

    after = words(page(tomas, "queue"))

    assert ("After today" in before, "Today" in before) == (True, False)
    assert ("After today" in after, "Today" in after) == (False, True)


def test_a_broken_promise_is_said_plainly(cast, tomas, piece, now):
    now.at = WEEK_1 + PROMISE + 5 * HOUR

    text = words(page(tomas, "queue"))

    assert "1 has waited longer than the 72 hours we promise." in text
    assert "Review Mina, 5 h over" in text


def test_a_piece_a_colleague_has_is_named_and_is_not_the_first_to_take(cast, tomas, now):
    roads.coach(cast.spring, cast.ines)
    roads.claimed(cast.mina, cast.ines)
    free = roads.handed_in(cast.noor, at=WEEK_1 + 2 * HOUR).submission

    response = page(tomas, "queue")

    assert "Ines has it since today 12:00" in words(response)
    assert links(response, "board-head")[0] == free.pk


def test_an_empty_queue_says_when_the_next_work_is_due_and_leads_to_the_board(tomas):
    response = page(tomas, "queue")

    assert "Nothing waits. The next work is due Sunday 23:59." in words(response)
    assert f'href="{reverse("boards")}"' in response.content.decode()


def test_a_long_queue_comes_in_pages(cast, tomas, now, monkeypatch):
    monkeypatch.setattr("coaching.caseload.PAGE", 2)
    for number in range(3):
        person = roads.person(f"Client{number}")
        roads.client(cast.spring, person)
        roads.handed_in(person, at=WEEK_1 + number * HOUR)

    first = page(tomas, "queue")
    later = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1]
    second = tomas.get(reverse("queue") + html.unescape(later))

    assert [name for name in ("Client0", "Client1", "Client2") if name in words(first)] == ["Client0", "Client1"]
    assert [name for name in ("Client0", "Client1", "Client2") if name in words(second)] == ["Client2"]
    assert PAGE == 100


# --- What of the queue is looked at ------------------------------------------------------------------------


def listed(response):
    """Whose pieces a page of the queue lists, in order."""
    return re.findall(r'data-piece href="[^"]+">([^<]+)<', response.content.decode())


def at_the_queue(client, query):
    return client.get(reverse("queue") + query)


@pytest.fixture
def two_cohorts(cast, tomas, now):
    """Tomas coaches both; a text of Mina waits, then a rewrite of Noor, then a text of Omar in the other cohort."""
    roads.coach(cast.autumn, cast.tomas)
    for hours, (who, key) in enumerate(((cast.mina, "w1-x1"), (cast.noor, "w5-x1"), (cast.omar, "w1-x1"))):
        roads.handed_in(who, key, at=WEEK_5 + hours * HOUR)
    now.at = WEEK_5 + 3 * HOUR


def test_the_queue_is_narrowed_to_a_cohort_to_a_type_of_exercise_or_to_both(two_cohorts, tomas):
    asked = ("", "?cohort=&kind=", "?cohort=spring", "?kind=text", "?cohort=spring&kind=text", "?kind=rewrite")

    assert {query: listed(at_the_queue(tomas, query)) for query in asked} == {
        "": ["Mina", "Noor", "Omar"],
        "?cohort=&kind=": ["Mina", "Noor", "Omar"],
        "?cohort=spring": ["Mina", "Noor"],
        "?kind=text": ["Mina", "Omar"],
        "?cohort=spring&kind=text": ["Mina"],
        "?kind=rewrite": ["Noor"],
    }


def test_what_is_chosen_is_said_and_taken_first_and_leads_back_to_everything(cast, two_cohorts, tomas):
    response = page(tomas, "queue", cohort="spring", kind="rewrite")
    content, text = response.content.decode(), words(response)

    assert "Review queue · Spring, Rewrite 1 piece waits for feedback" in text
    assert links(response, "board-head")[0] == roads.piece(cast.noor, "w5-x1").pk
    assert re.findall(r'<option value="([^"]+)" selected>', content) == ["spring", "rewrite"]
    assert re.findall(r'<label for="(\w+)">', content) == re.findall(r'<select class="input" id="(\w+)"', content)
    assert f'href="{reverse("queue")}">Show everything</a>' in content
    assert "Show everything" not in words(page(tomas, "queue"))


def test_where_nothing_waits_of_what_is_chosen_the_page_says_so_and_leads_to_everything(cast, two_cohorts, tomas):
    response = page(tomas, "queue", cohort="autumn", kind="rewrite")

    assert listed(response) == []
    assert "Nothing waits of what you chose: Autumn, Rewrite. Show everything" in words(response)
    assert f'<a class="btn" href="{reverse("queue")}">Show everything</a>' in response.content.decode()
    assert "To the board" not in words(response)


@pytest.mark.parametrize(
    "query", ["?cohort=autumn", "?cohort=nowhere", "?kind=pulse", "?kind=x", "?kind=text&cohort=x"]
)
def test_a_cohort_of_others_and_a_type_that_is_none_are_not_there(cast, tomas, piece, query):
    roads.handed_in(cast.omar)

    assert [at_the_queue(who, query).status_code for who in (tomas, browser(cast.lena))] == [404, 404]
    assert at_the_queue(tomas, "?cohort=spring").status_code == 200


def test_whoever_stands_in_narrows_the_queue_to_the_cohort_while_the_window_is_open(cast, now, piece):
    friday = now.at.date() + timedelta(days=2)
    substituting.set_window(
        cast.spring, away=cast.tomas, substitute=cast.ines, first_day=now.at.date(), last_day=friday,
        by=cast.tomas, at=now.at,
    )  # fmt: skip
    ines = browser(cast.ines)
    inside = page(ines, "queue", cohort="spring")
    now.at += timedelta(days=3)

    assert (inside.status_code, listed(inside)) == (200, ["Mina"])
    assert page(ines, "queue", cohort="spring").status_code == 404


def test_every_place_on_the_frame_of_whoever_only_stands_in_opens(cast, now):
    friday = now.at.date() + timedelta(days=2)
    substituting.set_window(
        cast.spring, away=cast.tomas, substitute=cast.ines, first_day=now.at.date(), last_day=friday,
        by=cast.tomas, at=now.at,
    )  # fmt: skip
    ines = browser(cast.ines)
    labels = [place["label"] for place in page(ines, "queue").context["shell"]["nav"]]
    assigning.release(Assignment.objects.get(coach=cast.ines), by=cast.ada, at=now.at)

    after = page(ines, "queue").context["shell"]["nav"]

    assert [place["label"] for place in after] == ["Review queue", "Clients", "Conversations", "Account"]
    assert {ines.get(place["url"]).status_code for place in after} == {200}
    assert [label for label in labels if label not in {place["label"] for place in after}] == [
        "Cohort board", "Sessions", "At risk",
    ]  # fmt: skip


def test_the_pages_of_a_long_queue_keep_what_is_chosen(cast, two_cohorts, tomas, now, monkeypatch):
    monkeypatch.setattr("coaching.caseload.PAGE", 2)
    for number in range(3):
        person = roads.person(f"Client{number}")
        roads.client(cast.spring, person)
        roads.handed_in(person, at=now.at)

    first = page(tomas, "queue", cohort="spring", kind="text")
    later = html.unescape(re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1])
    second = at_the_queue(tomas, later)

    assert [listed(first), listed(second)] == [["Mina", "Client0"], ["Client1", "Client2"]]
    assert later.startswith("?cohort=spring&kind=text&after=")
    assert f'rel="prev" href="{reverse("queue")}?cohort=spring&amp;kind=text"' in second.content.decode()


def test_a_key_leads_to_the_first_filter_and_the_sheet_says_so_where_letters_are_keys(cast, two_cohorts, tomas):
    def keyed(query=""):
        response = at_the_queue(tomas, query)
        fields = re.findall(r'<select[^>]+name="(\w+)" data-key="/">', response.content.decode())
        return fields, ["/"] in [one["keys"] for one in response.context["keys"]]

    several = keyed()
    assigning.release(Assignment.objects.get(coach=cast.tomas, cohort=cast.autumn), by=cast.ada, at=WEEK_5)
    only_one = keyed()
    cast.tomas.letter_keys = False
    cast.tomas.save()

    assert [several, only_one, keyed()] == [(["cohort"], True), (["kind"], True), (["kind"], False)]


def test_where_nothing_waits_there_is_nothing_to_choose(tomas):
    response = page(tomas, "queue")

    assert "<select" not in response.content.decode()
    assert ["/"] not in [one["keys"] for one in response.context["keys"]]


@pytest.mark.parametrize("mark", ["", "x", "2026-03-04", "2026-03-04T10:00:00+00:00", "2026-99-99T10:00:00+00:00,1"])
def test_a_page_that_is_none_of_ours_is_not_there(tomas, mark):
    assert page(tomas, "queue", after=mark).status_code == 404


@pytest.mark.parametrize("who", ["mina", "ada", "lena"])
@pytest.mark.parametrize(("name", "args"), [("queue", ()), ("boards", ()), ("board", ("spring",))])
def test_whoever_coaches_nobody_finds_no_coach_s_page(cast, now, who, name, args):
    assert page(browser(getattr(cast, who)), name, *args).status_code == 404


@pytest.mark.parametrize("who", ["mina", "ines", "ada", "lena"])
def test_a_piece_is_not_there_for_anybody_but_its_coaches(cast, now, piece, who):
    client = browser(getattr(cast, who))

    answers = [page(client, "review", piece.pk).status_code, page(client, "review-claim", piece.pk).status_code]
    posts = [
        post(client, f"review-{verb}", piece.pk, **written(piece)).status_code
        for verb in ("claim", "take-over", "release", "draft", "send", "undo")
    ]

    assert (set(answers), set(posts)) == ({404}, {404})


# --- The piece ---------------------------------------------------------------------------------------------


def test_the_page_shows_the_whole_answer_with_its_reader_and_its_length(tomas, piece):
    text = words(page(tomas, "review", piece.pk))

    for part in ("Fraud checks at checkout", "Finance partner", "Today we refuse about one good customer in fifty"):
        assert part in text
    assert "To: Carla, VP Finance. 67 of 180 words. Attempt 1, handed in today 11:00." in text


def test_a_draft_is_never_shown(cast, tomas, piece):
    reviewing.claim(piece, by=cast.tomas, at=WEEK_1 + HOUR)
    reviewing.send_feedback(piece, content=roads.content(piece, another=True), by=cast.tomas, at=WEEK_1 + 2 * HOUR)
    submitting.try_again(piece, by=cast.mina, at=WEEK_1 + 3 * HOUR)
    roads.drafted(cast.mina, at=WEEK_1 + 3 * HOUR, why="A secret draft of the second attempt.")
    noors = roads.drafted(cast.noor)

    assert "A secret draft" not in words(page(tomas, "review", piece.pk))
    assert page(tomas, "review", noors.pk).status_code == 404


def second_attempt(cast, **changes):
    roads.answered(cast.mina, cast.tomas, another=True, level=2)
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_1 + 3 * HOUR)
    return roads.handed_in(cast.mina, at=WEEK_1 + 4 * HOUR, **changes).submission


def test_a_second_attempt_opens_with_what_changed(cast, tomas, now):
    piece = second_attempt(cast, why="Today we refuse about one good customer in forty, and each of them costs us.")
    now.at = WEEK_1 + 5 * HOUR

    content = page(tomas, "review", piece.pk).content.decode()

    assert "<del>fifty</del> <ins>forty</ins>" in content
    assert "Changes since attempt 1" in content


def test_the_views_are_links(cast, tomas, now):
    piece = second_attempt(cast, why="Each refusal costs us a customer as well as a sale.")
    now.at = WEEK_1 + 5 * HOUR

    shown = {view: page(tomas, "review", piece.pk, view=view) for view in ("read", "changes", "compare")}

    assert {view: response.status_code for view, response in shown.items()} == dict.fromkeys(shown, 200)
    assert [view for view, response in shown.items() if "<ins>" in response.content.decode()] == ["changes"]
    assert page(tomas, "review", piece.pk, view="else").status_code == 404


def test_earlier_attempts_can_be_read_and_not_answered_again(cast, tomas, now):
    piece = second_attempt(cast)
    now.at = WEEK_1 + 5 * HOUR

    response = page(tomas, "review", piece.pk, attempt=1)

    assert "“One good customer in fifty” is a number finance can repeat." in words(response)
    assert "Send feedback" not in words(response)
    assert page(tomas, "review", piece.pk, attempt=3).status_code == 404


def test_the_rubric_shows_the_level_of_the_last_attempt_and_both_means(cast, tomas, now):
    piece = second_attempt(cast)
    now.at = WEEK_1 + 5 * HOUR
    post(tomas, "review-draft", piece.pk, **written(piece, level=4))

    response = page(tomas, "review", piece.pk)

    assert response.content.decode().count('class="was"') == 5
    assert "Attempt 1: 2.0 · now 4.0" in words(response)


def test_what_the_client_kept_on_purpose_is_said(cast, tomas, now):
    draft = roads.drafted(cast.mina, what="I just wanted to say that we are maybe sort of changing the check, I think.")
    noticed = draft_notes.first_read(draft.exercise, draft.draft).notes
    submitting.mean_it(draft, rule=noticed[0].rule, by=cast.mina, at=WEEK_1)
    attempt = submitting.hand_in(draft, by=cast.mina, at=WEEK_1)

    text = words(page(tomas, "review", attempt.submission_id))

    assert [note.noticed in text for note in noticed] == [True] * len(noticed)
    assert text.count("Kept on purpose.") == sum(note.rule == noticed[0].rule for note in noticed)


def test_what_a_client_writes_is_never_markup(cast, tomas, now):
    attempt = roads.handed_in(cast.mina, topic="<img src=x>", what="<script>alert(1)</script> is what we are building.")

    content = page(tomas, "review", attempt.submission_id).content.decode()

    assert "<script>alert(1)" not in content
    assert "<img src=x>" not in content
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in content


def test_an_unscored_piece_asks_for_keep_and_try_only(cast, tomas, now):
    piece = roads.piece(cast.mina, "w0-charter")
    submitting.hand_in(piece, answer={"value": "I want to be heard and kind."}, by=cast.mina, at=WEEK_1)

    response = page(tomas, "review", piece.pk)
    sent = post(tomas, "review-send", piece.pk, **written(piece))

    assert 'type="radio"' not in response.content.decode()
    assert sent.status_code == 303
    assert Mark.objects.count() == 0


# --- Who has it ----------------------------------------------------------------------------------------------


def test_looking_takes_nothing_and_the_first_word_takes_the_piece(tomas, piece):
    page(tomas, "review", piece.pk)
    looked = Claim.objects.count()

    post(tomas, "review-draft", piece.pk, keep="One", revision=0, attempt=piece.attempts.get().pk)

    assert (looked, Claim.objects.get().coach.name, fresh(piece).state) == (0, "Tomas", "in_review")


def test_a_piece_can_be_taken_and_given_back_without_a_word(tomas, piece):
    took = post(tomas, "review-claim", piece.pk)
    state = fresh(piece).state
    gave = post(tomas, "review-release", piece.pk)

    assert (took.headers["Location"], gave.headers["Location"]) == (reverse("review", args=[piece.pk]),) * 2
    assert (state, fresh(piece).state) == ("in_review", "handed_in")


def held_by_ines(cast):
    roads.coach(cast.spring, cast.ines)
    return roads.claimed(cast.mina, cast.ines)


def test_a_colleague_s_piece_is_read_only_and_says_who_has_it(cast, tomas, now):
    piece = held_by_ines(cast)
    now.at = WEEK_1 + HOUR + timedelta(minutes=29)

    text = words(page(tomas, "review", piece.pk))

    assert "Ines has had this since today 12:00." in text
    assert ("Take over all the same" in text, "Send feedback" in text) == (True, False)


def test_after_half_an_hour_it_lies_idle_and_is_taken_over_with_one_button(cast, tomas, now):
    piece = held_by_ines(cast)
    now.at = WEEK_1 + HOUR + timedelta(minutes=30)

    text = words(page(tomas, "review", piece.pk))
    post(tomas, "review-take-over", piece.pk)

    assert "It has lain untouched for 30 minutes." in text
    assert "Take over all the same" not in text
    assert Claim.objects.get().coach == cast.tomas


def test_it_is_taken_from_whom_the_page_named_and_from_nobody_who_came_in_between(cast, tomas, now):
    piece = held_by_ines(cast)
    now.at = WEEK_1 + 2 * HOUR
    shown = page(tomas, "review", piece.pk).content.decode()
    roads.coach(cast.spring, cast.lena)
    reviewing.take_over(piece, holder=cast.ines.pk, by=cast.lena, at=now.at)

    answer = post(tomas, "review-take-over", piece.pk, holder=cast.ines.pk)

    assert f'name="holder" value="{cast.ines.pk}"' in shown
    assert (answer.status_code, Claim.objects.get().coach) == (409, cast.lena)
    assert "Lena has had this since 12:00 UTC." in words(answer)


def test_a_colleague_s_draft_is_not_shown(cast, tomas, now):
    piece = held_by_ines(cast)
    content = {"keep": "Ines thinks aloud"}
    reviewing.save_feedback_draft(piece, content=content, revision=0, by=cast.ines, at=WEEK_1 + 2 * HOUR)

    assert "Ines thinks aloud" not in words(page(tomas, "review", piece.pk))


def test_what_is_refused_on_the_way_is_said_with_the_words_kept(cast, tomas, now):
    piece = held_by_ines(cast)

    response = post(tomas, "review-draft", piece.pk, keep="What I thought", revision=0, attempt=piece.attempts.get().pk)

    assert response.status_code == 409
    assert "Ines has had this since 11:00 UTC." in words(response)
    assert "What I thought" in words(response)


def test_coming_back_from_the_sign_in_page_leads_to_the_piece(tomas, piece):
    response = page(tomas, "review-draft", piece.pk)

    assert (response.status_code, response.headers["Location"]) == (302, reverse("review", args=[piece.pk]))


# --- The draft of the feedback -------------------------------------------------------------------------------


def test_a_draft_saves_itself_and_says_when(tomas, piece):
    response = post(tomas, "review-draft", piece.pk, headers=SCRIPT, **written(piece))

    assert response.json() == {"revision": 1, "saved": "14:00", "hints": []}
    assert "Saved 14:00. Nothing is sent until you say so." in words(page(tomas, "review", piece.pk))
    assert Feedback.objects.count() == 0


def test_line_ends_are_the_same_from_every_browser(tomas, piece):
    post(tomas, "review-draft", piece.pk, headers=SCRIPT, **written(piece, keep="One\r\nTwo"))

    assert FeedbackDraft.objects.get().keep == "One\nTwo"


def test_a_stale_save_is_refused_and_both_are_shown(tomas, piece):
    post(tomas, "review-draft", piece.pk, **written(piece, keep="From the first window"))

    told = post(tomas, "review-draft", piece.pk, headers=SCRIPT, **written(piece, keep="From the second"))
    shown = post(tomas, "review-draft", piece.pk, **written(piece, keep="From the second"))

    assert (told.status_code, told.json()["code"], told.json()["revision"]) == (409, "draft.stale", 1)
    for text in (told.json()["html"], words(shown)):
        assert "From the first window" in text
        assert "From the second" in text
    assert FeedbackDraft.objects.get().keep == "From the first window"


def test_going_on_with_one_s_own_words_overwrites_on_purpose(tomas, piece):
    post(tomas, "review-draft", piece.pk, **written(piece, keep="From the first window"))
    shown = post(tomas, "review-draft", piece.pk, **written(piece, keep="From the second"))
    revision = re.search(r'name="revision" value="(\d+)"', shown.content.decode())[1]

    post(tomas, "review-draft", piece.pk, **written(piece, keep="From the second", revision=revision))

    assert FeedbackDraft.objects.get().keep == "From the second"


@pytest.mark.parametrize("revision", ["", "soon"])
def test_a_save_that_does_not_say_where_it_started_overwrites_nothing(tomas, piece, revision):
    post(tomas, "review-draft", piece.pk, **written(piece, keep="From the first window"))

    response = post(tomas, "review-draft", piece.pk, headers=SCRIPT, **written(piece, keep="Blind", revision=revision))

    assert response.status_code == 422
    assert FeedbackDraft.objects.get().keep == "From the first window"


def test_what_was_taken_back_meanwhile_says_so_and_the_words_are_kept(cast, tomas, piece):
    submitting.take_back(piece, by=cast.mina, at=WEEK_1 + HOUR)

    told = post(tomas, "review-draft", piece.pk, headers=SCRIPT, **written(piece))
    shown = post(tomas, "review-send", piece.pk, **written(piece))
    looked = page(tomas, "review", piece.pk)

    sentence = "Mina took this back. It comes to the queue again once it is handed in."
    assert (told.status_code, told.json()["detail"]) == (409, sentence)
    assert (shown.status_code, sentence in words(shown), KEEP in words(shown)) == (409, True, True)
    assert (looked.status_code, sentence in words(looked)) == (200, True)
    assert "one good customer in fifty" not in words(looked) + words(shown).replace(KEEP, "")


def test_words_about_a_text_that_was_handed_in_anew_meanwhile_are_not_sent(cast, tomas, piece):
    form = written(piece)
    submitting.take_back(piece, by=cast.mina, at=WEEK_1 + HOUR)
    roads.handed_in(cast.mina, at=WEEK_1 + 2 * HOUR, why="Quite another reason, which the coach has not read.")

    response = post(tomas, "review-send", piece.pk, **form)

    assert response.status_code == 409
    assert "Mina handed this in again." in words(response)
    assert (KEEP in words(response), "Quite another reason" in words(response)) == (True, True)
    assert Feedback.objects.count() == 0


def test_what_was_written_before_a_piece_was_taken_back_is_there_for_the_next_one(cast, tomas, piece):
    post(tomas, "review-draft", piece.pk, **written(piece))
    post(tomas, "review-release", piece.pk)
    submitting.take_back(piece, by=cast.mina, at=WEEK_1 + 3 * HOUR)
    roads.handed_in(cast.mina, at=WEEK_1 + 3 * HOUR)

    assert KEEP in words(page(tomas, "review", piece.pk))


# --- Sending ---------------------------------------------------------------------------------------------------


def test_sending_goes_on_to_the_next_free_piece_with_a_way_back(cast, tomas, piece):
    following = roads.handed_in(cast.noor, at=WEEK_1 + HOUR).submission

    response = post(tomas, "review-send", piece.pk, **written(piece))
    sent = Feedback.objects.get()
    shown = tomas.get(response.headers["Location"])

    assert response.status_code == 303
    assert response.headers["Location"] == f"{reverse('review', args=[following.pk])}?sent={sent.pk}"
    assert (sent.verdict, sent.keep, sent.marks.count()) == ("accepted", KEEP, 5)
    assert "Sent to Mina." in words(shown)
    assert f'action="{reverse("review-undo", args=[piece.pk])}"' in shown.content.decode()


def test_after_the_last_piece_comes_the_queue(tomas, piece):
    response = post(tomas, "review-send", piece.pk, **written(piece))

    shown = tomas.get(response.headers["Location"])

    assert response.headers["Location"] == f"{reverse('queue')}?sent={Feedback.objects.get().pk}"
    assert "Sent to Mina." in words(shown)


def test_the_second_button_asks_for_another_attempt(tomas, piece):
    post(tomas, "review-send", piece.pk, query="?verdict=another", **written(piece))

    assert (Feedback.objects.get().verdict, fresh(piece).state) == ("another", "returned")


def test_the_first_button_accepts_whatever_the_draft_meant_to_do(tomas, piece):
    post(tomas, "review-draft", piece.pk, **written(piece, another="on"))

    post(tomas, "review-send", piece.pk, **written(piece, another="on", revision=1))

    assert Feedback.objects.get().verdict == "accepted"


def test_missing_parts_are_named_and_everything_is_kept(tomas, piece):
    form = written(piece, try_next="")
    level = next(name for name in form if name.startswith("level-"))
    del form[level]

    response = post(tomas, "review-send", piece.pk, **form)

    assert response.status_code == 422
    assert "Name one thing to try next." in words(response)
    assert "Four questions has no level yet." in words(response)
    assert KEEP in words(response)
    assert f'href="#id_{level}"' in response.content.decode()
    assert response.content.decode().count(" checked>") == 4
    assert 'tabindex="-1" autofocus data-errors' in response.content.decode()


def test_a_double_click_sends_once_and_both_answers_are_the_same(tomas, piece):
    first = post(tomas, "review-send", piece.pk, **written(piece))
    second = post(tomas, "review-send", piece.pk, **written(piece))

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert Feedback.objects.count() == 1


def test_what_was_answered_long_ago_is_not_answered_again(cast, tomas, now):
    roads.answered(cast.mina, cast.tomas)
    piece = roads.piece(cast.mina)

    response = post(tomas, "review-send", piece.pk, **written(piece, keep="Once more"))

    assert response.status_code == 409
    assert "Nothing waits for feedback here." in words(response)
    assert Feedback.objects.get().keep != "Once more"


def test_after_the_third_attempt_there_is_no_other(cast, tomas, now):
    for number in range(2):
        roads.answered(cast.mina, cast.tomas, another=True, at=WEEK_1 + number * 4 * HOUR)
        submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=WEEK_1 + (number * 4 + 3) * HOUR)
    piece = roads.handed_in(cast.mina, at=WEEK_1 + 9 * HOUR).submission
    now.at = WEEK_1 + 10 * HOUR

    shown = page(tomas, "review", piece.pk)
    response = post(tomas, "review-send", piece.pk, query="?verdict=another", **written(piece))

    assert "This is the third attempt; there is no fourth." in words(shown)
    assert response.status_code == 409
    assert fresh(piece).state == "handed_in"


# --- Undo ------------------------------------------------------------------------------------------------------


def test_undo_within_ten_seconds_brings_the_words_back(tomas, piece, now):
    post(tomas, "review-send", piece.pk, **written(piece))
    now.at += 9 * SECOND

    response = post(tomas, "review-undo", piece.pk)

    assert (response.status_code, response.headers["Location"]) == (302, reverse("review", args=[piece.pk]))
    assert (Feedback.objects.count(), fresh(piece).state) == (0, "in_review")
    assert KEEP in words(page(tomas, "review", piece.pk))


def test_after_ten_seconds_undo_says_that_they_are_over(tomas, piece, now):
    post(tomas, "review-send", piece.pk, **written(piece))
    now.at += 10 * SECOND

    response = post(tomas, "review-undo", piece.pk)

    assert response.status_code == 409
    assert "The ten seconds are over; your client can read it." in words(response)
    assert Feedback.objects.count() == 1


def test_the_way_back_is_gone_from_a_page_that_is_loaded_later(tomas, piece, now):
    place = post(tomas, "review-send", piece.pk, **written(piece)).headers["Location"]
    now.at += 10 * SECOND

    assert "Sent to Mina." not in words(tomas.get(place))


@pytest.mark.parametrize("number", ["other", "999999", "x"])
def test_nobody_is_told_what_somebody_else_sent(cast, tomas, now, number):
    sent = roads.answered(cast.omar, cast.ines, at=WEEK_1 + HOUR)
    now.at = sent.sent_at

    text = words(page(tomas, "queue", sent=sent.pk if number == "other" else number))

    assert "Sent to" not in text


# --- The board ---------------------------------------------------------------------------------------------------


def test_the_only_board_opens_at_once_and_several_are_listed(cast, tomas):
    one = page(tomas, "boards")
    roads.coach(cast.autumn, cast.tomas)

    several = page(tomas, "boards")

    assert (one.status_code, one.headers["Location"]) == (302, reverse("board", args=["spring"]))
    assert ("Spring" in words(several), "Autumn" in words(several)) == (True, True)


def test_the_board_says_who_needs_the_coach(cast, tomas, now):
    piece = roads.handed_in(cast.mina).submission
    now.at = WEEK_2

    response = page(tomas, "board", "spring")

    text = words(response)
    assert "Wednesday 11 March, week 2 Spring" in text
    assert "Review 1, first is 4 d over" in text
    assert "1 to review nobody has waited longer than 168 h" in text
    assert "3 late pieces from 2 people" in text
    assert links(response, "board-head")[0] == piece.pk


def test_cells_of_a_coach_s_board_link_to_what_was_handed_in(cast, tomas, now):
    roads.answered(cast.mina, cast.tomas)
    roads.drafted(cast.noor)
    piece = roads.piece(cast.mina)

    content = page(tomas, "board", "spring").content.decode()
    table = content[content.index("<table") : content.index("</table>")]

    mina, noor = file_of(cast, cast.mina), file_of(cast, cast.noor)
    assert re.findall(r'<a href="([^"]+)"', table) == [mina, reverse("review", args=[piece.pk]), noor]
    assert 'class="cell rev v-13" aria-label="3.0, translation open, week 1"' in table
    assert '<th scope="row">' in table


def file_of(cast, client):
    """What their coach knows of them, behind their name; the dates are one step on."""
    return reverse("client", args=[cast.enrolment(client).pk])


def dates_of(cast, client):
    """Where somebody's own dates are decided, behind their name."""
    return reverse("client-dates", args=[cast.enrolment(client).pk])


def test_an_admin_s_board_links_to_no_text_and_shows_no_level(cast, now):
    roads.answered(cast.mina, cast.tomas)

    content = page(browser(cast.ada), "cohort-board", "spring").content.decode()
    table = content[content.index("<table") : content.index("</table>")]

    assert ("Done" in table, "3.0" in table) == (True, False)
    assert re.findall(r'<a href="([^"]+)"', table) == [dates_of(cast, one) for one in (cast.mina, cast.noor)]


def test_letters_on_a_row_of_the_board_lead_to_what_a_coach_does_about_a_client(cast, tomas):
    response = page(tomas, "board", "spring")

    where = dict(re.findall(r' data-on-(\w)="([^"]+)"', response.content.decode()))
    pk = str(cast.enrolment(cast.noor).pk)
    places = [place.replace("0", pk, 1) for place in where.values()]
    assert places == [
        f"/coach/clients/{pk}/dates/",
        f"/coach/clients/{pk}/conversation/",
        f"/coach/risk/?client={pk}#flag-h",
    ]
    assert [one["keys"] for one in response.context["keys"]][-3:] == [["X"], ["W"], ["F"]]
    assert f'<option value="{pk}" selected>Noor, Spring</option>' in words_of_flag(tomas, pk)


def words_of_flag(coach, pk):
    return coach.get(reverse("at-risk"), {"client": pk}).content.decode()


def test_an_admin_s_board_and_one_without_letters_name_none(cast, tomas, now):
    office = page(browser(cast.ada), "cohort-board", "spring")
    cast.tomas.letter_keys = False
    cast.tomas.save()
    plain = page(tomas, "board", "spring")

    assert "data-on-" not in office.content.decode()
    moves = [["←", "→", "↑", "↓"], ["Home", "End"], ["↵"]]
    assert [[one["keys"] for one in response.context["keys"]] for response in (office, plain)] == [moves, moves]


def test_a_name_on_the_board_is_never_markup(cast, tomas):
    roads.client(cast.spring, roads.person("<b>Eve</b>"))

    content = page(tomas, "board", "spring").content.decode()

    assert ("<b>Eve</b>" in content, "&lt;b&gt;Eve&lt;/b&gt;" in content) == (False, True)


def test_a_cohort_nobody_has_joined_says_so(cast, tomas):
    roads.coach(roads.cohort("Empty"), cast.tomas)

    assert "Nobody has joined this cohort yet." in words(page(tomas, "board", "empty"))


@pytest.mark.parametrize("number", ["0", "-1", "x", "1001"])
def test_a_window_that_is_none_is_not_there(tomas, number):
    assert page(tomas, "board", "spring", page=number).status_code == 404


def test_how_many_takes_it_took_is_not_for_the_coach(cast, tomas):
    answer = {"topic": "Double bookings", "script": "We hold it.", "self_check": ["what"], "receipt_from": "nobody"}
    piece = roads.piece(cast.mina, "w1-t1")
    submitting.hand_in(piece, answer=answer | {"takes": 7}, revision=0, by=cast.mina, at=WEEK_1)

    told = words(page(tomas, "review", piece.pk))

    assert "Double bookings" in told
    assert "How many takes?" not in told


def test_the_board_comes_as_a_file_in_which_no_name_is_a_formula(cast, tomas):
    roads.client(cast.spring, roads.person("=SUM(A1)"))
    roads.answered(cast.mina, cast.tomas)

    response = page(tomas, "board-csv", "spring")
    rows = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    weeks = [f"week {number}" for number in range(9)]
    assert rows[0] == ["name", "last seen", *weeks, "sessions attended", "sessions held"]
    assert [row[0] for row in rows[1:]] == ["'=SUM(A1)", "Mina", "Noor"]
    assert rows[2][3] == "3.0"


# --- What a page costs ---------------------------------------------------------------------------------------------


def cohort_of(cast, count):
    cohort = roads.cohort(f"Of {count}")
    roads.coach(cohort, cast.lena)
    pieces = []
    for number in range(count):
        person = roads.person(f"Client{number:02}")
        roads.client(cohort, person)
        pieces.append(roads.handed_in(person).submission)
    return browser(cast.lena), pieces


@pytest.mark.parametrize("count", [1, 3, 50])
def test_a_page_costs_the_same_for_one_piece_and_for_fifty(cast, now, django_assert_num_queries, count):
    lena, pieces = cohort_of(cast, count)

    with django_assert_num_queries(5):
        page(lena, "queue")
    with django_assert_num_queries(6):
        page(lena, "queue", cohort=f"of-{count}", kind="text")
    page(lena, "review", pieces[0].pk)  # what an edition's criteria are called is looked up once in a process
    with django_assert_num_queries(5):
        page(lena, "review", pieces[0].pk)
    page(lena, "board", f"of-{count}")  # what an edition asks for is looked up once in a process
    with django_assert_num_queries(14):
        page(lena, "board", f"of-{count}")


@pytest.mark.parametrize("count", [1, 3, 50])
def test_sending_costs_the_same_however_much_waits(cast, now, django_assert_num_queries, count):
    lena, pieces = cohort_of(cast, count)
    page(lena, "review", pieces[0].pk)  # what an edition brings is looked up once in a process
    feedback = written(pieces[0])

    with django_assert_num_queries(22):
        sent = post(lena, "review-send", pieces[0].pk, **feedback)

    assert sent.status_code == 303


# --- The client's own rating ------------------------------------------------------------------------------


def test_how_it_sounds_like_them_is_shown_and_cannot_be_changed(cast, tomas, now):
    now.at = WEEK_4 + HOUR
    piece = roads.handed_in(cast.mina, "w4-x1", at=WEEK_4, fit=4).submission
    own = piece.exercise.rubric.criteria.get(key="congruence")

    response = page(tomas, "review", piece.pk)

    assert f'id="id_level-{own.pk}" tabindex="-1" data-own-level="3"' in response.content.decode()
    assert "Mina's own rating" in words(response)
    assert f'name="level-{own.pk}"' not in response.content.decode()


# --- A text that is tagged --------------------------------------------------------------------------------


def test_a_tagged_text_is_read_sentence_by_sentence_in_its_own_place(cast, tomas, now):
    now.at = WEEK_5 + HOUR
    piece = roads.handed_in(cast.mina, "w5-x1", at=WEEK_5).submission

    response = page(tomas, "review", piece.pk)
    sections = [block.key for section in response.context["sections"] for block in section.blocks]

    assert 'aria-label="Order: know, know, feel, decide"' in response.content.decode()
    assert "Know: New search is on track to go live on 3 June." in words(response)
    assert sections == ["doc_type", "reader", "subject", "after", "sent", "redacted"]
    assert "To: Head of commerce, who gives the launch date to partners." in words(response)


def test_what_changed_is_shown_in_each_sentence(cast, tomas, now):
    piece = roads.answered(cast.mina, cast.tomas, "w5-x1", at=WEEK_5, another=True).attempt.submission
    again = submitting.try_again(roads.piece(cast.mina, "w5-x1"), by=cast.mina, at=WEEK_5 + 4 * HOUR)
    changed = again.draft | {"after": again.draft["after"].replace("on Monday. No", "on Tuesday. No")}
    submitting.hand_in(again, answer=changed, revision=again.draft_revision, by=cast.mina, at=WEEK_5 + 5 * HOUR)
    now.at = WEEK_5 + 6 * HOUR

    response = page(tomas, "review", piece.pk)

    assert "<del>Monday</del> <ins>Tuesday</ins>" in response.content.decode()
    assert "Feel: I expect the last one to pass on Monday Tuesday" in words(response)
