"""The pictures of the readme and the docs, from the demo: ACROSS_SCREENSHOTS=1, and this file alone."""

import os
from collections.abc import Callable

import pytest

from config.folders import CLONE

from .test_access import a_review
from .walking import CLIENT, COACH, Walk

PICTURES: dict[str, tuple[str, str | Callable[[Walk], None]]] = {
    "this-week": (CLIENT, "/week/"),
    "exercise": (CLIENT, "/work/w2-x1/"),
    "review": (COACH, a_review("Mateus")),
    "board": (COACH, "/coach/board/tagus-cohort/"),
}

if os.environ.get("ACROSS_SCREENSHOTS") == "1":

    @pytest.mark.parametrize("name", PICTURES)
    def test_a_picture_is_taken(walk: Callable[..., Walk], name: str) -> None:
        person, place = PICTURES[name]
        walking = walk(person, color_scheme="light")
        if callable(place):
            place(walking)
        else:
            walking.go(place)
        walking.page.wait_for_load_state("networkidle")
        path = CLONE / "docs" / "img" / f"{name}.png"
        path.parent.mkdir(exist_ok=True)

        walking.page.screenshot(path=path)

        assert path.stat().st_size > 10_000
