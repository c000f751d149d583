"""Where a run takes place: a database with its tables, an environment, a nursery, and a folder for what is left of it.

The tables are made once for all the runs of one call; each run has a copy of that cluster to itself.
"""

import atexit
import random
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.reliability import clusters, fleet
from tests.reliability.births import Nursery
from tests.reliability.postoffice import RECORD

SETTINGS = "tests.reliability.{}"
_once = threading.Lock()
_prepared: list[Path] = []


@dataclass
class House:
    """Everything a run has to do with. `folder` holds the mails, the logs and the provider's record."""

    cluster: clusters.Cluster
    folder: Path
    environment: dict[str, str]
    nursery: Nursery

    @property
    def hands(self) -> Callable[..., Any]:
        return self.nursery.hands

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    @property
    def record(self) -> Path:
        return self.folder / RECORD

    def fleet(self, seed: int) -> fleet.Fleet:
        """Nobody yet; whoever is added is born in the nursery."""
        return fleet.Fleet(self.folder / "log", random.Random(seed), nursery=self.nursery)


@contextmanager
def open_house(
    kind: str = "embedded", settings: str = "settings", *, behind: Callable[[str], str] = str, **more: str
) -> Iterator[House]:
    """A house with tables in its database; all of it is gone afterwards.

    `behind` makes of the database's address the one that the product is told.
    """
    template = prepared() if kind == "embedded" else None
    with clusters.running(kind, template) as (cluster, folder):
        place = folder / "house"
        more = {"DJANGO_SETTINGS_MODULE": SETTINGS.format(settings)} | more
        environment = fleet.surroundings(behind(cluster.url), place, clusters.free_port(), **more)
        nursery = Nursery(environment, place / "log")
        try:
            if template is None:
                nursery.hands("prepare")
            yield House(cluster, place, environment, nursery)
        finally:
            nursery.close()


def prepared() -> Path:
    """The folder of a stopped cluster that has its tables; made by the first who asks."""
    with _once:
        if not _prepared:
            _prepared.append(_prepare())
        return _prepared[0]


def _prepare() -> Path:
    kept = Path(tempfile.mkdtemp(prefix="across-tables-"))
    kept.chmod(0o711)
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    with clusters.running("embedded") as (cluster, folder):
        fleet.hands(fleet.surroundings(cluster.url, folder / "house", clusters.free_port()), "prepare")
        cluster.stop()
        subprocess.run(["cp", "-a", str(folder / "data"), str(kept / "data")], check=True)
    return kept / "data"
