"""Snapshots as pages, on paper, as files and by the API: the same numbers everywhere, and nothing for anybody else."""

import csv
import hashlib
import io
import json
import re
import subprocess
import zipfile
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import sync_playwright

from clients import joining
from coaching import plots, snapshot_files, snapshots, snapshotting
from coaching.models import Snapshot
from coaching.outcomes import rows, showing
from coaching.plots import paper
from tests import harvests
from tests.browser.conftest import QUIET
from tests.coaching.web.visiting import browser
from tests.conftest import CHROMIUM
from tests.doors.asking import Api, no
from tests.reporting import AFTER, DAY, asked, begun, cohort, computed, frozen, person

STATIC = Path(__file__).parent.parent.parent.parent / "config" / "static"
KINDS = ("csv", "xlsx", "pdf", "json")
FORMULA = '=HYPERLINK("http://example.org","New employer")'


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with begun(django_db_blocker.unblock) as found:
        yield found


@pytest.fixture
def cast(world, db):
    return world[0]


@pytest.fixture
def summer(world, db):
    return world[1]


@pytest.fixture
def first(world, db):
    return Snapshot.objects.get(pk=world[2].pk)


@pytest.fixture
def ada(cast, now):
    now.at = AFTER + DAY
    return browser(cast.ada)


def at(name, snapshot, *more):
    return reverse(name, args=[snapshot.pk, *more])


def file(client, snapshot, kind):
    return client.get(at("snapshot-file", snapshot, kind))


def plain(text):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


# --- The same numbers everywhere ------------------------------------------------------------------------


def on_page(client, snapshot):
    """Place → number, ends and people, as the page's own table has them."""
    body = client.get(at("snapshot", snapshot)).content.decode()
    table = body.partition("snapshot-numbers")[2].partition("</table>")[0]
    cells = (re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S) for row in re.findall(r"<tr>(.*?)</tr>", table, re.S))
    read = ([plain(cell) for cell in row] for row in cells)
    return {int(row[0]): row[1:5] for row in read if row[0].isdigit()}


def on_paper(client, snapshot):
    """All its text."""
    return words_of(file(client, snapshot, "pdf").content)


def words_of(pdf):
    """With one space between words."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def in_table(client, snapshot):
    text = file(client, snapshot, "csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def in_spreadsheet(client, snapshot, sheet=1):
    """Its cells: text as text, numbers as numbers; a formula would be neither."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(file(client, snapshot, "xlsx").content)) as book:
        strings = ["".join(one.itertext()) for one in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
    assert root.findall(f".//{space}f") == []
    return [
        {cell.get("r").rstrip("0123456789"): _value(cell, strings, space) for cell in row}
        for row in root.iter(f"{space}row")
    ]


def _value(cell, strings, space):
    said = cell.find(f"{space}v").text
    return strings[int(said)] if cell.get("t") == "s" else float(said)


def number(text):
    return float(text) if text else None


@pytest.mark.pdf
def test_the_paper_draws_the_six_figures_of_the_page_in_its_numbers_and_says_how_each_is_read():
    report = showing.shown(harvests.report(26), least=5)
    drawn = plots.of(report)
    content = snapshots.Content("Learned", "admin", 5, (), {"product": "", "editions": [], "instruments": []}, report)
    snapshot = Snapshot(audience="admin", data_at=AFTER, frozen_at=AFTER)

    printed = words_of(snapshot_files.as_pdf(snapshot, content).pdf)

    six = [drawn.where, drawn.lines, drawn.done, drawn.waits, drawn.meetings, drawn.moved]
    assert [one.title for one in six if one.title not in printed] == []
    assert [one.read for one in six if f"How to read it. {one.read}" not in printed] == []
    told = [row.told_before for row in drawn.where.body.rows] + [row.told_after for row in drawn.where.body.rows]
    told += [" ".join(cell.text for cell in cells if cell.text) for _name, cells in drawn.done.body.rows[:1]]
    told += [point.text for panel in drawn.meetings.body for point in panel.points]
    told += [" ".join(str(n) for _month, _x, n in drawn.moved.body.axis), drawn.moved.body.end.text]
    assert [one for one in told if one not in printed] == []


def test_of_too_few_the_paper_says_why_there_is_nothing_to_draw():
    drawn = plots.of(showing.shown(harvests.report(4), least=5))

    for one in paper.figures(drawn.report):
        assert (one["body"] is None) == bool(one["empty"])
    assert [one["key"] for one in paper.figures(drawn.report) if one["empty"]] == ["where", "lines"]


@pytest.mark.pdf
def test_page_paper_table_spreadsheet_and_api_say_the_same_number_by_number(cast, ada, first):
    page, paper = on_page(ada, first), on_paper(ada, first)
    table, sheet = in_table(ada, first), in_spreadsheet(ada, first)
    told = Api(cast.ada).get(f"snapshots/{first.pk}/").json()["numbers"]
    header = snapshot_files.HEADER

    assert len(page) == len(table) == len(sheet) - 1 == len(told) > 100
    assert list(sheet[0].values()) == list(header) == list(table[0])
    shown = 0
    for line, row, one in zip(table, sheet[1:], told, strict=True):
        cells = {name: row.get(chr(ord("A") + place)) for place, name in enumerate(header)}
        for name in ("value", "low", "high", "people", "of"):
            assert number(line[name]) == cells[name] == (None if one[name] is None else float(one[name])), one["key"]
        assert (line["key"], line["unit"]) == (cells["key"], cells["unit"] or "") == (one["key"], one["unit"])
        what, value, between, people = page[one["number"]]
        assert value == as_read(one["value"], one["unit"])
        assert between == (
            "" if one["low"] is None else f"{read(one['low'], one['unit'])} to {read(one['high'], one['unit'])}"
        )
        assert people == of_people(one)
        assert " ".join(part for part in (str(one["number"]), what.split()[0]) if part) in paper
        shown += one["value"] is not None
    assert shown > 40
    on_one_line = [
        " ".join(part for part in (value, between, people) if part) for _what, value, between, people in page.values()
    ]
    assert [line for line in on_one_line if line not in paper] == []


@pytest.mark.pdf
@pytest.mark.browser
def test_what_a_browser_prints_has_every_number_too(ada, first, tmp_path):
    html = ada.get(at("snapshot", first)).content.decode()
    page = on_page(ada, first)
    (tmp_path / "page.html").write_text(html.replace('="/static/', f'="file://{STATIC}/'))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        shown = chromium.new_page()
        shown.goto(f"file://{tmp_path / 'page.html'}")
        shown.pdf(path=tmp_path / "printed.pdf", format="A4")
        chromium.close()
    printed = words_of((tmp_path / "printed.pdf").read_bytes())

    said = [
        " ".join(part for part in (value, between, people) if part) for _what, value, between, people in page.values()
    ]
    assert [line for line in said if line not in printed] == []
    assert first.sha256 in printed.replace(" ", "")
    assert "Ask again" not in printed


def read(value, unit):
    """A number from the API as a person reads it."""
    if unit == "share":
        return f"{100 * value:.1f} %"
    return f"{value:.0f}" if unit in ("people", "times") and value == int(value) else f"{value:.2f}".replace("-", "−")


def as_read(value, unit):
    if value is None:
        return ""
    names = {"spreads": "SD", "share": ""}
    return f"{read(value, unit)} {names.get(unit, unit)}".strip()


def of_people(one):
    if one["people"] is None:
        return ""
    return str(one["people"]) if one["of"] is None else f"{one['people']} of {one['of']}"


def test_the_numbers_are_those_of_the_report(first):
    content = snapshots.content(first)
    found = {row.key: row for row in rows.of(content.report)}
    own = next(one.own for one in content.report.rated if one.own.key == "upward")

    assert len(found) == len(rows.of(content.report))
    assert (found["own.upward.mean"].value, found["own.upward.mean"].low, found["own.upward.mean"].n) == (
        own.mean.value, own.mean.low, 12,
    )  # fmt: skip
    assert (found["who.enrolled"].value, found["own.upward.rose"].value) == (12, own.rose)
    assert (found["own.upward.fell"].value, found["own.upward.fell"].why) == (None, "Too few to show.")


def test_the_json_file_is_what_the_hash_is_of(ada, first):
    data = file(ada, first, "json").content

    assert hashlib.sha256(data).hexdigest() == first.sha256
    assert json.loads(data)["report"]["who"]["enrolled"] == 12
    assert first.sha256 in plain(ada.get(at("snapshot", first)).content.decode())


@pytest.mark.pdf
def test_the_same_snapshot_is_the_same_paper(ada, first):
    assert file(ada, first, "pdf").content == file(ada, first, "pdf").content
    paper = on_paper(ada, first)
    assert "Every number" in paper
    assert first.sha256[:40] in paper.replace(" ", "")


@pytest.mark.pdf
def test_text_that_looks_like_a_formula_is_text_everywhere(cast, ada, summer):
    """Five leave for a reason that a spreadsheet would work out."""
    for who in range(5):
        joining.withdraw(person(summer, who), by=cast.ada, at=AFTER, reason=FORMULA)
    found = frozen(cast, summer, title="=1+1", at=AFTER + DAY)

    line = next(row for row in in_table(ada, found) if row["key"] == "who.reason.1")
    assert (line["what"], line["value"]) == (f"'{FORMULA}", "5")
    row = next(cells for cells in in_spreadsheet(ada, found) if cells["B"] == "who.reason.1")
    assert (row["E"], row["G"]) == (FORMULA, 5.0)
    assert in_spreadsheet(ada, found, sheet=2)[0] == {"A": "Title", "B": "=1+1"}
    assert "HYPERLINK" in on_paper(ada, found)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_work_out_has_an_apostrophe_and_a_number_has_none(text):
    assert snapshot_files.inert(text) == f"'{text}"
    assert snapshot_files.inert(-1.5) == -1.5
    assert snapshot_files.inert("Upward") == "Upward"


def test_the_sample_is_a_paper_of_the_demo_and_stays_nowhere_else(summer, first, tmp_path, now):
    now.at = AFTER + DAY
    with pytest.raises(CommandError, match="no cohort of the demo that is through"):
        call_command("outcomes_sample", to=tmp_path / "sample.pdf")
    type(summer).objects.filter(pk=summer.pk).update(demo=True)
    call_command("outcomes_sample", to=tmp_path / "sample.pdf")

    assert (tmp_path / "sample.pdf").read_bytes().startswith(b"%PDF-")
    assert list(Snapshot.objects.all()) == [first]


# --- Pages --------------------------------------------------------------------------------------------


def test_an_admin_asks_watches_and_reads(cast, ada, summer, now):
    sent = {"cohorts": [summer.pk], "audience": "admin", "title": "Summer in short"}
    response = ada.post(reverse("snapshots"), sent)
    draft = Snapshot.objects.get(title="Summer in short")

    assert response.headers["Location"] == at("snapshot", draft)
    waiting = ada.get(at("snapshot", draft)).content.decode()
    assert 'hx-trigger="every 2s"' in waiting
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in waiting
    assert "Waiting for whoever computes." in waiting
    computed(draft, at=AFTER + DAY)
    part = ada.get(at("snapshot-progress", draft)).content.decode()
    assert "It is there, and frozen." in part
    assert "hx-get" not in part
    read = plain(ada.get(at("snapshot", draft)).content.decode())
    assert "Summer in short" in read
    assert "Groups under 5 are never shown." in read


def test_progress_is_a_number_and_a_bar(ada, cast, summer):
    draft = asked(cast, summer)
    held = snapshotting.claim(at=AFTER)
    snapshotting.note_progress(held, 4, 13, at=AFTER)
    part = ada.get(at("snapshot-progress", draft)).content.decode()

    assert 'value="30"' in part
    assert plain(part).startswith("Being computed. 30 %")


def test_what_is_typed_is_not_lost_where_it_is_refused(ada, summer):
    response = ada.post(reverse("snapshots"), {"audience": "sponsor", "title": "Kept"})

    assert response.status_code == 422
    body = response.content.decode()
    assert "Choose at least one cohort." in body
    assert 'value="Kept"' in body
    long = ada.post(reverse("snapshots"), {"audience": "admin", "title": "x" * 161, "cohorts": [summer.pk]})
    assert (long.status_code, "x" * 161 in long.content.decode()) == (422, True)


def test_a_draft_gets_another_title_and_what_is_frozen_says_why_not(cast, ada, summer, first):
    draft = asked(cast, summer)
    ada.post(at("snapshot-title", draft), {"title": "Other"})
    draft.refresh_from_db()

    assert draft.title == "Other"
    assert "It is frozen, with its title." in ada.get(at("snapshot-title", first)).content.decode()
    assert ada.post(at("snapshot-title", first), {"title": "Other"}).status_code == 409


def test_what_failed_is_asked_again_with_one_press(cast, ada, summer, first):
    draft = asked(cast, summer)
    snapshotting.claim(at=AFTER)
    Snapshot.objects.filter(pk=draft.pk).update(state="failed", error="moving", lease_until=None)
    page = ada.get(at("snapshot", draft)).content.decode()

    assert "Numbers kept changing while they were read. Ask again." in page
    assert ada.post(at("snapshot-again", draft)).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "asked"
    assert ada.post(at("snapshot-again", first)).status_code == 409


def test_data_that_is_not_what_was_frozen_is_said_so(ada, first, monkeypatch):
    monkeypatch.setattr(snapshots, "is_whole", lambda found: False)

    assert "is not what was frozen" in ada.get(at("snapshot", first)).content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_draft_there_is_no_file_and_of_no_other_kind_either(cast, ada, summer, kind):
    assert file(ada, asked(cast, summer), kind).status_code == 404


def test_there_is_no_file_of_any_other_kind(ada, first):
    assert file(ada, first, "docx").status_code == 404


@pytest.mark.parametrize("who", ["mina", "tomas", "ines", "lena"])
def test_for_anybody_else_there_is_nothing(cast, now, first, who):
    now.at = AFTER
    client, api = browser(getattr(cast, who)), Api(getattr(cast, who))
    pages = [reverse("snapshots"), at("snapshot", first), at("snapshot-progress", first), at("snapshot-title", first)]

    assert {client.get(page).status_code for page in pages} == {404}
    assert {file(client, first, kind).status_code for kind in KINDS} == {404}
    assert no(api.get(f"snapshots/{first.pk}/")) == no(api.get(f"snapshots/{first.pk}/status/")) == (404, "not_found")
    assert api.get("snapshots/").json() == []


# --- API ----------------------------------------------------------------------------------------------


def test_the_api_asks_lists_and_says_how_far_it_is(cast, now, summer, first):
    now.at = AFTER + DAY
    api = Api(cast.ada)
    made = api.post("snapshots/", cohorts=[summer.pk], audience="admin")
    pk = made.json()["id"]

    assert (made.status_code, made.json()["state"], made.json()["cohorts"]) == (201, "asked", [summer.pk])
    assert api.get(f"snapshots/{pk}/status/").json() == {
        "state": "asked", "step": 0, "steps": 0, "percent": 0, "sentence": "",
    }  # fmt: skip
    assert no(api.post("snapshots/", cohorts=[summer.pk], audience="admin")) == (409, "snapshot.on_the_way")
    assert no(api.post("snapshots/", cohorts=[], audience="admin")) == (422, "snapshot.of_none")
    assert api.patch(f"snapshots/{pk}/", title="By API").json()["title"] == "By API"
    assert no(api.patch(f"snapshots/{first.pk}/", title="By API")) == (409, "snapshot.frozen")
    assert no(api.post(f"snapshots/{pk}/again/")) == (409, "snapshot.not_failed")
    assert [one["id"] for one in api.get("snapshots/").json()] == [pk, first.pk]
    draft = api.get(f"snapshots/{pk}/").json()
    assert (draft["numbers"], draft["document"], draft["sha256"]) == ([], "", "")


def test_the_api_has_the_document_the_hash_is_of(cast, now, first):
    told = Api(cast.ada).get(f"snapshots/{first.pk}/").json()

    assert hashlib.sha256(told["document"].encode()).hexdigest() == told["sha256"] == first.sha256
    assert [part["heading"] for part in told["said"][:2]] == ["By the numbers", "Who"]


# --- Queries ------------------------------------------------------------------------------------------


def queries(act):
    with CaptureQueriesContext(connection) as found:
        assert act().status_code == 200
    return len(found)


def test_lists_take_as_many_queries_for_one_as_for_many(cast, ada, summer, first):
    api = Api(cast.ada)
    acts = (lambda: ada.get(reverse("snapshots")), lambda: api.get("snapshots/"))
    [queries(act) for act in acts]
    one = [queries(act) for act in acts]
    for n in range(3):
        others = [summer] if n == 0 else [summer, cohort(cast, 0, name=f"Empty {n}")]
        asked(cast, *others)
    assert [queries(act) for act in acts] == one == [LIST, API_LIST]


def test_a_page_takes_few_queries_however_many_numbers_it_has(ada, first):
    queries(lambda: ada.get(at("snapshot", first)))

    assert queries(lambda: ada.get(at("snapshot", first))) == ONE


LIST, API_LIST, ONE = 9, 5, 9
