"""Where static files are kept once they have their hashed names."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/app.css"
IMPORT = re.compile(r'@import url\("([^"]+)"\)(?: layer\((\w+)\))?;')


class StaticFiles(CompressedManifestStaticFilesStorage):
    """The manifest also names the modules that our own scripts bring in, so that a page never mixes two versions.

    Scripts of packages stay as they are: some mention modules they do not ship. The sheet that pages ask for is kept
    with everything it brings in, in its layers, so that a first visit waits for one file.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if SHEET in paths and not dry_run:
            source, _name = paths[SHEET]
            whole = InMemoryStorage()
            whole.save(SHEET, ContentFile(in_one(source, SHEET).encode()))
            paths = paths | {SHEET: (whole, SHEET)}
        yield from super().post_process(paths, dry_run, **options)


def in_one(source: Any, sheet: str) -> str:
    """A sheet with the sheets it brings in, each in its layer. None of those names a file but relative to its own."""
    folder = sheet.rpartition("/")[0]

    def brought_in(found: re.Match[str]) -> str:
        name, layer = found.groups()
        text = _read(source, f"{folder}/{name}")
        if "/" in name and "url(" in text:
            raise ValueError(f"{name} names a file, which would not be found from {sheet}")
        return f"@layer {layer} {{\n{text}\n}}" if layer else text

    return IMPORT.sub(brought_in, _read(source, sheet))


def _read(source: Any, name: str) -> str:
    with source.open(name) as file:
        return str(file.read().decode("utf-8"))
