"""Several small questions in one query: each row comes as a list, under the number of its question."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Func, JSONField, QuerySet, Value

Question = tuple[QuerySet[Any, Any], Sequence[str]]
Rows = list[list[Any]]


class _Listed(Func):
    function = "jsonb_build_array"
    output_field = JSONField()


def ask(*questions: Question) -> list[Rows]:
    """The rows of each, in no order. Times come as texts in ISO 8601. One query."""
    asked = [
        rows.order_by().annotate(question_=Value(number), row_=_Listed(*columns)).values_list("question_", "row_")
        for number, (rows, columns) in enumerate(questions)
    ]
    found: list[Rows] = [[] for _one in questions]
    for number, row in asked[0].union(*asked[1:], all=True):
        found[number].append(row)
    return found
