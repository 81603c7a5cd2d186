"""Akun: what people see and change of themselves."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh

from app.accounts import actions
from app.accounts.access import current_user, signed_in
from app.accounts.forms import ProfileForm, ThemeForm
from app.accounts.models import Theme
from app.accounts.views.blueprint import bp
from app.core.forms import save
from app.core.security import came_from


@bp.route("/akun", methods=["GET", "POST"])
@signed_in
def profile() -> ResponseReturnValue:
    form = ProfileForm(current_user)
    wanted = {"name": form.name.data, "timezone": form.timezone.data, "locale": form.locale.data}
    if save(form, lambda: actions.update_profile(current_user, **wanted)):
        refresh()  # from here on in the language that was chosen
        flash(_("Profil disimpan."), "success")
        return redirect(url_for("accounts.profile"), HTTPStatus.SEE_OTHER)
    return render_template("accounts/profile.html", form=form), form.http_status


@bp.route("/akun/tampilan", methods=["GET", "POST"])
@signed_in
def appearance() -> ResponseReturnValue:
    form = ThemeForm(theme=current_user.theme)
    if save(form, lambda: actions.change_theme(current_user, Theme(form.theme.data))):
        flash(_("Tampilan disimpan."), "success")
        return redirect(url_for("accounts.appearance"), HTTPStatus.SEE_OTHER)
    return render_template("accounts/appearance.html", form=form), form.http_status


@bp.post("/akun/tema")
@signed_in
def theme() -> ResponseReturnValue:
    """From the menu of any page, which comes back in its new colours."""
    form = ThemeForm()
    if save(form, lambda: actions.change_theme(current_user, Theme(form.theme.data))):
        return redirect(came_from(), HTTPStatus.SEE_OTHER)
    return render_template("accounts/appearance.html", form=form), form.http_status
