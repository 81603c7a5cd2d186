"""Peserta: the list of everybody who has an account, what is done to many at once, and its export."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import actions
from app.accounts.access import admins, current_user
from app.accounts.actions.people import Outcome
from app.accounts.models import User
from app.accounts.queries.people import PAGE, people_counts, people_page, people_rows, people_with
from app.admin.blueprint import bp
from app.admin.people_export import people_table
from app.admin.people_forms import BulkForm, PeopleAddress, chosen
from app.core import mail
from app.core.clock import now
from app.core.i18n import local_day
from app.core.security import safe_next
from app.core.sheets import csv_lines, download, xlsx_bytes

NAMED = 5
"""Of those left out, in the message."""


class Bulk(NamedTuple):
    """What can be done to many: how, and what is said afterwards of those to whom it was done."""

    act: Callable[..., object]
    done: LazyString
    unsent: LazyString | None = None
    """Said instead while there is no mail server."""


BULK = {
    "nonaktifkan": Bulk(actions.suspend, _l("%(n)s orang dinonaktifkan.")),
    "aktifkan": Bulk(actions.reactivate, _l("%(n)s orang diaktifkan.")),
    "kirim-tautan": Bulk(
        actions.send_password_link,
        _l("Tautan kata sandi dikirim kepada %(n)s orang."),
        _l("Tautan kata sandi untuk %(n)s orang ditulis ke Kotak Keluar: server email belum diatur."),
    ),
    "akhiri-sesi": Bulk(actions.end_sessions, _l("Sesi %(n)s orang diakhiri.")),
}


@bp.get("/admin/peserta")
@admins
def people() -> ResponseReturnValue:
    address = PeopleAddress(request.args)
    counts = people_counts(address.filter.text)
    total = counts[address.filter.tab]
    pages = max(1, -(-total // PAGE))
    address.page = min(address.page, pages)
    return render_template(
        "admin/people.html",
        address=address,
        counts=counts,
        total=total,
        pages=pages,
        rows=people_page(address.filter, address.page),
    )


@bp.post("/admin/peserta/massal")
@admins
def people_bulk() -> ResponseReturnValue:
    form = BulkForm()
    if not form.validate() or form.tindakan.data not in BULK:
        abort(HTTPStatus.BAD_REQUEST)
    back = safe_next(form.kembali.data, url_for("admin.people"))
    wanted = people_with(chosen(request.form))
    if not wanted:
        flash(_("Belum ada yang dipilih. Centang orangnya, lalu tekan tombolnya lagi."), "warning")
        return redirect(back, HTTPStatus.SEE_OTHER)
    others = [user for user in wanted if user.id != current_user.id]
    if form.tindakan.data == "nonaktifkan" and others and not form.yakin.data:
        return render_template("admin/people_suspend.html", people=others, back=back, without_me=others != wanted)
    bulk = BULK[form.tindakan.data]
    _tell(bulk, actions.for_each(wanted, lambda user: bulk.act(user, actor=current_user)))
    return redirect(back, HTTPStatus.SEE_OTHER)


@bp.get("/admin/peserta.csv")
@admins
def people_csv() -> ResponseReturnValue:
    rows = people_rows(PeopleAddress(request.args).filter)
    return download("".join(csv_lines(people_table(rows))), f"peserta-{local_day(now())}.csv")


@bp.get("/admin/peserta.xlsx")
@admins
def people_xlsx() -> ResponseReturnValue:
    rows = people_rows(PeopleAddress(request.args).filter)
    return download(xlsx_bytes(_("Peserta"), people_table(rows)), f"peserta-{local_day(now())}.xlsx")


def _tell(bulk: Bulk, outcome: Outcome) -> None:
    """Says how many it was done to, and who was left out for which reason."""
    if outcome.done:
        done = bulk.done if bulk.unsent is None or mail.is_configured() else bulk.unsent
        flash(str(done) % {"n": outcome.done}, "success")
    reasons: dict[str, list[User]] = {}
    for user, reason in outcome.left_out:
        reasons.setdefault(reason, []).append(user)
    for reason, left_out in reasons.items():
        names = ", ".join(user.name for user in left_out[:NAMED])
        more = len(left_out) - NAMED
        names = _("%(names)s, dan %(n)s lainnya", names=names, n=more) if more > 0 else names
        flash(_("%(n)s dilewati, %(names)s: %(reason)s", n=len(left_out), names=names, reason=reason), "warning")
