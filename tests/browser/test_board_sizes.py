"""Boards of three, of twelve and of sixty: open to everybody, nothing sideways, every name and cell in its place.

ACROSS_SCREENSHOTS=1 takes their pictures besides, at both widths, into the folder of the run.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from .stack import Stack
from .test_access import IS_WIDER, trouble_of
from .walking import Walk

pytestmark = pytest.mark.browser
SIZES = (3, 12, 60)
SHOWS = ("main", "translation", "log")
# Cells whose words do not fit into them, and names that lie over what is beside them.
SPILT = """() => [...document.querySelectorAll(".board tbody .cell, .board tbody th")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent.trim())"""


def coach_of(size: int) -> str:
    return f"coach-of-{size}@example.org"


@pytest.fixture(scope="module")
def cohorts(stack: Stack) -> None:
    """A coach for each size, who coaches nobody else."""
    stack.act("tests.browser.boards", *(f"{coach_of(size)}:{size}" for size in SIZES))


@pytest.mark.parametrize("size", SIZES)
def test_a_board_of_any_size_is_open_to_everybody_and_scrolls_only_inside(
    cohorts: None, walk: Callable[..., Walk], size: int, tmp_path: Path
) -> None:
    walking = walk(coach_of(size))
    page = walking.go(f"/coach/board/cohort-of-{size}/")

    assert page.locator(".board tbody tr").count() == size
    assert trouble_of(walking) == []
    for width in (1440, 390):
        walking.resize(width)
        assert page.evaluate(SPILT) == []
        if os.environ.get("ACROSS_SCREENSHOTS") == "1":
            page.screenshot(path=tmp_path / f"board-{size}-{width}.png", full_page=True)


@pytest.mark.parametrize("show", SHOWS[1:])
def test_what_else_a_board_shows_is_open_to_everybody_too(cohorts: None, walk: Callable[..., Walk], show: str) -> None:
    walking = walk(coach_of(12))
    page = walking.go("/coach/board/cohort-of-12/")

    page.get_by_role("navigation", name="What the cells show").locator(f"a[href*={show}]").click()

    assert page.locator(f"a[href*='show={show}'][aria-current=page]").count() == 1
    assert trouble_of(walking) == []
    walking.resize(390)
    assert (page.evaluate(IS_WIDER), page.evaluate(SPILT)) == (False, [])
