"""Words a person's listeners know, and what the first read then leaves out."""

import pytest

from clients import choosing
from clients.choosing import CannotChoose
from clients.models import JournalEntry
from curriculum import draft_notes
from tests import roads
from tests.roads import WEEK_1

TEXT = "The payload goes through the middleware, and the SLA holds for the AWS part of it since Monday."
ANSWER = {"what": TEXT}


def noticed(piece, person):
    reading = draft_notes.first_read(piece.exercise, ANSWER, known=person.known_words)
    return {note.rule: note.words for note in reading.notes if note.words}


def test_a_word_a_listener_knows_is_noticed_no_more(cast):
    piece = roads.piece(cast.mina)
    before = noticed(piece, cast.mina)

    person = choosing.know(cast.mina, word="  Payload ", at=WEEK_1)

    assert before == {"H4": ("payload", "middleware"), "H5": ("SLA", "AWS")}
    assert person.known_words == ["payload"]
    assert noticed(piece, person) == {"H5": ("SLA", "AWS")}


def test_short_forms_are_known_in_any_letters(cast):
    choosing.know(cast.mina, word="sla", at=WEEK_1)
    person = choosing.know(cast.mina, word="AWS", at=WEEK_1)

    assert noticed(roads.piece(cast.mina), person) == {"H4": ("payload", "middleware")}


def test_the_words_of_one_person_change_nothing_for_another(cast):
    choosing.know(cast.mina, word="payload", at=WEEK_1)
    cast.noor.refresh_from_db()

    assert noticed(roads.piece(cast.noor), cast.noor)["H4"] == ("payload", "middleware")


def test_what_was_shown_at_the_hand_in_leaves_known_words_out_too(cast):
    for word in ("payload", "sla", "aws"):
        choosing.know(cast.mina, word=word, at=WEEK_1)

    mina, noor = roads.handed_in(cast.mina, what=TEXT), roads.handed_in(cast.noor, what=TEXT)

    rules = [{note["rule"] for note in attempt.first_read} & {"H4", "H5"} for attempt in (mina, noor)]
    assert rules == [set(), {"H4", "H5"}]


def test_a_word_can_be_forgotten_and_is_kept_once(cast):
    for word in ("payload", "PAYLOAD", "sla"):
        choosing.know(cast.mina, word=word, at=WEEK_1)

    person = choosing.forget(cast.mina, word="Payload", at=WEEK_1)
    choosing.forget(cast.mina, word="never there", at=WEEK_1)

    assert person.known_words == ["sla"]
    journal = JournalEntry.objects.filter(action="chose words").order_by("pk")
    assert [entry.note for entry in journal] == ["1 in all", "2 in all", "1 in all"]


@pytest.mark.parametrize("word", ["", "   ", "x" * 41])
def test_what_is_no_word_is_refused(cast, word):
    with pytest.raises(CannotChoose, match="Name one word or short form"):
        choosing.know(cast.mina, word=word, at=WEEK_1)
