"""Oneself, one's week, and cohorts over the API."""

import pytest

from clients import invitations
from clients.models import Cohort, Enrolment, Invitation, JournalEntry, User
from coaching.models import Assignment
from curriculum.models import Edition
from tests import roads
from tests.doors.asking import Api, no
from tests.roads import BEFORE, WEEK_2


@pytest.fixture
def ada(cast, now):
    return Api(cast.ada)


def test_me_says_who_one_is_here(cast, now):
    me = Api(cast.mina).get("me/").json()

    assert me["email"] == "mina@example.org"
    assert me["zone"] == "America/Chicago"
    assert me["roles"] == {"client": True, "coach": False, "lead": False, "admin": False, "sponsor": False}
    assert [enrolment["cohort"]["slug"] for enrolment in me["enrolments"]] == ["spring"]
    assert me["coaches"] == []


def test_a_role_counts_from_the_next_request_on(cast, now):
    lena = Api(cast.lena)
    before = lena.get("me/").json()
    roads.coach(cast.spring, cast.lena)

    after = lena.get("me/").json()

    assert (before["roles"]["coach"], after["roles"]["coach"]) == (False, True)
    assert [cohort["slug"] for cohort in after["coaches"]] == ["spring"]


def test_people_choose_for_themselves(cast, now):
    chosen = Api(cast.mina).patch("me/", zone="Asia/Tokyo", quiet_from="22:00", theme="dark")

    assert chosen.status_code == 200
    assert (chosen.json()["zone"], chosen.json()["quiet_from"], chosen.json()["theme"]) == (
        "Asia/Tokyo", "22:00", "dark",
    )  # fmt: skip
    assert chosen.json()["name"] == "Mina"


def test_words_listeners_know_are_added_and_taken_out(cast, now):
    mina = Api(cast.mina)

    added = mina.post("me/known-words/", word="Payload").json()
    twice = mina.post("me/known-words/", word="SLA").json()
    left = mina.post("me/known-words/forget/", word="payload").json()

    assert (added, twice, left) == (
        {"known_words": ["payload"]}, {"known_words": ["payload", "sla"]}, {"known_words": ["sla"]},
    )  # fmt: skip
    assert mina.get("me/known-words/").json() == left
    assert Api(cast.noor).get("me/known-words/").json() == {"known_words": []}


def test_a_zone_nobody_lives_in_is_refused_by_field(cast, now):
    refused = Api(cast.mina).patch("me/", zone="Moon/Base")

    assert refused.status_code == 422
    assert refused.json()["errors"] == {"zone": ["Choose a time zone from the list."]}


def test_a_week_holds_pieces_lessons_and_times(cast, now):
    week = Api(cast.mina).get("me/week/").json()

    assert {name: week[name] for name in ("week", "phase", "opens_at", "due_at", "due_wall", "zone")} == {
        "week": 1,
        "phase": "open",
        "opens_at": "2026-03-02T07:00:00Z",
        "due_at": "2026-03-09T04:59:59Z",
        "due_wall": "2026-03-08T23:59:59",
        "zone": "America/Chicago",
    }
    assert [piece["id"] for piece in week["pieces"] if piece["exercise"]["key"] == "w1-x1"] == [
        roads.piece(cast.mina).pk
    ]
    assert all(lesson["minutes"] for lesson in week["lessons"])


def test_a_week_that_is_not_open_holds_nothing_yet(cast, now):
    week = Api(cast.mina).get("me/week/", week=2).json()

    assert (week["phase"], week["pieces"], week["lessons"]) == ("locked", [], [])


def test_a_week_of_a_cohort_that_is_not_there_is_404(cast, now):
    assert no(Api(cast.mina).get("me/week/", cohort=10**9)) == (404, "not_found")


def test_a_week_the_edition_does_not_have_is_404(cast, now, tmp_path):
    roads.edition_of_before(tmp_path)
    roads.client(roads.cohort("Earlier", by=cast.ada), cast.lena)

    lena = Api(cast.lena)

    assert lena.get("me/week/", week=2).status_code == 200
    assert no(lena.get("me/week/", week=3)) == (404, "not_found")


def test_nobody_has_a_week_in_a_cohort_of_others(cast, now):
    assert no(Api(cast.mina).get("me/week/", cohort=cast.autumn.pk)) == (404, "not_found")
    assert no(Api(cast.tomas).get("me/week/")) == (404, "not_found")


@pytest.mark.parametrize("others", [0, 2])
def test_a_week_costs_the_same_however_large_the_cohort(cast, now, django_assert_num_queries, others):
    for number in range(others):
        roads.client(cast.spring, roads.person(f"Other{number}"))
    mina, _warm = Api(cast.mina), roads.drafted(cast.mina)
    mina.get("me/week/")

    with django_assert_num_queries(QUERIES_OF_A_WEEK):
        mina.get("me/week/", cohort=cast.spring.pk)


QUERIES_OF_A_WEEK = 6  # and one for the clock, which stands still here


# --- Cohorts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "seen"),
    [("mina", ["spring"]), ("tomas", ["spring"]), ("omar", ["autumn"]), ("ada", ["autumn", "spring"]), ("lena", [])],
)
def test_everybody_sees_the_cohorts_they_belong_to(cast, now, who, seen):
    found = Api(getattr(cast, who)).get("cohorts/").json()["results"]

    assert sorted(cohort["slug"] for cohort in found) == seen


def test_cohorts_are_read_page_by_page(cast, ada, monkeypatch):
    monkeypatch.setattr("coaching.caseload.PAGE", 1)

    first = ada.get("cohorts/").json()
    second = ada.client.get(first["next"]).json()

    assert [cohort["slug"] for cohort in first["results"] + second["results"]] == ["autumn", "spring"]
    assert ada.client.get(second["next"]).json() == {"next": None, "results": []}


@pytest.mark.parametrize("more", [0, 2])
def test_cohorts_cost_the_same_for_two_and_for_four(cast, ada, django_assert_num_queries, more):
    for number in range(more):
        roads.cohort(f"Another {number}", by=cast.ada)

    with django_assert_num_queries(5):
        found = ada.get("cohorts/").json()["results"]

    assert len(found) == 2 + more


def test_an_admin_opens_a_cohort(cast, ada):
    edition = Edition.objects.published().get()

    made = ada.post("cohorts/", name="Summer", edition=edition.pk, starts_on="2026-06-01", zone="Europe/Madrid")

    assert made.status_code == 201
    assert (made.json()["slug"], made.json()["starts_on"]) == ("summer", "2026-06-01")
    assert Cohort.objects.get(slug="summer").edition == edition
    assert [one["id"] for one in ada.get("editions/").json()] == [edition.pk]


def test_what_is_wrong_with_a_cohort_is_said_beside_its_field(cast, ada):
    edition = Edition.objects.published().get()
    plan = {"name": "Summer", "edition": edition.pk, "starts_on": "2026-06-02", "zone": "Europe/Madrid"}

    tuesday = ada.post("cohorts/", **plan)
    unknown = ada.post("cohorts/", **plan | {"edition": 10**9})

    assert no(tuesday) == (422, "cohort.not_monday")
    assert tuesday.json()["errors"] == {"starts_on": ["Week 1 starts on a Monday; this is another day."]}
    assert no(unknown) == (400, "input")
    assert unknown.json()["errors"] == {"edition": ["There is no such edition."]}


def test_pausing_and_going_on(cast, ada):
    path = f"cohorts/{cast.spring.pk}/"

    paused = ada.post(f"{path}pause/", reason="Works council")
    twice = ada.post(f"{path}pause/")
    resumed = ada.post(f"{path}resume/")

    assert (paused.status_code, paused.json()["is_paused"]) == (200, True)
    assert no(twice) == (409, "cohort.paused")
    assert (resumed.status_code, resumed.json()["is_paused"]) == (200, False)


def test_inviting_and_withdrawing_an_invitation(cast, ada):
    path = f"cohorts/{cast.spring.pk}/invitations/"

    made = ada.post(path, email="Priya@Example.org", role="client", name="Priya")
    listed = ada.get(path).json()
    ended = ada.delete(f"{path}{made.json()['id']}/")
    twice = ada.delete(f"{path}{made.json()['id']}/")

    assert (made.status_code, made.json()["email"]) == (201, "priya@example.org")
    assert listed == [made.json()]
    assert invitations.token_of(Invitation.objects.get()) not in str(listed)
    assert (ended.status_code, no(twice)) == (204, (409, "invitation.closed"))


def test_joining_with_the_account_one_has(cast, now):
    invitation = roads.invitation(cast.autumn, "lena@example.org", at=BEFORE)
    now.at = BEFORE
    token = invitations.token_of(invitation)

    wrong = Api(cast.mina).post("invitations/accept/", token=token)
    right = Api(cast.lena).post("invitations/accept/", token=token)
    unknown = Api(cast.lena).post("invitations/accept/", token="nothing")

    assert no(wrong) == (409, "invitation.other_person")
    assert right.status_code == 204
    assert cast.enrolment(cast.lena).cohort == cast.autumn
    assert no(unknown) == (404, "not_found")


def test_assigning_a_coach_and_ending_it(cast, ada):
    path = f"cohorts/{cast.spring.pk}/assignments/"

    made = ada.post(path, email="INES@example.org")
    unknown = ada.post(path, email="nobody@example.org")
    client = ada.post(path, email="mina@example.org")
    ended = ada.delete(f"{path}{made.json()['id']}/")

    assert (made.status_code, made.json()["coach"]["name"]) == (201, "Ines")
    assert unknown.json()["errors"] == {"email": ["Nobody here has this address. Invite them as a coach instead."]}
    assert no(client) == (409, "assignment.client")
    assert ended.status_code == 204
    assert Assignment.objects.get(pk=made.json()["id"]).ended_at is not None


def test_ending_an_enrolment(cast, ada):
    path = f"cohorts/{cast.spring.pk}/enrolments/"
    listed = ada.get(path).json()

    ended = ada.post(f"{path}{cast.enrolment(cast.mina).pk}/withdraw/", reason="Moved on")

    assert [row["client"]["name"] for row in listed] == ["Mina", "Noor"]
    assert (ended.status_code, ended.json()["state"]) == (200, Enrolment.State.WITHDRAWN)
    assert JournalEntry.objects.get(action="withdrew").note == "Moved on"


@pytest.mark.parametrize("who", ["mina", "tomas", "lena"])
def test_what_admins_do_is_not_there_for_others(cast, now, who):
    api, path = Api(getattr(cast, who)), f"cohorts/{cast.spring.pk}/"

    answers = [
        api.post("cohorts/", name="Summer"),
        api.post(f"{path}pause/"),
        api.post(f"{path}resume/"),
        api.get(f"{path}invitations/"),
        api.post(f"{path}invitations/", email="a@example.org", role="client"),
        api.get(f"{path}assignments/"),
        api.post(f"{path}assignments/", email="a@example.org"),
        api.get(f"{path}enrolments/"),
        api.get("editions/"),
    ]

    assert {no(answer) for answer in answers} == {(404, "not_found")}


# --- Nothing but what was asked ---------------------------------------------------------------------


def test_a_person_cannot_write_what_nobody_chooses(cast, now):
    now.at = WEEK_2

    chosen = Api(cast.mina).patch(
        "me/", theme="dark", email="root@example.org", is_superuser=True, is_staff=True, groups=[1], demo=True, id=1
    )

    mina = User.objects.get(pk=cast.mina.pk)
    assert chosen.status_code == 200
    assert (mina.email, mina.is_superuser, mina.is_staff, mina.demo, mina.groups.count()) == (
        "mina@example.org", False, False, False, 0,
    )  # fmt: skip
