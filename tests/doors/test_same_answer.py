"""Web and API call the same operations: every refusal is the same "no" at both doors, in the same words."""

import html
import re
from dataclasses import replace

import pytest
from django.db import transaction
from django.test import Client

import tests.doors.cases_agreeing
import tests.doors.cases_assessing
import tests.doors.cases_attending
import tests.doors.cases_banking
import tests.doors.cases_calibrating
import tests.doors.cases_calling
import tests.doors.cases_conversing
import tests.doors.cases_crossing
import tests.doors.cases_dates
import tests.doors.cases_entrusting
import tests.doors.cases_exporting
import tests.doors.cases_following
import tests.doors.cases_graduating
import tests.doors.cases_handing
import tests.doors.cases_heeding
import tests.doors.cases_inspecting
import tests.doors.cases_issuing
import tests.doors.cases_keeping
import tests.doors.cases_meetings
import tests.doors.cases_noting
import tests.doors.cases_pairing
import tests.doors.cases_pulsing
import tests.doors.cases_rating
import tests.doors.cases_releasing
import tests.doors.cases_replying
import tests.doors.cases_saying
import tests.doors.cases_sessions
import tests.doors.cases_snapshots
import tests.doors.cases_speaking
import tests.doors.cases_sponsoring
import tests.doors.cases_substituting
import tests.doors.cases_talking
import tests.doors.cases_transferring
import tests.doors.cases_uploading  # noqa: F401
from tests.doors import refusing
from tests.doors.asking import Api
from tests.doors.cases import ALLOWED, CASES, PAGE_STATUS, PAGE_WORDS, UNASKED


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def at_the_page(cast, ask):
    """What the page answers, undone afterwards."""
    with transaction.atomic():
        answer = browser(getattr(cast, ask.who)).post(ask.page, ask.form)
        transaction.set_rollback(True)
    return answer


def at_the_api(cast, ask):
    """What the API answers, undone afterwards."""
    with transaction.atomic():
        answer = getattr(Api(getattr(cast, ask.who)), ask.method)(ask.path, **ask.body)
        transaction.set_rollback(True)
    return answer


def words_on(page):
    """The page's text, as somebody reads it."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def sentences_of(problem):
    """What a refusal says: beside each field where it names fields, else its one sentence."""
    return [sentence for said in problem.get("errors", {}).values() for sentence in said] or [problem["detail"]]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_refusal_is_the_same_at_both_doors(case, cast, now):
    key = (case.operation, case.code)
    ask = case.road(cast)
    now.at = ask.at

    page, api = at_the_page(cast, ask), at_the_api(cast, ask)

    assert api.status_code == case.status
    assert page.status_code == PAGE_STATUS.get(key, (case.status,))[0]
    if case.status != 404:
        assert api.json()["code"] == case.code
        if key not in PAGE_WORDS:
            assert [sentence for sentence in sentences_of(api.json()) if sentence not in words_on(page)] == []


@pytest.mark.parametrize("operation", ALLOWED)
def test_what_is_allowed_is_done_at_both_doors(operation, cast, now):
    ask = ALLOWED[operation](cast)
    now.at = ask.at

    page, api = at_the_page(cast, ask), at_the_api(cast, ask)

    assert page.status_code in (200, 201, 204, 302, 303)
    assert api.status_code in (200, 201, 204)


def test_every_refusal_of_every_operation_is_asked_or_says_why_not():
    asked = {(case.operation, case.code) for case in CASES}

    assert asked | set(UNASKED) == refusing.pairs()
    assert asked & set(UNASKED) == set()
    assert len(asked) == len(CASES)


def test_every_operation_is_allowed_somewhere_at_both_doors():
    operations = {operation for operation, _code in refusing.pairs()}

    assert operations - set(ALLOWED) == {"joining.accept_as_newcomer"}


def test_where_a_page_answers_in_its_own_way_is_a_list_and_every_entry_is_still_true(cast, now):
    """An entry whose page answers like the API by now has to go."""
    still = {}
    for case in CASES:
        key = (case.operation, case.code)
        if key in PAGE_STATUS or key in PAGE_WORDS:
            with transaction.atomic():
                ask = case.road(cast)
                now.at = ask.at
                page, api = at_the_page(cast, ask), at_the_api(cast, ask)
                transaction.set_rollback(True)
            said = all(sentence in words_on(page) for sentence in sentences_of(api.json()))
            still[key] = page.status_code != api.status_code or not said

    assert still == dict.fromkeys(PAGE_STATUS.keys() | PAGE_WORDS.keys(), True)


def test_nobody_but_an_admin_finds_what_admins_do_at_either_door(cast, now):
    office = ("convening.open_cohort", "pausing.pause", "joining.invite", "joining.withdraw", "assigning.assign")
    asks = [replace(ALLOWED[name](cast), who=who) for who in ("mina", "tomas", "lena") for name in office]

    answers = {(at_the_page(cast, ask).status_code, at_the_api(cast, ask).status_code) for ask in asks}

    assert answers == {(404, 404)}
