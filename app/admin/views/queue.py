"""Antrean: what waits, who works, and what was given up."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.access import admins, current_user
from app.admin import queries
from app.admin.blueprint import bp
from app.admin.failures import failed_groups, job
from app.admin.forms import GroupForm, ReasonForm
from app.core.forms import save
from app.events.actions import discard, retry_all


@bp.get("/admin/antrean")
@admins
def queue() -> ResponseReturnValue:
    groups = failed_groups()
    concerned = queries.people(job.person_id for group in groups for job in group.jobs)
    return render_template("admin/queue.html", health=queries.health(), groups=groups, people=concerned)


@bp.post("/admin/antrean/coba-lagi")
@admins
def queue_retry_group() -> ResponseReturnValue:
    form = GroupForm()
    if not form.validate():
        abort(400)
    return _retried(retry_all(form.receiver.data, form.error.data, actor=current_user))


@bp.post("/admin/antrean/coba-lagi-semua")
@admins
def queue_retry_all() -> ResponseReturnValue:
    return _retried(retry_all(actor=current_user))


@bp.route("/admin/antrean/<uuid:event_id>/<receiver>/abaikan", methods=["GET", "POST"])
@admins
def queue_discard(event_id: UUID, receiver: str) -> ResponseReturnValue:
    found = job(event_id, receiver) or abort(404)
    form = ReasonForm()
    if save(form, lambda: discard(event_id, receiver, form.reason.data, actor=current_user)):
        flash(_("Diabaikan. Alasan Anda tercatat di Jejak Audit."), "success")
        return redirect(url_for("admin.events_detail", event_id=event_id), 303)
    return render_template("admin/queue_discard.html", job=found, form=form), form.http_status


def _retried(count: int) -> ResponseReturnValue:
    if count:
        flash(ngettext("%(n)s pekerjaan dicoba lagi.", "%(n)s pekerjaan dicoba lagi.", count, n=count), "success")
    else:
        flash(_("Tidak ada yang perlu dicoba lagi."), "info")
    return redirect(url_for("admin.queue"), 303)
