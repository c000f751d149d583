"""A line to a service that can be cut, go silent or become slow: TCP in front, TCP or a socket of files behind."""

import select
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

FINE, RESET, HOLE, SLOW, GONE = "fine", "reset", "black hole", "200 ms more", "nobody there"
DELAY = 0.2  # seconds added to everything that is asked
CHUNK, LOOK = 65536, 0.05


@dataclass
class Line:
    """Listens on a port of this machine and passes on what comes, as `mode` says."""

    upstream: Callable[[], socket.socket]
    mode: str = FINE
    open_pairs: set[tuple[socket.socket, socket.socket]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.server.getsockname()[1]
        self.closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def become(self, mode: str) -> None:
        """From now on. A reset, or nobody there, ends what is open as well."""
        self.mode = mode
        if mode in (RESET, GONE):
            for pair in list(self.open_pairs):
                self._cut(pair)

    def close(self) -> None:
        self.closed = True
        self.become(GONE)
        self.server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while not self.closed:
                near, _address = self.server.accept()
                if self.mode in (RESET, GONE):
                    abort(near)
                else:
                    threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        """Nobody is called behind a black hole before it has ended."""
        while self.mode == HOLE:
            time.sleep(LOOK)
        try:
            far = self.upstream()
        except OSError:
            abort(near)
            return
        pair = (near, far)
        self.open_pairs.add(pair)
        with suppress(OSError, ValueError):
            while self._pass_on(near, far):
                pass
        self._cut(pair)

    def _pass_on(self, near: socket.socket, far: socket.socket) -> bool:
        if self.mode == HOLE:
            time.sleep(LOOK)
            return True
        readable, *_ = select.select([near, far], [], [], LOOK)
        for source in readable:
            if self.mode == HOLE:
                return True
            data = source.recv(CHUNK)
            if not data:
                return False
            if self.mode == SLOW and source is near:
                time.sleep(DELAY)
            (far if source is near else near).sendall(data)
        return True

    def _cut(self, pair: tuple[socket.socket, socket.socket]) -> None:
        self.open_pairs.discard(pair)
        for end in pair:
            abort(end)


def abort(end: socket.socket) -> None:
    """Closed at once; whoever is on the other side gets a reset."""
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.close()


def to_port(port: int) -> Callable[[], socket.socket]:
    return lambda: socket.create_connection(("127.0.0.1", port), timeout=None)


def to_file(path: str) -> Callable[[], socket.socket]:
    def call() -> socket.socket:
        end = socket.socket(socket.AF_UNIX)
        end.connect(path)
        return end

    return call
