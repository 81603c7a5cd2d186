"""Masuk and Keluar."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import access, actions
from app.accounts.access import anyone, viewer
from app.accounts.forms import SignInForm
from app.accounts.views.blueprint import bp
from app.accounts.views.browser import browser, registration_open
from app.core.forms import save
from app.core.security import safe_next


@bp.route("/masuk", methods=["GET", "POST"])
@anyone
def login() -> ResponseReturnValue:
    target = safe_next(request.args.get("next"))
    if viewer():
        return redirect(target, HTTPStatus.SEE_OTHER)
    form = SignInForm()
    if save(form, lambda: actions.sign_in(form.login.data, form.password.data, **browser())):
        access.remember(form.result, for_long=form.remember.data)
        return redirect(target, HTTPStatus.SEE_OTHER)
    page = render_template("accounts/login.html", form=form, target=target, registration_open=registration_open())
    return page, form.http_status


@bp.post("/keluar")
@anyone
def logout() -> ResponseReturnValue:
    token = access.session_token()
    if token:
        actions.sign_out(token)
    access.forget()
    flash(_("Anda sudah keluar."), "success")
    return redirect(url_for("accounts.login"), HTTPStatus.SEE_OTHER)
