"""The laws of the style sheet and of every template: one place for literals, nothing inline."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage

from config.storage import in_one

CONFIG = Path(settings.BASE_DIR) / "config"
CSS = CONFIG / "static" / "css"
LITERAL = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|light-dark)a?\(|\d(?:px|rem|ms|s)\b", re.I)
NO_VALUE = re.compile(r"/\*.*?\*/|@media[^{]+|url\([^)]*\)", re.S)
INLINE = re.compile(r"\sstyle=|\son(?:click|change|submit|load|input)=|<style|<script(?![^>]*\ssrc=)")
ICON = re.compile(r"""{%\s*icon ["']([\w-]+)["']""")
# Mails are left out: their styles are put inline when they are sent.
ALL_TEMPLATES = sorted(
    path
    for room in ("config", "clients", "coaching")
    for path in (CONFIG.parent / room).glob("templates/**/*.html")
    if "emails" not in path.parts
)


def test_only_the_tokens_hold_literal_colours_lengths_and_times():
    found = {
        path.relative_to(CSS).as_posix(): hits
        for path in sorted(CSS.rglob("*.css"))
        if path.name not in ("tokens.css", "fonts.css")
        if (hits := LITERAL.findall(NO_VALUE.sub("", path.read_text("utf-8"))))
    }

    assert found == {}


def test_every_sheet_is_imported_once_into_a_layer():
    imported = re.findall(r'@import url\("([^"]+)"\)', (CSS / "app.css").read_text("utf-8"))
    written = [path.relative_to(CSS).as_posix() for path in CSS.rglob("*.css") if path.name != "app.css"]

    assert sorted(imported) == sorted(written)


def test_the_sheet_is_kept_in_one_with_all_it_brings_in_each_in_its_layer():
    whole = in_one(FileSystemStorage(CONFIG / "static"), "css/app.css")
    left = [path.name for path in CSS.rglob("*.css") if path.name != "app.css" and path.read_text("utf-8") not in whole]

    assert (left, "@import" in whole, whole.count("{") - whole.count("}")) == ([], False, 0)
    assert "@layer print {\n" + (CSS / "print.css").read_text("utf-8") + "\n}" in whole


def test_a_sheet_that_would_lose_its_files_is_refused(tmp_path):
    (tmp_path / "css" / "parts").mkdir(parents=True)
    (tmp_path / "css" / "app.css").write_text('@import url("parts/one.css") layer(parts);')
    (tmp_path / "css" / "parts" / "one.css").write_text("a { background: url(../x.png) }")

    with pytest.raises(ValueError, match=r"parts/one\.css names a file"):
        in_one(FileSystemStorage(tmp_path), "css/app.css")


def test_every_token_is_used_and_every_one_that_is_used_is_defined():
    sheets = "".join(path.read_text("utf-8") for path in CSS.rglob("*.css"))
    defined = set(re.findall(r"(--[\w-]+)\s*:", sheets))
    used = set(re.findall(r"var\((--[\w-]+)", sheets))

    assert (used - defined, defined - used) == (set(), set())


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=lambda path: path.relative_to(CONFIG.parent).as_posix())
def test_no_template_has_an_inline_style_or_script(path):
    assert INLINE.findall(path.read_text("utf-8")) == []


def test_every_icon_a_template_names_is_in_the_sprite():
    there = set(re.findall(r'id="i-([\w-]+)"', (CONFIG / "static/img/icons.svg").read_text("utf-8")))
    named = {name for path in ALL_TEMPLATES for name in ICON.findall(path.read_text("utf-8"))}

    assert named - there == set()
