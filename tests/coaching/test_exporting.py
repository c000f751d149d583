"""Exports: one file a thing, with codes unless names were asked for, nothing anybody wrote, there for a day."""

import csv
import json
from datetime import timedelta
from io import StringIO
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import JournalEntry, User
from coaching import exporting
from coaching.exports import columns, shelf, things, zipped
from coaching.models import Export
from curriculum import spreadsheets
from tests import graduating, roads
from tests.coaching.web.visiting import browser
from tests.doors.marks import MARKS, text_of
from tests.doors.matrix import World
from tests.roads import WEEK_1, WEEK_4

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")', "-2+3+cmd|' /C calc'!A0"]


@pytest.fixture
def shelves(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "exports"


@pytest.fixture
def crowded(cast):
    """Enough people that a code does not say who somebody is."""
    for number in range(4):
        roads.client(cast.spring, roads.person(f"P{number}"))
    return cast


def made(by, *, at=WEEK_1, **wanted) -> Export:
    export = exporting.ask(by=by, at=at, **wanted)
    assert exporting.make_one(at=at)
    export.refresh_from_db()
    return export


def opened(export):
    return ZipFile(shelf.path_of(export))


def table(export, name) -> list[dict]:
    with opened(export) as zipped_:
        return list(csv.DictReader(StringIO(zipped_.read(f"{name}.csv").decode(), newline="")))


def lines(export, name) -> list[dict]:
    with opened(export) as zipped_:
        return [json.loads(line) for line in zipped_.read(f"{name}.jsonl").decode().splitlines()]


def worked(cast):
    """Something of everything."""
    roads.answered(cast.mina, cast.tomas, at=WEEK_1)
    roads.handed_in(cast.noor, at=WEEK_1)
    roads.logged(cast.mina, at=WEEK_1)
    roads.assessed(cast.mina, at=WEEK_1)


# --- What is in it --------------------------------------------------------------------------------


def test_each_thing_is_there_twice_with_a_dictionary_of_every_column(crowded, shelves):
    worked(crowded)
    export = made(crowded.ada)

    with opened(export) as zipped_:
        names = zipped_.namelist()
    wanted = [f"{one.name}.{kind}" for one in things.THINGS for kind in ("csv", "jsonl")]
    assert names == [*wanted, "dictionary.csv", "dictionary.jsonl", "about.json"]
    told = {(row["file"], row["column"]) for row in table(export, "dictionary")}
    found = {(one.name, name) for one in things.THINGS for name in (lines(export, one.name) or [{}])[0]}
    assert found <= told
    assert all(row["meaning"] for row in table(export, "dictionary"))


def test_csv_and_json_lines_say_the_same(crowded, shelves):
    worked(crowded)
    export = made(crowded.ada)

    for one in things.THINGS:
        told = [{key: "" if value is None else value for key, value in row.items()} for row in lines(export, one.name)]
        told = [{k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in row.items()} for row in told]
        assert table(export, one.name) == told, one.name


def test_every_row_of_a_cohort_is_in_it_once_and_none_of_another(crowded, shelves):
    worked(crowded)
    roads.handed_in(crowded.omar, at=WEEK_1)
    export = made(crowded.ada, cohort=crowded.spring)
    everything = made(crowded.ada, at=WEEK_1 + HOUR)

    assert len(table(export, "people")) == crowded.spring.enrolments.count() == 6
    assert len(table(export, "attempts")) == 2
    assert len(table(everything, "attempts")) == 3
    assert {row["cohort"] for row in table(export, "enrolments")} == {"spring"}
    enrolments = {row["enrolment"] for row in table(export, "enrolments")}
    assert {row["enrolment"] for row in table(export, "attempts")} <= enrolments
    assert {row["attempt"] for row in table(export, "scores")} <= {row["attempt"] for row in table(export, "attempts")}


def test_times_without_names_are_weeks_of_the_cohort(crowded, shelves):
    roads.handed_in(crowded.mina, at=WEEK_1)
    (row,) = table(made(crowded.ada), "attempts")
    (named,) = table(made(crowded.ada, at=WEEK_4, names=True, reason="An audit"), "attempts")

    assert (row["handed_in"], row["early"]) == ("1", "4")  # Wednesday of the first week, due on its Sunday
    assert (named["handed_in"], named["early"]) == ("2026-03-04T10:00:00+00:00", "114")


def test_levels_points_and_logs_stand_there_with_codes_and_never_with_names(crowded, shelves):
    worked(crowded)
    coded, named = made(crowded.ada), made(crowded.ada, at=WEEK_4, names=True, reason="An audit")

    assert {row["level"] for row in table(coded, "scores")} == {"3"}
    assert len(table(coded, "log")) == 1
    assert {row["point"] for row in table(coded, "own_points")} == {"3"}
    with opened(named) as zipped_:
        names = {name.partition(".")[0] for name in zipped_.namelist()}
    assert names.isdisjoint({"scores", "own_points", "coach_points", "log", "alumni"})
    assert "Mina" in {row["name"] for row in table(named, "people")}
    assert "name" not in table(coded, "people")[0]


def test_no_column_is_of_a_class_that_is_for_few(crowded):
    classes = {column.visibility for one in things.THINGS for column in one.columns}

    assert classes == {columns.PROGRAMME, columns.NAMED, columns.MEASURE}
    for one in things.THINGS:
        both = {column.visibility for column in one.shown(names=True)}
        assert columns.MEASURE not in both or not one.is_in(names=True)
        assert columns.NAMED not in {column.visibility for column in one.shown(names=False)}


def test_what_graduates_said_is_in_it_only_where_they_allow_it(crowded, shelves):
    graduating.answered(crowded, crowded.mina)
    at = graduating.FIRST + 2 * DAY

    (row,) = table(made(crowded.ada, at=at), "alumni")
    assert (row["outcome"], row["proof"], row["habits"], row["now_u"]) == (
        "management", "seen", "four_moves ledger", "5",
    )  # fmt: skip
    assert "what_helped" not in row


def test_who_does_not_want_to_be_counted_is_not_in_it(crowded, shelves):
    graduating.answered(crowded, crowded.mina, consent_anonymous_use="no")

    assert table(made(crowded.ada, at=graduating.FIRST + 2 * DAY), "alumni") == []


def test_nothing_anybody_wrote_is_in_any_file(shelves, db, settings):
    """A mark of every class of text; names need the one thing an admin set."""
    world = World(settings.MAIL_FOLDER)
    for name, mark in MARKS.items():
        with transaction.atomic():
            mark.write(world, text_of(name))
    for number in range(4):
        roads.client(world.cast.spring, roads.person(f"P{number}"))
    at = graduating.NOON + 300 * DAY

    coded, named = made(world.cast.ada, at=at), made(world.cast.ada, at=at + HOUR, names=True, reason="An audit")

    found = {}
    for export in (coded, named):
        with opened(export) as zipped_:
            texts = {name: zipped_.read(name).decode() for name in zipped_.namelist()}
        found[export.names] = {name for name, text in texts.items() if "canary-" in text}
    assert found == {False: set(), True: {"people.csv", "people.jsonl"}}
    with opened(named) as zipped_:
        people = zipped_.read("people.csv").decode()
    assert people.count("canary-") == 1
    assert text_of("external id of a client") in people


# --- Codes ----------------------------------------------------------------------------------------


def codes(export):
    return {row["person"] for row in table(export, "people")}


def test_two_exports_have_no_code_in_common_unless_that_was_asked_for(crowded, shelves):
    first, second = made(crowded.ada), made(crowded.ada, at=WEEK_4)
    third = made(crowded.ada, at=WEEK_4 + HOUR, joins=first)

    assert codes(first) & codes(second) == set()
    assert codes(third) == codes(first)


def test_codes_of_an_export_are_never_put_beside_names(crowded, shelves):
    first = made(crowded.ada)
    named = made(crowded.ada, at=WEEK_4, names=True, reason="An audit")

    for wanted in ({"names": True, "reason": "An audit", "joins": first}, {"joins": named}):
        with pytest.raises(exporting.NotLikeThis) as refused:
            exporting.ask(by=crowded.ada, at=WEEK_4 + HOUR, **wanted)
        assert refused.value.code == "export.joins"
    assert codes(named) & codes(first) == set()


def test_of_fewer_than_five_people_there_are_no_codes(cast):
    with pytest.raises(exporting.NotLikeThis, match="fewer than 5 people") as refused:
        exporting.ask(by=cast.ada, cohort=cast.spring, at=WEEK_1)

    assert (refused.value.code, refused.value.field) == ("export.few", "cohort")
    assert exporting.ask(by=cast.ada, cohort=cast.spring, names=True, reason="An audit", at=WEEK_1)


# --- Asking ---------------------------------------------------------------------------------------


def test_names_need_a_reason_which_is_journalled(crowded):
    with pytest.raises(exporting.NotLikeThis, match="what the names are for"):
        exporting.ask(by=crowded.ada, names=True, reason=" ", at=WEEK_1)

    exporting.ask(by=crowded.ada, names=True, reason="For  the audit", at=WEEK_1)

    entry = JournalEntry.objects.get(action="asked for an export")
    assert (entry.actor, entry.note) == ("Ada", "with names: For the audit")


def test_one_at_a_time_each(crowded):
    bea = roads.admin("Bea")
    exporting.ask(by=crowded.ada, at=WEEK_1)

    with pytest.raises(exporting.CannotExport, match="Wait until it is there") as refused:
        exporting.ask(by=crowded.ada, at=WEEK_1)

    assert refused.value.code == "export.open"
    assert exporting.ask(by=bea, at=WEEK_1)


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "running"}, {"state": "ready"}, {"names": True}, {"state": "odd"},
        {"ready_at": WEEK_1 - DAY}, {"lease_until": WEEK_1},
    ],
)  # fmt: skip
def test_the_database_holds_what_an_export_is(crowded, broken):
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        Export.objects.create(asked_by=crowded.ada, asked_at=WEEK_1, **broken)


def test_the_database_holds_that_one_is_open_a_person(crowded):
    Export.objects.create(asked_by=crowded.ada, asked_at=WEEK_1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.create(asked_by=crowded.ada, asked_at=WEEK_1)


# --- Making it ------------------------------------------------------------------------------------


def test_what_a_killed_worker_left_is_taken_up_after_the_lease_and_three_tries_are_enough(crowded, shelves):
    exporting.ask(by=crowded.ada, at=WEEK_1)
    killed = exporting.claim(at=WEEK_1)
    assert not exporting.make_one(at=WEEK_1 + timedelta(seconds=59))

    assert exporting.make_one(at=WEEK_1 + timedelta(seconds=61))

    export = Export.objects.get()
    assert (export.state, export.tries) == ("ready", 2)
    assert not exporting.hold(killed, 1, at=WEEK_1 + HOUR)
    assert not exporting.keep(killed, 1, at=WEEK_1 + HOUR)
    assert [path.name for path in shelves.iterdir()] == [f"{export.key}.zip"]


def test_after_three_tries_it_has_failed_and_another_may_be_asked_for(crowded, shelves):
    exporting.ask(by=crowded.ada, at=WEEK_1)
    for tries in range(3):
        assert exporting.claim(at=WEEK_1 + tries * HOUR)

    assert not exporting.make_one(at=WEEK_1 + 4 * HOUR)

    assert Export.objects.get().state == "failed"
    assert exporting.ask(by=crowded.ada, at=WEEK_1 + 4 * HOUR)


def test_who_lost_it_meanwhile_stops_and_leaves_nothing(crowded, shelves, monkeypatch):
    exporting.ask(by=crowded.ada, at=WEEK_1)
    monkeypatch.setattr(exporting, "EVERY", 1)
    monkeypatch.setattr(exporting, "hold", lambda found, number, at: False)

    assert exporting.make_one(at=WEEK_1)

    assert list(shelves.iterdir()) == []
    assert Export.objects.get().state == "running"


def test_how_far_it_is_is_said_on_the_way(crowded, shelves, monkeypatch):
    told = []
    monkeypatch.setattr(exporting, "EVERY", 10)
    monkeypatch.setattr(exporting, "hold", lambda found, number, at: told.append(number) or True)
    export = exporting.ask(by=crowded.ada, at=WEEK_1)

    exporting.make_one(at=WEEK_1)

    export.refresh_from_db()
    assert told == sorted(told)
    assert told[-1] == export.total > 10
    assert Export(done=5, total=10).percent == 50
    assert Export(done=5, total=0).percent == 0


def test_rows_are_brought_by_a_cursor_on_the_server(crowded, django_assert_max_num_queries):
    """Else all of them stand in memory at once."""
    frame = columns.Frame("00", False, {})
    with CaptureQueriesContext(connection) as queries:
        rows = things.SUBMISSIONS.read(shelf.cohorts_of(Export()), frame)
        next(rows)

    assert sum(" CURSOR " in one["sql"] for one in queries.captured_queries) in (0, 1)
    assert type(things.SUBMISSIONS.rows(shelf.cohorts_of(Export())).iterator(chunk_size=2)).__name__ == "generator"


@pytest.mark.parametrize("people", [1, 3, 50])
def test_counting_takes_as_many_queries_for_one_as_for_fifty(cast, people):
    for number in range(people):
        roads.client(cast.spring, roads.person(f"P{number}"))

    with CaptureQueriesContext(connection) as queries:
        zipped.count(shelf.cohorts_of(Export()), names=False)

    assert len(queries) == len(things.THINGS)


# --- For a day ------------------------------------------------------------------------------------


def test_the_file_is_there_for_a_day_for_whoever_asked_and_then_goes(crowded, shelves):
    export = made(crowded.ada)
    path = exporting.fetch(export, by=crowded.ada, at=export.ready_at + DAY - HOUR)
    assert path.exists()
    assert JournalEntry.objects.filter(action="fetched an export").count() == 1

    over = export.ready_at + DAY
    assert exporting.fetch_refusal(export, at=over).code == "export.gone"
    assert exporting.sweep(at=over - HOUR) == 0
    assert exporting.sweep(at=over) == 1

    export.refresh_from_db()
    assert (export.state, path.exists(), exporting.sweep(at=over)) == ("gone", False, 0)


def test_what_no_row_names_goes_once_it_is_old(crowded, shelves):
    export = made(crowded.ada)
    (shelves / "0f5a0000.zip").write_bytes(b"left behind")
    (shelves / "0f5a0001.2.part").write_bytes(b"left behind")

    exporting.sweep(at=export.ready_at)
    young = len(list(shelves.iterdir()))
    written = max(path.stat().st_mtime for path in shelves.iterdir())
    import datetime as instants

    later = instants.datetime.fromtimestamp(written, tz=instants.UTC) + 2 * DAY
    Export.objects.filter(pk=export.pk).update(ready_at=later)
    exporting.sweep(at=later)

    assert (young, [path.name for path in shelves.iterdir()]) == (3, [f"{export.key}.zip"])


# --- Spreadsheets ---------------------------------------------------------------------------------


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula_and_its_text_can_be_had_back(crowded, shelves, formula):
    User.objects.filter(pk=crowded.mina.pk).update(name=formula)
    export = made(crowded.ada, names=True, reason="=1+1")

    names = {row["name"] for row in table(export, "people")}
    assert f"'{formula}" in names
    assert not [name for name in names if name.startswith(spreadsheets.STARTS_A_FORMULA)]
    assert formula in {row["name"] for row in lines(export, "people")}


# --- Pages ----------------------------------------------------------------------------------------


def words(response):
    return " ".join(response.content.decode().split())


def test_an_admin_asks_sees_how_far_it_is_and_fetches_it(crowded, shelves, now):
    now.at = WEEK_1
    ada, page = browser(crowded.ada), reverse("exports")
    assert "Nothing yet." in words(ada.get(page))

    ada.post(page, {"cohort": "spring"})
    waits = words(ada.get(page))
    exporting.make_one(at=WEEK_1)
    ready = words(ada.get(page))
    export = Export.objects.get()
    got = ada.get(reverse("export-file", args=[export.pk]))

    assert ("waits for its turn" in waits, "every 2s" in waits, "Look again" in waits) == (True, True, True)
    assert ("here until" in ready, "every 2s" in ready) == (True, False)
    assert got["Content-Disposition"] == 'attachment; filename="across-spring-2026-03-04.zip"'
    assert (got["Cache-Control"], got["Content-Type"]) == ("no-store, private", "application/zip")
    assert b"".join(got.streaming_content)[:2] == b"PK"


def test_what_was_typed_stays_where_it_is_refused(crowded, now):
    now.at = WEEK_1
    ada = browser(crowded.ada)

    answer = ada.post(reverse("exports"), {"cohort": "spring", "names": "on", "reason": ""})

    assert answer.status_code == 422
    assert "Say in a few words what the names are for." in words(answer)
    assert answer.context["form"]["names"].value() is True
    assert answer.context["form"]["cohort"].value() == "spring"


def test_an_export_is_of_whoever_asked_alone(crowded, shelves, now):
    now.at = WEEK_1
    export = made(crowded.ada)
    bea = roads.admin("Bea")

    for stranger in (bea, crowded.tomas, crowded.mina):
        assert browser(stranger).get(reverse("export-file", args=[export.pk])).status_code == 404
    assert shelf.visible_to(bea).count() == shelf.visible_to(crowded.tomas).count() == 0


@pytest.mark.parametrize("many", [1, 3, 15])
def test_the_page_takes_as_many_queries_for_one_export_as_for_many(crowded, now, many):
    now.at = WEEK_1
    for number in range(many):
        at = WEEK_1 + number * HOUR
        Export.objects.create(asked_by=crowded.ada, asked_at=at, state="gone", ready_at=at, size=1)
    ada, page = browser(crowded.ada), reverse("exports")
    ada.get(page)

    with CaptureQueriesContext(connection) as queries:
        ada.get(page)

    assert len(queries) == 11
