"""The list of what is sent is whole and true: every key the programme names, its rule, its words, what it waits for."""

from pathlib import Path

import yaml

from clients import messaging
from coaching import instruments, milestones, plans, words
from coaching.management.commands.milestones import lines, page
from tests.roads import CONTENT

ROOT = Path(__file__).parent.parent.parent
# What the programme's table of milestones and messages names.
KEYS = [
    "invite", "welcome", "baseline.due", "kickoff", "week.unlock", "session.remind", "nudge.midweek", "ledger.friday",
    "due.reminder", "due.last", "overdue", "overdue.1", "overdue.2", "extension", "coach.digest", "review.warn",
    "review.breach", "feedback", "revise.remind", "midpoint.open", "midpoint.remind", "midpoint.rate", "midpoint.call",
    "pulse.invite", "final.open", "final.rate", "graduation", "graduation.gap", "alumni.3", "alumni.6", "alumni.12",
    "admin.weekly", "retention.audio",
]  # fmt: skip
BESIDES = {
    "review.breach.client",
    "final.remind",
    "graduation.note",
    "welcome.late",
}  # moments the table names within another row
BUDGETED = {
    "baseline.due", "nudge.midweek", "ledger.friday", "due.reminder", "due.last", "overdue.1", "overdue.2",
}  # fmt: skip


def rules():
    return yaml.safe_load((CONTENT / "milestones.yaml").read_text())


def test_every_key_of_the_programme_is_in_the_list_once():
    listed = [line.key for line in lines()]

    assert len(listed) == len(set(listed))
    assert set(listed) == {*KEYS, *BESIDES}


def test_the_page_is_generated():
    assert (ROOT / "docs" / "milestones.md").read_text() == page(), "run manage.py milestones"


def test_every_rule_of_the_edition_is_of_a_kind_and_every_kind_but_the_morning_has_its_rule():
    assert {rule["kind"] for rule in rules()} == set(milestones.KINDS) - {plans.DIGEST}


def test_whatever_is_sent_has_its_words():
    texts = {path.stem for path in (CONTENT / "messages").glob("*.md")}
    for kind in words.KINDS:
        if kind.name in words.STAFF or kind.name == "extension":
            folder = ROOT / "coaching" / "templates" / "emails"
            assert (folder / f"{kind.name}.subject.txt").exists(), kind.name
            assert (folder / f"{kind.name}.text.txt").exists(), kind.name
        else:
            assert kind.name in texts, kind.name


def test_every_text_of_the_edition_is_of_a_kind_that_is_sent():
    texts = {path.stem for path in (CONTENT / "messages").glob("*.md")}

    assert texts - set(messaging.kinds()) == {"feedback.with-texts"}


def test_what_waits_waits_for_something_that_has_a_shape():
    waiting = {kind.name: kind.awaits for kind in milestones.KINDS.values() if kind.awaits}

    assert set(waiting.values()) == set(instruments.SORTS)


def test_the_budget_counts_nudges_the_ledger_and_what_is_due_or_overdue():
    assert {kind.name for kind in milestones.KINDS.values() if kind.is_budgeted} == BUDGETED


def test_a_nudge_is_worth_half_a_day_and_no_state_is_worth_less():
    spans = {kind.name: kind.usable_for for kind in milestones.KINDS.values()}
    half_a_day = 12 * milestones.HOUR

    for name in ("baseline.due", "nudge.midweek", "ledger.friday", "midpoint.remind", "final.remind", "revise.remind"):
        assert spans[name] == half_a_day, name
    states = [kind for kind in milestones.KINDS.values() if kind.sort == milestones.STATE]
    assert all(kind.usable_for is None or kind.usable_for > half_a_day for kind in states)
