"""Kotak Keluar: every mail as it was written, whether or not it could be sent."""

from __future__ import annotations

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.access import admins
from app.admin.blueprint import bp
from app.core import mail
from app.core.security import SANDBOX
from app.notifications.models import STRUCK, OutgoingMail
from app.notifications.queries import outgoing_mail, outgoing_mails

LAST_PAGE = 100_000
"""No database counts further than the rows can go; a typed number may."""
SECRET_LINKS = ("accounts.open_verification", "accounts.open_reset")


@bp.get("/admin/kotak-keluar")
@admins
def outbox() -> ResponseReturnValue:
    page = min(request.args.get("hal", 1, type=int), LAST_PAGE)
    return render_template("admin/outbox.html", mails=outgoing_mails(page), has_server=mail.is_configured())


@bp.get("/admin/kotak-keluar/<int:mail_id>")
@admins
def outbox_mail(mail_id: int) -> ResponseReturnValue:
    found = outgoing_mail(mail_id) or abort(404)
    return render_template(
        "admin/outbox_mail.html",
        mail=found,
        has_server=mail.is_configured(),
        has_secret=_has_secret(found),
        is_struck=STRUCK in found.text,
    )


@bp.get("/admin/kotak-keluar/<int:mail_id>.html")
@admins
def outbox_html(mail_id: int) -> ResponseReturnValue:
    """The HTML part as a file: inside our own pages the policy lets no foreign markup be shown."""
    found = outgoing_mail(mail_id) or abort(404)
    response = Response(found.html, mimetype="text/html")
    response.headers["Content-Disposition"] = f'attachment; filename="email-{found.id}.html"'
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _has_secret(found: OutgoingMail) -> bool:
    """Whether the mail came with a link that is for its recipient alone."""
    return any(mail.site_path(endpoint, token="") in found.text for endpoint in SECRET_LINKS)
