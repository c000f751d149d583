"""What a client set out with, in their own words, on the client file."""

import html
import re

import pytest
from django.test import Client

from clients import submitting
from coaching import set_out
from coaching.set_out import SetOut
from curriculum import clock
from tests import roads
from tests.doors.asking import Api
from tests.roads import WEEK_1, WEEK_2

CHARTER = {"value": "I want to be heard without making anybody smaller."}
INTAKE = {
    "role": "I look after the payment systems of a shoe shop",
    "years_in_role": 3,
    "target_role": "team_lead",
    "time_zone": "Chicago",
    "languages": "Spanish, English",
    "manager_cadence": "weekly",
    "meeting": "The weekly release review",
}
PICTURE = {
    "today": "She knows the index better than anybody. I ask her when search is slow, and seldom before that.",
    "in_eight_weeks": "She told me which role she wants. The search team asks for her by name, and I know why it does.",
    "evidence": [{"sentence": "They ask for her by name.", "what_someone_would_see": "My name on their agenda."}],
    "criteria_found": "no",
}


def hand_in(who, key, answer, at=WEEK_1):
    piece = roads.piece(who, key)
    submitting.save_draft(piece, answer=answer, revision=piece.draft_revision, by=who, at=at)
    return submitting.hand_in(piece, by=who, at=at)


def found(cast, reader="tomas", who="mina"):
    return set_out.of(cast.enrolment(getattr(cast, who)), getattr(cast, reader), at=WEEK_2)


def everything(cast):
    for key, answer in (("w0-charter", CHARTER), ("w0-intake", INTAKE), ("w1-x2", PICTURE)):
        hand_in(cast.mina, key, answer)


def test_it_is_what_they_wrote_before_week_1_and_in_it(cast):
    everything(cast)
    hand_in(cast.noor, "w0-charter", {"value": "Somebody else's words stay on their own file."})

    assert found(cast) == SetOut(
        charter="I want to be heard without making anybody smaller.",
        picture=PICTURE["in_eight_weeks"],
        target="Team lead",
        role="I look after the payment systems of a shoe shop",
        meeting="The weekly release review",
    )


@pytest.mark.parametrize(
    ("chosen", "named", "told"),
    [("other", "Head of data", "Head of data"), ("other", "", "Other"), ("not_sure", "Head of data", "Not sure yet")],
)
def test_a_role_of_their_own_naming_stands_where_none_of_the_list_is_theirs(cast, chosen, named, told):
    hand_in(cast.mina, "w0-intake", INTAKE | {"target_role": chosen, "target_role_other": named})

    assert found(cast).target == told


def test_a_draft_and_what_was_taken_back_are_not_read(cast):
    piece = roads.piece(cast.mina, "w0-charter")
    submitting.save_draft(piece, answer=CHARTER, revision=piece.draft_revision, by=cast.mina, at=WEEK_1)
    drafted = found(cast)
    hand_in(cast.mina, "w0-intake", INTAKE)
    submitting.take_back(roads.piece(cast.mina, "w0-intake"), by=cast.mina, at=WEEK_1)

    assert [drafted, found(cast)] == [SetOut(), SetOut()]


def test_nobody_reads_it_who_does_not_read_the_pieces(cast):
    everything(cast)

    read = {who: found(cast, reader=who).is_there for who in ("tomas", "mina", "ines", "ada", "noor", "lena")}

    assert read == {"tomas": True, "mina": True, "ines": False, "ada": False, "noor": False, "lena": False}


# --- On the file --------------------------------------------------------------------------------------


@pytest.fixture
def file(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_2)
    browser = Client()
    browser.force_login(cast.tomas)
    return lambda: browser.get(f"/coach/clients/{cast.enrolment(cast.mina).pk}/").content.decode()


def words(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_their_words_stand_first_on_the_file_and_are_never_markup(cast, file):
    everything(cast)
    hand_in(cast.noor, "w0-charter", {"value": "Somebody else's words stay on their own file."})
    page = file()

    assert '<blockquote class="own-first">I want to be heard without making anybody smaller.</blockquote>' in page
    said = words(page)
    assert "The role they want next Team lead" in said
    assert "Where they want to be heard The weekly release review" in said
    assert PICTURE["in_eight_weeks"] in said
    assert "Somebody else's" not in said
    assert page.index("own-first") < page.index('id="ratings-h"')


def test_a_word_like_markup_is_shown_as_it_was_typed(cast, file):
    hand_in(cast.mina, "w0-charter", {"value": "I <b>never</b> win at a colleague's cost."})

    assert "I &lt;b&gt;never&lt;/b&gt; win" in file()


def test_where_nothing_was_handed_in_the_file_says_what_will_stand_there(cast, file):
    assert "Mina has not handed in the first steps yet." in words(file())


def test_a_program_reads_the_same_words(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: WEEK_2)
    everything(cast)

    told = Api(cast.tomas).get(f"enrolments/{cast.enrolment(cast.mina).pk}/so-far/").json()["set_out"]

    assert told == vars(found(cast))
