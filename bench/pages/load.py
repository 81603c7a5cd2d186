"""A small load generator: raw HTTP/1.1 over kept connections, every loop bounded by its list of requests."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import BinaryIO
from urllib.parse import urlencode

TIMEOUT = 15.0


@dataclass
class Burst:
    """What came of some requests. Times are in seconds."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    wall: float = 0.0
    cpu: float = 0.0
    """What the server's processes spent on them, in seconds."""

    @property
    def p50(self) -> float:
        return median(self.times)

    @property
    def p95(self) -> float:
        return quantiles(self.times, n=20)[-1]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.times) / self.wall

    @property
    def errors(self) -> int:
        """Answers of 5xx, and connections that broke (0)."""
        return sum(count for status, count in self.statuses.items() if status >= 500 or status == 0)


def get(path: str, cookie: str = "") -> bytes:
    """A GET as it goes over the wire."""
    return _request("GET", path, cookie, b"")


def post(path: str, cookie: str = "", **fields: str) -> bytes:
    """A form as a browser sends it."""
    return _request("POST", path, cookie, urlencode(fields).encode())


def _request(method: str, path: str, cookie: str, body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: Mozilla/5.0 bench", "Accept: text/html"]
    if cookie:
        lines.append(f"Cookie: session={cookie}")
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def send(port: int, requests: Sequence[bytes], together: int = 1, seconds: float = 120.0) -> Burst:
    """Sends the requests over that many connections at once, each in its own thread, until the time is over."""
    burst = Burst()
    end = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_send_some, args=(port, requests[number::together], burst, end))
        for number in range(together)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    burst.wall = time.perf_counter() - started
    return burst


def send_in_halves(port: int, request: bytes, rest: threading.Event) -> int:
    """Holds the last byte of a request back until `rest` is set, so that it is surely in flight; its status."""
    with _connect(port) as connection:
        connection.sendall(request[:-1])
        rest.wait(TIMEOUT)
        try:
            return _talk(connection, request[-1:])[0]
        except OSError:
            return 0


def _send_some(port: int, requests: Iterable[bytes], burst: Burst, end: float) -> None:
    connection: socket.socket | None = None
    for request in requests:
        if time.monotonic() > end:
            break
        started = time.perf_counter()
        try:
            connection = connection or _connect(port)
            status, keeps = _talk(connection, request)
        except OSError:
            status, keeps = 0, False
        burst.times.append(time.perf_counter() - started)
        burst.statuses[status] += 1
        if connection and not keeps:
            connection.close()
            connection = None
    if connection:
        connection.close()


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), TIMEOUT)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _talk(connection: socket.socket, request: bytes) -> tuple[int, bool]:
    """Sends one request and reads its whole answer: the status, and whether the connection stays open."""
    connection.sendall(request)
    with connection.makefile("rb") as reader:
        return _read(reader)


def _read(reader: BinaryIO) -> tuple[int, bool]:
    first = reader.readline()
    if not first:
        raise ConnectionResetError
    length, keeps = 0, True
    while (line := reader.readline().strip().lower()) != b"":
        if line.startswith(b"content-length:"):
            length = int(line[15:])
        elif line == b"connection: close":
            keeps = False
    reader.read(length)
    return int(first.split()[1]), keeps
