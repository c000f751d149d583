"""An archive of content is unpacked into a folder of its own and nowhere else, and can be no bomb."""

import stat
import tempfile
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from curriculum import hazards, unpacking
from tests.archives import archive, packed
from tests.roads import CONTENT

GOOD = {"weeks/w1/week.yaml": b"key: w1\n"}


def refused(content: bytes) -> str:
    with pytest.raises(unpacking.CannotUnpack) as refusal, unpacking.unpacked(content):
        pass
    assert refusal.value.field == "archive"
    return refusal.value.code


@pytest.fixture
def room(tmp_path, monkeypatch):
    """Where temporary folders are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "room"))
    (tmp_path / "room").mkdir()
    return tmp_path


def test_the_folder_in_an_archive_is_found_and_gone_afterwards(room):
    with unpacking.unpacked(packed(CONTENT)) as folder:
        assert (folder / "programme.yaml").read_bytes() == (CONTENT / "programme.yaml").read_bytes()
        assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*")) == sorted(
            path.relative_to(CONTENT).as_posix() for path in CONTENT.rglob("*.*")
        )

    assert list((room / "room").iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["../outside.yaml", "a/../../outside.yaml", "/outside.yaml", "C:/outside.yaml", "..\\outside.yaml", "a/..\\b.yaml"],
)
def test_nothing_is_written_outside_the_folder(room, name):
    assert refused(archive(GOOD | {name: b"key: x\n"})) == "archive.unsafe"
    assert [path for path in room.rglob("*") if path.name != "room"] == []


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o600, stat.S_IFCHR | 0o600])
def test_a_link_and_what_is_no_plain_file_are_refused(room, mode):
    assert refused(archive({"programme.yaml": b"/etc/passwd"}, mode=mode)) == "archive.unsafe"


def test_a_bomb_is_refused_while_it_is_read():
    assert refused(archive({"programme.yaml": b"a" * (unpacking.LARGEST_FILE + 1)})) == "archive.too_big"
    many = {f"{number}.yaml": b"a" * unpacking.LARGEST_FILE for number in range(21)}
    assert refused(archive(many)) == "archive.too_big"
    assert refused(archive({f"{number}.md": b"" for number in range(2001)})) == "archive.too_big"
    assert refused(archive({"a/b/c/d/e/f/g.yaml": b""})) == "archive.too_big"
    assert refused(b"\0" * (unpacking.LARGEST + 1)) == "archive.too_big"


def test_an_archive_that_lies_about_its_sizes_is_refused():
    content = archive({"programme.yaml": b"a" * unpacking.LARGEST_FILE * 2})
    size = (unpacking.LARGEST_FILE * 2).to_bytes(4, "little")

    assert refused(content.replace(size, (10).to_bytes(4, "little"))) == "archive.unreadable"


def test_a_name_that_comes_twice_is_refused():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        twice = archive({"a.yaml": b"1", "b.yaml": b"2"}).replace(b"b.yaml", b"a.yaml")

    assert refused(twice) == "archive.unreadable"
    assert refused(archive({"a.yaml": b"", "a.yaml/b.yaml": b""})) == "archive.unreadable"


@settings(max_examples=25)
@given(some.binary(max_size=300), some.integers(0, 300))
def test_whatever_comes_is_unpacked_or_refused(noise, place):
    whole = archive(GOOD)
    for content in (noise, whole[:place], whole[:place] + noise + whole[place:], whole[:place] + noise):
        try:
            with unpacking.unpacked(content):
                pass
        except unpacking.CannotUnpack:
            pass


def hazards_of(folder: Path, text: bytes, name: str = "a.yaml") -> list[str]:
    (folder / name).write_bytes(text)
    return [str(problem) for problem in hazards.of(folder)]


def test_what_could_harm_its_reader_is_named_with_its_line(tmp_path):
    laughs = b"a: &a [x]\nb: &b [*a, *a]\n"

    assert hazards_of(tmp_path, laughs) == ["a.yaml:2: “*a” refers to another place; write it out"]
    assert hazards_of(tmp_path, b"a: 1\nb: " + b"[" * 40 + b"]" * 40) == [
        "a.yaml:2: this is nested too deeply for content"
    ]
    assert hazards_of(tmp_path, b'a: 1\nb: "x\\0"\n') == ["a.yaml:2: this text holds a zero byte; take it out"]
    assert hazards_of(tmp_path, b"a: 1\nb: \xff\n") == ["a.yaml:2: this is not UTF-8 text; save the file as UTF-8"]
    assert hazards_of(tmp_path, b"a: 1\n\0", "b.md")[1:] == ["b.md:2: it holds a zero byte; take it out"]
    assert hazards_of(tmp_path, b"---\nkey: *a\n---\nWords\n", "c.md")[-1] == (
        "c.md:2: “*a” refers to another place; write it out"
    )


def test_the_programmes_own_content_is_harmless():
    assert hazards.of(CONTENT) == []
