"""Every word is read by its readers and by nobody else: each class carries a mark, and every role crawls all there is.

A role begins at every address of the urlconf, follows every link it meets, reads the calendar at its own secret address,
and posts to everything that takes posts.

Two kinds of answer are looked at elsewhere. A PDF is drawn from the same attempt or draft as the page beside it, which is
crawled; whose it is `tests/coaching/web/test_case_pages.py` says of each person. An answer that broke is a fixed page with
a reference and no other word: `tests/doors/test_api_problems.py` breaks one that knows words, `tests/config/test_parts.py`
renders the page from nothing.
"""

import logging
import re
from collections import Counter, defaultdict
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.test import override_settings
from django.urls import Resolver404, resolve

from clients import delivering
from clients.models import JournalEntry
from coaching import firing, subscribing
from curriculum import clock
from tests import roads
from tests.doors.marks import MARKS, NOW, text_of
from tests.doors.matrix import API, World
from tests.doors.rows import load
from tests.speech.measuring import MODEL

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]
ROLES, ROWS = load()
MARK = re.compile(r"canary-[a-z0-9’-]+?-yranac")
LINK = re.compile(r'(?:href|src|hx-get|action|data-url)="([^"]+)"')
TAKEN = (200, 201, 204, 302, 303, 403, 409, 422)  # what a post gets that finds something
OF_A_KIND = 2  # addresses of one pattern that a role looks at, besides those of the matrix
BY_LINK = (
    "/listen/",
    "/api/v1/listen/",
    "/feed/",
    "/join/",
    "/stop/",
    "/check-in/",
    "/api/v1/check-ins/",
    "/certificate/",
    "/api/v1/certificates/",
    "/pulse/",
    "/api/v1/pulse/",
)  # opened by whoever has the link


class Told(logging.Handler):
    """Everything that is logged."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record):
        self.lines.append(self.format(record))


@pytest.fixture(scope="module")
def found(django_db_setup, django_db_blocker):
    """Mark → role → where that role came upon it first; mails and logs besides."""
    told, patch = Told(), pytest.MonkeyPatch()
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(SPEECH_MODEL=""),
        patch.context() as clocks,
    ):
        world = World(settings.MAIL_FOLDER)
        settings.SPEECH_MODEL = MODEL
        for name, mark in MARKS.items():
            mark.write(world, text_of(name))
        clocks.setattr(clock, "now", lambda: NOW)
        logging.getLogger().addHandler(told)
        firing.tick(at=NOW)
        delivering.deliver(at=NOW)
        met, fed = defaultdict(dict), {}
        for role in ROLES:
            for where, text in everything(world, role):
                if where.startswith("/feed/"):
                    fed[role] = text
                for one in MARK.findall(text):
                    met[one].setdefault(role, where)
        opened = {row.route: set(MARK.findall(words_of(world.ask(row, "anonymous")))) for row in by_link(world)}
        journal = list(JournalEntry.objects.values_list("note", flat=True))
        yield {
            "marks": met,
            "mails": list(mail.outbox),
            "log": told.lines,
            "people": world._people(),
            "journal": journal,
            "opened": opened,
            "fed": fed,
        }
        logging.getLogger().removeHandler(told)
        transaction.set_rollback(True)


def by_link(world):
    """The rows that are open to whoever has the link."""
    return [row for row in ROWS if row.method == "GET" and world.address(row).startswith(BY_LINK)]


def everything(world, role):
    """(where, words) of every answer this role gets."""
    asked, looked = set(), Counter()
    left = [address for address in begins(world) if is_for(role, address)]
    while left:
        address = left.pop(0)
        if address in asked:
            continue
        asked.add(address)
        text = words_of(world.client(role).get(address))
        yield address, text
        left += [link for link in links(address, text) if link not in asked and is_new(link, looked)]
    for address in own_feed(world, role):
        yield address, words_of(world.client(role).get(address))
    for row in ROWS:
        if row.method != "GET" and row.expected[role] in TAKEN and is_for(role, world.address(row)):
            with transaction.atomic():
                answer = world.ask(row, role)
                yield f"{row.method} {world.address(row)}", words_of(answer)
                transaction.set_rollback(True)


def begins(world):
    """Every address that can be asked for, of each of the client's pieces that were handed in and of both clients."""
    cast = world.cast
    named = roads.piece(cast.mina).pk, cast.enrolment(cast.mina).pk
    pieces = [roads.piece(cast.mina, key).pk for key in ("w1-t1", "w2-t2", "w4-x1", "w5-x1")]
    pieces += vars(world).get("pieces", [])  # of other clients, as the table names them
    for address in (world.address(row) for row in ROWS if row.method == "GET"):
        yield address
        if f"/submissions/{named[0]}/" in address or f"/review/{named[0]}/" in address:
            yield from (address.replace(f"/{named[0]}/", f"/{pk}/", 1) for pk in pieces)
        if world.pair.token in address:
            yield from (address.replace(world.pair.token, token) for token in vars(world).get("pairs", []))
        if f"/enrolments/{named[1]}/" in address or f"/clients/{named[1]}/" in address:
            yield address.replace(f"/{named[1]}/", f"/{cast.enrolment(cast.noor).pk}/", 1)


def own_feed(world, role):
    """The secret address of a role's calendar, for whoever has dates. The client's is the one the matrix asks for."""
    person = world._people().get(role)
    if role == "client":
        return [f"/feed/{world.feed}/"]
    if person is None or subscribing.subscribe_refusal(by=person, at=NOW):
        return []
    return [f"/feed/{subscribing.subscribe(by=person, at=NOW)}/"]


def is_for(role, address):
    """A program asks the API only; what a link opens is open to whoever has it."""
    return not address.startswith(BY_LINK) and (address.startswith(f"/{API}") or not role.startswith("token_"))


def words_of(answer):
    """The body, where it has words, and what the headers say."""
    kind = answer.headers.get("Content-Type", "")
    has_words = kind.startswith(("text/", "application/json", "application/problem"))
    body = b"".join(answer) if answer.streaming else answer.content
    text = unescape(body.decode()) if has_words else ""
    return str(answer.headers) + (text.replace("\r\n ", "") if kind.startswith("text/calendar") else text)


def links(address, text):
    """Addresses of this site in a page, as a browser would ask for them."""
    for link in LINK.findall(text):
        parts = urlsplit(unescape(link))
        path = parts.path or address.partition("?")[0]
        if not parts.netloc and path.startswith("/") and not path.startswith(("/static/", *BY_LINK)):
            yield path + (f"?{parts.query}" if parts.query else "")


def is_new(address, looked):
    """Whether a link leads to more of a kind than this role has looked at enough of."""
    parts = urlsplit(address)
    try:
        kind = resolve(parts.path).route, re.sub(r"\d+", "1", parts.query)
    except Resolver404:
        return False
    looked[kind] += 1
    return looked[kind] <= OF_A_KIND


@pytest.mark.parametrize("name", MARKS)
def test_a_mark_is_found_by_its_readers_and_by_nobody_else(found, name):
    met = found["marks"].get(text_of(name), {})

    assert set(met) == MARKS[name].readers, met


def test_what_a_link_opens_has_no_mark_but_what_its_owner_reads(found):
    """Mina's own calendar, what a listener kept, a way out of mails, an invitation: nothing of anybody's work."""
    names = {text_of(name): name for name in MARKS}

    assert {route: {names[one] for one in marks} for route, marks in found["opened"].items()} == {
        "join/<str:token>/": set(),
        "stop/<str:token>/": set(),
        "check-in/<str:token>/": set(),
        "certificate/<str:token>/": set(),
        "api/v1/certificates/<str:token>/": set(),
        "check-in/<str:token>/stop/": set(),
        "api/v1/check-ins/<str:token>/": set(),
        "pulse/<str:token>/": set(),
        "pulse/<str:token>/stop/": set(),
        "api/v1/pulse/<str:token>/": set(),
        "listen/<str:token>/": set(),
        "listen/<str:token>/sound/": set(),
        "api/v1/listen/<str:token>/": set(),
        "feed/<str:token>/": {"why a session is off"},
    }


def test_the_calendar_of_every_role_that_has_dates_was_read(found):
    assert set(found["fed"]) == {"client", "client_other", "coach", "coach_other", "stranger", "substitute"}
    assert [role for role, text in found["fed"].items() if "BEGIN:VEVENT" not in text] == []


def test_no_mail_has_a_mark_that_whoever_gets_it_may_not_read(found):
    roles = {person.email: role for role, person in found["people"].items()}
    roles["nia@example.org"] = roles["noor@example.org"]  # walks beside her, and was asked of nothing else
    told = {(one, roles[to]) for letter in found["mails"] for to in letter.to for one in MARK.findall(whole(letter))}

    readers = {text_of(name): MARKS[name].readers for name in ("why a session is off", "reason of an opened record")}
    assert {one for one, _role in told} == set(readers)
    assert [(one, role) for one, role in told if role not in readers[one]] == []


def whole(letter):
    """Subject, text and what stands in HTML."""
    return " ".join([letter.subject, letter.body, *(str(content) for content, _kind in letter.alternatives)])


def test_no_mark_stands_in_a_log_and_none_in_the_journal_but_what_admins_read(found):
    assert found["log"]
    assert MARK.findall(" ".join(found["log"])) == []
    assert set(MARK.findall(" ".join(found["journal"]))) == {
        text_of("reason of a waiver"),
        text_of("reason of a let-off"),
        text_of("reason of an opened record"),
        text_of("why a session is off"),
    }
