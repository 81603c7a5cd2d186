"""A mail server that can be away, silent, cross or rude. What it accepts stands where the oracle looks."""

from __future__ import annotations

import re
import socket
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.chaos.world import append
from tests.fakes import Postbox
from tests.servers import free_port


class MailServer(Postbox):
    """On a port of its own, which it keeps. `settings` are those of an app that mails through it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(free_port())
        self.folder = folder
        self.settings = {
            "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": self.port, "MAIL_USE_TLS": False, "MAIL_TIMEOUT": 0.5,
        }  # fmt: skip
        self._silent: socket.socket | None = None
        self._controller: Controller | None = None

    def start(self) -> None:
        """It answers, and obliges."""
        self.stop()
        self.answers.clear()
        self.hangs_up_after_data = False
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Connections are refused."""
        if self._silent is not None:
            self._silent.close()
        if self._controller is not None:
            self._controller.stop()
        self._silent = self._controller = None

    def fall_silent(self) -> None:
        """Connections are taken, and nobody says anything."""
        self.stop()
        self._silent = socket.create_server(("127.0.0.1", self.port))

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        known = len(self.letters)
        answer = await super().handle_DATA(server, session, envelope)
        for letter in self.letters[known:]:
            number = re.search(rb"^Subject: act (\d+)", letter, re.MULTILINE)
            assert number is not None
            append(self.folder / "mailed", int(number[1]))
        return answer
