"""Bringing an edition as an archive, looking at it, publishing it: for admins."""

import html
import re
from base64 import b64encode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clients import issuing
from clients.models import JournalEntry
from coaching import taught
from curriculum import importing, publishing
from curriculum.models import Edition
from tests import roads
from tests.archives import archive, packed
from tests.coaching.web.visiting import browser
from tests.doors.asking import Api
from tests.roads import WEEK_1

BRING = reverse("edition-import")


def words(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def file(content: bytes) -> dict:
    return {"archive": SimpleUploadedFile("edition.zip", content, content_type="application/zip")}


@pytest.fixture
def folder(tmp_path):
    return roads.copy_of_content(tmp_path / "next", version="next")


@pytest.fixture
def draft(cast, folder):
    lesson = next(folder.glob("weeks/w1/l1-*.md"))
    lesson.write_text(lesson.read_text().replace(". ", "! ", 1))
    return importing.import_edition(folder)


def test_an_archive_becomes_a_draft_that_can_be_looked_at(cast, folder):
    ada = browser(cast.ada)

    page = ada.post(BRING, file(packed(folder)), follow=True)

    made = Edition.objects.drafts().get()
    assert page.redirect_chain == [(reverse("edition", args=[made.pk]), 302)]
    assert (made.version, made.programme) == ("next", cast.spring.edition.programme)
    assert "Cosmetic" in words(page)
    assert "Week 1" in words(page)
    (line,) = JournalEntry.objects.filter(action="brought an edition")
    assert (line.actor_id, line.subject) == (cast.ada.pk, f"edition:{made.pk}")


def test_what_is_to_be_mended_stands_there_with_file_and_line_at_both_doors(cast, folder):
    rubric = folder / "rubrics" / "r-meet.yaml"
    rubric.write_text(rubric.read_text().replace("competency: ", "competency: no-", 1))
    sent = packed(folder)
    line = 1 + rubric.read_text()[: rubric.read_text().index("competency: no-")].count("\n")

    page = browser(cast.ada).post(BRING, file(sent))
    problem = Api(cast.ada).post("editions/import/", archive=b64encode(sent).decode())

    assert (page.status_code, problem.status_code) == (422, 422)
    assert problem.json()["code"] == "content.refused"
    (told, *_rest) = [one for one in problem.json()["errors"]["archive"] if one.startswith("rubrics/r-meet.yaml")]
    assert told.startswith(f"rubrics/r-meet.yaml, line {line}: ")
    assert told in words(page)
    assert not Edition.objects.drafts().exists()


def test_a_file_that_is_too_big_is_not_read_to_its_end(cast):
    page = browser(cast.ada).post(BRING, file(b"\0" * 12_000_000))

    assert (page.status_code, "This is too big for an edition" in words(page)) == (422, True)


def test_without_a_file_the_page_asks_for_one(cast):
    page = browser(cast.ada).post(BRING, {})

    assert (page.status_code, "not a zip archive" in words(page)) == (422, True)


def test_publishing_signs_numbers_and_freezes_it_with_its_class(cast, draft, now):
    now.at = WEEK_1
    before = cast.spring.edition

    page = browser(cast.ada).post(reverse("edition-publish", args=[draft.pk]), {"signed_by": " Ada K. "}, follow=True)

    draft.refresh_from_db()
    assert (draft.number, draft.signed_by, draft.published_at) == (before.number + 1, "Ada K.", WEEK_1)
    assert (draft.follows, draft.change) == (before, "cosmetic")
    assert "Publish for ever" not in words(page)
    (line,) = JournalEntry.objects.filter(action="published an edition")
    assert (line.actor_id, line.note) == (cast.ada.pk, f"{draft}, signed by Ada K., cosmetic")
    cast.spring.refresh_from_db()
    assert cast.spring.edition == before


def test_a_signature_is_asked_for_and_what_was_typed_stays(cast, draft):
    page = browser(cast.ada).post(reverse("edition-publish", args=[draft.pk]), {"signed_by": "  "})

    assert (page.status_code, "Say who signs for this edition" in words(page)) == (422, True)
    draft.refresh_from_db()
    assert not draft.is_published


def test_a_draft_without_weeks_says_why_it_cannot_be_published(cast, draft):
    draft.weeks.all().delete()

    page = browser(cast.ada).get(reverse("edition", args=[draft.pk]))

    assert "This edition has no weeks yet." in words(page)
    assert "Publish for ever" not in words(page)


def test_the_class_and_its_first_reasons_stand_on_the_page_of_a_draft(cast, draft):
    draft.exercises.filter(key="w1-x2").update(required=True)
    draft.weeks.get(number=2).lessons.all().delete()

    opened = taught.opened(draft)

    assert opened.since.change == "additive"
    draft.exercises.get(key="w2-x1").delete()
    opened = taught.opened(draft)
    assert opened.since.change == "breaking"
    assert {one.kind for one in opened.since.reasons} == {"breaking"}
    page = words(browser(cast.ada).get(reverse("edition", args=[draft.pk])))
    assert "Breaking" in page
    assert opened.since.reasons[0].what in page


def test_nobody_but_an_admin_finds_any_of_it(cast, draft):
    pages = [BRING, reverse("edition", args=[draft.pk]), reverse("edition-publish", args=[draft.pk])]

    for who in (cast.tomas, cast.mina, cast.lena):
        assert [browser(who).get(page).status_code for page in pages] == [404, 404, 404]
        assert [browser(who).post(page).status_code for page in pages] == [404, 404, 404]
        assert Api(who).get(f"editions/{draft.pk}/").status_code == 404


def test_the_api_tells_the_same_of_an_edition(cast, draft):
    answer = Api(cast.ada).get(f"editions/{draft.pk}/").json()

    assert (answer["number"], answer["version"], answer["since"]["change"]) == (None, "next", "cosmetic")
    assert [one["number"] for one in answer["weeks"]] == list(range(10))


def test_the_same_files_are_the_same_edition(cast, folder):
    first = issuing.bring(packed(folder), by=cast.ada, at=WEEK_1)

    assert issuing.bring(packed(folder, within=""), by=cast.ada, at=WEEK_1) == first


def test_what_is_no_edition_at_all_is_a_list_of_problems(cast):
    with pytest.raises(importing.ContentRefused) as refused:
        issuing.bring(archive({"notes.txt": b"Nothing"}), by=cast.ada, at=WEEK_1)

    assert refused.value.problems
    assert not JournalEntry.objects.filter(action="brought an edition").exists()


def test_the_first_edition_of_a_programme_follows_none(cast):
    first = cast.spring.edition

    assert (first.follows, first.change) == (None, "")
    assert taught.opened(first).since is None


def test_a_draft_that_was_replaced_says_so(cast, draft):
    gone = Edition.objects.get(pk=draft.pk)
    draft.delete()

    with pytest.raises(publishing.CannotPublish) as refused:
        publishing.publish(gone, signed_by="Ada", at=WEEK_1)

    assert refused.value.code == "edition.replaced"
