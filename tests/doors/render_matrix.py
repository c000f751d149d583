"""docs/permissions.md from matrix.yaml: `python -m tests.doors.render_matrix` writes it."""

from itertools import groupby
from pathlib import Path

from tests.doors.rows import Row, load

PAGE = Path(__file__).parent.parent.parent / "docs" / "permissions.md"
HEADS = {
    "anonymous": "nobody",
    "client": "client",
    "client_other": "other client",
    "stranger": "stranger",
    "coach": "coach",
    "coach_other": "other coach",
    "coach_former": "former coach",
    "substitute": "substitute",
    "admin": "admin",
    "lead": "lead coach",
    "sponsor": "sponsor",
    "token_client": "client's token",
    "token_coach": "coach's token",
}
INTRODUCTION = """# Who may do what

Every address, every method, every role, and the answer each gets. Written by
`python -m tests.doors.render_matrix` from `tests/doors/matrix.yaml`; the tests ask every cell for real, and an address
without a row fails them.

Being a client, a coach or an admin is what somebody does (an enrolment, an assignment, a group), read anew with every
request. What is not somebody's to see is 404, whatever they do elsewhere: a client finds no review page, an admin
no homework and no feedback. What they see and may not do now is 403, 409 or 422 with a sentence that says why, the same
at the page and at the API; those are asked one by one, each in its state, by `tests/doors/test_same_answer.py`.

- 200, 201, 204: done or shown. 302, 303: done, and on to another page of one's own.
- sign-in: the sign-in page first. 401: the API asks for a token; it opens the API and never a page.
- 404: not there for this role. 405: not offered to anybody. 409: seen, but not theirs or not now.

A page about one's own work has the same address for everybody: `/work/…` of another client is their own piece.
"""


def rendered() -> str:
    """The whole page."""
    roles, rows = load()
    parts = [INTRODUCTION, _roles(roles)]
    for group, members in groupby(rows, key=lambda row: row.group):
        parts.append(f"## {group}\n\n{_table(list(members))}")
    return "\n".join(parts)


def _roles(roles: dict[str, str]) -> str:
    lines = [f"| {HEADS[role]} | {meaning} |" for role, meaning in roles.items()]
    return "\n".join(["## Roles", "", "| Role | Who |", "|---|---|", *lines, ""])


def _table(rows: list[Row]) -> str:
    heads = " | ".join(HEADS[role] for role in rows[0].expected)
    lines = [f"| What | Address | {heads} |", "|---|---|" + "---|" * len(rows[0].expected)]
    return "\n".join([*lines, *(_line(row) for row in rows), ""])


def _line(row: Row) -> str:
    answers = " | ".join(str(answer) for answer in row.expected.values())
    route = row.route.replace("|", "\\|")
    return f"| {row.what} | `{row.method} /{route}` | {answers} |"


if __name__ == "__main__":
    PAGE.write_text(rendered(), encoding="utf-8")
