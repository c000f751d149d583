"""The floor: a bare Django doing the same work on the same rows with a small template and its default middleware.

One function a row of the table, raw SQL, no rules: nothing asks who may see what, what is due or late.
"""

import json

from django.db import connection, transaction
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path

DASHBOARD = """
SELECT w.number, x.key, x.title, x.minutes, s.state, s.handed_in_at FROM clients_submission s
JOIN curriculum_exercise x ON x.id = s.exercise_id JOIN curriculum_week w ON w.id = x.week_id
JOIN clients_enrolment e ON e.id = s.enrolment_id WHERE e.client_id = %s ORDER BY w.number, x.position
"""
WORK = """
SELECT x.title, x.brief, x.fields, s.id, s.draft, s.draft_revision FROM clients_submission s
JOIN curriculum_exercise x ON x.id = s.exercise_id JOIN clients_enrolment e ON e.id = s.enrolment_id
WHERE e.client_id = %s AND x.key = 'w1-x1'
"""
QUEUE = """
SELECT s.id, u.name, x.title, w.number, s.attempts_made, s.handed_in_at FROM clients_submission s
JOIN clients_enrolment e ON e.id = s.enrolment_id JOIN clients_user u ON u.id = e.client_id
JOIN curriculum_exercise x ON x.id = s.exercise_id JOIN curriculum_week w ON w.id = x.week_id
WHERE s.state IN ('handed_in', 'in_review') ORDER BY s.handed_in_at, s.id LIMIT 100
"""
MATRIX = """
WITH page AS (SELECT e.id, u.name FROM clients_enrolment e JOIN clients_user u ON u.id = e.client_id
  ORDER BY u.name, e.id LIMIT %s)
SELECT page.name, array_agg(s.state ORDER BY s.exercise_id) FROM page
JOIN clients_submission s ON s.enrolment_id = page.id GROUP BY page.id, page.name ORDER BY page.name
"""
API = """
SELECT s.id, x.key, s.state, s.handed_in_at, s.draft_revision, s.attempts_made FROM clients_submission s
JOIN curriculum_exercise x ON x.id = s.exercise_id ORDER BY s.id LIMIT %s
"""


def rows(sql, *arguments):
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return cursor.fetchall()


def dashboard(request):
    return render(request, "floor/rows.html", {"rows": rows(DASHBOARD, request.user.pk)})


def work(request):
    return render(request, "floor/work.html", {"row": rows(WORK, request.user.pk)[0]})


def hand_in(request):
    if request.method == "POST":
        _hand_in(request.user.pk, request.POST["answer"])
        return redirect("/done/")
    return work(request)


@transaction.atomic
def _hand_in(person, answer):
    with connection.cursor() as cursor:
        pk, book = rows(
            "SELECT s.id, x.edition_id FROM clients_submission s JOIN curriculum_exercise x ON x.id = s.exercise_id "
            "JOIN clients_enrolment e ON e.id = s.enrolment_id WHERE e.client_id = %s AND x.key = 'w1-x1' FOR UPDATE OF s",
            person,
        )[0]
        serial = rows("SELECT count(*) FROM clients_attempt WHERE submission_id = %s", pk)[0][0] + 1
        cursor.execute(
            "INSERT INTO clients_attempt (submission_id, serial, number, client_key, answer, words, first_read, "
            "handed_in_at, due_at, is_late, edition_id) VALUES (%s, %s, 1, %s, %s, 100, '[]', now(), now(), false, %s)",
            [pk, serial, f"floor-{serial}", json.dumps({"text": answer}), book],
        )
        cursor.execute(
            "UPDATE clients_submission SET handed_in_at = now(), draft_revision = draft_revision + 1 WHERE id = %s",
            [pk],
        )
        cursor.execute(
            "INSERT INTO clients_message (key, kind, address, about, state, reason, posted_at, available_at, attempts, "
            "last_error, person_id) VALUES (%s, 'floor', '', '{}', 'seeded', '', now(), now(), 0, '', %s)",
            [f"floor-{pk}-{serial}", person],
        )


def done(request):
    return dashboard(request)


def queue(request):
    return render(request, "floor/rows.html", {"rows": rows(QUEUE)})


def review(request, pk):
    if request.method == "POST":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM clients_submission WHERE id = %s FOR UPDATE", [pk])
            cursor.execute(
                "INSERT INTO clients_journalentry (at, actor, action, subject, note) VALUES (now(), 'floor', 'sent', %s, '')",
                [str(pk)],
            )
        return redirect(f"/review/{pk}/")
    found = rows("SELECT a.answer FROM clients_attempt a WHERE a.submission_id = %s", pk)
    return render(request, "floor/work.html", {"row": found[0] if found else (), "rows": rows(QUEUE)[:20]})


def matrix(request, n):
    body = "".join(
        f"<tr><th>{name}</th>{''.join(f'<td>{state}</td>' for state in states)}</tr>"
        for name, states in rows(MATRIX, n)
    )
    return HttpResponse(f"<!doctype html><table>{body}</table>")


def export(request, n):
    lines = (f"{name},{','.join(states)}\r\n" for name, states in rows(MATRIX, n))
    return StreamingHttpResponse(["".join(lines)], content_type="text/csv")


def mine(request):
    return JsonResponse({"pieces": [list(map(str, row)) for row in rows(DASHBOARD, request.user.pk)]})


def api(request, n):
    return JsonResponse({"results": [list(map(str, row)) for row in rows(API, n)]})


urlpatterns = [
    path("week/", dashboard),
    path("work/", work),
    path("hand-in/", hand_in),
    path("done/", done),
    path("queue/", queue),
    path("review/<int:pk>/", review),
    path("matrix/<int:n>/", matrix),
    path("csv/<int:n>/", export),
    path("api/mine/", mine),
    path("api/<int:n>/", api),
]
