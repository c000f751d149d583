"""Every page, in both themes, on a desk and on a phone: nothing axe objects to, nothing that scrolls sideways."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from .places import (
    Place,
    a_client_file,
    a_client_so_far,
    a_clients_dates,
    a_clients_notes,
    a_conversation,
    a_copy,
    a_draft,
    a_handover,
    a_lesson,
    a_log,
    a_meeting,
    a_pair,
    a_plan_in_sentences,
    a_question,
    a_rating,
    a_review,
    a_session,
    a_table_that_was_looked_at,
    an_edition,
    an_empty_meeting,
    examples,
    go_to,
    handed_in,
    invite,
    keys,
    link_of,
    no_such_lesson,
    nowhere,
    to_be_talked_about,
    what_a_change_of_cohort_changes,
    what_a_week_off_changes,
    what_to_change,
)
from .stack import Stack, wait_until
from .walking import ADMIN, CLIENT, COACH, FINISHED, READER, SOON, SPONSOR, Walk

pytestmark = pytest.mark.browser
ELIF, SEUN = "elif.yildiz@example.org", "oluwaseun.adeyemi@example.org"
BEATRIZ = "beatriz.nunes@example.org"  # her cohort starts next month
NADIA, DIEGO = "finished@example.org", "diego.fuentes@example.org"  # their cohort is at its end
OPTIONS: dict[str, Any] = {"preload": False, "resultTypes": ["violations"]}
# A theme changes colours and nothing else, so the dark one is asked for what depends on them.
COLOURS = OPTIONS | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
IS_WIDER = "document.scrollingElement.scrollWidth > innerWidth"
PAGES: dict[str, tuple[str, Place]] = {
    "this week": (ELIF, "/week/"),
    "an earlier week": (ELIF, "/week/1/"),
    "before the first week": (BEATRIZ, "/week/"),
    "exercise, not open yet": (BEATRIZ, "/work/w1-x1/"),
    "exercise, open": (ELIF, "/work/w4-x1/"),
    "exercise, with tags": (CLIENT, "/work/w5-x1/"),
    "exercise, a draft": (ELIF, a_draft),
    "exercise, examples": (ELIF, examples),
    "exercise, keys": (ELIF, keys),
    "more time": (ELIF, "/work/w5-x1/more-time/"),
    "exercise, what to change": (ELIF, what_to_change),
    "exercise, handed in": (ELIF, handed_in),
    "exercise, another attempt asked": (ELIF, "/work/w3-x1/"),
    "exercise, reviewed": (SEUN, "/work/w1-x1/"),
    "attempt": (ELIF, "/work/w1-x1/attempt/1/"),
    "lesson": (ELIF, a_lesson),
    "lesson, not there": (ELIF, no_such_lesson),
    "my feedback": (SEUN, "/feedback/"),
    "feedback": (SEUN, "/feedback/w1-x1/"),
    "feedback, talked about": (CLIENT, "/feedback/w1-x1/"),
    "my conversation": (CLIENT, "/conversations/"),
    "a question about a piece": (ELIF, "/conversations/?piece=w4-x1"),
    "meeting log, empty": (BEATRIZ, "/log/"),
    "meeting log": (SEUN, a_log),
    "a meeting, new": (ELIF, "/log/new/"),
    "a meeting, what to change": (ELIF, an_empty_meeting),
    "a meeting, logged": (SEUN, a_meeting),
    "released to the sponsor": (ELIF, "/releases/"),
    "a sponsor's cohorts": (SPONSOR, "/sponsor/"),
    "a copy, as its sponsor reads it": (SPONSOR, a_copy),
    "released, with what was": (FINISHED, "/releases/"),
    "what others see, asking": (BEATRIZ, "/raters/"),
    "what others said": (NADIA, "/raters/"),
    "coaching agreement": (ELIF, "/agreement/"),
    "coaching agreement, a coach's": (COACH, "/agreement/"),
    "coaching agreement, the office": (ADMIN, "/manage/agreement/"),
    "what finishing asks": (ELIF, "/graduation/"),
    "calendar": (ELIF, "/calendar/"),
    "the address of a calendar": (ELIF, "/calendar/address/"),
    "live sessions": (COACH, "/coach/sessions/tagus-cohort/"),
    "live sessions, nothing planned": (ADMIN, "/coach/sessions/douro-cohort/"),
    "a live session, over": (COACH, a_session),
    "midpoint calls": (COACH, "/coach/calls/tagus-cohort/"),
    "midpoint call, booked": (CLIENT, "/call/"),
    "midpoint call, to choose": (ELIF, "/call/"),
    "ratings": (COACH, "/coach/ratings/tagus-cohort/"),
    "rating a client": (COACH, a_rating),
    "clients": (COACH, "/coach/clients/"),
    "client file": (COACH, a_client_file),
    "client file, so far": (COACH, a_client_so_far),
    "my progress": (CLIENT, "/progress/"),
    "portfolio": (CLIENT, "/progress/portfolio/"),
    "self-assessment": (ELIF, "/assessment/a4/"),
    "self-assessment, finished": (SEUN, "/assessment/a0/"),
    "practice": (CLIENT, "/practice/"),
    "ledger": (CLIENT, "/ledger/"),
    "ledger, a new line": (CLIENT, "/ledger/new/"),
    "1:1s": (NADIA, "/one-on-ones/"),
    "1:1s, a new plan": (NADIA, "/one-on-ones/new/"),
    "exercise, a 1:1": (DIEGO, "/work/w7-x1/"),
    "exercise, the case": (DIEGO, "/work/w8-x1/"),
    "the case as it prints": (NADIA, "/work/w8-x1/case/"),
    "exercise, a recording": (CLIENT, "/work/w5-t5/"),
    "account": (ELIF, "/account/"),
    "notices": (CLIENT, "/notices/"),
    "notices, a coach's": (COACH, "/notices/"),
    "notices, before the first week": (BEATRIZ, "/notices/"),
    "account, a coach's": (COACH, "/account/"),
    "password": (ELIF, "/account/password/change/"),
    "address": (ELIF, "/account/email/"),
    "second step": (ELIF, "/account/2fa/"),
    "queue": (COACH, "/coach/queue/"),
    "queue, narrowed": (COACH, "/coach/queue/?cohort=tagus-cohort&kind=text"),
    "review, what changed": (COACH, a_review("Mateus")),
    "review, read": (COACH, a_review("Mateus", "?view=read")),
    "review, side by side": (COACH, a_review("Mateus", "?view=compare")),
    "beside the queue": (COACH, "/coach/today/"),
    "review, to be talked about": (COACH, to_be_talked_about),
    "review, an earlier attempt": (COACH, a_review("Mateus", "?attempt=1")),
    "conversations": (COACH, "/coach/conversations/"),
    "a conversation": (COACH, a_conversation),
    "comment bank": (COACH, "/coach/comments/"),
    "calibration": (COACH, "/coach/calibration/"),
    "calibration, a rubric": (COACH, "/coach/calibration/r-write/"),
    "calibration, the first exemplar": (READER, "/coach/calibration/r-meet/"),
    "who has calibrated": (ADMIN, "/manage/calibration/"),
    "texts to read blind": (READER, "/coach/pairs/"),
    "a blind pair": (READER, a_pair),
    "blind pairs": (ADMIN, "/manage/pairs/"),
    "exports": (ADMIN, "/manage/exports/"),
    "outcomes": (ADMIN, "/manage/outcomes/"),
    "snapshots": (ADMIN, "/manage/outcomes/snapshots/"),
    "allowing blind reading": (FINISHED, "/progress/compared/"),
    "a client's dates": (COACH, a_clients_dates),
    "more time, asked for": (COACH, a_question),
    "boards": (COACH, "/coach/board/"),
    "at risk": (COACH, "/coach/risk/"),
    "away": (COACH, "/coach/away/tagus-cohort/"),
    "away, which cohort": (COACH, "/coach/away/"),
    "ratings, which cohort": (COACH, "/coach/ratings/"),
    "midpoint calls, which cohort": (COACH, "/coach/calls/"),
    "a handover": (COACH, a_handover),
    "a client's notes": (COACH, a_clients_notes),
    "cohort notes": (COACH, "/coach/board/tagus-cohort/notes/"),
    "my notes": (CLIENT, "/notes/"),
    "board": (COACH, "/coach/board/tagus-cohort/"),
    "cohorts": (ADMIN, "/manage/cohorts/"),
    "new cohort": (ADMIN, "/manage/cohorts/new/"),
    "a plan in sentences": (ADMIN, a_plan_in_sentences),
    "people": (ADMIN, "/manage/people/"),
    "editions": (ADMIN, "/manage/editions/"),
    "an edition to import": (ADMIN, "/manage/editions/import/"),
    "an edition": (ADMIN, an_edition),
    "admins": (ADMIN, "/manage/admins/"),
    "opened records": (ADMIN, "/manage/inspections/"),
    "who read mine": (CLIENT, "/account/read/"),
    "passkeys": (ELIF, "/account/2fa/webauthn/"),
    "what a change of cohort changes": (ADMIN, what_a_change_of_cohort_changes),
    "a table of people": (ADMIN, a_table_that_was_looked_at),
    "cohort": (ADMIN, "/manage/cohorts/tagus-cohort/"),
    "a cohort's edition": (ADMIN, "/manage/cohorts/tagus-cohort/edition/"),
    "what a week off changes": (ADMIN, what_a_week_off_changes),
    "cohort's board": (ADMIN, "/manage/cohorts/tagus-cohort/board/"),
    "graduation of a cohort": (ADMIN, "/manage/cohorts/tagus-cohort/graduation/"),
    "cohort to come": (ADMIN, "/manage/cohorts/douro-cohort/"),
    "message health": (ADMIN, "/manage/delivery/"),
    "what will be sent": (ADMIN, "/manage/delivery/ahead/?cohort=tagus-cohort"),
    "sign-in": ("", "/account/login/"),
    "code": ("", "/account/login/code/"),
    "reset": ("", "/account/password/reset/"),
    "nothing here": (ELIF, nowhere),
    "nothing here, signed out": ("", nowhere),
}


def trouble_of(walk: Walk) -> list[str]:
    """What is the matter with the page that is open, in every shape it takes."""
    page = walk.page
    page.evaluate(AXE_SCRIPT)
    found = []
    for width in (1440, 390, 320):
        walk.resize(width)
        if width != 1440 and page.evaluate(IS_WIDER):
            found.append(f"scrolls sideways at {width}")
        for theme in ("light", "dark") if width != 320 else ():
            page.emulate_media(color_scheme=theme)
            found += [f"{line} ({theme}, {width})" for line in objections(page, theme)]
    return found


def objections(page: Page, theme: str = "light") -> list[str]:
    """What axe objects to, with the first place."""
    options = COLOURS if theme == "dark" else OPTIONS
    result: dict[str, Any] = page.evaluate("(options) => axe.run(document, options)", options)
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in result["violations"]]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_open_to_everybody_in_every_shape(walk: Callable[..., Walk], name: str) -> None:
    person, place = PAGES[name]
    walking = walk(person)

    go_to(walking, place)

    assert trouble_of(walking) == []


def test_a_piece_without_a_rubric_is_open_to_everybody_in_review(walk: Callable[..., Walk]) -> None:
    elif_, coach = walk(ELIF), walk(COACH)
    handed_in(elif_)

    a_review("Elif")(coach)

    assert trouble_of(coach) == []


def test_an_invitation_is_open_to_everybody_also_when_it_is_closed(stack: Stack, walk: Callable[..., Walk]) -> None:
    admin, invited, late = walk(ADMIN), walk(), walk()
    late.expect_refusals(410)
    invite(admin, "mira.novak@example.org\nTomé Alves <tome.alves@example.org>")
    wait_until(lambda: stack.mails_to("tome.alves@example.org") and stack.mails_to("mira.novak@example.org"), SOON)
    admin.page.get_by_role("row", name="Tomé Alves").get_by_role("button", name="Withdraw").click()
    expect(admin.page.get_by_text("The invitation of tome.alves@example.org is withdrawn.")).to_be_visible()

    invited.go(link_of(stack.mails_to("mira.novak@example.org")[-1]))
    late.go(link_of(stack.mails_to("tome.alves@example.org")[-1]))

    assert [trouble_of(invited), trouble_of(late)] == [[], []]


def test_mails_written_to_files_are_open_to_everybody(stack: Stack, walk: Callable[..., Walk]) -> None:
    admin = walk(ADMIN)
    invite(admin, "noor.haddad@example.org")
    wait_until(lambda: stack.mails_to("noor.haddad@example.org"), SOON)

    admin.go("/manage/mail/")
    mails = trouble_of(admin)
    admin.page.get_by_role("listitem").filter(has_text="noor.haddad@example.org").get_by_role("link").click()

    assert [mails, trouble_of(admin)] == [[], []]
