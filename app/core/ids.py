"""Identifiers: some sort by time, some cannot be guessed."""

from __future__ import annotations

import os
import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def public_id() -> str:
    """A name for an address that nobody can guess: 128 random bits, 22 letters that are safe in a URL."""
    return secrets.token_urlsafe(16)


def uuid7() -> UUID:
    """A version 7 UUID (RFC 9562): millisecond time, then random bits; ascending within a process."""
    global _last
    stamp = time.time_ns() // 1_000_000
    value = stamp << 80 | int.from_bytes(os.urandom(10)) & ((1 << 80) - 1)
    with _lock:
        # A clock that stands still or goes back must not undo the order.
        if value <= _last:
            value = _last + 1 + (int.from_bytes(os.urandom(4)) << 1)
        _last = value
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
