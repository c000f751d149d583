"""The pulse: a client decides who is asked, each answers once without an account, and nobody learns who said what."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from clients import delivering, holding, joining, messaging, tokens, transferring
from clients.models import JournalEntry, Message
from coaching import firing, following, pulse, pulsing, raters
from coaching.models import Milestone, PulseAnswer, PulseLink, Rater
from tests.coaching.web.visiting import browser
from tests.graduating import NOON, graduated
from tests.pulsing import ASKED, CLOSED, SAID, answered, asked, three
from tests.roads import BEFORE, WEEK_1, WEEK_5

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WEEK_8 = WEEK_1 + 49 * DAY  # Wednesday
pytestmark = pytest.mark.django_db


def letters(address):
    return list(Message.objects.filter(address=address).order_by("available_at"))


def letter_of(message, at):
    kind = messaging.kinds()[message.kind]
    assert kind.guard(message, at) is None
    return kind.letter(message, at)


def guard_of(message, at):
    return messaging.kinds()[message.kind].guard(message, at)


def page_of(link):
    return reverse("pulse", args=[raters.token_of(link)])


def said(cast, who, reader=None, at=CLOSED):
    return pulse.of(cast.enrolment(who), reader or who, at=at)


def groups(cast, who, reader=None, at=CLOSED):
    return {group.key: group for one in said(cast, who, reader, at) for group in one.groups}


# --- Asking ---------------------------------------------------------------------------------------


def test_whoever_is_asked_gets_a_mail_at_once_and_one_reminder_after_four_days(cast):
    link = asked(cast, cast.mina, own_words="You heard me in the release review.")

    first, second = letters("ana@raters.example")
    assert [(one.kind, one.available_at) for one in (first, second)] == [
        ("pulse.asked", WEEK_1), ("pulse.remind", WEEK_1 + 4 * DAY),
    ]  # fmt: skip
    told = letter_of(first, WEEK_1)
    assert told.subject == "Three questions about working with Mina"
    assert "Mina is working on how to explain technical work to others and asks for your view." in told.text
    assert "“You heard me in the release review.”" in told.text
    assert f"Answer three questions: http://across.test{page_of(link)}" in told.text
    assert "I do not want to be asked: http://across.test/pulse/" in told.text
    assert "until Wednesday 18 March" in told.text
    assert letter_of(second, WEEK_1 + 4 * DAY).subject == told.subject


@pytest.mark.parametrize(
    ("wording", "names_it"), [("programme", True), ("work", False), ("plain", False)]
)  # fmt: skip
def test_a_client_chooses_whether_the_mail_names_the_programme(cast, wording, names_it):
    asked(cast, cast.mina, wording=wording)

    told = letter_of(letters("ana@raters.example")[0], WEEK_1)
    assert ("coaching" in told.text or "programme" in told.text) is names_it
    assert "cohort" not in told.text and "Spring" not in told.text


def test_the_mails_leave_through_the_outbox_and_no_table_holds_what_opens_a_door(cast):
    link = asked(cast, cast.mina)
    token = raters.token_of(link)

    delivering.deliver(at=WEEK_1)

    assert [one.state for one in letters("ana@raters.example")] == ["sent", "queued"]
    assert link.token_hash == tokens.hash_of(token) and len(token) == 43
    assert raters.find(token) == link
    assert raters.find(token[:-1]) is None


def test_who_is_asked_before_week_0_and_for_the_end_is_written_to_when_that_begins(cast):
    asked(cast, cast.mina, at=BEFORE, again=True)
    assert letters("ana@raters.example") == []

    rows = list(Milestone.objects.filter(kind="pulse.invite", enrolment__client=cast.mina).order_by("due_at"))
    while any(firing.fire_due(at=rows[0].due_at)):
        pass

    (first,) = letters("ana@raters.example")
    told = letter_of(first, rows[0].due_at)
    assert "until Monday 9 March" in told.text
    start = PulseLink.objects.get(moment="p-start")
    assert page_of(start) in told.text
    answered(raters.links().get(pk=start.pk), at=rows[0].due_at + DAY)
    assert guard_of(first, rows[1].due_at) == "answered, or asked no more"
    for row in rows[1:]:
        while any(firing.fire_due(at=row.due_at)):
            pass
    assert [(row.week, row.rung) for row in rows] == [(0, 1), (0, 2), (8, 1), (8, 2)]
    end = PulseLink.objects.get(moment="p-end")
    assert [page_of(end) in letter_of(one, rows[2].due_at).text for one in letters("ana@raters.example")[1:]] == [
        True,
        True,
    ]


def test_between_the_beginning_and_week_8_nobody_can_be_asked_and_after_the_end_for_ninety_days(cast):
    with pytest.raises(pulsing.CannotAsk) as refused:
        asked(cast, cast.mina, at=WEEK_5)
    assert refused.value.code == "pulse.not_now"

    graduated(cast, cast.mina, at=NOON)
    assert asked(cast, cast.mina, at=NOON + 80 * DAY).moment == "p-end"
    with pytest.raises(pulsing.CannotAsk):
        asked(cast, cast.mina, "Ben", at=NOON + 91 * DAY)


def test_a_week_after_the_first_was_asked_nobody_can_be_added(cast):
    asked(cast, cast.mina, at=BEFORE + 4 * DAY)

    with pytest.raises(pulsing.CannotAsk) as refused:
        asked(cast, cast.mina, "Ben", at=BEFORE + 12 * DAY)

    assert refused.value.code == "pulse.over"


@pytest.mark.parametrize("address", ["ana@raters.example", "Ana+two@Raters.example", "mina@example.org"])
def test_nobody_is_asked_twice_and_nobody_asks_themselves(cast, address):
    asked(cast, cast.mina)

    with pytest.raises(pulsing.CannotAsk) as refused:
        asked(cast, cast.mina, "Ben", address=address)

    assert refused.value.code == "pulse.known"


def test_one_manager_and_four_peers_at_most(cast):
    for name in ("Ana", "Ben", "Cleo", "Dan"):
        asked(cast, cast.mina, name)
    asked(cast, cast.mina, "Eva", group="manager")

    for group in ("peer", "manager"):
        with pytest.raises(pulsing.CannotAsk) as refused:
            asked(cast, cast.mina, "Finn", group=group)
        assert refused.value.code == "pulse.too_many"


def test_taken_off_nobody_is_written_to_and_the_link_opens_nothing(cast):
    link = asked(cast, cast.mina)

    pulsing.withdraw(link.rater, by=cast.mina, at=WEEK_1 + MINUTE)

    assert {one.state for one in letters("ana@raters.example")} == {"cancelled"}
    with pytest.raises(pulsing.Closed) as refused:
        answered(link)
    assert refused.value.code == "pulse.withdrawn"


def test_nobody_is_written_to_for_somebody_who_is_on_hold_or_has_left(cast):
    asked(cast, cast.mina)
    (first, _second) = letters("ana@raters.example")

    holding.hold(cast.enrolment(cast.mina), reason="A move", by=cast.tomas, at=WEEK_1)
    assert guard_of(first, WEEK_1) == "the client is on hold"
    joining.withdraw(cast.enrolment(cast.mina), by=cast.ada, at=WEEK_1 + MINUTE)

    assert {one.state for one in letters("ana@raters.example")} == {"cancelled"}


def test_who_is_asked_and_what_was_said_go_along_to_another_cohort(cast):
    three(cast, cast.mina)

    transferring.transfer(cast.enrolment(cast.mina), cast.autumn, by=cast.ada, at=WEEK_1 + 2 * DAY)

    there = cast.autumn.enrolments.get(client=cast.mina)
    assert (there.raters.count(), there.pulse_answers.count()) == (3, 3)


# --- Answering ------------------------------------------------------------------------------------


def test_looking_at_a_link_changes_nothing_however_often(cast, now):
    now.at = WEEK_1 + DAY
    link = asked(cast, cast.mina)
    before = [list(model.objects.values()) for model in (Rater, PulseLink, PulseAnswer, Message, JournalEntry)]

    for path in (page_of(link), page_of(link) + "stop/"):
        for method in ("get", "head"):
            assert getattr(Client(), method)(path).status_code == 200

    assert [list(model.objects.values()) for model in (Rater, PulseLink, PulseAnswer, Message, JournalEntry)] == before


def test_the_page_asks_three_questions_and_says_who_sees_what(cast, now):
    now.at = WEEK_1 + DAY

    page = Client().get(page_of(asked(cast, cast.mina))).content.decode()

    assert "In meetings, Mina puts a clear view on the table" in page
    assert "Mina sees peers&#x27; answers only as a mean of three or more" in page
    assert "I have not seen enough to say" in page
    assert 'name="named"' not in page
    assert "Spring" not in page


def test_an_answer_is_kept_without_whoever_gave_it_and_stops_their_mail(cast, now):
    now.at = WEEK_1 + DAY
    link = asked(cast, cast.mina)

    page = Client().post(page_of(link), SAID | {"p-keep": "The number first.", "p-try": "Ask Ben."})

    assert (page.status_code, b"Thank you" in page.content) == (200, True)
    row = PulseAnswer.objects.get()
    assert (row.points, row.keep, row.try_next, row.is_named) == (
        {"p1": 4, "p2": 3},
        "The number first.",
        "Ask Ben.",
        False,
    )
    assert not {"rater", "link", "rater_id", "link_id"} & {field.attname for field in PulseAnswer._meta.fields}
    assert {one.state for one in letters("ana@raters.example")} == {"cancelled"}
    assert Client().post(page_of(link), SAID).status_code == 404
    assert PulseAnswer.objects.count() == 1


def test_what_is_missing_is_said_beside_it_and_nothing_typed_is_lost(cast, now):
    now.at = WEEK_1 + DAY
    link = asked(cast, cast.mina)

    page = Client().post(page_of(link), {"p1": "4", "p2": "9", "p-keep": "x" * 301})

    assert page.status_code == 422
    assert page.content.decode().count("Choose one; that you have not seen enough is an answer too.") == 2
    assert "At most 300 characters." in page.content.decode()
    assert "x" * 301 in page.content.decode()
    assert not PulseAnswer.objects.exists()


def test_two_weeks_after_it_was_sent_a_link_is_over(cast):
    link = asked(cast, cast.mina)

    answered(link, at=WEEK_1 + 14 * DAY)
    late = asked(cast, cast.mina, "Ben")
    with pytest.raises(pulsing.Closed) as refused:
        answered(late, at=WEEK_1 + 14 * DAY + MINUTE)

    assert refused.value.code == "pulse.closed"


def test_whoever_does_not_want_to_be_asked_is_asked_no_more_at_either_end(cast, now):
    now.at = WEEK_1 + DAY
    link = asked(cast, cast.mina, again=True)

    page = Client().post(page_of(link) + "stop/")

    assert b"We do not ask you again" in page.content
    assert {one.state for one in letters("ana@raters.example")} == {"cancelled"}
    assert raters.to_ask(cast.enrolment(cast.mina), 8) == []
    assert [one.state for one in raters.of(cast.enrolment(cast.mina))] == ["does not want to be asked"]
    with pytest.raises(pulsing.CannotAsk):
        asked(cast, cast.mina, at=WEEK_8)


# --- What shows -----------------------------------------------------------------------------------


def test_nothing_shows_before_the_round_is_closed_however_often_somebody_looks(cast):
    looks = [said(cast, cast.mina)]
    for name in ("Ana", "Ben", "Cleo", "Dan"):
        answered(asked(cast, cast.mina, name))
        looks.append(said(cast, cast.mina, at=CLOSED - MINUTE))

    assert [[one.groups for one in look] for look in looks] == [[], [()], [()], [()], [()]]
    assert groups(cast, cast.mina)["peer"].answered == 4


def test_of_three_peers_their_means_show_and_of_two_nothing(cast):
    for name, points in (("Ana", "5"), ("Ben", "3")):
        answered(asked(cast, cast.mina, name), p1=points, p_keep=f"From {name}")
    two = groups(cast, cast.mina)["peer"]
    answered(asked(cast, cast.mina, "Cleo"), p1="3", p2="0")

    three_ = groups(cast, cast.mina)["peer"]
    assert (two.answered, two.items, two.keep, two.why) == (
        2,
        (),
        (),
        "Fewer than three have answered, so nothing is shown.",
    )
    assert [(one.words, one.n) for one in three_.items] == [
        ("3.7", 3),
        ("too few could say", 2),
        ("too few could say", 0),
    ]
    assert sorted(three_.keep) == ["From Ana", "From Ben"]


@pytest.mark.parametrize(("point", "words"), [("5", "4.5 or more"), ("1", "1.5 or less"), ("3", "3.0")])
def test_a_mean_at_an_end_does_not_say_that_all_said_the_same(cast, point, words):
    three(cast, cast.mina, p1=point)

    assert groups(cast, cast.mina)["peer"].items[0].words == words


def test_a_manager_shows_alone_only_by_their_leave_and_else_as_if_they_had_not_answered(cast):
    shown = {}
    for who, more in ((cast.mina, {"named": "on"}), (cast.noor, {})):
        link = asked(cast, who, f"Boss{who.pk}", group="manager")
        answered(link, p_keep="The picture of it.", **more)
        shown[who] = groups(cast, who)["manager"]
    silent = asked(cast, cast.omar, "Chef", group="manager")

    assert ([one.words for one in shown[cast.mina].items], shown[cast.mina].keep) == (
        ["4.0", "3.0", "too few could say"], ("The picture of it.",),
    )  # fmt: skip
    assert shown[cast.noor] == groups(cast, silent.rater.enrolment.client)["manager"]
    assert shown[cast.noor].why == "Nothing that may be shown by itself."


def test_a_manager_is_never_rolled_up_with_peers(cast):
    answered(asked(cast, cast.mina, "Boss", group="manager"))
    for name in ("Ana", "Ben"):
        answered(asked(cast, cast.mina, name))

    assert [group.items for group in groups(cast, cast.mina).values()] == [(), ()]


def test_the_lines_stand_in_an_order_that_is_the_same_at_every_look_and_says_nothing(cast):
    lines = ["First", "Second", "Third", "Fourth"]
    for name, line in zip(("Ana", "Ben", "Cleo", "Dan"), lines, strict=True):
        answered(asked(cast, cast.mina, name), p_keep=line, p_try=line)

    found = [groups(cast, cast.mina)["peer"] for _look in range(3)]
    assert sorted(found[0].keep) == sorted(lines)
    assert found[0].keep != found[0].try_next
    assert {one.keep for one in found} == {found[0].keep}


def test_a_coach_reads_what_the_client_sees_once_it_is_shared_and_no_longer_once_it_is_not(cast, now):
    now.at = CLOSED
    three(cast, cast.mina, p_keep="The number first.")
    mina, file = cast.enrolment(cast.mina), reverse("client", args=[cast.enrolment(cast.mina).pk])
    before = said(cast, cast.mina, cast.tomas), "The number first." in browser(cast.tomas).get(file).content.decode()

    following.agree(mina, "pulse", by=cast.mina, at=WEEK_1)

    assert before == ([], False)
    assert said(cast, cast.mina, cast.tomas) == said(cast, cast.mina)
    assert "The number first." in browser(cast.tomas).get(file).content.decode()
    assert [said(cast, cast.mina, who) for who in (cast.ada, cast.ines, cast.noor, cast.lena)] == [[], [], [], []]
    following.withdraw(mina, "pulse", by=cast.mina, at=WEEK_1 + DAY)
    assert said(cast, cast.mina, cast.tomas) == []


def test_the_page_of_a_client_shows_who_is_asked_and_what_was_said(cast, now):
    now.at = CLOSED
    three(cast, cast.mina, p1="5", p_try="Leave out the vendor.")

    page = browser(cast.mina).get(reverse("raters")).content.decode()

    assert "3 of 3 answered" in page
    assert "4.5 or more" in page
    assert "“Leave out the vendor.”" in page
    assert "ana@raters.example" in page
    assert "The week for asking is over" in page or "You can ask at the beginning" in page
    assert "raters.example" not in browser(cast.noor).get(reverse("raters")).content.decode()


def test_a_mistake_on_the_page_loses_nothing_that_was_typed(cast, now):
    now.at = WEEK_1
    sent = ASKED | {"name": "Ana Souza", "address": "ana", "own_words": "See https://example.org"}

    page = browser(cast.mina).post(reverse("raters"), sent)

    assert page.status_code == 422
    text = page.content.decode()
    assert ("Ana Souza" in text, "See https://example.org" in text) == (True, True)
    assert "Write a mail address" in text and "no links" in text
    assert not Rater.objects.exists()


def test_the_pages_ask_the_database_the_same_however_many_are_asked(cast, now, django_assert_num_queries):
    now.at = CLOSED
    answered(asked(cast, cast.mina))
    with django_assert_num_queries(6):
        groups(cast, cast.mina)
    for name in ("Ben", "Cleo", "Dan"):
        answered(asked(cast, cast.mina, name))
    with django_assert_num_queries(6):
        groups(cast, cast.mina)


# --- What the database holds ----------------------------------------------------------------------


def test_the_database_refuses_what_cannot_be(cast):
    link = answered(asked(cast, cast.mina))
    rater, row = link.rater, PulseAnswer.objects.get()

    for breach in (
        lambda: PulseAnswer.objects.filter(pk=row.pk).update(points={}),
        lambda: PulseAnswer.objects.filter(pk=row.pk).delete(),
        lambda: PulseLink.objects.filter(pk=link.pk).update(answered_at=None),
        lambda: Rater.objects.filter(pk=rater.pk).update(address="Ana@raters.example"),
        lambda: Rater.objects.filter(pk=rater.pk).update(group="friend"),
        lambda: PulseLink.objects.filter(pk=link.pk).update(moment="p-middle"),
        lambda: PulseLink.objects.create(
            rater=rater, moment="p-start", token_hash="x", asked_at=WEEK_1, is_planned=False
        ),
        lambda: PulseAnswer.objects.create(
            enrolment=row.enrolment, moment="p-start", group="peer", points={}, is_named=True
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            breach()
