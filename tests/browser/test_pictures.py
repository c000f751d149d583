"""The pictures of the readme and the docs, from the demo: ACROSS_SCREENSHOTS=1, and this file alone."""

import os
from collections.abc import Callable

import pytest

from config.folders import CLONE

from .places import Place, a_review, go_to
from .walking import CLIENT, COACH, Walk

pytestmark = pytest.mark.browser
PICTURES: dict[str, tuple[str, Place]] = {
    "this-week": (CLIENT, "/week/"),
    "exercise": (CLIENT, "/work/w5-x1/"),
    "review": (COACH, a_review("Mateus")),
    "board": (COACH, "/coach/board/tagus-cohort/"),
}

if os.environ.get("ACROSS_SCREENSHOTS") == "1":

    @pytest.mark.parametrize("name", PICTURES)
    def test_a_picture_is_taken(walk: Callable[..., Walk], name: str) -> None:
        person, place = PICTURES[name]
        walking = walk(person, color_scheme="light")
        go_to(walking, place)
        walking.page.wait_for_load_state("networkidle")
        path = CLONE / "docs" / "img" / f"{name}.png"
        path.parent.mkdir(exist_ok=True)

        walking.page.screenshot(path=path)

        assert path.stat().st_size > 10_000
