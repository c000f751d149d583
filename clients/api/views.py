"""A client's own homework. Somebody else's is not there: 404, whatever role asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from clients import attempts, choosing, invitations, joining, practising, submitting
from clients.models import Enrolment, Submission
from curriculum import answers, draft_notes, plain, tags
from curriculum.firstread import Unreadable
from curriculum.models import Lesson

from . import serializers as shapes
from .base import Stale, TextView, View, body, documented


def own_piece(request, pk: int) -> Submission:
    """The person's own submission, or 404."""
    mine = Submission.objects.owned_by(request.user)
    return get_object_or_404(
        mine.select_related("enrolment__client", "enrolment__cohort", "exercise__week", "exercise__edition"), pk=pk
    )


@contextmanager
def both_texts(yours: dict[str, Any] | None) -> Iterator[None]:
    """Nobody's words are lost: a save that came too late is answered with the stored text and the one sent."""
    try:
        yield
    except submitting.StaleDraft as stale:
        stored = {"answer": stale.submission.draft, "revision": stale.submission.draft_revision}
        raise Stale(stale, stored=stored, yours={"answer": yours}) from None


class Draft(View):
    """The draft in hand."""

    @documented("draft_save", "Save the draft", takes=shapes.DraftToSave, returns=shapes.Draft, refuses=[409])
    def put(self, request, pk):
        sent = body(shapes.DraftToSave, request)
        with both_texts(sent["answer"]):
            saved = submitting.save_draft(own_piece(request, pk), by=request.user, at=self.at, **sent)
        return Response(shapes.Draft(saved, context={"at": self.at}).data)


class HandIn(View):
    """Handing in, once however often it is sent."""

    @documented(
        "hand_in",
        "Hand in the draft, or the answer sent with it",
        takes=shapes.AnswerToHandIn,
        returns=shapes.Attempt,
        status=201,
        also=[200],
        refuses=[409, 422],
    )
    def post(self, request, pk):
        sent = body(shapes.AnswerToHandIn, request)
        with both_texts(sent.get("answer")):
            attempt = submitting.hand_in(own_piece(request, pk), by=request.user, at=self.at, **sent)
        made_now = attempt.handed_in_at == self.at
        return Response(shapes.Attempt(attempt).data, status=201 if made_now else 200)


class TakeBack(View):
    """Undoing a hand-in that no coach has claimed."""

    @documented("take_back", "Take back what was handed in", returns=shapes.Draft, refuses=[409])
    def post(self, request, pk):
        draft = submitting.take_back(own_piece(request, pk), by=request.user, at=self.at)
        return Response(shapes.Draft(draft, context={"at": self.at}).data)


class TryAgain(View):
    """The next attempt, from the last one's text."""

    @documented("try_again", "Start another attempt", returns=shapes.Draft, refuses=[409])
    def post(self, request, pk):
        draft = submitting.try_again(own_piece(request, pk), by=request.user, at=self.at)
        return Response(shapes.Draft(draft, context={"at": self.at}).data)


class AttemptText(TextView):
    """An attempt to take along."""

    @documented("attempt_text", "An attempt as plain text", returns=str, media="text/plain")
    def get(self, request, pk, number):
        piece = own_piece(request, pk)
        attempt = get_object_or_404(attempts.standing_attempts(piece), number=number)
        return Response(plain.text_of(piece.exercise, attempt.answer))


class FirstRead(View):
    """Notes on a text, kept nowhere."""

    @documented("first_read", "First read of a draft", takes=shapes.TextToRead, returns=shapes.FirstRead)
    def post(self, request, pk):
        exercise = own_piece(request, pk).exercise
        answer = answers.shape(exercise, body(shapes.TextToRead, request)["answer"])
        text = answers.for_first_read(exercise, answer)
        found = {"text": text, "notes": (), "working": (), "words": answers.words_in(exercise, answer), "unread": ""}
        try:
            if read := draft_notes.first_read(exercise, answer, known=request.user.known_words):
                found |= {"notes": read.notes, "working": read.working, "words": read.words}
        except Unreadable as unreadable:
            found["unread"] = str(unreadable)
        return Response(shapes.FirstRead(found).data)


class Sentences(View):
    """The sentences of a text with their tags, following what was tagged before. Kept nowhere."""

    @documented("sentences", "Sentences with their tags", takes=shapes.TextToRead, returns=shapes.Sentences)
    def post(self, request, pk):
        exercise = own_piece(request, pk).exercise
        field = answers.tagging_of(exercise)
        if field is None:
            raise Http404
        answer = body(shapes.TextToRead, request)["answer"]
        tagged = answers.shape(exercise, {field.key: []} | answer)[field.key]
        found = {"field": field.key, "sentences": tagged, "order": tags.order_of(tagged)}
        return Response(shapes.Sentences(found).data)


class Meant(View):
    """Something the first read noticed that stays as it is, on purpose."""

    @documented("keep_note", "Keep what a note is about", takes=shapes.RuleToKeep, returns=shapes.Draft, refuses=[409])
    def post(self, request, pk):
        rule = body(shapes.RuleToKeep, request)["rule"]
        kept = submitting.mean_it(own_piece(request, pk), rule=rule, by=request.user, at=self.at)
        return Response(shapes.Draft(kept, context={"at": self.at}).data)


class KnownWords(View):
    """Words one's listeners know. The first read says nothing about them."""

    @documented("known_words", "Words your listeners know", returns=shapes.KnownWords)
    def get(self, request):
        return Response(shapes.KnownWords(request.user).data)

    @documented(
        "know_word", "My listener knows this word", takes=shapes.Word, returns=shapes.KnownWords, refuses=[409, 422]
    )
    def post(self, request):
        person = choosing.know(request.user, at=self.at, **body(shapes.Word, request))
        return Response(shapes.KnownWords(person).data)


class ForgetWord(View):
    """A word the first read speaks about again."""

    @documented("forget_word", "Take a word out again", takes=shapes.Word, returns=shapes.KnownWords)
    def post(self, request):
        person = choosing.forget(request.user, at=self.at, **body(shapes.Word, request))
        return Response(shapes.KnownWords(person).data)


class LessonRead(View):
    """Whether a lesson has been read."""

    @documented("lesson_read", "Mark a lesson as read, or not", takes=shapes.ReadOrNot, status=204, refuses=[409])
    def put(self, request, enrolment, pk):
        mine = Enrolment.objects.filter(client=request.user).select_related("client", "cohort")
        found = get_object_or_404(mine, pk=enrolment)
        lesson = get_object_or_404(Lesson.objects.select_related("week"), pk=pk, edition=found.cohort.edition_id)
        practising.mark_read(found, lesson, by=request.user, at=self.at, **body(shapes.ReadOrNot, request))
        return Response(status=204)


class AcceptInvitation(View):
    """Joining with the account one has. A new account begins on the page the invitation links to."""

    @documented("invitation_accept", "Accept an invitation", takes=shapes.Token, status=204, refuses=[409])
    def post(self, request):
        found = invitations.find(body(shapes.Token, request)["token"])
        if found is None:
            raise Http404
        joining.accept(found, person=request.user, at=self.at)
        return Response(status=204)
