"""What the reader was told."""

from __future__ import annotations

from http import HTTPStatus
from itertools import groupby
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import current_user, signed_in, viewer
from app.core.i18n import local_day
from app.core.templating import lazily
from app.notifications import actions, queries
from app.notifications.access import notification_for_addressee
from app.notifications.kinds import kind_of

bp = Blueprint("notifications", __name__)


def _unread_count() -> int:
    user = viewer()
    return queries.unread_count(user.id) if user else 0


unread_count = lazily("unread_count", _unread_count)


@bp.app_context_processor
def _bell() -> dict[str, Any]:
    return {"unread_count": unread_count}


@bp.get("/notifikasi")
@signed_in
def index() -> ResponseReturnValue:
    page = queries.notifications_of(current_user.id, request.args.get("halaman", 1, type=int))
    days = groupby(page.items, key=lambda each: local_day(each.created_at))
    return render_template(
        "notifications/index.html",
        page=page,
        days=[(day, [(each, kind_of(each)) for each in told]) for day, told in days],
    )


@bp.post("/notifikasi/baca")
@signed_in
def read_all() -> ResponseReturnValue:
    actions.mark_all_read(current_user)
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@bp.post("/notifikasi/<int(max=2147483647):notification_id>")
@signed_in
def open_notification(notification_id: int) -> ResponseReturnValue:
    """Marks it read and goes where it leads."""
    notification = notification_for_addressee(notification_id, current_user)
    address = notification.data.get("address") or url_for(".index")
    actions.mark_read(notification)
    return redirect(address, HTTPStatus.SEE_OTHER)
