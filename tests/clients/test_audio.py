"""What a file of sound is, and that nothing else is taken for one, at no cost to anybody."""

import io
import json
import signal
import subprocess
import sys
import wave

import av
import pytest

from clients import audio
from clients.audio import Sound, Unsound
from tests.sounds.hostile import INERT, REFUSED
from tests.sounds.making import GOOD, encoded, samples

SECONDS, MEGABYTES = 2.0, 300  # what one hostile file may cost


@pytest.fixture
def look(tmp_path):
    """Examine these bytes; the played version lies in `playable` afterwards."""

    def examine(data: bytes):
        source = tmp_path / "source"
        source.write_bytes(data)
        return audio.examine(source, tmp_path / "playable")

    return examine


@pytest.mark.parametrize("name", GOOD)
def test_what_a_browser_records_is_understood_and_made_playable_everywhere(name, look, tmp_path):
    found = look(GOOD[name]())

    assert isinstance(found, Sound)
    assert abs(found.milliseconds - 6000) <= 60
    assert 0.15 <= found.silence <= 0.3  # a fifth of every second is a pause
    assert (len(found.peaks), max(found.peaks), min(found.peaks) >= 0) == (120, 100, True)
    with av.open(str(tmp_path / "playable")) as made:
        track = made.streams.audio[0]
        assert (made.format.name, track.codec_context.name, track.layout.nb_channels) == (
            "mov,mp4,m4a,3gp,3g2,mj2",
            "aac",
            1,
        )
        assert abs(sum(frame.samples for frame in made.decode(track)) / track.rate - 6) < 0.1


def test_the_index_of_the_played_version_comes_first_so_that_it_starts_at_once(look, tmp_path):
    look(encoded(6))

    made = (tmp_path / "playable").read_bytes()
    assert 0 < made.index(b"moov") < made.index(b"mdat")


PROGRAM = """
import json, pathlib, resource, sys, time
from clients import audio
def spent():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime, used.ru_maxrss // 1024
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.in")):
    before, began, out = spent()[0], time.monotonic(), path.with_suffix(".out")
    found = audio.examine(path, out)
    cpu, most = spent()
    told = getattr(found, "code", "taken")
    print(json.dumps([path.stem, told, cpu - before, time.monotonic() - began, most, out.exists()]))
"""


@pytest.fixture(scope="module")
def examined(tmp_path_factory):
    """Name → (what became of it, seconds of the processor, seconds of the clock, megabytes so far, whether it is played).

    By a process whose only children are the ones that look at these files.
    """
    folder = tmp_path_factory.mktemp("hostile")
    names = sorted(REFUSED)
    for number, name in enumerate(names):
        (folder / f"{number}.in").write_bytes(REFUSED[name]())
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, folder], cwd=audio.ROOT, capture_output=True, text=True, check=True
    )
    rows = [json.loads(line) for line in ended.stdout.splitlines()]
    return {names[int(number)]: rest for number, *rest in rows}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_recording_is_refused_and_costs_next_to_nothing(name, examined):
    code, cpu, clock, megabytes, is_played = examined[name]

    assert code in {audio.NOT_AUDIO, audio.BROKEN, audio.TOO_SHORT, audio.TOO_LONG, audio.SILENT}
    assert not is_played
    assert (cpu < SECONDS, clock < audio.WALL, megabytes < MEGABYTES) == (True, True, True), (cpu, clock, megabytes)


@pytest.mark.parametrize("name", INERT)
def test_what_hides_behind_sound_does_not_come_out(name, look, tmp_path):
    assert isinstance(look(INERT[name]()), Sound)

    made = (tmp_path / "playable").read_bytes()
    assert [word for word in (b"<script", b"<!doctype", b"PK\x03\x04", b"\x89PNG", b"mjpg") if word in made] == []


def test_at_least_forty_kinds_of_files_are_tried():
    assert len(REFUSED) + len(INERT) >= 40


@pytest.mark.parametrize(
    ("seconds", "code"), [(4.8, audio.TOO_SHORT), (5.1, None), (60, None), (61.9, None), (62.2, audio.TOO_LONG)]
)
def test_from_5_to_62_seconds_are_taken(seconds, code, look):
    found = look(encoded(seconds, "ogg", "libopus"))

    assert getattr(found, "code", None) == code


def test_how_long_a_recording_is_comes_from_its_sound_where_the_file_does_not_say_it(look):
    assert look(encoded(75, live=True)) == Unsound(audio.TOO_LONG, 75.0)


def test_the_process_that_reads_a_file_knows_no_secret_and_is_not_waited_for_long(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a secret")
    seen = {}
    with monkeypatch.context() as patched, pytest.raises(ZeroDivisionError):
        patched.setattr(audio.subprocess, "run", lambda command, **given: seen.update(given) or 1 / 0)
        audio.examine(tmp_path / "a", tmp_path / "b")

    assert set(seen["env"]) == {"PATH", "LANG", "PYTHONDONTWRITEBYTECODE"}
    assert seen["timeout"] == audio.WALL


NARROWED = "from clients import audio; audio.narrow(); "


def spent_by(wish: str) -> tuple[int, float, int]:
    """(how it ended, seconds of the processor, megabytes) of a process with the limits of the one that reads a file."""
    ask = "import resource, subprocess, sys; done = subprocess.run([sys.executable, '-c', sys.argv[1]]); " + (
        "used = resource.getrusage(resource.RUSAGE_CHILDREN); "
        "print(done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)"
    )
    told = subprocess.run(
        [sys.executable, "-c", ask, NARROWED + wish], cwd=audio.ROOT, capture_output=True, text=True, check=True
    )
    code, cpu, megabytes = told.stdout.split()
    return int(code), float(cpu), int(megabytes)


def test_whatever_it_tries_the_process_that_reads_a_file_ends_before_its_limits():
    code, cpu, megabytes = spent_by("\nwhile True: pass")
    assert (code, cpu < SECONDS) == (-signal.SIGPROF, True)

    code, cpu, megabytes = spent_by("\nkept = []\nwhile True: kept.append(bytearray(2**20))")
    assert (code, cpu < SECONDS, megabytes < MEGABYTES) == (1, True, True)


def test_a_machine_that_does_not_come_to_it_blames_no_file(look, monkeypatch):
    monkeypatch.setattr(audio, "WALL", 0.001)

    assert look(encoded(6)) == Unsound(audio.BUSY)


def test_a_mono_file_that_does_not_say_where_its_channel_belongs_is_taken(look):
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, audio.RATE, 0, "NONE", ""))
        out.writeframes(samples(6)[::3].tobytes())

    assert look(file.getvalue()).milliseconds == 6000
