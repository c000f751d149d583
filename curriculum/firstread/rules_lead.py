"""H2: the first sentence carries the conclusion."""

from curriculum.firstread.context import Draft
from curriculum.firstread.notes import Note, note, quotable
from curriculum.firstread.openings import verdict_after


def h2(draft: Draft) -> Note | None:
    """A note where the first sentence builds up to the point instead of making it."""
    opening = draft.opening
    if opening.kind in ("leads", "plain"):
        return None
    later = verdict_after(draft.text, opening.span, draft.lexicon)
    kind = opening.kind if quotable(opening.opener) else "scene"
    return note(
        "H2",
        f"H2-{kind}",
        [opening.span],
        opener=opening.opener,
        place=f" The conclusion may be in sentence {later}." if later else "",
        move=f"Move sentence {later} to the front."
        if later
        else "Start with what you would say if you had ten seconds.",
    )


def leads(draft: Draft) -> bool:
    """Whether the first sentence plainly carries the conclusion."""
    return draft.opening.kind == "leads"
