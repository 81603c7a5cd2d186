"""Pengaturan: what the institution decides about itself."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import admins, current_user
from app.admin.actions import save_institution
from app.admin.blueprint import bp
from app.admin.forms import InstitutionForm
from app.admin.queries import fresh_institution
from app.core.forms import save
from app.courses.queries import space_used


@bp.route("/admin/pengaturan", methods=["GET", "POST"])
@admins
def settings() -> ResponseReturnValue:
    house = fresh_institution()
    form = InstitutionForm.showing(house)
    if save(form, lambda: save_institution(form.changes(), logo=form.logo.data or None, actor=current_user)):
        flash(_("Tersimpan. Paling lambat setengah menit lagi terlihat di semua halaman."), "success")
        return redirect(url_for("admin.settings"), 303)
    page = render_template("admin/settings.html", form=form, house=house, used=space_used())
    return page, form.http_status
