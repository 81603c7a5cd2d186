"""Accounts made, changed, given another role, and taken leave of."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import actions
from app.accounts.access import admins, current_user
from app.accounts.models import Role, User
from app.admin.blueprint import bp
from app.admin.people_forms import AnonymizeForm, NewPersonForm, PersonForm, RoleForm
from app.admin.views.people_detail import FRESH, found, to_detail
from app.core import mail
from app.core.forms import save


@bp.route("/admin/peserta/baru", methods=["GET", "POST"])
@admins
def people_new() -> ResponseReturnValue:
    form = NewPersonForm()

    if save(form, lambda: actions.add_person(**form.profile(), role=Role(form.role.data), actor=current_user)):
        user = form.result
        if user.initial_key:
            session[FRESH] = user.id
            flash(_("Akun %(name)s siap. Serahkan kata sandi awalnya.", name=user.name), "success")
        else:
            flash(_link_told(user), "success")
        return to_detail(user)
    return render_template("admin/people_new.html", form=form), form.http_status


@bp.route("/admin/peserta/<int:user_id>/ubah", methods=["GET", "POST"])
@admins
def people_edit(user_id: int) -> ResponseReturnValue:
    user = found(user_id)
    if user.anonymized_at is not None:
        return to_detail(user)
    form = PersonForm(obj=user)
    if save(form, lambda: actions.update_person(user, **form.profile(), actor=current_user)):
        flash(_("Tersimpan."), "success")
        return to_detail(user)
    return render_template("admin/people_edit.html", form=form, user=user), form.http_status


@bp.route("/admin/peserta/<int:user_id>/peran", methods=["GET", "POST"])
@admins
def people_role(user_id: int) -> ResponseReturnValue:
    user = found(user_id)
    if user.anonymized_at is not None:
        return to_detail(user)
    form = RoleForm(obj=user)
    if save(form, lambda: actions.change_role(user, Role(form.role.data), actor=current_user)):
        flash(_("Peran %(name)s diubah. Semua sesinya berakhir.", name=user.name), "success")
        return to_detail(user)
    return render_template("admin/people_role.html", form=form, user=user), form.http_status


@bp.route("/admin/peserta/<int:user_id>/anonimkan", methods=["GET", "POST"])
@admins
def people_anonymize(user_id: int) -> ResponseReturnValue:
    user = found(user_id)
    if user.anonymized_at is not None:
        return to_detail(user)
    form = AnonymizeForm(user=user)
    keeps = form.keeps_name

    if save(form, lambda: actions.anonymize(user, keeps_name_on_papers=keeps.data, actor=current_user)):
        flash(_("Akun ini sekarang anonim. Riwayatnya tetap terhitung."), "success")
        return redirect(url_for("admin.people_detail", user_id=user_id), HTTPStatus.SEE_OTHER)
    return render_template("admin/people_anonymize.html", form=form, user=user), form.http_status


def _link_told(user: User) -> str:
    if mail.is_configured():
        return _("Akun %(name)s siap. Tautan untuk memilih kata sandi dikirim ke emailnya.", name=user.name)
    return _(
        "Akun %(name)s siap. Tautan untuk memilih kata sandi ditulis ke Kotak Keluar: server email belum diatur.",
        name=user.name,
    )
