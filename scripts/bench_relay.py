"""A way to a server on this machine that takes as long as one through a network.

What arrives is passed on after half of a round trip, in either direction and in order. It delays
and does not narrow: any amount may be under way. Prints its port, and runs until it is ended.
Threads, since an event loop sleeps whole milliseconds.
"""

from __future__ import annotations

import socket
import sys
import time
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread

HOST = "127.0.0.1"
CHUNK = 1 << 20


def receive(source: socket.socket, under_way: SimpleQueue[tuple[float, bytes]]) -> None:
    chunk = b"-"
    while chunk:
        try:
            chunk = source.recv(CHUNK)
        except OSError:
            chunk = b""
        under_way.put((time.monotonic(), chunk))


def deliver(sink: socket.socket, under_way: SimpleQueue[tuple[float, bytes]], wait: float) -> None:
    """Until the empty chunk, which is the end."""
    with suppress(OSError):  # who is gone is told nothing more
        while True:
            came, chunk = under_way.get()
            time.sleep(max(0.0, came + wait - time.monotonic()))
            if not chunk:
                sink.shutdown(socket.SHUT_WR)
                return
            sink.sendall(chunk)


def main(target: int, wait: float) -> None:
    with socket.create_server((HOST, 0)) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            caller, _ = server.accept()
            called = socket.create_connection((HOST, target))
            for one, other in ((caller, called), (called, caller)):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                under_way: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
                Thread(target=receive, args=(one, under_way), daemon=True).start()
                Thread(target=deliver, args=(other, under_way, wait), daemon=True).start()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]) / 2000)
