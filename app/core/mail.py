"""Sending one mail, and the addresses that mails and papers carry."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from mimetypes import guess_type
from urllib.parse import urlsplit

import css_inline
from flask import Flask, current_app, render_template
from flask_mail import Connection, Mail, Message

mail = Mail()
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


@dataclass(frozen=True)
class Letter:
    """A rendered mail. `message_id` (`<…@…>`) stays the same however often the letter is sent."""

    sender_name: str
    recipient: str
    subject: str
    text: str
    html: str
    message_id: str
    attachments: tuple[tuple[str, bytes], ...] = ()
    """File names with their bytes; the type follows from the name."""


def init_app(app: Flask) -> None:
    """Reads the mail settings. Without MAIL_SERVER nothing is ever sent."""
    app.config.setdefault("MAIL_SUPPRESS_SEND", False)  # Flask-Mail would be silent under TESTING
    mail.init_app(app)


def is_configured() -> bool:
    """Whether there is a server to hand mails to."""
    return bool(current_app.config["MAIL_SERVER"])


def render(template: str, values: Mapping[str, object]) -> tuple[str, str]:
    """The text and the HTML part of `templates/email/<template>`, styles written into the elements."""
    text = render_template(f"email/{template}.txt", **values)
    return text, _inliner.inline(render_template(f"email/{template}.html", **values))


def send(letter: Letter) -> None:
    """Hands the letter to the mail server, which has then taken charge of it.

    Raises OSError or smtplib.SMTPException (itself an OSError) when the server refused, vanished, stayed silent for
    MAIL_TIMEOUT seconds, or under TLS showed no certificate that this machine trusts; ValueError for a line break
    in a header.
    """
    for header in (letter.recipient, letter.subject, letter.message_id, letter.sender_name):
        if "\n" in header or "\r" in header:
            raise ValueError("a mail header with a line break")
    with _Connection(current_app.extensions["mail"]) as connection:
        connection.send(_Message(letter))


def one_line(text: str) -> str:
    """The text with every run of white space and control characters as one space, fit for a header."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def site_path(endpoint: str, **values: object) -> str:
    """The path of a page, also where no request is being answered."""
    return current_app.url_map.bind("localhost").build(endpoint, values)


def absolute_url(endpoint: str, **values: object) -> str:
    """An address under BASE_URL, whatever Host this request names: for mails, QR codes and exports."""
    return under_base(site_path(endpoint, **values))


def under_base(path: str) -> str:
    """The absolute address of a path."""
    return str(current_app.config["BASE_URL"]) + path


def message_id(key: str) -> str:
    """The Message-ID of the thing with that key, at the host of BASE_URL."""
    return f"<{key}@{urlsplit(current_app.config['BASE_URL']).hostname}>"


class _Message(Message):
    """Flask-Mail's message, put together by `email`: Flask-Mail folds long names and subjects inside of words."""

    def __init__(self, letter: Letter) -> None:
        super().__init__(letter.subject, [letter.recipient])
        self.letter = letter

    def as_bytes(self) -> bytes:
        whole, letter = EmailMessage(policy=SMTP), self.letter
        whole["Subject"] = letter.subject
        whole["From"] = Address(letter.sender_name, addr_spec=str(self.sender))
        whole["To"] = letter.recipient
        whole["Date"] = formatdate(self.date)
        whole["Message-ID"] = letter.message_id
        whole["Auto-Submitted"] = "auto-generated"
        whole.set_content(letter.text)
        whole.add_alternative(letter.html, subtype="html")
        for name, content in letter.attachments:
            main, sub = (guess_type(name)[0] or "application/octet-stream").split("/")
            whole.add_attachment(content, maintype=main, subtype=sub, filename=name)
        return whole.as_bytes()


class _Connection(Connection):
    """Flask-Mail's connection, which has no timeout (a silent server would hold a worker for ever), and encrypts
    without asking who is at the other end (smtplib checks no certificate unless it is given a context)."""

    def configure_host(self) -> smtplib.SMTP:
        timeout = current_app.config["MAIL_TIMEOUT"]
        place = (self.mail.server, self.mail.port)
        if self.mail.use_ssl:
            host: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=timeout, context=ssl.create_default_context())
        else:
            host = smtplib.SMTP(*place, timeout=timeout)
        if self.mail.use_tls:
            host.starttls(context=ssl.create_default_context())
        if self.mail.username and self.mail.password:
            host.login(self.mail.username, self.mail.password)
        return host

    def __exit__(self, *failure: object) -> None:
        """Says goodbye; a server that has accepted the letter and then hangs up has accepted the letter."""
        if self.host is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.host.quit()
            self.host.close()
