"""Stand-ins for the outside world."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

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

    def forget(self) -> None:
        """Empty and obliging again."""
        self.letters.clear()
        self.recipients.clear()
        self.answers.clear()
        self.hangs_up_after_data = False

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


@dataclass
class Bucket:
    """A service that speaks as much of S3 as the storage needs, on loopback. `fault` is what it answers instead."""

    address: str
    objects: dict[str, bytes] = field(default_factory=dict)
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    fault: int | None = None


class _Speaker(BaseHTTPRequestHandler):
    """Objects by their path; large ones come in parts (`?uploads`, `?partNumber=`, `?uploadId=`)."""

    protocol_version = "HTTP/1.1"
    bucket: Bucket

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the requests are in the bucket."""

    def _heard(self) -> tuple[str, dict[str, list[str]], bytes] | None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        self.bucket.requests.append(f"{self.command} {unquote(parts.path)} {self.headers.get('Range', '')}".strip())
        if self.bucket.fault is not None:
            return self._say(self.bucket.fault)
        return unquote(parts.path), parse_qs(parts.query, keep_blank_values=True), body

    def _say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "ETag": '"x"', **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_PUT(self) -> None:
        if heard := self._heard():
            path, query, body = heard
            if "uploadId" in query:
                self.bucket.parts[query["uploadId"][0]][int(query["partNumber"][0])] = body
            else:
                self.bucket.objects[path] = body
            self._say(200)

    def do_POST(self) -> None:
        if heard := self._heard():
            path, query, _body = heard
            if "uploads" in query:
                known = f"u{len(self.bucket.parts)}"
                self.bucket.parts[known] = {}
                answer = f"<InitiateMultipartUploadResult><UploadId>{known}</UploadId></InitiateMultipartUploadResult>"
            else:
                parts = self.bucket.parts.pop(query["uploadId"][0])
                self.bucket.objects[path] = b"".join(parts[number] for number in sorted(parts))
                answer = "<CompleteMultipartUploadResult/>"
            self._say(200, answer.encode())

    def do_GET(self) -> None:
        if heard := self._heard():
            content = self.bucket.objects.get(heard[0])
            if content is None:
                return self._say(404, b"<Error><Code>NoSuchKey</Code></Error>")
            asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            if asked is None:
                return self._say(200, content)
            start, end = int(asked[1]), int(asked[2] or len(content) - 1)
            if start >= len(content):
                return self._say(416)
            self._say(206, content[start : end + 1], Content_Range=f"bytes {start}-{end}/{len(content)}")

    def do_HEAD(self) -> None:
        if heard := self._heard():
            content = self.bucket.objects.get(heard[0])
            self._say(404 if content is None else 200, content or b"")

    def do_DELETE(self) -> None:
        if heard := self._heard():
            self.bucket.objects.pop(heard[0], None)
            self._say(204)


@contextmanager
def bucket() -> Iterator[Bucket]:
    """Runs until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Speaker", (_Speaker,), {}))
    kept = Bucket(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass.bucket = kept  # type: ignore[attr-defined]
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
