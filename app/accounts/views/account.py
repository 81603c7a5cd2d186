"""Akun: what people see and change of themselves."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import access, actions
from app.accounts.access import current_user, signed_in
from app.accounts.forms import ThemeForm
from app.accounts.models import Theme
from app.accounts.views.blueprint import bp
from app.core.forms import save
from app.core.security import came_from


@bp.get("/akun")
@signed_in
def profile() -> ResponseReturnValue:
    return render_template("accounts/profile.html", form=ThemeForm(theme=current_user.theme))


@bp.post("/akun/tampilan")
@signed_in
def theme() -> ResponseReturnValue:
    form = ThemeForm()
    if save(form, lambda: actions.change_theme(current_user, Theme(form.theme.data))):
        return redirect(came_from(), HTTPStatus.SEE_OTHER)
    return render_template("accounts/profile.html", form=form), form.http_status


@bp.post("/akun/keluar-semua")
@signed_in
def logout_everywhere() -> ResponseReturnValue:
    actions.sign_out_everywhere(current_user)
    access.forget()
    flash(_("Anda sudah keluar dari semua perangkat."), "success")
    return redirect(url_for("accounts.login"), HTTPStatus.SEE_OTHER)
