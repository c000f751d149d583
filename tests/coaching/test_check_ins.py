"""Check-ins of graduates: asked for by consent, answered by a link, stopped by one click; missing is not no."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from clients import messaging, tokens
from clients.models import JournalEntry, Message
from coaching import check_ins, firing, following, graduating
from coaching.models import CheckIn, Consent, Milestone
from curriculum import moments
from tests.coaching.web.visiting import browser
from tests.graduating import ANSWERS, FIRST, NOON, answered, asked, graduated

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def planned(cast, who):
    rows = Milestone.objects.filter(person=who, kind__startswith="alumni.").order_by("due_at")
    return [(row.kind, f"{moments.to_wall(row.due_at, who.zone):%a %d %b %Y %H:%M}", row.state) for row in rows]


def fired(at):
    while any(firing.fire_due(at=at)):
        pass


def letters(who):
    return list(Message.objects.filter(person=who, kind__startswith="alumni.").order_by("pk"))


def letter_of(message, at):
    kind = messaging.kinds()[message.kind]
    assert kind.guard(message, at) is None
    return kind.letter(message, at)


def link_in(letter):
    """The way to answer, as somebody finds it in the mail."""
    return letter.parts["link"].removeprefix("http://across.test")


def words(response):
    return " ".join(response.content.decode().split())


# --- Consent ----------------------------------------------------------------------------------------


def test_what_somebody_agreed_to_is_kept_with_its_words_and_its_time(cast):
    given = asked(cast, cast.mina).enrolment.consents.get()

    assert (given.scope, given.given_at, given.withdrawn_at) == ("check_ins", NOON, None)
    assert given.text.startswith("You may ask me by mail three times what has changed")
    following.withdraw(cast.enrolment(cast.mina), "check_ins", by=cast.mina, at=NOON + DAY)
    again = following.agree(cast.enrolment(cast.mina), "check_ins", by=cast.mina, at=NOON + 2 * DAY)
    assert list(Consent.objects.values_list("withdrawn_at", flat=True)) == [NOON + DAY, None]
    assert again.given_at == NOON + 2 * DAY


def test_nobody_is_asked_before_they_finish_nor_by_anybody_else(cast):
    early = following.agree_refusal(cast.enrolment(cast.mina), "check_ins", by=cast.mina)
    other = following.agree_refusal(graduated(cast, cast.noor), "check_ins", by=cast.tomas)

    assert (early.code, other.code) == ("consent.early", "consent.not_yours")


def test_the_database_keeps_both_whole(cast):
    answered(cast, cast.mina)
    for name, rows, changes in (
        ("what_is_agreed_to_has_its_words", Consent.objects, {"text": ""}),
        ("what_is_agreed_to_ends_after_it_began", Consent.objects, {"withdrawn_at": NOON - DAY}),
        ("check_ins_come_after_3_6_and_12_months", CheckIn.objects.filter(months=3), {"months": 4}),
        ("what_was_said_says_when", CheckIn.objects.filter(months=3), {"answered_at": None}),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**changes)
    given = Consent.objects.get()
    given.pk = None
    with pytest.raises(IntegrityError, match="something_is_agreed_to_once_at_a_time"), transaction.atomic():
        given.save(force_insert=True)


# --- Being asked ------------------------------------------------------------------------------------


def test_a_graduate_who_agreed_is_asked_three_times_and_reminded_once_each(cast):
    asked(cast, cast.mina)

    assert [(kind, wall) for kind, wall, _state in planned(cast, cast.mina)] == [
        ("alumni.3", "Tue 04 Aug 2026 09:00"), ("alumni.3", "Tue 11 Aug 2026 09:00"),
        ("alumni.6", "Tue 03 Nov 2026 09:00"), ("alumni.6", "Tue 10 Nov 2026 09:00"),
        ("alumni.12", "Tue 04 May 2027 09:00"), ("alumni.12", "Tue 11 May 2027 09:00"),
    ]  # fmt: skip
    fired(FIRST)
    (message,) = letters(cast.mina)
    letter = letter_of(message, FIRST)
    assert letter.subject == "Three minutes: what changed since May?"
    assert "Stop asking: http://across.test/check-in/" in letter.text


def test_who_has_not_agreed_is_never_asked(cast):
    graduated(cast, cast.mina)

    fired(FIRST)

    assert letters(cast.mina) == []
    row = Milestone.objects.get(kind="alumni.3", rung=1, person=cast.mina)
    assert (row.state, row.reason) == ("skipped", "no consent, or answered already")


def test_who_has_answered_is_not_reminded(cast):
    answered(cast, cast.mina)

    fired(FIRST + 7 * DAY)

    assert {row.state for row in Milestone.objects.filter(kind="alumni.3", person=cast.mina, rung=2)} == {"skipped"}


# --- By the link ------------------------------------------------------------------------------------


def test_the_link_in_the_mail_leads_to_the_questions_and_looking_changes_nothing(cast, now):
    asked(cast, cast.mina)
    fired(FIRST)
    address = link_in(letter_of(letters(cast.mina)[0], FIRST))
    now.at, before = FIRST + MINUTE, (CheckIn.objects.values().get(months=3), Consent.objects.values().get())

    for method in ("get", "head"):
        page = getattr(Client(), method)(address)
        Client().get(f"{address}stop/")
    assert (page.status_code, page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == (
        200, "no-store", "noindex, nofollow",
    )  # fmt: skip
    assert (CheckIn.objects.values().get(months=3), Consent.objects.values().get()) == before

    sent = Client().post(address, ANSWERS)
    found = CheckIn.objects.get(months=3)
    assert ("Thank you, Mina" in words(sent), found.answered_at) == (True, FIRST + MINUTE)
    assert (found.answers["outcome"], found.answers["interviews"], found.proof) == ("management", 2, "seen")
    assert found.points == {"now_s": 4, "now_i": 3, "now_m": 4, "now_u": 5}
    assert Client().post(address, ANSWERS).status_code == 404


def test_only_the_hash_of_a_token_is_stored(cast):
    row = asked(cast, cast.mina)

    token = check_ins.token_of(row)
    assert (len(token), row.token_hash) == (43, tokens.hash_of(token))
    assert check_ins.find(token) == row
    assert check_ins.find(token[:-1] + ("A" if token[-1] != "A" else "B")) is None


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (FIRST - MINUTE, "check_in.early"), (FIRST, None), (FIRST + 21 * DAY, None),
        (FIRST + 21 * DAY + MINUTE, "check_in.closed"),
    ],
)  # fmt: skip
def test_a_link_works_from_its_mail_on_for_three_weeks(cast, at, code):
    refusal = following.answer_refusal(asked(cast, cast.mina), at=at)

    assert (refusal and refusal.code) == code


def test_what_is_missing_is_said_beside_its_question_and_nothing_is_kept(cast, now):
    address = check_ins.path_of(asked(cast, cast.mina).enrolment, 3)
    now.at = FIRST

    page = Client().post(address, ANSWERS | {"month": "June", "now_s": "9", "proof": "", "conversation_held": ""})

    assert page.status_code == 422
    assert set(page.context["problems"]) == {"month", "now_s", "proof", "conversation_held"}
    assert page.context["questions"]["what_helped"]["given"] == ANSWERS["what_helped"]
    assert CheckIn.objects.get(months=3).answered_at is None


def test_no_change_is_a_full_answer_and_has_neither_month_nor_proof(cast):
    found = answered(cast, cast.mina, outcome="no_change")

    assert ("month" in found.answers, found.proof) == (False, "")


def test_two_graduates_never_answer_for_each_other(cast):
    asked(cast, cast.mina)
    noor = asked(cast, cast.noor)

    following.answer(noor, sent=ANSWERS, at=FIRST + DAY)

    answered_ = CheckIn.objects.filter(answered_at__isnull=False)
    assert [row.enrolment.client for row in answered_] == [cast.noor]


# --- Stop asking ------------------------------------------------------------------------------------


def test_one_click_stops_it_and_nothing_that_is_planned_or_on_its_way_comes(cast, now):
    asked(cast, cast.mina)
    fired(FIRST)
    (message,) = letters(cast.mina)
    address = link_in(letter_of(message, FIRST))
    now.at = FIRST + MINUTE

    page = Client().post(f"{address}stop/")

    message.refresh_from_db()
    assert "We do not ask you again" in words(page)
    assert (message.state, message.reason) == ("cancelled", "the graduate does not want to be asked")
    states = {state for _kind, _wall, state in planned(cast, cast.mina)}
    assert states == {"fired", "cancelled"}
    fired(FIRST + 400 * DAY)
    assert letters(cast.mina) == [message]
    assert JournalEntry.objects.filter(action="no longer agreed").count() == 1
    assert Client().post(f"{address}stop/").status_code == 200
    assert Client().get(address).status_code == 404


def test_whoever_agrees_again_is_asked_what_lies_ahead(cast):
    check_in = asked(cast, cast.mina)
    following.stop_asking(check_in, at=FIRST + DAY)

    following.agree(check_in.enrolment, "check_ins", by=cast.mina, at=FIRST + 2 * DAY)

    pending = [kind for kind, _wall, state in planned(cast, cast.mina) if state == "pending"]
    assert pending.count("alumni.6") == pending.count("alumni.12") == 2


def test_taken_back_the_links_open_nothing_and_a_second_finish_has_others(cast):
    token = check_ins.token_of(asked(cast, cast.mina))

    graduating.take_back(cast.enrolment(cast.mina), by=cast.ada, at=NOON + DAY)

    assert (check_ins.find(token), check_ins.consent_of(cast.enrolment(cast.mina))) == (None, None)
    graduating.graduate(cast.enrolment(cast.mina), by=cast.ada, at=NOON + 2 * DAY)
    assert CheckIn.objects.filter(enrolment=cast.enrolment(cast.mina)).count() == 3
    assert check_ins.find(token) is None


# --- Who reads it -----------------------------------------------------------------------------------


def test_the_coach_reads_it_but_not_what_helped_unless_allowed(cast):
    enrolment = answered(cast, cast.mina).enrolment

    (own,), (coachs,) = check_ins.of(enrolment, cast.mina), check_ins.of(enrolment, cast.tomas)

    assert ("What helped?", "The four moves in my 1:1.") in own.lines
    assert "What helped?" not in dict(coachs.lines)
    assert dict(coachs.lines)["What describes your work now?"] == "Promoted to management"
    assert dict(coachs.lines)["How it can be known"].startswith("Others can see it")
    assert coachs.points[0] == ("Stakeholder communication", 4)
    for stranger in (cast.noor, cast.omar, cast.ines, cast.ada, cast.lena):
        assert check_ins.of(enrolment, stranger) == []
    CheckIn.objects.filter(months=3).update(shares_what_helped=True)
    assert "What helped?" in dict(check_ins.of(enrolment, cast.tomas)[0].lines)


def test_it_stands_on_the_graduates_page_and_in_the_client_file(cast, now):
    enrolment = answered(cast, cast.mina).enrolment
    now.at = FIRST + 2 * DAY

    own = words(browser(cast.mina).get(reverse("finish")))
    coachs = words(browser(cast.tomas).get(reverse("client", args=[enrolment.pk])))

    assert ("After 3 months" in own, "The four moves in my 1:1." in own) == (True, True)
    assert ("After 3 months" in coachs, "The four moves in my 1:1." in coachs) == (True, False)


def test_a_graduate_agrees_and_takes_it_back_on_their_page(cast, now):
    graduated(cast, cast.mina)
    now.at = NOON + DAY
    mina, page = browser(cast.mina), reverse("finish-agree")

    mina.post(page, {"scope": "check_ins"})
    assert check_ins.consent_of(cast.enrolment(cast.mina))
    mina.post(page, {"scope": "check_ins", "agree": "no"})
    assert check_ins.consent_of(cast.enrolment(cast.mina)) is None
    assert mina.post(page, {"scope": "everything"}).status_code == 404


def test_before_the_end_the_page_says_what_is_asked(cast, now):
    now.at = NOON - DAY

    seen = words(browser(cast.mina).get(reverse("finish")))

    assert ("What finishing asks" in seen, "The baseline assessment" in seen, "Yes, ask me" in seen) == (
        True, True, False,
    )  # fmt: skip
