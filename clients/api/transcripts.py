"""What is said in a client's recording: asked for, looked at, put right."""

from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.response import Response

from clients import transcribing, transcripts
from clients.models import Recording, Transcript

from .base import Instant, Shape, View, body, documented


class WordsSaid(Shape):
    """What the client says they said."""

    text = serializers.CharField(max_length=20_000, allow_blank=True, trim_whitespace=False)


class Noticed(Shape):
    """One thing the first read noticed in what was said."""

    rule = serializers.CharField()
    title = serializers.CharField()
    noticed = serializers.CharField()
    suggestion = serializers.CharField()


class Spoken(Shape):
    """The first read of what was said. Advisory: it enters no score and is shown to nobody but the pair."""

    words_per_minute = serializers.IntegerField()
    pace = serializers.ChoiceField(["slow", "calm", "fast"])
    fillers = serializers.ListField(child=serializers.ListField(), help_text="[[word, how often], …]")
    pauses = serializers.ListField(child=serializers.ListField(), help_text="[[where, how long], …] in seconds")
    notes = serializers.SerializerMethodField()

    def get_notes(self, spoken) -> list[dict[str, str]]:
        return list(Noticed(spoken.reading.notes if spoken.reading else (), many=True).data)


class Said(Shape):
    """How far a transcript is, its words with their times, and the text as put right. Nothing is read before that."""

    state = serializers.ChoiceField([transcripts.OFF, transcripts.NONE, *Transcript.State.values])
    progress = serializers.IntegerField(help_text="per cent")
    text = serializers.CharField(help_text="as put right, or else as heard")
    words = serializers.ListField(child=serializers.ListField(), help_text="[[word, start, end], …] as heard")
    edited_at = Instant(allow_null=True)
    sentence = serializers.CharField(help_text="why there is nothing")
    caveat = serializers.CharField()
    spoken = Spoken(allow_null=True)


def own_recording(request, key) -> Recording:
    """The person's own, or 404."""
    mine = Recording.objects.filter(submission__enrolment__client=request.user).exclude(state=Recording.State.REMOVED)
    rows = mine.select_related("submission__exercise", "submission__enrolment__client")
    return get_object_or_404(rows, key=key)


class OneTranscript(View):
    """The transcript of a recording of one's own."""

    @documented("transcript", "What is said in a recording", returns=Said)
    def get(self, request, key):
        return Response(Said(transcripts.of(own_recording(request, key))).data)

    @documented("transcript_ask", "Have a recording heard", returns=Said, refuses=[409])
    def post(self, request, key):
        found = own_recording(request, key)
        transcribing.ask(found, by=request.user, at=self.at)
        return Response(Said(transcripts.of(found)).data)

    @documented("transcript_edit", "Put a transcript right", takes=WordsSaid, returns=Said, refuses=[409, 422])
    def put(self, request, key):
        found = own_recording(request, key)
        transcript = get_object_or_404(Transcript, recording=found)
        transcribing.edit(transcript, by=request.user, at=self.at, **body(WordsSaid, request))
        return Response(Said(transcripts.of(found)).data)
