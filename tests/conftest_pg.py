"""A throwaway database for the tests, where nobody named one.

Started once, by the process that starts the workers; they inherit DATABASE_URL. It is gone with that process,
however that ends.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from config import embedded

FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "autovacuum_naptime": "1h",
}


def start_test_cluster() -> tuple[str, Callable[[], None]]:
    """The address of a new cluster whose role may create databases, and the function that ends it."""
    data = Path(tempfile.mkdtemp(prefix="across-tests-"))
    cluster = embedded.ensure_cluster(data, FAST, for_tests=True)
    cluster.start()

    def stop() -> None:
        cluster.stop()
        shutil.rmtree(data, ignore_errors=True)

    return cluster.url, stop


def is_worker() -> bool:
    """Whether this is one of xdist's workers, who never start anything."""
    return "PYTEST_XDIST_WORKER" in os.environ
