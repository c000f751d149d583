"""A frozen snapshot as a page and as files, for whoever may read it: the same numbers in every form."""

from collections.abc import Callable, Collection
from typing import Any

from django.http import Http404, HttpResponse

from coaching import plots as drawing
from coaching import snapshot_files as files
from coaching import snapshots
from coaching.models import Snapshot
from coaching.outcomes import rows
from coaching.snapshots import Content

from . import pdf

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Numbered:
    """A number with its place, in words."""

    def __init__(self, number: int, row: rows.Row):
        self.number, self.key, self.section, self.about, self.what, self.why = (
            number, row.key, row.section, row.about, row.what, row.why,
        )  # fmt: skip
        self.value, self.between, self.people = files.with_unit(row), files.between(row), files.of_people(row)


def context(found: Snapshot) -> dict[str, Any]:
    """What `parts/_frozen.html` is drawn from."""
    content = snapshots.content(found)
    return {
        "content": content,
        "is_whole": snapshots.is_whole(found),
        "numbers": [Numbered(number, row) for number, row in enumerate(rows.of(content.report), start=1)],
        "facts": files.facts(found, content),
        "drawn": drawing.of(content.report),
    }


# --- To take along ------------------------------------------------------------------------------------


def _csv(found: Snapshot, content: Content) -> HttpResponse:
    return HttpResponse("\N{ZERO WIDTH NO-BREAK SPACE}" + files.as_csv(content), content_type="text/csv; charset=utf-8")


def _xlsx(found: Snapshot, content: Content) -> HttpResponse:
    return HttpResponse(files.as_xlsx(found, content), content_type=SHEET)


def _pdf(found: Snapshot, content: Content) -> HttpResponse:
    return pdf.answer(files.as_pdf(found, content), files.name_of(found, "pdf"))


def _json(found: Snapshot, content: Content) -> HttpResponse:
    """The very bytes the hash is of."""
    return HttpResponse(found.data, content_type="application/json; charset=utf-8")


KINDS: dict[str, Callable[[Snapshot, Content], HttpResponse]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "pdf": _pdf,
    "json": _json,
}


def file(found: Snapshot, kind: str, *, kinds: Collection[str] = tuple(KINDS)) -> HttpResponse:
    """A frozen one as a file of one of these kinds; of a draft there is none."""
    if kind not in kinds or not found.is_frozen:
        raise Http404
    response = KINDS[kind](found, snapshots.content(found))
    response["Content-Disposition"] = f'attachment; filename="{files.name_of(found, kind)}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
