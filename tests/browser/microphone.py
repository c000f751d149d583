"""A Chromium whose microphone plays recorded speech, and is allowed to."""

import wave
from collections.abc import Iterator
from pathlib import Path

import av
from playwright.sync_api import Browser

from config.folders import CLONE

from ..conftest import CHROMIUM
from .conftest import QUIET

SPEECH = CLONE / "tests/speech/kennedy.ogg"  # eleven seconds
RATE = 48_000  # what a microphone of Chromium's gives


def speaking(browser: Browser, speech: Path) -> Iterator[Browser]:
    """The same Chromium with a microphone that plays this file, closed afterwards."""
    heard = (
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={speech}",
    )  # fmt: skip
    found = browser.browser_type.launch(executable_path=CHROMIUM, args=[*QUIET, *heard])
    yield found
    found.close()


def spoken(path: Path) -> Path:
    """The speech as the sound file a microphone of Chromium's plays."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(str(SPEECH)) as source, wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, RATE, 0, "NONE", ""))
        for frame in source.decode(audio=0):
            for part in resampler.resample(frame):
                sound.writeframes(part.to_ndarray().tobytes())
    return path
