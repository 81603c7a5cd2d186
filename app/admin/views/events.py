"""Peristiwa: the stream of facts, and one of them with its reactions and its causes."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import admins, current_user
from app.admin.blueprint import bp
from app.admin.forms import EventFilterForm, JobForm
from app.admin.queries import people
from app.admin.streams import Page, content_of, event_page, tree
from app.core.security import came_from
from app.events import queries
from app.events.actions import retry
from app.events.queries import EventFilter
from app.events.registry import RECEIVERS


@bp.get("/admin/peristiwa")
@admins
def events() -> ResponseReturnValue:
    form = EventFilterForm(request.args)
    page = event_page(form.wanted()) if form.validate() else Page()
    return render_template("admin/events.html", form=form, page=page), form.http_status


@bp.get("/admin/peristiwa/<uuid:event_id>")
@admins
def events_detail(event_id: UUID) -> ResponseReturnValue:
    event = queries.event_by_id(event_id) or abort(404)
    chain = queries.chain_of(event)
    decisions = queries.stream(EventFilter(aggregate_type="delivery", aggregate_id=str(event_id)))
    return render_template(
        "admin/events_detail.html",
        event=event,
        content=content_of(event),
        deliveries=queries.deliveries_of(event_id),
        decisions=decisions,
        roots=tree(chain),
        people=people(each.actor_id for each in (event, *chain, *decisions)),
        receivers=RECEIVERS,
    )


@bp.post("/admin/peristiwa/<uuid:event_id>/coba-lagi")
@admins
def events_retry(event_id: UUID) -> ResponseReturnValue:
    form = JobForm()
    if not form.validate():
        abort(400)
    retry(event_id, form.receiver.data, actor=current_user)
    flash(_("Dicoba lagi. Hasilnya tampak di sini sesudah pekerja menjalankannya."), "success")
    return redirect(came_from(), 303)
