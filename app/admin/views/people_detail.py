"""One person: the account, how it signs in, what it learns, and everything that happened to it."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import actions
from app.accounts.access import admins, current_user
from app.accounts.initial_passwords import initial_password
from app.accounts.models import User
from app.accounts.queries.people import access_of, person
from app.admin.blueprint import bp
from app.admin.timeline import timeline_of
from app.certificates.queries import certificates_of
from app.core import mail
from app.enrollments.queries import enrollments_of_user

FRESH = "first_password_of"
"""Where a browser remembers, for one page, whose first password it may show."""


def found(user_id: int) -> User:
    """The person, or 404."""
    return person(user_id) or abort(HTTPStatus.NOT_FOUND)


def to_detail(user: User) -> ResponseReturnValue:
    return redirect(url_for("admin.people_detail", user_id=user.id), HTTPStatus.SEE_OTHER)


@bp.get("/admin/peserta/<int:user_id>")
@admins
def people_detail(user_id: int) -> ResponseReturnValue:
    user = found(user_id)
    shows_password = session.pop(FRESH, None) == user.id and user.initial_key is not None
    return render_template(
        "admin/people_detail.html",
        user=user,
        first_password=initial_password(user) if shows_password else None,
        access=access_of(user.id),
        enrollments=enrollments_of_user(user.id),
        certificates={each.enrollment_id: each for each in reversed(certificates_of(user.id))},
        timeline=timeline_of(user.id, request.args.get("sebelum", type=int)),
        is_newest="sebelum" not in request.args,
    )


@bp.post("/admin/peserta/<int:user_id>/aktifkan")
@admins
def people_reactivate(user_id: int) -> ResponseReturnValue:
    user = found(user_id)
    actions.reactivate(user, actor=current_user)
    flash(_("Akun %(name)s aktif lagi.", name=user.name), "success")
    return to_detail(user)


@bp.route("/admin/peserta/<int:user_id>/nonaktifkan", methods=["GET", "POST"])
@admins
def people_suspend(user_id: int) -> ResponseReturnValue:
    user = found(user_id)
    if user.anonymized_at is not None:
        return to_detail(user)
    if request.method != "POST":  # HEAD asks as GET does
        back = url_for("admin.people_detail", user_id=user.id)
        return render_template("admin/people_suspend.html", people=[user], back=back, without_me=False)
    actions.suspend(user, actor=current_user)
    flash(_("Akun %(name)s dinonaktifkan, dan semua sesinya berakhir.", name=user.name), "success")
    return to_detail(user)


@bp.post("/admin/peserta/<int:user_id>/akhiri-sesi")
@admins
def people_end_sessions(user_id: int) -> ResponseReturnValue:
    user = found(user_id)
    count = actions.end_sessions(user, actor=current_user)
    flash(_("%(n)s sesi %(name)s diakhiri.", n=count, name=user.name), "success")
    return to_detail(user)


@bp.post("/admin/peserta/<int:user_id>/kirim-tautan")
@admins
def people_send_link(user_id: int) -> ResponseReturnValue:
    user = found(user_id)
    actions.send_password_link(user, actor=current_user)
    if mail.is_configured():
        flash(_("Tautan untuk memilih kata sandi dikirim ke %(email)s.", email=user.email), "success")
    else:
        flash(_("Tautan untuk memilih kata sandi ditulis ke Kotak Keluar: server email belum diatur."), "success")
    return to_detail(user)


@bp.post("/admin/peserta/<int:user_id>/sandi-awal")
@admins
def people_initial_password(user_id: int) -> ResponseReturnValue:
    user = found(user_id)
    actions.set_initial_password(user, actor=current_user)
    session[FRESH] = user.id
    return to_detail(user)


@bp.post("/admin/peserta/<int:user_id>/matikan-dua-langkah")
@admins
def people_two_factor(user_id: int) -> ResponseReturnValue:
    user = found(user_id)
    actions.disable_two_factor(user, actor=current_user)
    flash(_("Masuk dua langkah untuk %(name)s dimatikan.", name=user.name), "success")
    return to_detail(user)
