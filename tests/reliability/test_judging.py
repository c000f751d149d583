"""The judges see what they are there to see: one planted fault of each kind, none overlooked."""

import socket
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from curriculum import answers as rules
from curriculum.models import Exercise
from tests import roads
from tests.reliability import changes, submissions
from tests.reliability.answers import ADDED, MARKED, answer, fingerprint
from tests.reliability.milestones import Owed, Record, is_early, is_while_still, mails, was_still
from tests.reliability.proxies import FINE, HOLE, LOOK, RESET, Line, to_port

DUE = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ONE = Owed(7, "week.unlock", 3, "mina@example.org", "cohort-0", DUE)
PROMISED = {(ONE.mark, ONE.kind, ONE.to): ONE}


def handed(at=DUE, still=()):
    return {
        "id": f"<{ONE.mark}@127.0.0.1>", "kind": ONE.kind, "to": ONE.to,
        "at": at.isoformat(), "standing still": list(still),
    }  # fmt: skip


def test_a_second_before_it_is_due_is_early_and_the_instant_itself_is_not():
    assert is_early(handed(DUE - SECOND), PROMISED)
    assert not is_early(handed(DUE), PROMISED)


def test_only_a_pause_of_its_own_cohort_counts_against_a_message():
    assert is_while_still(handed(still=["cohort-1", "cohort-0"]), PROMISED)
    assert not is_while_still(handed(still=["cohort-1"]), PROMISED)


def test_what_came_due_during_the_pause_is_counted():
    pauses = [(DUE - SECOND, DUE + SECOND)]

    assert was_still(ONE, pauses)
    assert not was_still(replace(ONE, due=DUE + 2 * SECOND), pauses)
    assert not was_still(replace(ONE, cohort="cohort-1"), pauses)


def test_a_half_written_line_of_the_record_waits_for_its_other_half(tmp_path):
    record = Record(tmp_path / "record")
    (tmp_path / "record").write_text('{"by": 1}\n{"by"')

    assert record.read() == [{"by": 1}]
    (tmp_path / "record").write_text('{"by": 1}\n{"by": 2}\n')
    assert record.read() == [{"by": 1}, {"by": 2}]


def test_a_mail_is_known_by_its_id_its_kind_and_its_reader(tmp_path):
    head = f"Message-ID: <{ONE.mark}@127.0.0.1>\nX-Across-Kind: week.unlock\nTo: mina@example.org\n\nbody"
    (tmp_path / "a.eml").write_text(head)
    (tmp_path / "b.part").write_text(head)

    assert list(mails(tmp_path)) == [(ONE.mark, ONE.kind, ONE.to)]


def a_mail(**changes):
    return {
        "to": "mina@example.org", "cohort": "cohort-0", "at": DUE.isoformat(), "still": [], "guard": None,
    } | changes  # fmt: skip


def did(at, **changes):
    return {"did": "handed in", "cohort": "cohort-0", "to": "mina@example.org", "at": at.isoformat()} | changes


@pytest.mark.parametrize(
    ("handed", "done", "found"),
    [
        (a_mail(), did(DUE - 9 * SECOND), (0, 0, 0)),
        (a_mail(still=["the client has left"], guard="left"), did(DUE), (1, 0, 0)),
        (a_mail(guard="handed in"), did(DUE - SECOND / 2), (0, 0, 1)),
        (a_mail(guard="handed in"), did(DUE - 2 * SECOND), (0, 1, 0)),
        (a_mail(guard="handed in"), did(DUE, to="theo@example.org"), (0, 1, 0)),
        (a_mail(guard="moved"), did(DUE, to=""), (0, 0, 1)),
        (a_mail(guard="moved"), did(DUE, to="", cohort="cohort-1"), (0, 1, 0)),
    ],
)
def test_a_mail_is_judged_by_what_was_done_about_its_own_reader_in_the_second_before(handed, done, found):
    figures = changes.judge([handed], [done])

    assert found == tuple(
        figures[name]
        for name in (
            "to whom or what stood still, or had left",
            "for a reason that had ended",
            "whose reason ended within the second before",
        )
    )


@pytest.mark.enable_socket
def test_a_line_passes_on_goes_silent_comes_back_and_is_cut():
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = Line(to_port(server.getsockname()[1]))
        near = socket.create_connection(("127.0.0.1", line.port), timeout=5)
        far, _address = server.accept()
        far.settimeout(5)

        near.sendall(b"one")
        assert far.recv(9) == b"one"
        line.become(HOLE)
        time.sleep(2 * LOOK)
        near.sendall(b"two")
        far.settimeout(4 * LOOK)
        with pytest.raises(TimeoutError):
            far.recv(9)
        line.become(FINE)
        far.settimeout(5)
        assert far.recv(9) == b"two"
        line.become(RESET)
        with pytest.raises(ConnectionResetError):
            near.recv(9)
        near.close()
        far.close()
        line.close()


@pytest.mark.parametrize(
    ("state", "answers", "keys"),
    [
        ("draft", ["as sent"], ["click-5"]),
        ("handed_in", ["another"], ["click-5"]),
        ("handed_in", ["as sent"], ["click-6"]),
        ("handed_in", ["as sent", "as sent"], ["click-5", "click-5"]),
    ],
)
def test_what_is_not_kept_as_it_was_handed_in_is_different(state, answers, keys):
    piece = submissions.Piece(5, "token", {"body": "as sent"})

    kept = [{"body": one} for one in answers]
    assert submissions.is_different(piece, state, len(kept), kept, keys)
    assert not submissions.is_different(piece, "handed_in", 1, [{"body": "as sent"}], ["click-5"])


def test_every_answer_is_a_text_of_its_own():
    assert set(ADDED) == set(MARKED)
    for key in ADDED:
        assert fingerprint(answer(key, "1")) != fingerprint(answer(key, "2"))
        assert fingerprint(answer(key, "1")) == fingerprint(answer(key, "1"))


@pytest.mark.parametrize("key", ADDED)
def test_every_answer_can_be_handed_in(db, key):
    asked = Exercise.objects.get(edition=roads.edition(), key=key)

    assert asked.is_offered
    assert rules.problems(asked, rules.shape(asked, answer(key, "1"))) == {}
    assert rules.shape(asked, answer(key, "1")) == answer(key, "1")
