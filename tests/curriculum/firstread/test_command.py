"""manage.py firstread: JSON on standard output, or one sentence on standard error."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).parents[3]
WEAK = "\ufeffMaybe we could perhaps 😀 ship.\r\nIt’s due soon."
NOTES = [
    {"rule": "H6", "noticed": "2 softeners: “maybe”, “perhaps”.", "spans": [[0, 5], [15, 22]]},
    {
        "rule": "H11",
        "noticed": "We could not find an ask, a decision or “nothing needed”.",
        "spans": [[32, 46]],
    },
    {"rule": "H12", "noticed": "Amounts or times left open: “soon”.", "spans": [[41, 45]]},
]


def run(*arguments):
    printed = io.StringIO()
    call_command("firstread", *arguments, stdout=printed)
    return printed.getvalue()


@pytest.fixture
def typed(monkeypatch):
    """Puts bytes on standard input."""
    return lambda raw: monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))


def test_a_file_is_read_as_it_is_and_counted_without_its_byte_order_mark(tmp_path):
    file = tmp_path / "drüft 1.txt"
    file.write_bytes(WEAK.encode())

    printed = run("--profile", "update", str(file))

    assert printed == json.dumps(NOTES, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", [[], ["-"]], ids=["no name", "a dash"])
def test_standard_input_is_read_where_no_file_is_named(typed, name):
    typed(WEAK.encode())

    assert json.loads(run("--profile", "update", *name)) == NOTES


def test_a_text_without_notes_prints_an_empty_array(typed):
    typed(b"The gate is open. Nothing is needed from you.")

    assert run("--profile", "update") == "[]\n"


def test_a_technical_reader_gets_fewer_notes(typed):
    text = b"The payload goes through the middleware at the XQZ gate by Friday, and that is fine for us."
    typed(text)
    everybody = json.loads(run("--profile", "rewrite"))
    typed(text)
    technical = json.loads(run("--profile", "rewrite", "--technical"))

    assert ([note["rule"] for note in everybody], technical) == (["H4", "H5"], [])


CANNOT = {
    "a zero byte": (b"abc\0def", "“{file}” is not a text: it holds a zero byte."),
    "another encoding": (b"caf\xe9 is open", "“{file}” is not UTF-8: see byte 4."),
    "nothing": (b"", "There is no text to read yet."),
    "white space": (b" \r\n\t", "There is no text to read yet."),
    "another language": (
        b"Wir brauchen bis Freitag eine Entscheidung, und die Zeit ist knapp.",
        "The first read understands English only. Your coach reads everything.",
    ),
    "too long a text": (
        b"We are so. " * 1819,
        "The first read takes texts of up to 20,000 characters; this one has 20,009.",
    ),
    "far too long a text": (
        b"We are so. " * 20_000,
        "“{file}” is longer than 20,000 characters, the most the first read takes.",
    ),
}


@pytest.mark.parametrize(("raw", "sentence"), CANNOT.values(), ids=CANNOT.keys())
def test_what_cannot_be_read_is_refused_with_a_sentence(tmp_path, raw, sentence):
    file = tmp_path / "draft.txt"
    file.write_bytes(raw)

    with pytest.raises(CommandError) as refused:
        run("--profile", "update", str(file))

    assert (str(refused.value), refused.value.returncode) == (sentence.format(file=file), 1)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path, reason in ((tmp_path / "none.txt", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(CommandError) as refused:
            run("--profile", "update", str(path))

        assert str(refused.value) == f"“{path}” cannot be read: {reason}."


@pytest.mark.parametrize(
    ("arguments", "start"),
    [(["--profile", "updat"], "There is no profile called “updat”."), ([], "No profile is named.")],
)
def test_a_profile_has_to_be_named_and_known(arguments, start):
    with pytest.raises(CommandError) as refused:
        run(*arguments)

    profiles = "translation, answers, rewrite, update, page, flip, incident, correction, one_on_one"
    assert str(refused.value) == f"{start} Give --profile one of {profiles}."
    assert refused.value.returncode == 2


def test_the_command_needs_no_database_and_prints_utf_8_in_any_locale(tmp_path):
    closed = {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/none", "ACROSS_DATA": str(tmp_path / "data")}
    odd = {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii", "DJANGO_SETTINGS_MODULE": "config.settings"}

    done = subprocess.run(
        [sys.executable, "manage.py", "firstread", "--profile", "update"],
        input=WEAK.encode(),
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **closed, **odd},
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("utf-8") == json.dumps(NOTES, ensure_ascii=False) + "\n"


def test_a_refusal_leaves_standard_output_empty_and_one_line_on_standard_error(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "firstread", "--profile", "update", str(tmp_path / "none.txt")],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().splitlines() == [
        f"CommandError: “{tmp_path / 'none.txt'}” cannot be read: No such file or directory."
    ]
