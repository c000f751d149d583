"""The client's pages as a browser without scripts uses them, and what scripts are told."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clients import attempts, joining, pausing, submitting
from clients.models import Attempt, LessonReading, Submission
from coaching.models import Feedback
from coaching.web.client.forms import AnswerForm
from tests import roads
from tests.coaching.web.visiting import browser
from tests.roads import ANSWERS, BEFORE, WEEK_1, WEEK_2, WEEK_5

ANSWER = ANSWERS["w1-x1"]
FORM = ANSWER | {"redacted": "on"}
WEEK_3, WEEK_8 = WEEK_1 + timedelta(weeks=2), WEEK_1 + timedelta(weeks=7)
SCRIPT = {"X-Requested-With": "XMLHttpRequest", "Accept": "application/json"}


@pytest.fixture
def mina(cast, now):
    client = Client()
    client.force_login(cast.mina)
    return client


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


def post(client, name, *args, headers=None, **sent):
    return client.post(reverse(name, args=args), sent, headers=headers or {})


def words(response):
    return " ".join(response.content.decode().split())


def stored(person, key="w1-x1"):
    return Submission.objects.get(enrolment__client=person, exercise__key=key)


# --- Home ---------------------------------------------------------------------------------------------


LANDINGS = {"mina": "/week/", "tomas": "/coach/queue/", "ada": "/manage/cohorts/", "lena": "/account/"}


@pytest.mark.parametrize(("who", "place"), LANDINGS.items())
def test_everybody_lands_where_their_work_is(cast, who, place):
    response = browser(getattr(cast, who)).get("/")

    assert (response.status_code, response.headers["Location"]) == (302, place)


# --- This week ------------------------------------------------------------------------------------------


def test_the_week_leads_with_its_title_and_the_next_piece(mina):
    response = page(mina, "this-week")

    assert "<h1>The game changed</h1>" in words(response)
    assert '<h2 id="now-h">The four answers</h2>' in words(response)
    assert "about 145 min left in all" in words(response)


def test_before_week_0_the_page_says_when_the_cohort_starts(mina, now):
    now.at = BEFORE

    response = page(mina, "this-week")

    assert "<h1>Your cohort starts on 2 March</h1>" in words(response)
    assert "Until then there is nothing to do." in words(response)


def test_a_week_to_come_shows_its_name_and_opening_time_and_nothing_of_its_work(mina):
    response = page(mina, "week", 2)

    assert "This week opens" in words(response)
    assert "One paragraph, one listener" not in words(response)


def test_a_paused_cohort_says_so(cast, mina):
    pausing.pause(cast.spring, by=cast.ada, at=WEEK_1)

    assert "Your cohort is paused." in words(page(mina, "this-week"))


def test_somebody_who_left_can_still_read(cast, mina):
    roads.handed_in(cast.mina)
    joining.withdraw(cast.enrolment(cast.mina), by=cast.ada, at=WEEK_1)

    response = page(mina, "work", "w1-x1")

    assert "You have left this cohort." in words(response)
    assert ANSWER["what"] in words(response)


def test_somebody_in_no_cohort_is_told_how_to_come_into_one(cast, now):
    response = page(browser(cast.lena), "this-week")

    assert response.status_code == 404
    assert "You are in no cohort" in words(response)


@pytest.mark.parametrize("number", [10, 42])
def test_a_week_the_edition_does_not_have_is_not_found(mina, number):
    assert page(mina, "week", number).status_code == 404


def test_a_text_that_was_given_stands_over_the_field_it_is_for(mina, now):
    now.at = WEEK_3

    told = words(page(mina, "work", "w3-x2"))

    assert 'Three vendors</label> <blockquote class="given">So last week we looked at the three vendors,' in told


def test_an_update_is_counted_with_its_subject_line(cast, now):
    now.at = WEEK_5
    piece = roads.piece(cast.mina, "w5-x1")

    form = AnswerForm(piece, answer={"subject": "New search ready", "after": "It is on track."})
    (after,) = [question for question in form.questions() if question.definition.key == "after"]

    assert (after.count, after.most, after.beside.name) == (7, 130, "subject")


def test_one_example_is_not_called_two(mina, now):
    now.at = WEEK_3

    assert "One example" in words(page(mina, "work", "w3-x2"))
    assert "Two examples" in words(page(mina, "work", "w3-x1"))


def test_a_day_in_a_row_is_chosen_from_a_calendar(mina, now):
    now.at = WEEK_8

    told = words(page(mina, "work", "w8-x2"))

    assert '<input type="date" class="input" id="id_days90-0-by"' in told
    assert '<input type="text" class="input" id="id_days90-0-action"' in told


def test_a_person_in_two_cohorts_stays_in_the_one_they_look_at(cast, mina):
    roads.client(cast.autumn, cast.mina, at=WEEK_1)

    response = page(mina, "this-week", cohort="spring")

    assert 'href="/work/w1-x1/?cohort=spring"' in words(response)
    assert page(mina, "this-week", cohort="nowhere").status_code == 404


@pytest.mark.parametrize("people", [1, 3, 50])
def test_the_week_page_costs_the_same_whatever_the_size_of_the_cohort(cast, mina, people, django_assert_num_queries):
    for number in range(people):
        roads.client(cast.spring, roads.person(f"Client{number}"))
    roads.drafted(cast.mina)
    page(mina, "this-week")

    with django_assert_num_queries(7):
        page(mina, "this-week")


# --- Writing --------------------------------------------------------------------------------------------


def test_the_first_time_the_task_stands_open_and_the_fields_are_empty(mina):
    response = page(mina, "work", "w1-x1")

    assert '<details class="how" open>' in words(response)
    assert [question.field.value() for question in response.context["form"].questions()] == [None] * 8


def test_a_week_that_is_not_open_says_when_it_opens(mina):
    response = page(mina, "work", "w2-x1")

    assert response.status_code == 200
    assert "Week 2 opens" in words(response)
    assert "<textarea" not in words(response)


def test_a_draft_is_saved_without_scripts_and_the_browser_comes_back_to_the_page(cast, mina):
    response = post(mina, "work-draft", "w1-x1", revision=0, topic="Fraud checks", what="We stop stolen cards.")

    assert (response.status_code, response.headers["Location"]) == (302, "/work/w1-x1/")
    assert stored(cast.mina).draft["topic"] == "Fraud checks"


def test_a_script_hears_the_new_revision_and_when_it_was_saved(cast, mina):
    response = post(mina, "work-draft", "w1-x1", headers=SCRIPT, revision=0, topic="Fraud checks")

    assert json.loads(response.content) == {"revision": 1, "saved": "04:00"}


def test_rows_are_kept_in_order_and_blank_ones_are_left_out(cast, mina, now):
    now.at = WEEK_2
    rows = {"terms-0-term": "shard", "terms-2-term": "index", "terms-2-translated_as": "the list", "terms-4-term": "  "}

    post(mina, "work-draft", "w2-x1", revision=0, **rows)

    assert stored(cast.mina, "w2-x1").draft["terms"] == [
        {"term": "shard", "translated_as": "", "precision_kept": ""},
        {"term": "index", "translated_as": "the list", "precision_kept": ""},
    ]


def test_rows_can_be_filled_without_scripts(cast, mina, now):
    now.at = WEEK_2
    post(mina, "work-draft", "w2-x1", revision=0, **{"terms-0-term": "shard", "terms-1-term": "index"})

    response = page(mina, "work", "w2-x1")

    assert words(response).count('data-row role="group" aria-label="Row') == 4 + 1  # and the template for scripts


def test_a_stale_save_is_refused_and_both_texts_are_shown(cast, mina):
    roads.drafted(cast.mina, topic="Saved from the other tab")

    response = post(mina, "work-draft", "w1-x1", revision=0, **FORM | {"topic": "Typed in this tab"})

    assert response.status_code == 409
    assert [(each.mine, each.theirs) for each in response.context["differences"]] == [
        ("Typed in this tab", "Saved from the other tab")
    ]
    assert stored(cast.mina).draft["topic"] == "Saved from the other tab"


def test_whoever_chooses_their_own_text_saves_it_over_the_other(cast, mina):
    roads.drafted(cast.mina, topic="Saved from the other tab")
    refused = post(mina, "work-draft", "w1-x1", revision=0, **FORM | {"topic": "Typed in this tab"})

    chosen = dict(refused.context["posted"]) | {"revision": refused.context["piece"].draft_revision}
    response = post(mina, "work-draft", "w1-x1", **chosen)

    assert response.status_code == 302
    assert stored(cast.mina).draft == ANSWER | {"topic": "Typed in this tab"}


def test_a_script_gets_both_texts_of_a_stale_save_and_the_revision_to_go_on_from(cast, mina):
    roads.drafted(cast.mina, topic="Saved from the other tab")

    response = post(mina, "work-draft", "w1-x1", headers=SCRIPT, revision=0, topic="Typed in this tab")

    told = json.loads(response.content)
    assert (response.status_code, told["code"], told["revision"]) == (409, "draft.stale", 1)
    assert "Saved from the other tab" in told["html"]
    assert "Typed in this tab" in told["html"]


@pytest.mark.parametrize("revision", ["", "-1", "two"])
def test_a_save_that_says_no_revision_never_overwrites(cast, mina, revision):
    roads.drafted(cast.mina)

    response = post(mina, "work-draft", "w1-x1", revision=revision, topic="Typed somewhere")

    assert response.status_code == 409
    assert stored(cast.mina).draft == ANSWER


def test_a_script_whose_session_ended_is_told_so_instead_of_sent_away(cast, now):
    response = post(Client(), "work-draft", "w1-x1", headers=SCRIPT, revision=0, topic="Fraud checks")

    assert (response.status_code, json.loads(response.content)["code"]) == (401, "signed_out")


def test_a_browser_whose_session_ended_comes_back_to_the_piece(cast, now):
    response = post(Client(), "work-hand-in", "w1-x1", revision=0)

    assert (response.status_code, response.headers["Location"]) == (302, "/account/login/?next=/work/w1-x1/")


@pytest.mark.parametrize("name", ["work-draft", "work-read", "work-meant", "work-hand-in", "work-take-back"])
def test_an_address_that_takes_posts_only_leads_back_to_the_piece(mina, name):
    response = page(mina, name, "w1-x1")

    assert (response.status_code, response.headers["Location"]) == (302, "/work/w1-x1/")


@pytest.mark.parametrize("who", ["noor", "tomas", "ada", "lena"])
def test_nobody_reaches_the_draft_of_somebody_else(cast, now, who):
    roads.drafted(cast.mina)
    client = browser(getattr(cast, who))

    response = post(client, "work-draft", "w1-x1", revision=0, topic="Mine now")

    assert response.status_code == (302 if who == "noor" else 404)  # Noor has such a piece of her own
    assert stored(cast.mina).draft == ANSWER


def test_an_exercise_without_an_instrument_is_not_there(mina):
    assert page(mina, "work", "w0-log").status_code == 404


# --- The first read -------------------------------------------------------------------------------------


def test_the_first_read_is_of_what_is_typed_and_writes_nothing(cast, mina):
    typed = FORM | {"what": "I just wanted to say that we are hopefully done soon."}

    response = post(mina, "work-read", "w1-x1", headers=SCRIPT, revision=0, **typed)

    assert "softeners" in words(response)
    assert stored(cast.mina).draft_revision == 0


def test_at_most_three_notes_stand_open_and_the_rest_behind_one_line(mina):
    typed = FORM | {
        "what": "I just wanted to say that we leverage the ETL shards and the SLO via CDC, hopefully soon.",
        "why": "Basically it is kind of about throughput, latency and the p99 of the gRPC endpoint, I think.",
        "wrong": "Maybe some things, and " + "then other things and " * 20 + "so on.",
        "when": "Shortly.",
    }

    response = post(mina, "work-read", "w1-x1", headers=SCRIPT, revision=0, **typed)

    before, _line, after = words(response).partition("<details>")
    notes = response.context["first_read"].notes
    assert before.count("<article") == 3
    assert after.count("<article") == len(notes) - 3


def test_a_text_in_another_language_is_told_that_only_english_is_read(mina):
    german = "Wir ersetzen den Teil der Kasse, der über die Zahlung entscheidet und das ist gut."
    typed = FORM | dict.fromkeys(("what", "why", "wrong", "when"), german)

    response = post(mina, "work-read", "w1-x1", headers=SCRIPT, revision=0, **typed)

    assert "The first read understands English only." in words(response)


def test_a_note_that_was_meant_is_remembered_and_what_was_typed_stays(cast, mina):
    roads.drafted(cast.mina)
    typed = FORM | {"what": "I just wanted to say that we stop stolen cards, I think."}

    response = post(mina, "work-meant", "w1-x1", revision=1, rule="H6", **typed)

    assert stored(cast.mina).meant == ["H6"]
    assert stored(cast.mina).draft == ANSWER
    assert typed["what"] in words(response)


def test_a_word_the_listener_knows_is_taken_out_of_the_note(cast, mina):
    typed = FORM | {"what": "The payload goes through the middleware."}
    before = words(post(mina, "work-read", "w1-x1", headers=SCRIPT, **typed))

    partial = words(post(mina, "work-known", "w1-x1", headers=SCRIPT, **typed, word="payload"))
    page_ = words(post(mina, "work-known", "w1-x1", **typed, word="middleware"))

    assert 'name="word" value="payload"' in before
    assert 'name="word"' not in partial
    assert "The payload goes through the middleware." in page_
    cast.mina.refresh_from_db()
    assert cast.mina.known_words == ["middleware", "payload"]


def test_week_0_has_no_first_read(mina):
    assert page(mina, "work", "w0-x1").context["first_read"] is None


# --- Handing in -----------------------------------------------------------------------------------------


def test_handing_in_says_who_has_it_and_when_the_answer_is_here(mina):
    response = post(mina, "work-hand-in", "w1-x1", revision=0, client_key="a click", **FORM)

    shown = words(mina.get(response.headers["Location"]))
    assert "With Tomas." in shown
    assert "Saturday 04:00" in shown  # 72 hours later, in Chicago


def test_a_double_click_makes_one_attempt(cast, mina):
    for _click in range(2):
        response = post(mina, "work-hand-in", "w1-x1", revision=0, client_key="a click", **FORM)

    assert response.status_code == 302
    assert Attempt.objects.filter(submission=stored(cast.mina)).count() == 1


def test_every_page_has_a_click_of_its_own(mina):
    keys = {page(mina, "work", "w1-x1").context["client_key"] for _opening in range(3)}

    assert len(keys) == 3


def test_an_answer_that_is_not_complete_comes_back_with_everything_typed_and_what_to_change(cast, mina):
    response = post(mina, "work-hand-in", "w1-x1", revision=0, **FORM | {"what": "Too short.", "when": ""})

    form = response.context["form"]
    assert response.status_code == 422
    assert form.errors == {"what": ["At least 5 words here; this has 2."], "when": ["This is still empty."]}
    assert '<a href="#id_what">What are we building?</a>' in words(response)
    assert (form["what"].value(), form["topic"].value()) == ("Too short.", ANSWER["topic"])
    assert stored(cast.mina).draft_revision == 0


def test_a_box_that_is_not_ticked_is_named_in_the_bar(mina):
    sent = {name: text for name, text in FORM.items() if name != "redacted"}

    response = post(mina, "work-hand-in", "w1-x1", revision=0, **sent)

    assert response.context["form"].errors == {"redacted": ["Tick this when it is so."]}


def test_what_is_handed_in_can_be_taken_back_until_a_coach_has_it(cast, mina):
    roads.handed_in(cast.mina)

    response = post(mina, "work-take-back", "w1-x1")

    assert response.headers["Location"] == "/work/w1-x1/"
    assert stored(cast.mina).state == "draft"


def test_the_way_back_is_closed_and_says_why_once_a_coach_has_it(cast, mina):
    roads.claimed(cast.mina, cast.tomas)

    response = page(mina, "work", "w1-x1")

    assert "Your coach is reading this one, so it stays handed in." in words(response)
    assert post(mina, "work-take-back", "w1-x1").status_code == 409


def test_a_late_answer_of_a_coach_is_owned_up_to(cast, mina, now):
    roads.handed_in(cast.mina)
    now.at = WEEK_1 + timedelta(hours=73)

    assert "Your piece is not forgotten." in words(page(mina, "work", "w1-x1"))


# --- Feedback -------------------------------------------------------------------------------------------


def test_feedback_shows_nowhere_before_its_time(cast, mina, now):
    feedback = roads.answered(cast.mina, cast.tomas, another=True)
    now.at = feedback.sent_at + timedelta(seconds=9)

    places = [("this-week",), ("work", "w1-x1"), ("feedback",), ("attempt", "w1-x1", 1)]
    shown = [page(mina, *place) for place in places]

    assert [feedback.keep in words(response) for response in shown] == [False] * 4
    assert page(mina, "feedback-of", "w1-x1").status_code == 404


def test_feedback_stands_beside_the_text_with_the_words_of_the_level_and_of_the_next(cast, mina, now):
    feedback = roads.answered(cast.mina, cast.tomas)
    now.at = feedback.shown_from

    response = page(mina, "feedback-of", "w1-x1")

    marked = response.context["answered"].criteria[0]
    assert (marked.level, marked.criterion.title) == (3, "Four questions")
    for sentence in (feedback.keep, feedback.try_next, marked.anchor, marked.next_anchor, ANSWER["what"]):
        assert sentence in words(response)


def test_looking_at_feedback_changes_nothing_and_marking_it_does(cast, mina, now):
    feedback = roads.answered(cast.mina, cast.tomas)
    now.at = feedback.shown_from
    page(mina, "feedback-of", "w1-x1")
    looked = Feedback.objects.get().read_at

    response = post(mina, "feedback-of", "w1-x1", headers=SCRIPT)

    assert (looked, response.status_code, Feedback.objects.get().read_at) == (None, 204, now.at)


def test_the_list_holds_keep_and_try_by_week_and_leads_to_the_newest(cast, mina, now):
    feedback = roads.answered(cast.mina, cast.tomas)
    now.at = feedback.shown_from

    response = page(mina, "feedback")

    assert [(week, [each.pk for each in found]) for week, found in response.context["weeks"]] == [(1, [feedback.pk])]
    assert response.context["newest"] == feedback


def test_an_empty_list_says_when_there_will_be_something(mina):
    assert "Nothing yet. Tomas answers within three days of what you hand in first." in words(page(mina, "feedback"))


def test_another_attempt_starts_from_the_last_text_with_the_feedback_beside_it(cast, mina, now):
    feedback = roads.answered(cast.mina, cast.tomas, another=True)
    now.at = feedback.shown_from

    post(mina, "work-try-again", "w1-x1")
    response = page(mina, "work", "w1-x1")

    assert response.context["form"]["what"].value() == ANSWER["what"]
    assert response.context["answered"].feedback == feedback
    assert feedback.try_next in words(response)


def test_an_attempt_stays_readable_as_it_was_handed_in(cast, mina, now):
    feedback = roads.answered(cast.mina, cast.tomas, another=True)
    now.at = feedback.shown_from
    post(mina, "work-try-again", "w1-x1")
    post(mina, "work-draft", "w1-x1", revision=3, **FORM | {"what": "Something else by now, as anybody can see."})

    response = page(mina, "attempt", "w1-x1", 1)

    assert ANSWER["what"] in words(response)
    assert page(mina, "attempt", "w1-x1", 2).status_code == 404


def test_an_attempt_that_was_taken_back_has_no_page(cast, mina):
    roads.handed_in(cast.mina)
    submitting.take_back(roads.piece(cast.mina), by=cast.mina, at=WEEK_1)

    assert list(attempts.standing_attempts(stored(cast.mina))) == []
    assert page(mina, "attempt", "w1-x1", 1).status_code == 404


# --- Lessons --------------------------------------------------------------------------------------------

LESSON = (1, "technical-credibility-trap")


def test_a_lesson_has_its_text_and_at_its_end_something_to_try(mina):
    response = page(mina, "lesson", *LESSON)

    assert "The Technical Credibility Trap" in words(response)
    assert response.context["task"].startswith("<p>Ten minutes.")
    assert "Try it now" not in response.context["text"]


def test_a_lesson_is_marked_as_read_and_unmarked(cast, mina):
    marked = post(mina, "lesson-read", *LESSON, read=1)
    rows = LessonReading.objects.filter(enrolment__client=cast.mina).count()
    post(mina, "lesson-read", *LESSON, read=0)

    assert (marked.headers["Location"], rows) == (reverse("lesson", args=LESSON), 1)
    assert LessonReading.objects.filter(enrolment__client=cast.mina).count() == 0


def test_a_script_gets_the_mark_alone(mina):
    response = post(mina, "lesson-read", *LESSON, headers={"HX-Request": "true"}, read=1)

    assert words(response).startswith('<form id="mark"')
    assert "Mark as not read" in words(response)


def test_a_lesson_of_a_week_to_come_shows_when_and_not_what(mina):
    response = page(mina, "lesson", 2, "precision-lives-in-the-claim")

    assert "Week 2 opens" in words(response)
    assert "Precision is a property of the claim" not in words(response)


def test_a_lesson_that_is_not_in_the_edition_is_not_found(mina):
    assert page(mina, "lesson", 1, "nothing-of-the-kind").status_code == 404


# --- Out of the tool --------------------------------------------------------------------------------------


def test_a_finished_piece_is_there_as_plain_text(cast, mina):
    roads.handed_in(cast.mina, what="We replace <b>checkout</b> & more of it than before.")

    response = page(mina, "attempt-text", "w1-x1", 1)

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().startswith("The four answers\n\nWhat are you working on?\nFraud checks")
    assert "We replace <b>checkout</b> & more of it than before." in response.content.decode()
    assert "I removed what my company" not in response.content.decode()


@pytest.mark.parametrize("place", ["work", "attempt", "feedback-of"])
def test_every_page_of_a_finished_piece_offers_it(cast, mina, now, place):
    roads.answered(cast.mina, cast.tomas)
    now.at = WEEK_2
    args = ("w1-x1", 1) if place == "attempt" else ("w1-x1",)

    assert 'href="/work/w1-x1/attempt/1/text/"' in words(page(mina, place, *args))


def test_a_draft_offers_nothing_to_copy(cast, mina):
    roads.drafted(cast.mina)

    assert "Copy as plain text" not in words(page(mina, "work", "w1-x1"))
    assert page(mina, "attempt-text", "w1-x1", 1).status_code == 404


def test_a_tagged_text_is_read_sentence_by_sentence(cast, mina, now):
    now.at = WEEK_5
    roads.handed_in(cast.mina, "w5-x1", at=WEEK_5)

    response = page(mina, "work", "w5-x1")

    assert [part.key for part in response.context["parts"]] == [
        "doc_type", "reader", "before", "subject", "after", "left_out", "sent",
    ]  # fmt: skip
    assert 'aria-label="Order: know, know, feel, decide"' in words(response)
