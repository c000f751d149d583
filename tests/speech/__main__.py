"""`python -m tests.speech`: hears every recording and writes docs/speech.md."""

import sys
import tempfile
from pathlib import Path

import django
from django.conf import settings

if not settings.configured:
    settings.configure(SPEECH_MODEL="")
    django.setup()

from . import report
from .material import SAMPLES
from .measuring import measure


def main() -> None:
    found = []
    for sample in SAMPLES:
        with tempfile.TemporaryDirectory() as folder:
            found.append(measure(sample, Path(folder)))
        sys.stderr.write(f"{sample.name}: {found[-1].rate:.3f}\n")
    report.write(found)


if __name__ == "__main__":
    main()
