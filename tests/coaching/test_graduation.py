"""What finishing asks for, and the letters at the end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from clients import messaging, submitting
from clients.models import JournalEntry, Message
from coaching import digests, firing, graduation, milestones, reviewing, waiving
from coaching.models import Milestone, Waiver
from curriculum import clock
from curriculum.models import Edition
from tests import keeping, roads
from tests.coaching.web.visiting import browser
from tests.reliability.answers import answer

DAY = timedelta(days=1)
LATE = datetime(2026, 4, 29, 10, tzinfo=UTC)  # Wednesday of week 9
NOON = datetime(2026, 5, 1, 10, tzinfo=UTC)  # Friday 12:00 in Berlin


def main(who, week, *, at=LATE):
    """The main exercise of a week, handed in."""
    if week == 8:
        return keeping.handed_in_case(who, at=at)
    key = f"w{week}-x1"
    return submitting.hand_in(roads.piece(who, key), answer=answer(key, who.name), revision=0, by=who, at=at)


def reviewed(cast, who, *weeks):
    for week in weeks:
        main(who, week)
        submission = roads.piece(who, f"w{week}-x1")
        reviewing.claim(submission, by=cast.tomas, at=LATE)
        reviewing.send_feedback(submission, content=roads.content(submission), by=cast.tomas, at=LATE)


def rest(cast, who):
    """All that is asked for besides the main exercises, and not one piece more."""
    for moment in ("a0", "a8"):
        roads.assessed(who, moment, at=LATE)
    for week in range(1, 6):
        roads.translated(who, f"w{week}-t{week}", at=LATE)


def standing(cast, who, at=LATE + DAY):
    return graduation.of(cast.enrolment(who), at=at)


# --- What is waived ---------------------------------------------------------------------------------


def test_what_an_admin_waives_is_not_missing_and_no_other_week_takes_its_place(cast):
    rest(cast, cast.mina)
    reviewed(cast, cast.mina, 1, 2, 4, 6, 8)
    assert standing(cast, cast.mina).missing == ("feedback on the main exercise of week 5",)

    waiving.waive(cast.enrolment(cast.mina), "main-5", reason="Ill that week", by=cast.ada, at=LATE)

    found = standing(cast, cast.mina)
    assert (found.missing, found.is_complete) == ((), True)
    waived = [(one.key, one.is_done, one.waiver.reason) for one in found.conditions if one.waiver]
    assert waived == [("main-5", False, "Ill that week")]
    assert milestones.KINDS["graduation"].guard(Milestone(enrolment=cast.enrolment(cast.mina)), LATE + DAY) is None
    assert standing(cast, cast.noor).is_complete is False
    entry = JournalEntry.objects.get(action="waived")
    assert (entry.actor, entry.note) == ("Ada", "main-5: Ill that week")


def test_what_is_asked_for_again_is_missing_again_and_the_waiver_stays_on_record(cast):
    waiving.waive(cast.enrolment(cast.mina), "translations", reason="x", by=cast.ada, at=LATE)
    assert "5 more translations" not in standing(cast, cast.mina).missing

    waiving.ask_again(cast.enrolment(cast.mina), "translations", by=cast.ada, at=LATE + DAY)

    assert "5 more translations" in standing(cast, cast.mina).missing
    assert Waiver.objects.get().ended_at == LATE + DAY


def test_an_admin_waives_on_the_clients_page_and_its_coach_reads_why(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: LATE)
    pk = cast.enrolment(cast.mina).pk
    ada, tomas = browser(cast.ada), browser(cast.tomas)
    empty = ada.post(reverse("client-waive", args=[pk]), {"condition": "a8", "reason": ""})
    ada.post(reverse("client-waive", args=[pk]), {"condition": "a8", "reason": "Moved on early"})

    seen = tomas.get(reverse("client-dates", args=[pk])).content.decode()

    assert (empty.status_code, "Say why, in a few words." in empty.content.decode()) == (422, True)
    assert ("Ada: “Moved on early”" in seen, reverse("client-waive", args=[pk]) in seen) == (True, False)


def test_the_database_keeps_a_waiver_whole(cast):
    waiver = waiving.waive(cast.enrolment(cast.mina), "a8", reason="x", by=cast.ada, at=LATE)
    broken = {
        "a_waiver_has_a_reason": {"reason": ""},
        "a_waiver_ends_after_it_began": {"ended_at": LATE - DAY},
    }
    for name, changes in broken.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Waiver.objects.update(**changes)
    waiver.pk = None
    with pytest.raises(IntegrityError, match="waived_once_at_a_time"), transaction.atomic():
        waiver.save(force_insert=True)


# --- The rule ---------------------------------------------------------------------------------------


def test_it_is_the_programmes(db):
    rule = roads.edition().graduation

    assert (rule["assessments"], rule["main_reviewed"]["at_least"], rule["translations"]["at_least"]) == (
        ["a0", "a8"],
        6,
        5,
    )
    assert (rule["main_reviewed"]["among"], rule["main_reviewed"]["weeks"]) == ([1, 5, 8], list(range(1, 9)))


def test_whoever_did_nothing_hears_all_of_it(cast):
    assert standing(cast, cast.mina).missing == (
        "the baseline assessment",
        "the final assessment",
        "feedback on the main exercise of week 1",
        "feedback on the main exercise of week 5",
        "feedback on the main exercise of week 8",
        "feedback on the main exercises of 3 more weeks",
        "5 more translations",
    )


def test_six_reviewed_among_them_the_three_five_translations_and_both_assessments_are_enough(cast):
    rest(cast, cast.mina)
    reviewed(cast, cast.mina, 1, 2, 4, 5, 6, 8)

    found = standing(cast, cast.mina)
    assert (found.is_complete, found.reviewed, found.translations) == (True, (1, 2, 4, 5, 6, 8), (1, 2, 3, 4, 5))


def test_six_without_week_8_are_not(cast):
    rest(cast, cast.mina)
    reviewed(cast, cast.mina, 1, 2, 4, 5, 6)

    assert standing(cast, cast.mina).missing == ("feedback on the main exercise of week 8",)


def test_five_with_the_three_are_not(cast):
    rest(cast, cast.mina)
    reviewed(cast, cast.mina, 1, 2, 4, 5, 8)

    assert standing(cast, cast.mina).missing == ("feedback on the main exercise of one more week",)


def test_what_waits_for_its_coach_or_does_not_show_yet_is_not_reviewed(cast):
    rest(cast, cast.mina)
    reviewed(cast, cast.mina, 1, 2, 4, 5, 8)
    main(cast.mina, 6)

    waits = standing(cast, cast.mina).missing
    too_early = standing(cast, cast.mina, at=LATE + timedelta(seconds=9)).reviewed
    assert (waits, too_early) == (("feedback on the main exercise of one more week",), ())


def test_another_attempt_asked_for_is_reviewed_all_the_same(cast):
    roads.answered(cast.mina, cast.tomas, another=True, at=LATE)

    assert standing(cast, cast.mina).reviewed == (1,)


def test_a_fifth_translation_is_asked_for_by_its_number_and_week_0_is_none(cast):
    for week in (1, 2, 3, 4):
        roads.translated(cast.mina, f"w{week}-t{week}", at=LATE)
    submitting.hand_in(roads.piece(cast.mina, "w0-t0"), answer=answer("w0-t0", "x"), revision=0, by=cast.mina, at=LATE)

    assert standing(cast, cast.mina).missing[-1] == "one more translation"


def test_an_edition_without_a_rule_asks_for_nothing(cast):
    enrolment = cast.enrolment(cast.mina)
    enrolment.cohort.edition = Edition(graduation={})

    assert graduation.of(enrolment, at=LATE) == graduation.Standing((), (), ())


# --- The letters ------------------------------------------------------------------------------------


@pytest.fixture
def friday(cast):
    """Mina has finished, Noor has not; the engine looks on Friday of week 9."""
    rest(cast, cast.mina)
    reviewed(cast, cast.mina, 1, 2, 4, 5, 6, 8)
    while any(firing.fire_due(at=NOON)):
        pass
    return cast


def told(kind, to):
    message = Message.objects.get(kind=kind, person=to)
    assert messaging.kinds()[kind].guard(message, NOON) is None
    return messaging.kinds()[kind].letter(message, NOON)


def test_on_friday_at_noon_in_week_9_each_hears_one_of_the_two(friday):
    rows = Milestone.objects.filter(kind__in=["graduation", "graduation.gap"], enrolment__cohort=friday.spring)
    found = {(row.kind, row.enrolment.client.name): (row.due_at, row.state, row.reason) for row in rows}

    assert found == {
        ("graduation", "Mina"): (NOON, "fired", ""),
        ("graduation.gap", "Mina"): (NOON, "skipped", "the programme is complete"),
        ("graduation", "Noor"): (NOON, "skipped", "the programme is not complete"),
        ("graduation.gap", "Noor"): (NOON, "fired", ""),
    }


def test_the_letters_say_where_to_look_and_what_is_open_until_when(friday):
    assert told("graduation", friday.mina).subject == "You finished"
    assert "See what it came to: http://across.test/graduation/?cohort=spring" in told("graduation", friday.mina).text
    gap = told("graduation.gap", friday.noor)
    assert gap.subject == "Spring: two weeks to close what is open"
    assert "Still open: the baseline assessment, the final assessment, feedback on" in gap.text
    assert "until Friday 15 May, if you want the certificate" in gap.text


def test_coaches_and_admins_get_one_note_a_cohort_and_only_coaches_read_what_is_open(friday):
    coach, admin = told("graduation.note.coach", friday.tomas), told_to_admin(friday)

    assert (coach.subject, admin.subject) == ("Spring: 1 has finished", "Spring: 1 has finished")
    assert "Finished: Mina." in coach.text
    assert "Still open: Noor (the baseline assessment, the final assessment," in coach.text
    assert "Not yet: Noor." in admin.text
    assert "assessment" not in admin.text


def told_to_admin(cast):
    message = Message.objects.get(kind="graduation.note.admin", person=cast.ada, cohort=cast.spring)
    return messaging.kinds()[message.kind].letter(message, NOON)


def test_who_has_left_is_in_neither_list(friday):
    roads.joining.withdraw(friday.enrolment(friday.noor), by=friday.ada, at=NOON)

    assert digests.end_of(friday.spring, at=NOON) == digests.End(finished=("Mina",), open=())
