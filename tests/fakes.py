"""Stand-ins for the outside world."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers import free_port


@dataclass
class Postbox:
    """A real SMTP server on loopback. `answers` replaces its answer to RCPT or DATA."""

    port: int
    letters: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    hangs_up_after_data: bool = False

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[Any]
    ) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.letters.append(bytes(envelope.content or b""))
        self.recipients += envelope.rcpt_tos
        if self.hangs_up_after_data and server.transport is not None:
            server.transport.abort()
        return "250 OK"


@contextmanager
def postbox(**tls: SSLContext) -> Iterator[Postbox]:
    """Runs until the block ends; `ssl_context` is for TLS from the start, `tls_context` for STARTTLS."""
    box = Postbox(free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **tls)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
