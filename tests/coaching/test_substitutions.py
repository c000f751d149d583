"""A colleague reads while a coach is away: what they see, only then, and who hears of it."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from knox.models import AuthToken

from clients import extending, holding, submitting
from clients.models import Enrolment, JournalEntry, Message
from coaching import (
    assigning,
    caseload,
    conversing,
    digests,
    firing,
    handovers,
    heeding,
    noting,
    reviewing,
    scheduling,
    standing_letters,
    subscribing,
    substituting,
    substitutions,
)
from coaching.models import Assignment, Milestone, Substitution
from curriculum import clock
from tests import roads
from tests.doors.asking import Api
from tests.roads import WEEK_1

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY, FRIDAY = date(2026, 3, 9), date(2026, 3, 13)
OPENS = datetime(2026, 3, 8, 23, tzinfo=UTC)  # Monday 00:00 in Berlin, where Tomas lives
CLOSES = OPENS + 5 * DAY
INSIDE = OPENS + DAY
AWAKE, MINUTE = WEEK_1 + 4 * HOUR, timedelta(minutes=1)  # 14:00 UTC: nobody’s quiet hours, from Chicago to Kolkata


@pytest.fixture
def now(monkeypatch):
    hand = type("Clock", (), {"at": WEEK_1})()
    monkeypatch.setattr(clock, "now", lambda: hand.at)
    return hand


def window(cast, *, at=WEEK_1, **changes):
    said = {"away": cast.tomas, "substitute": cast.ines, "first_day": MONDAY, "last_day": FRIDAY, "by": cast.tomas}
    return substituting.set_window(cast.spring, at=at, **said | changes)


def codes(answers):
    return [answer.status_code for answer in answers]


# --- What is seen, and when ---------------------------------------------------------------------------


def test_a_substitute_sees_what_is_open_inside_the_window_and_nothing_else(cast):
    window(cast)
    done = roads.answered(cast.mina, cast.tomas).attempt.submission
    waits = roads.handed_in(cast.noor).submission
    roads.drafted(cast.mina, "w5-x1", at=INSIDE + 40 * DAY)

    def seen(at):
        given = [caseload.reviewable_by, caseload.handed_to, caseload.waiting, caseload.submissions_visible_to]
        theirs = [list(ask(cast.ines, at=at).filter(enrolment__cohort=cast.spring)) for ask in given]
        return theirs, [row.client for row in caseload.queue(cast.ines, at=at)]

    assert seen(OPENS) == seen(CLOSES - HOUR) == ([[waits]] * 4, ["Noor"])
    assert seen(OPENS - timedelta(seconds=1)) == seen(CLOSES) == ([[], [], [], []], [])
    assert set(caseload.reviewable_by(cast.tomas, at=INSIDE)) == {done, waits}
    assert list(caseload.coached_by(cast.ines)) == [cast.autumn]


def test_what_a_substitute_answered_stays_with_them_until_the_window_ends(cast):
    window(cast)
    piece = roads.handed_in(cast.mina).submission
    reviewing.send_feedback(piece, content=roads.content(piece), revision=None, by=cast.ines, at=INSIDE)

    assert list(caseload.reviewable_by(cast.ines, at=INSIDE + HOUR)) == [piece]
    assert list(caseload.reviewable_by(cast.ines, at=CLOSES)) == []
    assert digests.pace(cast.ines, at=CLOSES).answered == 1


def test_every_door_opens_and_shuts_with_the_window(cast, client, now):
    """Pages, the API by token and the calendar by its address, with the next request each time."""
    made = window(cast)
    piece = roads.handed_in(cast.mina).submission
    api = Api(cast.ines)
    client.force_login(cast.ines)
    token = subscribing.subscribe(by=cast.ines, at=WEEK_1)

    def doors(at):
        now.at = at
        pages = [client.get(f"/coach/review/{piece.pk}/"), client.get(f"/coach/handover/{made.pk}/")]
        program = [api.get(f"submissions/{piece.pk}/"), api.get(f"substitutions/{made.pk}/handover/")]
        program.append(api.post(f"submissions/{piece.pk}/claim/"))
        queue = [row["client"] for row in api.get("reviews/queue/").json()["results"]]
        stands_in = b"you stand in for Tomas" in client.get(f"/feed/{token}/").content.replace(b"\r\n ", b"")
        return codes(pages), codes(program), queue, stands_in

    before, inside = doors(OPENS - HOUR), doors(INSIDE)
    reviewing.take_over(piece, by=cast.tomas, at=INSIDE)
    substituting.call_off(made, by=cast.tomas, at=INSIDE + HOUR)
    after = doors(INSIDE + HOUR)

    assert before == ([404, 404], [404, 404, 404], [], True)
    assert inside == ([200, 200], [200, 200, 200], ["Mina"], True)
    assert after == ([404, 404], [404, 404, 404], [], False)


def test_whoever_is_released_loses_pages_tokens_and_the_calendar_with_the_next_request(cast, client, now):
    piece, now.at = roads.handed_in(cast.mina).submission, WEEK_1 + HOUR
    client.force_login(cast.tomas)
    api, token = Api(cast.tomas), subscribing.subscribe(by=cast.tomas, at=WEEK_1)

    def doors():
        asked = [client.get(f"/coach/review/{piece.pk}/"), api.get(f"submissions/{piece.pk}/")]
        return codes([*asked, client.get(f"/feed/{token}/"), client.get("/coach/queue/")])

    before = doors()
    assigning.release(Assignment.objects.get(coach=cast.tomas), by=cast.ada, at=WEEK_1 + HOUR)

    assert (before, doors()) == ([200] * 4, [404] * 4)
    assert AuthToken.objects.filter(user=cast.tomas).exists()


def test_a_substitute_gets_no_board_no_sessions_no_dates(cast, client, now):
    window(cast)
    now.at, mina = INSIDE, cast.enrolment(cast.mina)
    client.force_login(cast.ines)
    pages = [
        "/coach/board/spring/",
        "/coach/sessions/spring/",
        f"/coach/clients/{mina.pk}/dates/",
        "/coach/away/spring/",
    ]

    assert codes(client.get(page) for page in pages) == [404] * 4
    assert codes([Api(cast.ines).get(f"cohorts/{cast.spring.pk}/board/")]) == [404]


def test_an_empty_queue_leads_to_the_board_only_whoever_has_one(cast, client, now):
    window(cast)
    now.at = INSIDE
    client.force_login(cast.ines)
    before = client.get("/coach/queue/").content.decode()
    Assignment.objects.filter(coach=cast.ines).delete()
    after = client.get("/coach/queue/").content.decode()

    assert ["Nothing waits" in page for page in (before, after)] == [True, True]
    assert ['<a class="btn" href="/coach/board/">' in page for page in (before, after)] == [True, False]


def test_a_substitute_answers_a_question_for_more_time(cast, client, now):
    window(cast)
    asked = extending.ask(roads.piece(cast.mina), until=date(2026, 3, 15), by=cast.mina, at=WEEK_1)
    now.at = INSIDE
    client.force_login(cast.ines)

    assert client.post(f"/coach/extensions/{asked.pk}/", {"answer": "yes"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == ("granted", cast.ines)


def test_whoever_coaches_several_cohorts_is_told_what_being_away_means_and_where_to_begin(cast, client, now):
    roads.coach(cast.autumn, cast.tomas)
    client.force_login(cast.tomas)
    empty = client.get("/coach/away/").content.decode()
    window(cast)
    one = client.get("/coach/away/").content.decode()

    assert "Name the days and a colleague for each cohort" in empty
    assert empty.count("Nobody is away.") == 2
    assert ("Ines for Tomas" in one, one.count("Nobody is away.")) == (True, 1)
    assert '<a class="btn primary" href="/coach/away/autumn/">Set the days for Autumn' in one


# --- Who could ------------------------------------------------------------------------------------------


def test_offered_are_coaches_of_other_open_cohorts_who_are_not_in_this_one(cast):
    roads.coach(cast.autumn, cast.lena)
    assert list(substitutions.offered(cast.spring)) == [cast.ines, cast.lena]
    assert list(substitutions.offered(cast.autumn)) == [cast.tomas]

    roads.client(cast.spring, cast.lena)
    roads.coach(cast.spring, cast.ines)

    assert list(substitutions.offered(cast.spring)) == []


def test_an_admin_sets_a_window_for_a_coach_who_does_not_come_back(cast):
    made = window(cast, by=cast.ada)

    assert (made.away, made.starts_at, made.ends_at) == (cast.tomas, OPENS, CLOSES)
    assert JournalEntry.objects.get(action="set a window").note == "Ines for Tomas, 2026-03-09 to 2026-03-13"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"ends_at": OPENS}, "a_window_ends_after_it_starts"),
        ({"substitute": "tomas"}, "nobody_stands_in_for_themselves"),
        ({"starts_at": CLOSES - HOUR, "ends_at": CLOSES + DAY}, "a_substitute_has_one_window_at_a_time"),
    ],
)
def test_the_database_holds_what_a_window_is(cast, changes, name):
    window(cast)
    row = {"cohort": cast.spring, "away": cast.tomas, "substitute": cast.ines, "set_at": WEEK_1}
    row |= {"starts_at": OPENS, "ends_at": CLOSES} | changes
    if isinstance(row["substitute"], str):
        row["substitute"] = getattr(cast, row["substitute"])

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Substitution.objects.create(**row)


def test_windows_that_touch_or_are_elsewhere_or_were_called_off_are_no_overlap(cast):
    substituting.call_off(window(cast), by=cast.tomas, at=WEEK_1)
    window(cast)
    window(cast, first_day=date(2026, 3, 14), last_day=date(2026, 3, 15))
    roads.coach(cast.autumn, cast.lena)
    window(cast, substitute=cast.lena)

    assert Substitution.objects.filter(called_off_at=None).count() == 3


# --- Who hears ------------------------------------------------------------------------------------------


def test_clients_and_the_colleague_are_told_by_name_once(cast):
    window(cast, at=AWAKE)
    firing.tick(at=AWAKE + 10 * MINUTE)

    told = {(one.to[0], one.subject) for one in mail.outbox}
    assert told >= {
        ("mina@example.org", "Ines reads for Tomas from Monday 9 March"),
        ("noor@example.org", "Ines reads for Tomas from Monday 9 March"),
        ("ines@example.org", "You stand in for Tomas from Monday 9 March to Friday 13 March"),
    }
    body = next(one.body for one in mail.outbox if one.to == ["mina@example.org"] and "Ines" in one.subject)
    assert "Tomas is away from Monday 9 March to Friday 13 March. Ines reads what you hand in meanwhile" in body


def test_what_is_called_off_in_time_is_told_nobody_and_later_to_whoever_was_told(cast):
    substituting.call_off(window(cast, at=AWAKE), by=cast.tomas, at=AWAKE + 5 * MINUTE)
    firing.tick(at=AWAKE + 10 * MINUTE)
    assert Message.objects.filter(kind__startswith="away", state="sent").count() == 0

    made = window(cast, at=AWAKE + 10 * MINUTE)
    firing.tick(at=AWAKE + 20 * MINUTE)
    substituting.call_off(made, by=cast.ada, at=AWAKE + 30 * MINUTE)
    firing.tick(at=AWAKE + 40 * MINUTE)

    sent = Message.objects.filter(kind__startswith="away.off", state="sent")
    assert set(sent.values_list("person__name", "kind")) == {
        ("Mina", "away.off.client"),
        ("Noor", "away.off.client"),
        ("Ines", "away.off.substitute"),
    }


def test_a_broken_promise_is_told_whoever_stands_in_as_well_and_they_have_their_mornings(cast):
    roads.handed_in(cast.mina, at=OPENS - 3 * DAY + HOUR)
    window(cast, last_day=date(2026, 3, 20))
    Milestone.objects.filter(kind="coach.digest").delete()
    scheduling.plan_mornings(cast.ines, at=OPENS)

    at = OPENS
    while at < OPENS + DAY:
        firing.tick(at=at)
        at += 2 * HOUR

    warned = Message.objects.filter(kind="review.breach").values_list("person__name", flat=True)
    assert sorted(warned) == ["Ines", "Tomas"]
    assert Message.objects.filter(kind="coach.digest", person=cast.ines).count() == 1


def test_a_claim_of_whoever_reads_there_no_longer_keeps_nobody_from_hearing(cast):
    window(cast)
    roads.handed_in(cast.mina, at=INSIDE)
    reviewing.claim(roads.piece(cast.mina), by=cast.ines, at=INSIDE + HOUR)
    at = INSIDE + 72 * HOUR
    Substitution.objects.update(ends_at=at - HOUR)
    while at < INSIDE + 76 * HOUR:
        firing.tick(at=at)
        at += HOUR

    assert list(Message.objects.filter(kind="review.breach").values_list("person__name", flat=True)) == ["Tomas"]


# --- The way there --------------------------------------------------------------------------------------


def test_whoever_stands_in_finds_the_handover_from_their_queue_and_their_bell_while_the_window_is_open(
    cast, client, now
):
    made = window(cast, at=AWAKE)
    window(cast, at=AWAKE, first_day=date(2026, 3, 16), last_day=date(2026, 3, 17))
    firing.tick(at=AWAKE + 10 * MINUTE)
    handover, told = f"/coach/handover/{made.pk}/", Message.objects.get(kind="away.substitute", about__window=made.pk)

    def ways(person, at):
        now.at = at
        client.force_login(person)
        said = re.findall(
            r"You stand in for ([^<]*) – <a href=\"([^\"]*)\"", client.get("/coach/queue/").content.decode()
        )
        return said, standing_letters.headlines([told], at)[told.key].link

    before, inside = ways(cast.ines, OPENS - HOUR), ways(cast.ines, INSIDE)
    away = ways(cast.tomas, INSIDE)[0]
    substituting.call_off(made, by=cast.tomas, at=INSIDE + HOUR)

    assert before == ways(cast.ines, INSIDE + HOUR) == ([], "/coach/queue/")
    assert inside == ([("Tomas in Spring until Friday 13 March", handover)], handover)
    assert away == []


def test_a_letter_that_leaves_inside_the_window_leads_to_the_handover(cast):
    awake = OPENS + 15 * HOUR  # 14:00 UTC again
    made = window(cast, at=awake)
    firing.tick(at=awake + 10 * MINUTE)

    (body,) = [one.body for one in mail.outbox if one.to == ["ines@example.org"] and "stand in" in one.subject]
    assert f"/coach/handover/{made.pk}/" in body


@pytest.mark.parametrize("windows", [0, 1, 3])
def test_the_way_to_the_handover_is_one_query_however_many_windows_are_open(cast, windows, django_assert_num_queries):
    for number in range(windows):
        cohort = roads.cohort(f"Away {number}") if number else cast.spring
        if number:
            roads.coach(cohort, cast.tomas)
        substituting.set_window(
            cohort, away=cast.tomas, substitute=cast.ines, first_day=MONDAY, last_day=FRIDAY, by=cast.tomas, at=WEEK_1
        )

    with django_assert_num_queries(1):
        found = [(one.away.name, str(one.cohort), one.last_day) for one in substitutions.open_for(cast.ines, at=INSIDE)]

    assert len(found) == windows


# --- The handover ---------------------------------------------------------------------------------------


def test_the_handover_says_what_is_open_held_asked_and_agreed(cast):
    made = window(cast)
    again = roads.answered(cast.mina, cast.tomas, another=True, asks=["Name Carla first.", "", "Say by when."])
    extending.ask(roads.piece(cast.mina, "w1-x2"), until=date(2026, 3, 18), by=cast.mina, at=WEEK_1)
    Enrolment.objects.filter(client=cast.mina).update(focus="One sentence before the reasons.", focus_at=WEEK_1)
    roads.translated(cast.noor)
    reviewing.claim(roads.piece(cast.noor, "w1-t1"), by=cast.tomas, at=WEEK_1 + HOUR)
    holding.hold(cast.enrolment(cast.noor), reason="Ill", by=cast.tomas, at=WEEK_1 + 2 * HOUR)

    heeding.flag(cast.enrolment(cast.mina), reason="Her manager has left.", by=cast.tomas, at=WEEK_1)
    for visibility, text in (("coaching_team", "Translations first."), ("private", "Mine."), ("pair", "Ours.")):
        said = {"visibility": visibility, "text": text}
        noting.write(cast.spring, cast.enrolment(cast.mina), **said, by=cast.tomas, at=WEEK_1)
    noor, mina = handovers.of(made, at=INSIDE).clients

    assert (noor.name, noor.held_because) == ("Noor", "Ill")
    assert [(piece.week, piece.with_whom, piece.promise.stands) for piece in noor.pieces] == [(1, "Tomas", True)]
    assert (mina.name, mina.focus) == ("Mina", "One sentence before the reasons.")
    assert [(asked.try_next, asked.asks) for asked in mina.asked] == [
        (again.try_next, ["Name Carla first.", "Say by when."])
    ]
    assert [one.exercise.key for one in mina.more_time] == ["w1-x2"]
    assert [(risk.rule, risk.evidence) for risk in mina.risks] == [("flag", "Tomas: “Her manager has left.”")]
    assert [note.text for note in mina.notes] == ["Translations first."]

    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=INSIDE)
    roads.handed_in(cast.mina, at=INSIDE)
    after = next(one for one in handovers.of(made, at=INSIDE).clients if one.name == "Mina")
    assert (after.asked, len(after.pieces)) == ([], 1)


def test_the_handover_says_who_has_written_to_whoever_is_away_and_waits_and_no_word_of_it(cast, client, now):
    made, pair = window(cast), cast.enrolment(cast.mina)
    conversing.write(pair, cast.tomas, text="CANARY", by=cast.mina, at=INSIDE)
    now.at = INSIDE
    client.force_login(cast.ines)

    found = {one.name: one.waits_since for one in handovers.of(made, at=INSIDE).clients}
    page = client.get(f"/coach/handover/{made.pk}/").content.decode()
    sent = Api(cast.ines).get(f"substitutions/{made.pk}/handover/").json()

    assert found == {"Mina": INSIDE, "Noor": None}
    assert f'href="/coach/clients/{pair.pk}/conversation/">Has written and waits for an answer' in page
    assert [one["waits_since"] is not None for one in sent["clients"]] == [True, False]
    assert "CANARY" not in page + str(sent)
    conversing.write(pair, cast.tomas, text="Yes.", by=cast.ines, at=INSIDE)
    assert {one.waits_since for one in handovers.of(made, at=INSIDE).clients} == {None}


@pytest.mark.parametrize("people", [1, 3])
def test_the_handover_costs_the_same_for_one_client_and_for_three(cast, django_assert_num_queries, people):
    made = window(cast)
    for person in [cast.mina, cast.noor, roads.person("Pia")][:people]:
        if person.name == "Pia":
            roads.client(cast.spring, person)
        roads.handed_in(person)

    handovers.of(made, at=INSIDE)  # what an edition asks for is looked up once in a process

    with django_assert_num_queries(16):
        handovers.of(made, at=INSIDE)


def test_a_substitute_reads_what_is_asked_of_the_next_attempt_by_page_and_by_program_until_it_is_in(cast, client, now):
    made, now.at = window(cast), INSIDE
    roads.answered(cast.mina, cast.tomas, another=True, asks=["Name Carla first.", "Say by when."])
    client.force_login(cast.ines)

    def told():
        found = Api(cast.ines).get(f"substitutions/{made.pk}/handover/").json()["clients"]
        page = client.get(f"/coach/handover/{made.pk}/").content.decode()
        return [one["asks"] for row in found for one in row["asked"]], re.findall(r"<li>([^<]*)</li>", page)

    asked = told()
    submitting.try_again(roads.piece(cast.mina), by=cast.mina, at=INSIDE)
    roads.handed_in(cast.mina, at=INSIDE)

    assert asked == ([["Name Carla first.", "Say by when."]], ["Name Carla first.", "Say by when."])
    assert told() == ([], [])


def test_a_private_draft_does_not_travel(cast, client, now):
    made, piece = window(cast), roads.handed_in(cast.mina).submission
    content = roads.content(piece, keep="CANARY of Tomas")
    reviewing.save_feedback_draft(piece, content=content, revision=None, by=cast.tomas, at=WEEK_1)
    now.at = INSIDE
    client.force_login(cast.ines)

    pages = [
        client.get(f"/coach/handover/{made.pk}/"),
        client.get(f"/coach/review/{piece.pk}/"),
        client.get("/coach/queue/"),
    ]
    answers = [
        Api(cast.ines).get(path)
        for path in (f"substitutions/{made.pk}/handover/", f"submissions/{piece.pk}/feedback-draft/")
    ]

    assert codes([*pages, *answers]) == [200] * 5
    assert [one for one in [*pages, *answers] if b"CANARY" in one.content] == []
