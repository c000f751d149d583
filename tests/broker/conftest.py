"""The machines, and the one PostgreSQL they share."""

import pytest

from tests.broker import houses, networks
from tests.conftest import HAS_NETWORKS


@pytest.fixture(scope="session")
def network():
    """The address under which other machines find this one, and the machines."""
    with networks.machines() as found:
        yield found


@pytest.fixture(scope="session")
def street(request):
    """Reached from other machines where there may be some."""
    host = request.getfixturevalue("network")[0] if HAS_NETWORKS else ""
    with houses.street(host) as found:
        yield found
