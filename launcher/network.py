"""The port, and the names and addresses under which this machine is known."""

from __future__ import annotations

import errno
import re
import select
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress

from launcher.trouble import Trouble

if sys.platform == "linux":
    import fcntl

SIOCGIFADDR = 0x8915
_TEST_NET = ("192.0.2.1", 9)


def open_port(host: str, port: int, again: str) -> socket.socket:
    """A listening socket. Raises Trouble when the port cannot be had; `again` is the command with another port."""
    try:
        return socket.create_server((host, port), backlog=512)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Trouble(f"port {port} sudah dipakai program lain. Pakai port lain: {again}") from error
        if error.errno == errno.EACCES:
            raise Trouble(f"port {port} hanya untuk root. Pakai port di atas 1023: {again}") from error
        raise Trouble(f"alamat {host}:{port} tidak dapat dipakai: {error.strerror or error}") from error


def own_addresses() -> list[str]:
    """The IPv4 addresses of this machine, without loopback; the one that the network reaches it by comes first."""
    found = []
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(_TEST_NET)  # sends nothing, but chooses the interface
        found.append(probe.getsockname()[0])
    found += _interface_addresses()
    return [each for each in dict.fromkeys(found) if not each.startswith("127.")]


def _interface_addresses() -> list[str]:
    if sys.platform != "linux":
        return []
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _index, name in socket.if_nameindex():
            with suppress(OSError):  # an interface without an IPv4 address
                answer = fcntl.ioctl(probe, SIOCGIFADDR, struct.pack("256s", name.encode()))
                found.append(socket.inet_ntoa(answer[20:24]))
    return found


def own_names() -> list[str]:
    """The host name, and the one that phones and laptops find it by (mDNS)."""
    name = socket.gethostname().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name):
        return []
    return [name] if "." in name else [name, f"{name}.local"]


def when_answered(host: str, port: int, then: Callable[[], None]) -> Callable[[], None]:
    """A function to be called again and again; it calls `then` once, when a request to the port is answered."""
    address = ("127.0.0.1" if host == "0.0.0.0" else host, port)  # noqa: S104 - a comparison
    knock: socket.socket | None = _knock(address)

    def look() -> None:
        nonlocal knock
        if knock is None or not select.select([knock], [], [], 0)[0]:
            return
        with knock, suppress(OSError):
            if knock.recv(12).startswith(b"HTTP/"):
                knock = None
                then()
                return
        knock = _knock(address)

    return look


def _knock(address: tuple[str, int]) -> socket.socket:
    """A request under way; our own listening socket keeps it until somebody answers."""
    knock = socket.create_connection(address)
    knock.sendall(b"GET /sehat HTTP/1.1\r\nHost: localhost\r\nUser-Agent: launcher\r\nConnection: close\r\n\r\n")
    return knock
