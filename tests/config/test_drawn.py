"""What functions draw instead of templates: sign for sign the same, and nothing of what a person wrote as HTML."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting

from coaching.bank import Line, Outcome
from coaching.diffs import Piece
from coaching.margin import Place
from config.controls import PLAIN, Controls
from config.templatetags import drawn

EVIL = "<script>alert('x')</script> & \"so on\""
SAFE = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; &quot;so on&quot;"


@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput({"class": "input", "maxlength": 500}),
        forms.TextInput({"required": True, "disabled": False, "title": EVIL}),
        forms.HiddenInput(),
        forms.NumberInput({"min": 1}),
        forms.EmailInput(),
        forms.PasswordInput(render_value=True),
        forms.Textarea({"rows": 3}),
    ],
    ids=lambda one: type(one).__name__,
)
@pytest.mark.parametrize("value", [None, "", "Two words", EVIL, 7])
def test_a_plain_control_is_what_djangos_template_makes_of_it(widget, value):
    drawn_here = widget.render("name", value, {"id": "id_name"}, renderer=Controls())

    assert drawn_here == widget.render("name", value, {"id": "id_name"}, renderer=TemplatesSetting())
    assert widget.template_name in PLAIN


def test_a_text_in_pieces_is_shown_as_text():
    pieces = [Piece("same", EVIL), Piece("ins", EVIL), Piece("del", "old"), Piece("same", "marked", 2)]

    assert drawn.pieces(pieces) == (
        f'{SAFE}<ins>{SAFE}</ins><del>old</del><span class="anchor" data-note="2">marked</span>'
    )


def test_lines_of_the_bank_and_places_for_notes_are_shown_as_text():
    line = Line("keep", EVIL, title=EVIL, level=2, author=EVIL, outcome=Outcome(uses=6, followed=5, rose=3))

    shown = drawn.bank_lines([line])

    assert "<script" not in shown + drawn.note_places([Place(EVIL, EVIL)])
    assert f"<span data-line>{SAFE}</span>" in shown
    assert f'{SAFE} <span class="num">2</span> · shared by {SAFE} · used 6 times · 3 of 5 next attempts rose' in shown
    assert drawn.told_of(Line("try", "x", is_own=True)) == '<span class="micro muted">yours</span>'


def test_rows_of_the_queue_are_shown_as_text():
    at = datetime(2026, 11, 12, 12, tzinfo=UTC)
    row = SimpleNamespace(
        week=1, title=EVIL, attempt=2, is_late=True, cohort=SimpleNamespace(name=EVIL), claimed_by_id=8,
        claimed_by=EVIL, claimed_at=at, client=EVIL, submission=SimpleNamespace(pk=5),
        promise=SimpleNamespace(until=at + timedelta(hours=3), stands=False), enrolment=7,
    )  # fmt: skip

    whole = drawn.queue_rows([row], at, SimpleNamespace(pk=1), True, {7: EVIL, 8: "Somebody else"})
    beside = drawn.queue_column([row], at, SimpleNamespace(pk=1), 4, 5, None)

    assert "<script" not in whole + beside
    assert f"Week 1, {SAFE}, attempt 2, late · {SAFE} · {SAFE} has it since" in whole
    assert '<a href="/coach/review/5/" data-key="j"><span class="ava s" aria-hidden="true">' in beside
    assert f"Week 1, {SAFE}, attempt 2 (late) · {SAFE}</span>" in beside
    assert 'data-state="late">3 h left</span>' in whole
    assert '<a class="risk-why tiny" href="/coach/risk/#c-7"><svg class="i" aria-hidden="true">' in whole
    assert (f"</svg>{SAFE}</a>" in whole, "Somebody else" in whole) == (True, False)
