"""Addresses of a coach's pages."""

from django.urls import path

from . import board, case, comments, dates, extensions, queue, review, sessions, voice

urlpatterns = [
    path("queue/", queue.queue, name="queue"),
    path("review/<int:pk>/", review.review, name="review"),
    path("review/<int:pk>/claim/", review.claim, name="review-claim"),
    path("review/<int:pk>/take-over/", review.take_over, name="review-take-over"),
    path("review/<int:pk>/release/", review.release, name="review-release"),
    path("review/<int:pk>/draft/", review.draft, name="review-draft"),
    path("review/<int:pk>/send/", review.send, name="review-send"),
    path("review/<int:pk>/undo/", review.undo, name="review-undo"),
    path("review/<int:pk>/recall/", review.recall, name="review-recall"),
    path("review/<int:pk>/voice/", voice.voice, name="review-voice"),
    path("review/<int:pk>/case.pdf", case.case_pdf, name="review-case-pdf"),
    path("comments/", comments.comments, name="comments"),
    path("comments/<int:pk>/share/", comments.share, name="comment-share"),
    path("comments/<int:pk>/drop/", comments.drop, name="comment-drop"),
    path("clients/<int:pk>/dates/", dates.dates, name="client-dates"),
    path("clients/<int:pk>/hold/", dates.hold, name="client-hold"),
    path("clients/<int:pk>/go-on/", dates.go_on, name="client-go-on"),
    path("clients/<int:pk>/excuse/", dates.excuse, name="client-excuse"),
    path("clients/<int:pk>/ask-again/", dates.ask_again, name="client-ask-again"),
    path("extensions/<int:pk>/", extensions.extension, name="extension"),
    path("board/", board.boards, name="boards"),
    path("board/<slug:slug>/", board.board, name="board"),
    path("board/<slug:slug>/csv/", board.board_csv, name="board-csv"),
    path("sessions/", sessions.everywhere, name="sessions-everywhere"),
    path("sessions/<slug:slug>/", sessions.sessions, name="sessions"),
    path("sessions/<slug:slug>/<int:pk>/hold/", sessions.hold, name="session-hold"),
    path("sessions/<slug:slug>/<int:pk>/unmark/", sessions.unmark, name="session-unmark"),
    path("sessions/<slug:slug>/<int:pk>/move/", sessions.move, name="session-move"),
    path("sessions/<slug:slug>/<int:pk>/cancel/", sessions.cancel, name="session-cancel"),
]
