"""The real engine on real speech: words, times, and that nothing but the words comes out of its process."""

import json
import subprocess
import sys

import pytest

from clients import speech
from clients.speech import Heard, NotHeard
from tests.speech import material, measuring, report
from tests.speech.material import SAMPLES

NAMED = {sample.name: sample for sample in SAMPLES}
RECORDED = ["John F. Kennedy, 1961", "Sense and Sensibility, chapter 1"]
SYNTHESIZED = ["eSpeak NG, en-us", "Flite, voice awb", "eSpeak NG, en-029"]


@pytest.fixture
def ears(settings):
    settings.SPEECH_MODEL = measuring.MODEL


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Each recording is heard once."""
    kept = {}

    def measure(name):
        if name not in kept:
            kept[name] = measuring.measure(NAMED[name], tmp_path_factory.mktemp("heard"))
        return kept[name]

    return measure


# --- What is heard --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_speech_is_heard_within_the_stated_bound(name, measured):
    found = measured(name)

    assert found.rate <= NAMED[name].most


@pytest.mark.speech
@pytest.mark.parametrize("name", SYNTHESIZED)
def test_synthetic_speech_in_three_accents_is_heard_within_the_stated_bound(name, measured):
    found = measured(name)

    assert found.rate <= NAMED[name].most


def test_words_after_a_pause_begin_when_the_sentence_does(measured):
    found = measured("Sense and Sensibility, chapter 1")

    assert len(found.shifts) == 5
    assert max(found.shifts) < 0.6


@pytest.mark.speech
def test_words_begin_when_the_synthesizer_says_they_do(measured):
    found = measured("eSpeak NG, en-us")

    assert len(found.shifts) > 90
    assert (found.middle < 0.25, found.ninth < 0.4) == (True, True)


def test_the_page_about_what_is_heard_speaks_of_these_recordings():
    assert report.names() == [sample.name for sample in SAMPLES]


def test_the_page_shows_every_figure_of_a_recording(tmp_path, measured):
    page = tmp_path / "speech.md"
    found = measured("John F. Kennedy, 1961")

    report.write([found], page)

    assert report.row(found) in page.read_text()
    assert f"| 22 | {found.rate:.1%} | not known | not known | 11.0 |" in report.row(found)


# --- Comparing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "found", "wrong"),
    [
        ("what we build", "what we build", 0),
        ("what we build", "what they build", 1),
        ("what we build", "what build", 1),
        ("what we build", "what we will build", 1),
        ("what we build", "", 3),
        ("a b c d", "b c d e", 2),
    ],
)
def test_the_error_counts_words_substituted_left_out_and_added(known, found, wrong):
    assert measuring.aligned(known.split(), found.split())[1] == wrong


def test_punctuation_capitals_hyphens_and_small_numerals_do_not_count():
    assert measuring.plain("Mr. Ill-disposed, 9 times") == measuring.plain("mister ill disposed nine times")


def test_silence_at_both_ends_of_a_sentence_is_cut_away():
    quiet, loud = [0] * 1600, [9000, -9000] * 1600
    samples = material.numpy.array(quiet + loud + quiet, material.numpy.int16)

    assert material.trimmed(samples).tolist() == loud


# --- The process that hears -----------------------------------------------------------------------


def test_progress_comes_before_the_words_and_only_grows(ears, tmp_path):
    NAMED["John F. Kennedy, 1961"].make(tmp_path / "sound.wav")

    *percents, heard = speech.listen(tmp_path / "sound.wav")

    assert percents == sorted(percents)
    assert (percents[0], percents[-1] <= 99) == (speech.LOADED, True)
    assert isinstance(heard, Heard)
    assert heard.text == " ".join(word for word, _start, _end in heard.words)
    assert all(start <= end <= 11.5 for _word, start, end in heard.words)
    assert heard.engine.startswith("faster-whisper 1.")


def test_without_a_model_nothing_is_heard_and_the_reason_is_known(settings, tmp_path):
    settings.SPEECH_MODEL = str(tmp_path)

    with pytest.raises(NotHeard) as refused:
        list(speech.listen(tmp_path / "sound.m4a"))

    assert (speech.is_on(), speech.off_reason(), refused.value.reason) == (False, "no_model", "no_model")


def test_with_a_model_it_is_on(ears):
    assert (speech.is_on(), speech.off_reason()) == (True, "")


def test_a_file_that_is_gone_is_said_to_be_gone(ears, tmp_path):
    with pytest.raises(NotHeard, match="gone"):
        list(speech.listen(tmp_path / "no such file"))


def test_a_file_that_is_no_sound_is_broken(ears, tmp_path):
    (tmp_path / "sound.m4a").write_text("no sound")

    with pytest.raises(NotHeard, match="broken"):
        list(speech.listen(tmp_path / "sound.m4a"))


def test_what_takes_too_long_is_ended(ears, tmp_path, monkeypatch):
    NAMED["John F. Kennedy, 1961"].make(tmp_path / "sound.wav")
    monkeypatch.setattr(speech, "LONGEST", 0)

    with pytest.raises(NotHeard, match="too_slow"):
        list(speech.listen(tmp_path / "sound.wav"))


def test_whoever_stops_waiting_ends_the_process(ears, tmp_path):
    NAMED["John F. Kennedy, 1961"].make(tmp_path / "sound.wav")
    listening = speech.listen(tmp_path / "sound.wav")
    next(listening)

    listening.close()

    assert subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, check=False).stdout == b""


def test_the_process_knows_no_secret_of_the_product(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for the engine")
    monkeypatch.setenv("DATABASE_URL", "postgres://not/for/it")

    assert set(speech._surroundings()) - {"OPENBLAS_CORETYPE"} == {
        "PATH", "LANG", "PYTHONDONTWRITEBYTECODE", "HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "OMP_NUM_THREADS",
    }  # fmt: skip


TRY = """
import json, socket
from clients import speech
speech.shut_the_doors()
told = {}
for name, ask in {
    "a name": lambda: socket.getaddrinfo("localhost", 80),
    "a connection": lambda: socket.socket().connect(("127.0.0.1", 9)),
    "a packet": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)),
}.items():
    try:
        ask()
    except Exception as error:
        told[name] = f"{type(error).__name__}: {error}"
print(json.dumps(told))
"""


def test_nothing_leaves_the_process_by_the_network():
    ended = subprocess.run([sys.executable, "-c", TRY], cwd=speech.ROOT, capture_output=True, text=True, check=True)

    assert json.loads(ended.stdout) == dict.fromkeys(
        ("a name", "a connection", "a packet"), "PermissionError: nothing leaves this machine"
    )


def test_parts_of_a_word_are_put_together():
    parts = [[" not", 1.0, 1.2], [" ill", 1.2, 1.4], ["-disposed", 1.4, 2.0], [".", 2.0, 2.0], [" ", 2.1, 2.1]]

    assert speech.joined(parts) == [["not", 1.0, 1.2], ["ill-disposed.", 1.2, 2.0]]
