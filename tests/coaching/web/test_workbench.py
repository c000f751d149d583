"""The upward-writing workbench as a browser without scripts uses it, and the parts a script asks for."""

import html
import re

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from clients import submitting
from clients.models import Submission
from coaching.web.client import tagging
from curriculum import clock
from tests import roads
from tests.doors.asking import Api
from tests.roads import ANSWERS, WEEK_5, WEEK_6

KEY = "w5-x1"
ANSWER = ANSWERS[KEY]
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}
ONE, TWO, THREE, FOUR = (piece["text"] for piece in ANSWER["tags"])


def form(letters="KKFD", **changes):
    """The answer as the page posts it, with these tags."""
    sent = {name: content for name, content in (ANSWER | changes).items() if name != "tags"}
    sent |= {"redacted": "on"} if sent.get("redacted") else {}
    for place, (piece, letter) in enumerate(zip(ANSWER["tags"], letters, strict=True)):
        sent |= {f"tags-{place}-text": piece["text"]}
        sent |= {f"tags-{place}-tag": letter} if letter.strip() else {}
    return sent


@pytest.fixture
def mina(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_5)
    client = Client()
    client.force_login(cast.mina)
    return client


def page(client, key=KEY, **query):
    return client.get(reverse("work", args=[key]), query)


def post(client, name="work-draft", **sent):
    return client.post(reverse(name, args=[KEY]), sent)


def parts(client, **sent):
    """Part → its words, as a script gets them."""
    content = client.post(reverse("work-sentences", args=[KEY]), sent, headers=SCRIPT).content.decode()
    found = re.findall(r'data-part="(\w+)"[^>]*>(.*?)(?=<[^>]*data-part=|\Z)', content, re.DOTALL)
    return {name: " ".join(html.unescape(re.sub(r"<[^>]+>", " ", inner)).split()) for name, inner in found}


def stored(person):
    return Submission.objects.get(enrolment__client=person, exercise__key=KEY)


def tags_of(person):
    return [(piece["text"], piece["tag"]) for piece in stored(person).draft["tags"]]


def hidden_in(response):
    """View → whether what only it shows is hidden."""
    content = response.content.decode()
    return {
        view: bool(re.search(rf'data-in="{view}"[^>]* hidden', content))
        for view in ("write", "tag", "phone", "compare")
    }


# --- Views ------------------------------------------------------------------------------------------------


def test_a_page_shows_one_view_and_posts_all_of_the_answer(cast, mina):
    roads.drafted(cast.mina, KEY, at=WEEK_5)

    found = {view: hidden_in(page(mina, view=view)) for view in ("write", "tag", "phone", "compare")}

    assert {view: [each for each, hidden in shown.items() if not hidden] for view, shown in found.items()} == {
        "write": ["write"], "tag": ["tag"], "phone": ["phone"], "compare": ["compare"],
    }  # fmt: skip
    assert hidden_in(page(mina)) == found["write"]
    assert f'name="tags-3-text" value="{FOUR}"' in page(mina, view="phone").content.decode()


def test_there_is_no_other_view(mina):
    assert page(mina, view="upside-down").status_code == 404


def test_a_page_without_before_has_nothing_to_compare(cast, mina, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_6)

    assert 'value="compare"' not in page(mina, "w6-x1").content.decode()
    assert page(mina, "w6-x1", view="compare").status_code == 404
    assert page(mina, "w6-x1", view="tag").status_code == 200


def test_another_view_is_a_press_away_and_nothing_typed_is_lost(cast, mina):
    response = post(mina, **form(), revision=0, showing="write", view="tag")

    assert response.headers["Location"] == "/work/w5-x1/?view=tag"
    assert tags_of(cast.mina) == [(ONE, "K"), (TWO, "K"), (THREE, "F"), (FOUR, "D")]


def test_saving_comes_back_to_the_view_it_was_saved_from(mina):
    assert post(mina, **form(), revision=0, showing="phone").headers["Location"] == "/work/w5-x1/?view=phone"
    assert post(mina, **form(), revision=1).headers["Location"] == "/work/w5-x1/"
    assert post(mina, **form(), revision=1, showing="//evil").headers["Location"] == "/work/w5-x1/"


def test_an_empty_page_says_what_comes_in_every_view(mina):
    said = {view: page(mina, view=view).content.decode() for view in ("tag", "phone", "compare")}

    assert "Nothing to tag yet. Write first; your sentences stand here then." in said["tag"]
    assert "Nothing has arrived yet. Write the subject and the text first." in said["phone"]
    assert "Nothing here yet." in said["compare"]


# --- Tagging without scripts ------------------------------------------------------------------------------


def test_a_sentence_is_joined_with_the_next_by_a_button(cast, mina):
    post(mina, **form(), revision=0, **{"tags-join": "0"})

    assert tags_of(cast.mina) == [(f"{ONE} {TWO}", "K"), (THREE, "F"), (FOUR, "D")]


def test_a_sentence_is_broken_before_a_word_by_a_button(cast, mina):
    post(mina, **form(), revision=0, **{"tags-break": "3", "tags-3-at": "3"})

    assert tags_of(cast.mina)[3:] == [("No decision needed;", "D"), ("I will write on Monday by noon.", "")]


def test_the_words_it_can_be_broken_before_are_offered(cast, mina):
    roads.drafted(cast.mina, KEY, at=WEEK_5)

    content = page(mina, view="tag").content.decode()

    options = re.search(r'name="tags-3-at">(.*?)</select>', content, re.DOTALL)[1]
    assert re.findall(r'value="(\d+)">([^<]+)<', options)[:3] == [("1", "decision"), ("2", "needed;"), ("3", "I")]


def test_tags_follow_a_text_that_changes(cast, mina):
    text = f"A word first. {ANSWER['after'].replace('on Monday. No', 'on Tuesday. No')}"

    post(mina, **form(after=text), revision=0)

    assert tags_of(cast.mina) == [
        ("A word first.", ""), (ONE, "K"), (TWO, "K"), (THREE.replace("Monday", "Tuesday"), "F"), (FOUR, "D"),
    ]  # fmt: skip


def test_the_api_follows_it_too(cast, mina):
    answer = ANSWER | {"after": f"A word first. {ANSWER['after']}"}

    Api(cast.mina).put(f"submissions/{stored(cast.mina).pk}/draft/", answer=answer, revision=0)

    assert tags_of(cast.mina)[:2] == [("A word first.", ""), (ONE, "K")]


WIDGET = [
    ("", []),
    ("tags-0-text=One.&tags-0-tag=K&tags-1-text=Two.", [("One.", "K"), ("Two.", "")]),
    ("tags-0-text=One.&tags-5-text=Six.&tags-5-tag=D", [("One.", ""), ("Six.", "D")]),
    ("tags-0-text=One.&tags-1-text=Two.&tags-join=0", [("One. Two.", "")]),
    ("tags-0-text=One.&tags-1-text=Two.&tags-join=1", [("One.", ""), ("Two.", "")]),
    ("tags-0-text=One.&tags-join=x&tags-break=-1", [("One.", "")]),
    ("tags-0-text=One two.&tags-0-at=1&tags-break=0", [("One", ""), ("two.", "")]),
    ("tags-0-text=One two.&tags-0-at=9999999&tags-break=0", [("One two.", "")]),
]


@pytest.mark.parametrize(("posted", "read"), WIDGET)
def test_what_is_posted_is_read_whatever_it_is(posted, read):
    found = tagging.TagsWidget().value_from_datadict(QueryDict(posted), {}, "tags")

    assert [(piece["text"], piece["tag"]) for piece in found] == read


# --- Handing in -------------------------------------------------------------------------------------------


def test_a_sentence_without_a_tag_is_shown_where_it_is_tagged(cast, mina):
    response = post(mina, "work-hand-in", **form("KK D"), revision=0, showing="write")

    assert response.status_code == 422
    assert hidden_in(response)["write"], not hidden_in(response)["tag"]
    said = html.unescape(response.content.decode())
    assert "Every sentence needs its tag. Still without: “I expect the last one to pass on Monday.”" in said
    assert not stored(cast.mina).attempts.exists()


def test_what_is_to_be_mended_in_two_views_is_shown_in_both(mina):
    response = post(mina, "work-hand-in", **form("KK D", left_out=""), revision=0, showing="phone")

    assert hidden_in(response) == {"write": False, "tag": False, "phone": True, "compare": True}


def test_a_text_over_the_limit_says_how_many_words(mina):
    response = post(mina, "work-hand-in", **form(after="word " * 140), revision=0, showing="tag")

    assert not hidden_in(response)["write"]
    assert "At most 130 words here; this has 140." in response.content.decode()


def test_open_notes_and_an_order_of_ones_own_never_block(cast, mina):
    response = post(mina, "work-hand-in", **form("DKFC"), revision=0)

    assert response.status_code == 302
    assert [piece["tag"] for piece in stored(cast.mina).attempts.get().answer["tags"]] == ["D", "K", "F", "C"]


# --- The parts --------------------------------------------------------------------------------------------


def test_the_reader_is_told_by_slots_and_order(mina):
    found = parts(mina, **form())

    assert found["reader"] == (
        "Your reader Head of commerce, who gives the launch date to partners Your reader so far "
        "K Know: 2 sentences, first in line F Feel: 1 sentence D Decide: 1 sentence Know, feel, decide, in that order."
    )
    assert (found["strip"], found["ghosts"], found["counted"]) == ("K K F D", "", "4 sentences, all tagged")


ORDERS = {
    "KKFD": "Know, feel, decide, in that order.",
    "KCFD": "Know, feel, decide, in that order. Context stands best at the end.",
    "KKF ": "In order so far.",
    "KF  ": "In order so far.",
    "    ": "Tag your sentences to see what your reader gets.",
    "FKKD": "The first sentence is Feel. A reader who stops there has no outcome yet. Try K K F D",
    "KDKF": "Something to know comes after the decision. A reader who decides early misses it. Try K K F D",
    "KKDF": "How to take it comes after the decision. Most readers want it before. Try K K F D",
    "FK  ": "The first sentence is Feel. A reader who stops there has no outcome yet.",
}


@pytest.mark.parametrize(("letters", "said"), ORDERS.items())
def test_the_order_is_a_suggestion_in_words(mina, letters, said):
    reader = parts(mina, **form(letters))["reader"]

    assert reader.endswith(said)


GHOSTS = {
    "KKFD": "",
    "KKFF": "D Nothing yet says what you need and by when. If nothing is needed: say so here.",
    "DDDD": "K What is the outcome? Nothing yet says it. "
    "F Nothing yet says how to take it: safe, watch this, or act now?",
}


@pytest.mark.parametrize(("letters", "said"), GHOSTS.items())
def test_a_line_stands_for_what_is_missing(mina, letters, said):
    assert parts(mina, **form(letters))["ghosts"] == said


COUNTED = {"KKFD": "4 sentences, all tagged", "KK D": "4 sentences, 1 without a tag"}


@pytest.mark.parametrize(("letters", "said"), COUNTED.items())
def test_sentences_are_counted(mina, letters, said):
    assert parts(mina, **form(letters))["counted"] == said


def test_a_phone_shows_the_subject_and_the_first_90_characters(mina):
    found = parts(mina, **form())

    assert (
        "New search is on track to go live on 3 June. It answers within our limit in 13 of the 14 s…" in found["phone"]
    )


def test_before_stands_beside_after_with_their_words(mina):
    found = parts(mina, **form())

    assert found["sides"].startswith("Before 55 words This week we finished")
    assert "After 43 words New search is on track" in found["sides"]


def test_the_words_a_note_means_are_marked_in_their_sentence(mina):
    text = ANSWER["after"].replace("on Monday. No", "soon. No")
    sent = form(after=text) | {"tags-2-text": THREE.replace("on Monday", "soon")}

    before = mina.post(reverse("work-sentences", args=[KEY]), sent, headers=SCRIPT).content.decode()
    post(mina, "work-meant", **sent, rule="H12")
    after = mina.post(reverse("work-sentences", args=[KEY]), sent, headers=SCRIPT).content.decode()

    assert '<p class="prose" data-words>I expect the last one to pass <mark class="fr">soon</mark>.</p>' in before
    assert "<mark" not in after


def test_words_are_never_taken_for_markup(mina):
    nasty = "<script>alert(1)</script> is off. Please decide."

    content = mina.post(
        reverse("work-sentences", args=[KEY]), {"after": nasty, "tags": ""}, headers=SCRIPT
    ).content.decode()

    assert "<script>" not in content
    assert "&lt;script&gt;alert(1)&lt;/script&gt; is off." in content


def test_an_exercise_without_tags_has_no_such_parts(mina):
    assert mina.post(reverse("work-sentences", args=["w1-x1"]), {}, headers=SCRIPT).status_code == 404


def test_the_parts_are_asked_for_in_few_queries(mina, django_assert_num_queries):
    mina.post(reverse("work-sentences", args=[KEY]), form(), headers=SCRIPT)

    with django_assert_num_queries(QUERIES):
        mina.post(reverse("work-sentences", args=[KEY]), form(), headers=SCRIPT)


QUERIES = 5


def test_the_api_gives_sentences_and_their_order(cast, mina):
    path = f"submissions/{stored(cast.mina).pk}/sentences/"

    fresh = Api(cast.mina).post(path, answer={"after": "It works. Please decide."}).json()
    tagged = Api(cast.mina).post(path, answer=ANSWER).json()

    assert fresh == {
        "field": "tags",
        "sentences": [{"text": "It works.", "tag": ""}, {"text": "Please decide.", "tag": ""}],
        "order": {
            "strip": [], "suggested": ["K", "F", "D"], "missing": ["K", "F", "D"],
            "counts": {"K": 0, "F": 0, "D": 0, "C": 0}, "untagged": 2, "is_fine": False,
        },
    }  # fmt: skip
    assert (tagged["order"]["strip"], tagged["order"]["is_fine"]) == (["K", "K", "F", "D"], True)
    assert Api(cast.noor).post(path, answer=ANSWER).status_code == 404


def test_a_draft_of_the_page_can_be_handed_in_as_it_is(cast, mina):
    post(mina, **form(), revision=0)

    attempt = submitting.hand_in(stored(cast.mina), by=cast.mina, at=WEEK_5)

    assert attempt.answer["tags"] == ANSWER["tags"]


# --- Before it is handed in, and out of the tool --------------------------------------------------------


def test_a_piece_with_the_box_is_looked_through_by_a_script_and_posts_without_one(mina):
    content = page(mina).content.decode()

    assert 'data-module="drafts counters paste redaction"' in content
    assert re.search(r'data-patterns="/static/redaction/patterns[.\w]*\.json"', content)
    assert '<dialog class="dialog redaction"' in content
    assert re.search(r"<button[^>]*data-opens-redaction hidden>", content)


def test_a_piece_without_the_box_is_not(mina):
    content = page(mina, "w1-x2").content.decode()

    assert 'data-module="drafts counters paste"' in content
    assert "data-redaction" not in content


def test_the_page_of_a_finished_piece_can_say_what_stands_for_what(cast, mina):
    roads.handed_in(cast.mina, KEY, at=WEEK_5)
    piece = stored(cast.mina)

    content = page(mina).content.decode()

    assert f'data-module="placeholders" data-in="#main" data-person="{cast.mina.pk}" data-piece="{piece.pk}"' in content


def test_what_was_replaced_is_kept_by_no_row(cast, mina):
    post(mina, **form(left_out="The log of db-prod-3, in the folder."), revision=0)

    post(mina, "work-hand-in", **form(left_out="The log of [host-1], in the folder."), revision=1)

    piece = stored(cast.mina)
    assert piece.attempts.get().answer["left_out"] == "The log of [host-1], in the folder."
    assert "db-prod-3" not in str(piece.draft) + str(piece.attempts.get().first_read)


# --- On the week's card --------------------------------------------------------------------------------------


def card_in_week_5(cast, client, monkeypatch, letters):
    """The raised card of week 5, a week later, as words."""
    tagged = [piece | {"tag": letter.strip()} for piece, letter in zip(ANSWER["tags"], letters, strict=True)]
    roads.drafted(cast.mina, KEY, at=WEEK_5, tags=tagged)
    monkeypatch.setattr(clock, "now", lambda: WEEK_6)
    content = client.get(reverse("week", args=[5])).content.decode()
    found = re.search(r'<section class="card now.*?</section>', content, re.DOTALL).group()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found)).split())


def test_the_week_s_card_shows_a_text_by_its_tags_and_what_its_reader_gets_so_far(cast, mina, monkeypatch):
    said = card_in_week_5(cast, mina, monkeypatch, "KKF ")

    assert f"For {ANSWER['reader']}. Draft saved" in said
    assert f"{ANSWER['subject']} {ONE} {TWO} {THREE} {FOUR}" in said
    assert (
        "Your reader so far K Know: 2 sentences, first in line F Feel: 1 sentence D Decide: none yet "
        "Ask, or say that nothing is needed First read:"
    ) in said


def test_without_a_tag_the_card_shows_the_text_and_the_first_read(cast, mina, monkeypatch):
    said = card_in_week_5(cast, mina, monkeypatch, "    ")

    assert ONE in said
    assert ("First read so far" in said, "Your reader so far" in said) == (True, False)
