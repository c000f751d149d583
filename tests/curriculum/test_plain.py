"""An answer as plain text: labels and words, no tags, no markup, nothing that was left empty."""

from curriculum import plain
from curriculum.models import Exercise

WAYS = [{"value": "a", "label": "The document"}, {"value": "b", "label": "The question"}]
COLUMNS = [{"key": "what", "label": "What"}, {"key": "by", "label": "By", "kind": "date"}]
EXERCISE = Exercise(
    title="Rewrite a real update",
    fields=[
        {"key": "kind", "label": "What is it?", "kind": "choice", "options": [{"value": "status", "label": "Status"}]},
        {"key": "ways", "label": "Ways", "kind": "multi", "options": WAYS},
        {"key": "subject", "label": "Subject line", "kind": "line"},
        {"key": "after", "label": "The update", "kind": "prose"},
        {"key": "tags", "label": "A tag for every sentence", "kind": "tags", "of": "after"},
        {"key": "plan", "label": "Plan", "kind": "rows", "columns": COLUMNS},
        {"key": "fit", "label": "Fit", "kind": "scale"},
        {"key": "audio", "label": "Your recording", "kind": "audio"},
        {"key": "meetings", "label": "Meetings", "kind": "entries"},
        {"key": "evidence", "label": "Evidence", "kind": "lines"},
        {"key": "left_out", "label": "Left out", "kind": "prose"},
        {"key": "redacted", "label": "Removed", "kind": "check"},
    ],
)
ANSWER = {
    "kind": "status",
    "ways": ["b", "a"],
    "subject": "Search ready for 3 June ",
    "after": "It is ready.\n\n<b>[host-1]</b> is fast again.",
    "tags": [{"text": "It is ready.", "tag": "K"}, {"text": "<b>[host-1]</b> is fast again.", "tag": "F"}],
    "plan": [{"what": "Test", "by": "2026-06-01"}, {"what": "Go live", "by": ""}],
    "fit": 4,
    "audio": {"id": 1, "seconds": 41.5, "transcript": "It is ready."},
    "meetings": [{"id": 1, "date": "2026-05-04", "title": "Steering", "outcome": "We ship."}],
    "evidence": [{"id": 2, "date": "2026-05-05", "what": "The check is live.", "my_part": "I wrote it."}],
    "left_out": "  ",
    "redacted": True,
}


def test_every_question_stands_over_what_was_answered():
    assert plain.text_of(EXERCISE, ANSWER) == (
        "Rewrite a real update\n\n"
        "What is it?\nStatus\n\n"
        "Ways\nThe document, The question\n\n"
        "Subject line\nSearch ready for 3 June\n\n"
        "The update\nIt is ready.\n\n<b>[host-1]</b> is fast again.\n\n"
        "Plan\n- What: Test; By: 2026-06-01\n- What: Go live\n\n"
        "Fit\n4\n\n"
        "Your recording\nA recording of 41.5 seconds\nIt is ready.\n\n"
        "Meetings\n- 2026-05-04 Steering: We ship.\n\n"
        "Evidence\n- 2026-05-05 The check is live. I wrote it.\n"
    )


def test_what_was_left_empty_is_not_there():
    assert plain.text_of(EXERCISE, {"subject": "Ready"}) == "Rewrite a real update\n\nSubject line\nReady\n"
