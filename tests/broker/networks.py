"""Two machines in one: network namespaces, each with one cable, to an address of this machine."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from config.processes import Program

KNOWN = Path("/run/netns")


@dataclass(frozen=True)
class Machine:
    """Somewhere else on the network: whatever runs there sees its own end of the cable and nothing besides."""

    name: str
    address: str

    def runs(self, program: Program) -> Program:
        """The same program, on that machine."""
        return replace(program, command=["nsenter", f"--net={KNOWN / self.name}", "--", *program.command])

    @property
    def network(self) -> str:
        """What the system calls it, as `network_of` says of a process."""
        return f"net:[{(KNOWN / self.name).stat().st_ino}]"


def network_of(pid: int | str) -> str:
    """The network a process is in."""
    return os.readlink(f"/proc/{pid}/ns/net")


@contextmanager
def machines(count: int = 2) -> Iterator[tuple[str, list[Machine]]]:
    """The address under which all of them find this machine, and so many of them."""
    net, names = f"10.213.{os.getpid() % 250}", [f"across-{os.getpid()}-{n}" for n in range(count)]
    try:
        found = [_cabled(name, net, n) for n, name in enumerate(names)]
        yield f"{net}.1", found
    finally:
        for name in names:
            with suppress(subprocess.CalledProcessError):  # where it was never made
                _ip("netns", "del", name)


def _cabled(name: str, net: str, number: int) -> Machine:
    """A machine whose one cable ends here. It finds all of our addresses at the other end."""
    here, there, plug = f"{net}.{4 * number + 1}", f"{net}.{4 * number + 2}", f"acr{os.getpid()}n{number}"
    _ip("netns", "add", name)
    _ip("link", "add", plug, "type", "veth", "peer", "name", "eth0", "netns", name)
    _ip("addr", "add", f"{here}/30", "dev", plug)
    _ip("link", "set", plug, "up")
    _ip("-n", name, "addr", "add", f"{there}/30", "dev", "eth0")
    for device in ("lo", "eth0"):
        _ip("-n", name, "link", "set", device, "up")
    _ip("-n", name, "route", "add", "default", "via", here)
    return Machine(name, there)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=20)
