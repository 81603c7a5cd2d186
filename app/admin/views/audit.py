"""Jejak Audit: the chained log, its check, and its export."""

from __future__ import annotations

from flask import abort, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from app.accounts.access import admins
from app.admin.blueprint import bp
from app.admin.exports import audit_csv
from app.admin.forms import AuditFilterForm
from app.admin.queries import chain_end
from app.admin.streams import AuditFilter, Page, audit_page, audit_rows
from app.core.clock import now
from app.core.i18n import local_day
from app.core.sheets import download
from app.events.audit import verify


@bp.get("/admin/audit")
@admins
def audit() -> ResponseReturnValue:
    form = AuditFilterForm(request.args)
    page = audit_page(form.wanted()) if form.validate() else Page()
    html = render_template("admin/audit.html", form=form, page=page, end=chain_end(), state=None)
    return html, form.http_status


@bp.post("/admin/audit")
@admins
def audit_verify() -> ResponseReturnValue:
    """Shows what was found on the page itself: the check changes nothing, so it may be sent again."""
    form = AuditFilterForm()
    page = audit_page(AuditFilter())
    return render_template("admin/audit.html", form=form, page=page, end=chain_end(), state=verify())


@bp.get("/admin/audit.csv")
@admins
def audit_export() -> ResponseReturnValue:
    form = AuditFilterForm(request.args)
    if not form.validate():
        abort(400)
    lines = stream_with_context(audit_csv(audit_rows(form.wanted())))
    return download(lines, f"jejak-audit-{local_day(now())}.csv")
