"""The bell: what is written into it, what shows, what it says, where it leads, and that it is nobody else's."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clients import choosing, joining, messaging, notices, noticing
from clients.models import Message, Notice
from coaching import firing, reviewing, sessions
from coaching.models import Milestone
from curriculum import clock
from tests import roads, sittings
from tests.doors.asking import Api, no
from tests.roads import BEFORE, WEEK_1, WEEK_2

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SUNDAY = datetime(2026, 3, 8, 18, tzinfo=UTC)  # noon in Chicago, where Mina lives
TUESDAY = datetime(2026, 3, 10, 18, tzinfo=UTC)


MONDAY = datetime(2026, 3, 2, 6, tzinfo=UTC)  # an hour before week 1 opens; what comes before it is stale by now


def run(until, start=MONDAY):
    """The engine looks every six hours, and once at the end."""
    at = start
    while at < until:
        while firing.tick(at=at).anything:
            pass
        at += 6 * HOUR
    while firing.tick(at=until).anything:
        pass


def texts(person, *, at):
    return [line.text for line in notices.lines_of(person, at=at).lines]


def bell(person, *, at):
    from coaching import caseload

    return caseload.doing(person.pk, at=at, **notices.bell_columns(at=at)).get()


@pytest.fixture
def now(monkeypatch):
    class Hand:
        at = SUNDAY

    monkeypatch.setattr(clock, "now", lambda: Hand.at)
    return Hand


@pytest.fixture
def browser(now):
    def of(person):
        client = Client()
        client.force_login(person)
        return client

    return of


# --- What is written --------------------------------------------------------------------------------


def test_what_is_posted_to_somebody_with_an_account_stands_in_their_bell(cast):
    run(WEEK_1)

    rows = Notice.objects.filter(person=cast.mina).values_list("key", "kind", "group")
    posted = Message.objects.filter(person=cast.mina).values_list("key", "kind")
    assert [(key, kind) for key, kind, _group in rows] == list(posted)
    assert [(kind, group) for _key, kind, group in rows] == [("week.unlock", "weeks")]


def test_an_invitation_by_address_stands_in_no_bell(cast):
    roads.invitation(cast.spring, "dora@example.org", at=WEEK_1)

    assert Notice.objects.count() == 0


def test_what_is_posted_twice_stands_there_once(cast):
    milestone = Milestone.objects.filter(enrolment__client=cast.mina, kind="week.unlock").first()
    for _twice in range(2):
        about = {"milestone": milestone.pk}
        messaging.post("week.unlock", key="k", to=cast.mina, cohort=cast.spring, about=about, at=WEEK_1)

    assert Notice.objects.count() == 1


def test_what_opens_at_night_shows_at_once_and_its_mail_waits(cast):
    night = datetime(2026, 3, 2, 7, tzinfo=UTC)  # 01:00 in Chicago

    run(night)

    title = cast.spring.edition.weeks.get(number=1).title
    assert texts(cast.mina, at=night) == [f"Week 1: {title}"]
    assert Message.objects.get(person=cast.mina).state == "queued"


def test_feedback_shows_when_the_client_can_see_it_and_not_before(cast):
    feedback = roads.answered(cast.mina, cast.tomas)

    before, after = feedback.shown_from - timedelta(seconds=1), feedback.shown_from
    assert (texts(cast.mina, at=before), len(texts(cast.mina, at=after))) == ([], 1)
    assert bell(cast.mina, at=before)["unread"] == 0
    assert bell(cast.mina, at=after)["unread"] == 1


def test_feedback_that_was_undone_never_shows(cast):
    feedback = roads.answered(cast.mina, cast.tomas)
    reviewing.undo_feedback(feedback, by=cast.tomas, at=feedback.sent_at + timedelta(seconds=5))

    assert texts(cast.mina, at=WEEK_1 + DAY) == []


# --- What it says -----------------------------------------------------------------------------------


def test_a_line_is_the_subject_of_its_mail_and_leads_to_the_page_it_is_about(cast):
    feedback = roads.answered(cast.mina, cast.tomas)
    run(SUNDAY, start=WEEK_1 + 3 * HOUR)

    lines = {line.kind: line for line in notices.lines_of(cast.mina, at=SUNDAY).lines}

    title = feedback.attempt.submission.exercise.title
    assert lines["feedback"].text == f"Tomas has read “{title}”"
    assert lines["feedback"].link == "/feedback/w1-x1/?cohort=spring"
    assert lines["due.reminder"].text == "Week 1 is due Sunday 23:59 your time"
    assert lines["due.reminder"].link == "/week/1/?cohort=spring"
    assert {line.cohort for line in lines.values()} == {"Spring"}


# Counts of their hour stay in the mail, and a session is told by its day.
OWN_WORDS = {"coach.digest", "admin.weekly", "kickoff", "kickoff.coach", "session.remind", "session.remind.coach"}
HOURS_GO_ON = {"review.breach", "review.breach.admin"}
OWN_WAY = {"overdue.1", "overdue.2"}  # the mail leads to the piece itself, the bell to its week


def test_every_line_reads_and_leads_as_its_letter_does(cast):
    """The quick words and the letter's own cannot drift apart unseen."""
    roads.handed_in(cast.noor, at=WEEK_1)
    end = WEEK_1 + 15 * DAY
    run(end)

    seen = set()
    for person in (cast.mina, cast.noor, cast.tomas, cast.ada):
        for notice in notices.of(person, at=end).exclude(kind__in=OWN_WORDS).select_related("cohort__edition"):
            message = Message.objects.get(key=notice.key)
            if message.sent_at:
                told = notices.told_of([notice], person, at=message.sent_at)[notice.key]
                letter = messaging.kinds()[notice.kind].letter(message, message.sent_at)
                assert notice.kind in HOURS_GO_ON or told.text == letter.subject
                assert notice.kind in OWN_WAY or letter.parts["link"].endswith(told.link)
                seen.add(notice.kind)

    assert {"week.unlock", "overdue.1", "overdue.2", "overdue.2.coach", "review.warn"} <= seen


def test_a_session_is_told_by_its_day_on_the_readers_own_clock(cast):
    sittings.arranged(cast)
    run(datetime(2026, 3, 5, 15, 30, tzinfo=UTC))
    at = datetime(2026, 3, 20, 12, tzinfo=UTC)

    mina, tomas = (
        {line.kind: (line.text, line.link) for line in notices.lines_of(person, at=at).lines}
        for person in _after_reading(cast, at)
    )

    name = sessions.name_of(sittings.session(cast))
    assert mina["session.remind"] == (f"{name}: Thursday 5 March, 10:00 your time", "/week/1/?cohort=spring")
    assert tomas["session.remind.coach"] == (
        f"{name}: Thursday 5 March, 17:00 your time", "/coach/sessions/spring/",
    )  # fmt: skip


def _after_reading(cast, at):
    """A reminder nobody read is gone after the session; these two read theirs."""
    Notice.objects.filter(kind__startswith="session").update(read_at=datetime(2026, 3, 5, 15, 40, tzinfo=UTC))
    return cast.mina, cast.tomas


def test_a_line_nobody_can_word_any_more_does_not_take_the_bell_with_it(cast):
    run(WEEK_1)
    Milestone.objects.filter(enrolment__client=cast.mina).delete()

    assert texts(cast.mina, at=WEEK_1) == ["A week opens"]


def test_everybodys_links_open_for_them(cast, browser, now):
    roads.handed_in(cast.mina, at=WEEK_1)
    run(WEEK_1 + 10 * DAY)
    now.at = WEEK_1 + 10 * DAY

    opened = set()
    for person in (cast.mina, cast.tomas, cast.ada):
        for line in notices.lines_of(person, at=now.at).lines:
            assert browser(person).get(line.link).status_code == 200, line
            opened.add(line.kind)

    assert {"week.unlock", "overdue.2.coach", "review.warn", "review.breach", "review.breach.admin"} <= opened


# --- What shows -------------------------------------------------------------------------------------


def test_what_was_handed_in_meanwhile_is_asked_for_no_more(cast):
    thursday = datetime(2026, 3, 5, 16, tzinfo=UTC)
    run(thursday)
    before = {line.kind for line in notices.lines_of(cast.mina, at=thursday).lines}

    roads.handed_in(cast.mina, at=thursday)

    after = {line.kind for line in notices.lines_of(cast.mina, at=thursday).lines}
    assert (before, after) == ({"week.unlock", "nudge.midweek"}, {"week.unlock"})
    assert bell(cast.mina, at=thursday)["unread"] == 1


def test_what_lost_its_reason_by_itself_is_gone_when_the_bell_is_looked_at(cast, browser, now):
    """No hand-in, so nobody announces it: an entry of the log is what was missing."""
    now.at = datetime(2026, 3, 5, 16, tzinfo=UTC)
    run(now.at)
    roads.drafted(cast.mina, at=now.at)  # the main exercise is started
    counted = bell(cast.mina, at=now.at)["unread"]

    page = browser(cast.mina).get("/notices/").content.decode()

    assert (counted, bell(cast.mina, at=now.at)["unread"]) == (2, 1)
    assert ("1 thing is new" in page, "a first step of ten minutes" in page) == (True, False)


def test_a_reviewers_notice_goes_with_its_cause(cast):
    roads.handed_in(cast.mina, at=WEEK_1)
    at = WEEK_1 + timedelta(hours=49)
    run(at)
    before = {line.kind for line in notices.lines_of(cast.tomas, at=at).lines}
    piece = roads.piece(cast.mina)
    reviewing.claim(piece, by=cast.tomas, at=at)
    reviewing.send_feedback(roads.piece(cast.mina), content=roads.content(piece), by=cast.tomas, at=at)

    after = {line.kind for line in notices.lines_of(cast.tomas, at=at).lines}
    assert before - after == {"review.warn"}
    assert Notice.objects.get(kind="review.warn").withdrawn == "feedback was sent"


def test_a_reviewers_notice_comes_back_when_the_feedback_is_undone_and_goes_with_the_next(cast):
    roads.handed_in(cast.mina, at=WEEK_1)
    at = WEEK_1 + timedelta(hours=49)
    run(at)
    reviewing.claim(roads.piece(cast.mina), by=cast.tomas, at=at)

    def send():
        piece = roads.piece(cast.mina)
        return reviewing.send_feedback(piece, content=roads.content(piece), by=cast.tomas, at=at)

    seen = []
    for again in (True, False):
        sent = send()
        seen.append(Notice.objects.get(kind="review.warn").withdrawn)
        if again:
            reviewing.undo_feedback(sent, by=cast.tomas, at=at + timedelta(seconds=5))
            seen.append(Notice.objects.get(kind="review.warn").withdrawn)
            seen.append("review.warn" in {line.kind for line in notices.lines_of(cast.tomas, at=at).lines})

    assert seen == ["feedback was sent", "", True, "feedback was sent"]
    watched = Milestone.objects.filter(kind="review.breach", enrolment__client=cast.mina)
    assert list(watched.values_list("state", "reason")) == [("cancelled", "feedback was sent")]


def test_a_nudge_nobody_read_goes_when_it_is_of_no_use_and_stays_where_it_was_read(cast):
    run(datetime(2026, 3, 5, 18, tzinfo=UTC))
    thursday = datetime(2026, 3, 5, 19, tzinfo=UTC)
    noticing.read(Notice.objects.get(person=cast.mina, kind="nudge.midweek"), by=cast.mina, at=thursday)

    later = thursday + DAY
    kinds = [{line.kind for line in notices.lines_of(who, at=later).lines} for who in (cast.mina, cast.noor)]
    assert kinds == [{"week.unlock", "nudge.midweek"}, {"week.unlock"}]


def test_whoever_left_is_asked_for_nothing(cast):
    run(SUNDAY)
    joining.withdraw(cast.enrolment(cast.mina), by=cast.ada, at=SUNDAY)

    assert texts(cast.mina, at=SUNDAY) == []


def test_what_is_switched_off_here_does_not_show_and_is_not_counted(cast):
    run(SUNDAY)
    choosing.choose(cast.mina, wishes={("weeks", "app"): False, ("due", "mail"): False}, at=SUNDAY)

    assert [line.kind for line in notices.lines_of(cast.mina, at=SUNDAY).lines] == ["due.reminder"]
    assert bell(cast.mina, at=SUNDAY)["unread"] == 1


# --- Reading it -------------------------------------------------------------------------------------


def test_what_was_read_stays_and_is_new_no_more(cast):
    run(WEEK_1)
    notice = Notice.objects.get(person=cast.mina)

    read = noticing.read(notice, by=cast.mina, at=WEEK_1)
    again = noticing.read(notice, by=cast.mina, at=WEEK_1 + HOUR)

    assert (read.read_at, again.read_at) == (WEEK_1, WEEK_1)
    assert [line.is_read for line in notices.lines_of(cast.mina, at=WEEK_1).lines] == [True]
    assert bell(cast.mina, at=WEEK_1)["unread"] == 0


def test_all_are_read_up_to_what_was_on_the_page(cast):
    run(WEEK_2)
    stood = notices.unread(at=WEEK_1 + DAY).filter(person=cast.mina).count()

    count = noticing.read_all(cast.mina, at=WEEK_2, until=WEEK_1)

    assert (stood, count) == (1, 1)
    assert bell(cast.mina, at=WEEK_2)["unread"] == notices.unread(at=WEEK_2).filter(person=cast.mina).count() > 0
    assert bell(cast.noor, at=WEEK_2)["unread"] > 0


def test_the_database_keeps_what_was_read_and_when(cast):
    run(WEEK_1)
    mine = Notice.objects.filter(person=cast.mina)

    with pytest.raises(IntegrityError, match="a_notice_is_read_once_it_is_there"), transaction.atomic():
        mine.update(read_at=BEFORE)
    with pytest.raises(IntegrityError, match="what_was_read_is_not_withdrawn"), transaction.atomic():
        mine.update(read_at=WEEK_1, withdrawn="gone")
    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        Notice.objects.create(key=mine.get().key, person=cast.mina, kind="week.unlock", at=WEEK_1)


# --- Nobody else's ----------------------------------------------------------------------------------


def test_nobody_reads_marks_or_opens_what_is_in_somebody_elses_bell(cast, browser):
    roads.handed_in(cast.mina, at=WEEK_1)
    run(TUESDAY)
    every = list(Notice.objects.all())

    for notice in every:
        for who in ("mina", "noor", "omar", "tomas", "ines", "ada", "lena"):
            person = getattr(cast, who)
            if person.pk == notice.person_id:
                continue
            client = browser(person)
            answers = [client.post(f"/notices/{notice.pk}/{end}").status_code for end in ("", "read/")]
            assert answers == [404, 404]
            noticing.read(notice, by=person, at=TUESDAY)
            noticing.read_all(person, at=TUESDAY)
            Notice.objects.filter(person=person).update(read_at=None)
    assert {notice.person.name for notice in every} == {"Mina", "Noor", "Omar", "Tomas", "Ada"}
    assert len(every) > 8
    assert Notice.objects.exclude(read_at=None).count() == 0


def test_a_strangers_list_holds_nothing_of_it_at_either_door(cast, browser, now):
    run(WEEK_1)
    now.at = WEEK_1
    page = browser(cast.lena).get("/notices/").content.decode()
    api = Api(cast.lena).get("me/notices/").json()

    assert "Week 1" not in page
    assert api == {"unread": 0, "next": None, "results": []}


# --- Pages and API ----------------------------------------------------------------------------------


def test_the_page_lists_them_and_the_bell_counts_them_on_every_page(cast, browser, now):
    run(WEEK_1)
    now.at = WEEK_1
    mina = browser(cast.mina)

    page, week = (html.unescape(mina.get(path).content.decode()) for path in ("/notices/", "/week/"))

    assert "1 thing is new" in page
    assert len(re.findall(r"<li data-unread", page)) == 1
    assert week.count("1 new") == 2  # the rail's and the phone's


def test_opening_one_marks_it_and_leads_on(cast, browser, now):
    run(WEEK_1)
    now.at = WEEK_1
    notice, mina = Notice.objects.get(person=cast.mina), browser(cast.mina)

    answer = mina.post(f"/notices/{notice.pk}/")

    assert (answer.status_code, answer["Location"]) == (302, "/week/1/?cohort=spring")
    assert "Nothing new" in mina.get("/notices/").content.decode()


def test_looking_marks_nothing(cast, browser, now):
    run(WEEK_1)
    now.at = WEEK_1
    mina = browser(cast.mina)
    mina.get("/notices/")
    mina.get(f"/notices/{Notice.objects.get(person=cast.mina).pk}/")
    Api(cast.mina).get("me/notices/")

    assert Notice.objects.exclude(read_at=None).count() == 0


def test_one_and_all_are_marked_from_the_page(cast, browser, now):
    run(WEEK_1 + 5 * DAY)
    now.at = WEEK_1 + 5 * DAY
    mina, first = browser(cast.mina), Notice.objects.filter(person=cast.mina).last()

    mina.post(f"/notices/{first.pk}/read/")
    one = Notice.objects.exclude(read_at=None).count()
    mina.post("/notices/read/", {"until": now.at.isoformat()})

    assert one == 1
    assert notices.unread(at=now.at).filter(person=cast.mina).count() == 0
    assert notices.unread(at=now.at).filter(person=cast.noor).count() > 0


def test_the_api_lists_and_marks_them(cast, now):
    run(WEEK_1)
    now.at = WEEK_1
    mina = Api(cast.mina)

    [notice] = mina.get("me/notices/").json()["results"]
    marked = mina.post(f"me/notices/{notice['id']}/read/")
    others = no(Api(cast.noor).post(f"me/notices/{notice['id']}/read/"))

    assert (notice["kind"], notice["link"], notice["cohort"], notice["is_read"]) == (
        "week.unlock", "/week/1/?cohort=spring", "Spring", False,
    )  # fmt: skip
    assert (marked.status_code, others) == (204, (404, "not_found"))
    assert mina.get("me/notices/", unread=True).json() == {"unread": 0, "next": None, "results": []}


def test_the_api_marks_all(cast, now):
    run(WEEK_2)
    now.at = WEEK_2

    assert Api(cast.mina).post("me/notices/read/").json() == {"unread": 0}
    assert Notice.objects.filter(person=cast.noor).exclude(read_at=None).count() == 0


def test_they_are_read_page_by_page_at_both_doors(cast, browser, now, monkeypatch):
    run(WEEK_1 + 5 * DAY)
    now.at = WEEK_1 + 5 * DAY
    whole = [line.pk for line in notices.lines_of(cast.mina, at=now.at).lines]
    monkeypatch.setattr(notices, "PAGE", 1)
    api = Api(cast.mina)

    found, page = [], api.get("me/notices/").json()
    while page:
        found += [line["id"] for line in page["results"]]
        page = api.client.get(page["next"]).json() if page["next"] else None
    first = browser(cast.mina).get("/notices/").content.decode()

    assert (found, len(whole) > 1) == (whole, True)
    assert f"?after={whole[0]}" in first


def test_the_list_costs_the_same_however_much_was_read(cast, browser, now):
    mina, asked, lengths = browser(cast.mina), [], []
    for at, start in ((WEEK_1, MONDAY), (WEEK_1 + 14 * DAY, WEEK_1)):
        run(at, start=start)
        now.at = at
        noticing.read_all(cast.mina, at=at)
        with CaptureQueriesContext(connection) as queries:
            lengths.append(mina.get("/notices/").content.decode().count("<li>"))
        asked.append(len(queries))

    assert lengths[0] < lengths[1]
    assert asked[0] == asked[1] < 25


def test_the_bell_costs_no_page_a_query(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        bell(cast.mina, at=WEEK_1)
