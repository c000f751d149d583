"""The planner and the promotion case as homework, on paper, and beside a coach's desk."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients import evidence, evidencing, submitting
from clients.models import OneOnOne, Submission
from coaching import reviewing
from curriculum import clock
from tests import keeping, roads
from tests.coaching.web.visiting import browser
from tests.doors.asking import Api
from tests.keeping import CASE, HEARD, LINE, MOVES, WEEK_7, WEEK_8

PDF = "application/pdf"


@pytest.fixture
def now(monkeypatch):
    hand = type("Clock", (), {"at": WEEK_8})()
    monkeypatch.setattr(clock, "now", lambda: hand.at)
    return hand


@pytest.fixture
def mina(cast, now):
    return browser(cast.mina)


def words(response):
    return " ".join(response.content.decode().split())


def form_of(answer):
    """An answer as a browser posts it."""
    form = {key: content for key, content in answer.items() if isinstance(content, str)}
    form |= {key: [one["id"] for one in content] for key, content in answer.items() if key.startswith("evidence_")}
    return form | {"redacted": "on"}


# --- The planner as homework --------------------------------------------------------------------------


def plan(mina, cast, **changes):
    piece = roads.piece(cast.mina, "w7-x1")
    line = keeping.line(cast.mina, key="for homework")
    form = MOVES | {
        "date": "2026-04-15", "with_whom": "manager", "stage": "planned", "status_sent_before": "yes",
        "ledger_refs": [line.pk], "redacted": "on", "revision": piece.draft_revision, "client_key": "one",
    }  # fmt: skip
    return mina.post(reverse("work-hand-in", args=["w7-x1"]), form | changes)


def test_the_planner_shows_four_moves_the_two_steps_and_the_ledger(mina, cast, now):
    now.at = WEEK_7
    keeping.line(cast.mina)
    keeping.line(cast.mina, visibility="private", what="Nobody else may read these words.")

    page = words(mina.get(reverse("work", args=["w7-x1"])))

    assert page.count('<fieldset class="move"') == 4
    assert "Two steps. Hand it in as planned, and Tomas can comment before the 1:1." in page
    assert (LINE["what"] in page, "Nobody else may read" in page) == (True, False)
    assert 'data-key="a"' in page


def test_a_plan_handed_in_by_the_page_is_a_1_to_1_and_its_second_step_is_held(mina, cast, now):
    now.at = WEEK_7
    assert plan(mina, cast).status_code == 302
    assert OneOnOne.objects.get().state == "planned"
    submitting.take_back(roads.piece(cast.mina, "w7-x1"), by=cast.mina, at=WEEK_7)

    short = plan(mina, cast, stage="held", heard="Keep doing what you do.", client_key="two")
    assert (short.status_code, "At least 15 words here; this has 5." in words(short)) == (422, True)
    assert '<details class="after" open>' in words(short)

    rows = {"will_do-0-action": "Lead the address check", "will_do-0-by": "2026-06-30"}
    assert plan(mina, cast, stage="held", heard=HEARD, client_key="three", **rows).status_code == 302
    assert OneOnOne.objects.get().state == "held"


def test_beside_the_plan_stand_the_last_six_and_what_the_last_one_promised(mina, cast, now):
    now.at = WEEK_7
    assert "The last six" not in words(mina.get(reverse("work", args=["w7-x1"])))

    keeping.held(cast.mina)
    page = words(mina.get(reverse("work", args=["w7-x1"])))

    assert "The last six" in page
    assert "You said you would. Did it happen?" in page


def test_a_line_written_on_the_way_comes_back_chosen(mina, cast, now):
    now.at = WEEK_7
    piece = roads.piece(cast.mina, "w7-x1")
    draft = {"ask_words": "What is missing today, in your view?", "revision": piece.draft_revision, "then": "ledger"}
    away = mina.post(reverse("work-draft", args=["w7-x1"]), draft)
    assert away.headers["Location"] == "/ledger/new/?cohort=spring&for=w7-x1"

    now.at = WEEK_7 + timedelta(minutes=2)
    form = LINE | {"who_saw": "Head of support", "credit": "", "client_key": "one", "for": "w7-x1"}
    back = mina.post(away.headers["Location"], form)
    assert back.headers["Location"] == "/work/w7-x1/?cohort=spring"

    chosen = evidence.own(cast.mina.pk).get()
    assert f'value="{chosen.pk}" checked' in words(mina.get(back.headers["Location"]))


def test_a_line_is_written_for_no_piece_that_is_not_theirs(mina, now):
    now.at = WEEK_7
    form = LINE | {"who_saw": "", "credit": "", "client_key": "one", "for": "w9-nothing"}

    assert mina.post(reverse("ledger-new"), form).headers["Location"] == "/ledger/"


# --- The case, edited in place ------------------------------------------------------------------------


def test_the_case_is_a_page_with_its_four_factors_and_a_picker_each(mina, cast):
    keeping.line(cast.mina, factor="upward", what="This is the line of upward communication.")
    keeping.line(cast.mina, what="This is the line of stakeholder communication.")

    page = words(mina.get(reverse("work", args=["w8-x1"])))

    assert page.count('<section class="paper-part"') == 4 + 3
    assert page.count('type="checkbox" name="evidence_') == 4 * 2
    upward = page[page.index('id="id_evidence_upward"') :]
    assert upward.index("line of upward") < upward.index("line of stakeholder")
    assert "One outcome, in the words of whoever decides." in page


def test_a_case_is_handed_in_by_the_page_and_complains_under_its_fields(mina, cast):
    answer = keeping.case_of(cast.mina)
    revision = {"revision": roads.piece(cast.mina, "w8-x1").draft_revision, "client_key": "one"}

    refused = mina.post(reverse("work-hand-in", args=["w8-x1"]), form_of(answer | {"ask": ""}) | revision)
    assert (refused.status_code, "This is still empty." in words(refused)) == (422, True)
    few = {key: content for key, content in answer.items() if key not in ("evidence_influence",)}
    refused = mina.post(reverse("work-hand-in", args=["w8-x1"]), form_of(few) | revision)
    assert "Choose at least one line of your ledger for three of the four factors." in words(refused)

    assert mina.post(reverse("work-hand-in", args=["w8-x1"]), form_of(answer) | revision).status_code == 302
    assert Submission.objects.get(enrolment__client=cast.mina, exercise__key="w8-x1").state == "handed_in"


def test_the_case_as_it_prints_shows_the_saved_draft_and_its_pdf(mina, cast):
    empty = words(mina.get(reverse("case", args=["w8-x1"])))
    assert "Nothing stands on the page yet. Begin with the ask." in empty
    assert mina.get(reverse("case-pdf", args=["w8-x1"])).headers["Location"] == "/work/w8-x1/"

    keeping.drafted_case(cast.mina)
    page = words(mina.get(reverse("case", args=["w8-x1"])))
    pdf = mina.get(reverse("case-pdf", args=["w8-x1"]))

    assert [
        part for part in (CASE["level"], CASE["claim_upward"], LINE["what"], CASE["gap_plan"]) if part not in page
    ] == []
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == (PDF, b"%PDF-")
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="promotion-case.pdf"'


def test_a_letter_the_pdf_lacks_is_said_on_the_page(mina, cast):
    keeping.drafted_case(cast.mina, technical_line="I own the core; table stakes, no open question. \U000f1234")

    assert "The PDF has no letter for \U000f1234; a box stands for it." in words(
        mina.get(reverse("case", args=["w8-x1"]))
    )


def test_an_attempt_keeps_its_own_page(mina, cast):
    attempt = keeping.handed_in_case(cast.mina)
    reviewing.claim(attempt.submission, by=cast.tomas, at=WEEK_8)
    piece = roads.piece(cast.mina, "w8-x1")
    reviewing.send_feedback(piece, content=roads.content(piece, another=True), by=cast.tomas, at=WEEK_8)
    later = WEEK_8 + timedelta(hours=1)
    again = submitting.try_again(roads.piece(cast.mina, "w8-x1"), by=cast.mina, at=later)
    submitting.save_draft(
        again, answer=again.draft | {"level": "Another level"}, revision=again.draft_revision, by=cast.mina, at=later
    )

    def level(query=""):
        return mina.get(reverse("case", args=["w8-x1"]) + query).context["case"].level

    assert [level(), level("?attempt=1")] == ["Another level", CASE["level"]]
    for number in ("2", "x", "99999999999999999999"):
        assert mina.get(reverse("case", args=["w8-x1"]) + f"?attempt={number}").status_code == 404


def test_other_homework_has_no_such_page(mina):
    assert mina.get(reverse("case", args=["w1-x1"])).status_code == 404
    assert mina.get(reverse("case-pdf", args=["w1-x1"])).status_code == 404


# --- A coach --------------------------------------------------------------------------------------------


def test_a_coach_gets_what_was_handed_in_and_never_the_draft(mina, cast):
    pk = roads.piece(cast.mina, "w8-x1").pk
    tomas, address = browser(cast.tomas), reverse("review-case-pdf", args=[pk])
    keeping.drafted_case(cast.mina)
    assert tomas.get(address).status_code == 404

    attempt = submitting.hand_in(roads.piece(cast.mina, "w8-x1"), by=cast.mina, at=WEEK_8)
    assert tomas.get(address).headers["Content-Type"] == PDF
    assert tomas.get(f"{address}?attempt=1").content == mina.get(reverse("case-pdf", args=["w8-x1"])).content
    assert f"{address}?attempt=1" in words(tomas.get(reverse("review", args=[pk])))

    submitting.take_back(attempt.submission, by=cast.mina, at=WEEK_8)
    assert tomas.get(address).status_code == 404


def test_a_coach_reads_the_lines_as_they_were_handed_in(cast, now):
    keeping.handed_in_case(cast.mina)
    row = evidence.own(cast.mina.pk).get(factor="influence")
    evidencing.change_line(row, line=LINE | {"what": "Something else happened after all."}, by=cast.mina, at=WEEK_8)

    page = words(browser(cast.tomas).get(reverse("review", args=[roads.piece(cast.mina, "w8-x1").pk])))

    assert page.count(LINE["what"]) == 3
    assert "Something else happened" not in page


@pytest.mark.parametrize("name", ["noor", "omar", "ines", "ada", "lena"])
def test_nobody_else_gets_somebodys_case(cast, now, name):
    keeping.handed_in_case(cast.mina)
    pk, other = roads.piece(cast.mina, "w8-x1").pk, getattr(cast, name)

    assert browser(other).get(reverse("review-case-pdf", args=[pk])).status_code == 404
    assert Api(other).get(f"submissions/{pk}/case/").status_code == 404
    assert Api(other).get(f"submissions/{pk}/case/pdf/").status_code == 404
    assert CASE["level"] not in words(browser(other).get(reverse("case", args=["w8-x1"])))


# --- The API ----------------------------------------------------------------------------------------------


def test_the_api_gives_the_case_as_data_and_as_pdf(cast, now):
    pk = keeping.handed_in_case(cast.mina).submission_id

    for person in (cast.mina, cast.tomas):
        found = Api(person).get(f"submissions/{pk}/case/").json()
        assert (found["level"], found["attempt"], found["gap_by"]) == (CASE["level"], 1, "2026-09-30")
        assert [len(factor["evidence"]) for factor in found["factors"]] == [1, 1, 1, 0]
        assert found["factors"][0]["evidence"][0]["who_saw"] == LINE["who_saw"]
    pdf = Api(cast.mina).client.get(f"/api/v1/submissions/{pk}/case/pdf/", headers={"accept": PDF})
    assert (pdf.status_code, pdf.headers["Content-Type"], pdf.headers["Cache-Control"]) == (200, PDF, "no-store")


def test_the_api_gives_a_draft_to_its_writer_alone(cast, now):
    pk = keeping.drafted_case(cast.mina).pk

    assert Api(cast.mina).get(f"submissions/{pk}/case/").json()["attempt"] is None
    assert Api(cast.tomas).get(f"submissions/{pk}/case/").status_code == 404
    assert Api(cast.mina).get(f"submissions/{pk}/case/", attempt="4").status_code == 400
    assert Api(cast.mina).get(f"submissions/{roads.piece(cast.mina).pk}/case/").status_code == 404


# --- To take along ------------------------------------------------------------------------------------------


def test_ledger_and_case_are_one_page_to_print_and_a_file(mina, cast):
    keeping.drafted_case(cast.mina)
    keeping.line(cast.mina, visibility="private", what="Nobody else may read these words.")

    page, file = words(mina.get(reverse("ledger-print"))), mina.get(reverse("ledger-export"))
    assert (CASE["ask"] in page, page.count('<article class="paper is-read"')) == (True, 2)
    assert "1 line that only you can read is left out." in page
    assert "Nobody else may read" not in page + file.content.decode()
    assert (file.headers["Content-Type"], file.headers["Content-Disposition"]) == (
        "text/markdown; charset=utf-8", 'attachment; filename="evidence.md"',
    )  # fmt: skip

    whole = words(mina.get(reverse("ledger-print") + "?private=1"))
    assert "Nobody else may read" in whole
    assert "Nobody else may read" in mina.get(reverse("ledger-export") + "?private=1").content.decode()


@pytest.mark.parametrize("lines", [1, 3, 50])
def test_pages_that_name_lines_cost_the_same_however_long_the_ledger_is(mina, cast, lines, django_assert_num_queries):
    for number in range(lines):
        keeping.line(cast.mina, factor=("stakeholder", "influence", "presence", "upward")[number % 4])
    for key in ("w7-x1", "w8-x1"):
        mina.get(reverse("work", args=[key]))

    with django_assert_num_queries(10):
        mina.get(reverse("work", args=["w7-x1"]))
    with django_assert_num_queries(10):
        mina.get(reverse("work", args=["w8-x1"]))
    with django_assert_num_queries(8):
        mina.get(reverse("ledger-print"))
