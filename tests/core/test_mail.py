"""Sending one mail, to a real SMTP server: T-MAI-01."""

from __future__ import annotations

import email
import smtplib
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask

from app.core import mail
from app.core.mail import Letter
from tests.fakes import Postbox, postbox
from tests.servers import program

LETTER = Letter(
    sender_name="Balai Latihan, Semarang",
    recipient="siti@contoh.test",
    subject="Selamat bergabung di Dasar K3",
    text="Halo, Siti!\n",
    html="<p>Halo, Siti!</p>",
    message_id="<notification-1@localhost>",
)


@pytest.fixture
def app(lend_app: Callable[..., Flask], box: Postbox) -> Flask:
    return lend_app(MAIL_SERVER="127.0.0.1", MAIL_PORT=box.port, MAIL_USE_TLS=False, MAIL_TIMEOUT=0.5)


def arrived(box: Postbox) -> EmailMessage:
    (content,) = box.letters
    message = email.message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_letter_arrives_with_both_parts(app: Flask, box: Postbox) -> None:
    mail.send(LETTER)
    message = arrived(box)
    assert message["Subject"] == LETTER.subject
    assert message["To"] == LETTER.recipient
    assert message["Message-ID"] == LETTER.message_id
    assert message["From"].addresses[0].display_name == "Balai Latihan, Semarang"
    assert message["From"].addresses[0].addr_spec == "tuntas@localhost"
    assert message["Auto-Submitted"] == "auto-generated"
    assert (text := message.get_body(("plain",))) is not None
    assert text.get_content().strip() == "Halo, Siti!"
    assert (html := message.get_body(("html",))) is not None
    assert html.get_content().strip() == "<p>Halo, Siti!</p>"


def test_an_attachment_arrives_whole(app: Flask, box: Postbox) -> None:
    content = bytes(range(256)) * 100
    mail.send(replace(LETTER, attachments=(("Sertifikat 001-SERT-VIII-2026.pdf", content),)))
    (attached,) = arrived(box).iter_attachments()
    assert attached.get_filename() == "Sertifikat 001-SERT-VIII-2026.pdf"
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == content


@pytest.mark.parametrize(
    "name", ["Balai Pelatihan «Ñusantara» " + "Sejahtera " * 12, 'Balai "Cendekia" <x@y>', "مدرسة"]
)
def test_long_and_foreign_names_arrive_as_they_are(app: Flask, box: Postbox, name: str) -> None:
    subject = "Selamat! Anda telah menyelesaikan Keselamatan Kerja – Ünïcode " + "panjang " * 20
    mail.send(replace(LETTER, sender_name=mail.one_line(name), subject=mail.one_line(subject)))
    message = arrived(box)
    assert message["From"].addresses[0].display_name == mail.one_line(name)
    assert message["From"].addresses[0].addr_spec == "tuntas@localhost"
    assert message["Subject"] == mail.one_line(subject)


def test_a_long_message_id_stays_whole(app: Flask, box: Postbox) -> None:
    long = f"<notification-123456789.{'0af' * 12}@{'sekolah-menengah.' * 8}contoh.test>"
    mail.send(replace(LETTER, message_id=long))
    assert f"Message-ID: {long}\r\n".encode() in box.letters[0]


@pytest.mark.parametrize("field", ["recipient", "subject", "sender_name", "message_id"])
@pytest.mark.parametrize("evil", ["a\r\nBcc: x@evil.test", "a\nX-Evil: 1", "a\rb", "a\r\n\r\nbody"])
def test_t_mai_01_a_line_break_in_a_header_is_refused(app: Flask, box: Postbox, field: str, evil: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        mail.send(replace(LETTER, **{field: evil}))
    assert box.letters == []


def test_t_mai_01_text_for_a_header_is_folded_into_one_line() -> None:
    assert mail.one_line("Siti\r\nBcc: x@evil.test\t\x00\u2028z") == "Siti Bcc: x@evil.test z"


def test_a_refused_recipient_is_an_error(app: Flask, box: Postbox) -> None:
    box.answers["RCPT"] = "550 no such person"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        mail.send(LETTER)


@pytest.mark.parametrize("answer", ["451 try again later", "554 no"])
def test_a_refused_letter_is_an_error(app: Flask, box: Postbox, answer: str) -> None:
    box.answers["DATA"] = answer
    with pytest.raises(smtplib.SMTPDataError):
        mail.send(LETTER)


def test_a_server_that_hangs_up_after_the_letter_is_an_error(app: Flask, box: Postbox) -> None:
    box.hangs_up_after_data = True
    with pytest.raises(OSError):
        mail.send(LETTER)
    assert len(box.letters) == 1  # it may have it: the next try carries the same Message-ID


def test_a_silent_server_is_given_up_after_the_timeout(app: Flask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        app.extensions["mail"].port = silent.getsockname()[1]
        before = time.monotonic()
        with pytest.raises(OSError, match="timed out"):
            mail.send(LETTER)
        assert time.monotonic() - before < 5


def test_no_server_at_that_port_is_an_error(app: Flask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        app.extensions["mail"].port = closed.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        mail.send(LETTER)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody but itself has signed."""
    path = tmp_path_factory.mktemp("tls") / "self-signed.pem"
    subprocess.run(
        [program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path, "-out", path.with_suffix(".crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    with path.open("a") as whole:
        whole.write(path.with_suffix(".crt").read_text())
    return path


@pytest.mark.parametrize(("setting", "kind"), [("MAIL_USE_SSL", "ssl_context"), ("MAIL_USE_TLS", "tls_context")])
@pytest.mark.parametrize("trusted", [True, False])
def test_only_a_server_whose_certificate_is_trusted_gets_the_letter(
    make_app: Callable[..., Flask],
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    kind: str,
    trusted: bool,
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    shown = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    shown.load_cert_chain(certificate)
    with postbox(**{kind: shown}) as box:
        settings = {"MAIL_USE_TLS": False, "MAIL_USE_SSL": False, setting: True}
        app = make_app(MAIL_SERVER="127.0.0.1", MAIL_PORT=box.port, MAIL_TIMEOUT=5, **settings)
        refusal = nullcontext() if trusted else pytest.raises(ssl.SSLCertVerificationError, match="self-signed")
        with app.app_context(), refusal:
            mail.send(LETTER)
        assert len(box.letters) == trusted


def test_a_bad_goodbye_does_not_undo_what_was_accepted(app: Flask) -> None:
    server = _NoGoodbye()
    with server as port:
        app.extensions["mail"].port = port
        mail.send(LETTER)
    assert server.accepted == 1


def test_addresses_come_from_the_base_url(make_app: Callable[..., Flask]) -> None:
    app = make_app(BASE_URL="https://belajar.contoh.test/lms")
    with app.test_request_context("/", base_url="http://evil.test"):
        assert mail.absolute_url("certificates.verify", code="X") == "https://belajar.contoh.test/lms/v/X"
    with app.app_context():
        assert mail.message_id("n-1") == "<n-1@belajar.contoh.test>"
        assert not mail.is_configured()


class _NoGoodbye:
    """Accepts one letter and closes the line instead of answering QUIT."""

    accepted = 0

    def __enter__(self) -> int:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._talk)
        self.thread.start()
        return int(self.listening.getsockname()[1])

    def __exit__(self, *_failure: object) -> None:
        self.thread.join(5)
        self.listening.close()

    def _talk(self) -> None:
        line, _address = self.listening.accept()
        with line, line.makefile("rb") as heard:
            line.sendall(b"220 hi\r\n")
            in_data = False
            for said in heard:
                if said.upper().startswith(b"QUIT"):
                    return
                if in_data and said != b".\r\n":
                    continue
                line.sendall(b"354 go\r\n" if said.upper().startswith(b"DATA") else b"250 ok\r\n")
                self.accepted += said == b".\r\n"
                in_data = said.upper().startswith(b"DATA")
