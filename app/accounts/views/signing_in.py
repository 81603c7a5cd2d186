"""Masuk, with its second step, and Keluar."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts import access, actions
from app.accounts.access import anyone, viewer, visit
from app.accounts.forms import CodeForm, SignInForm
from app.accounts.views.blueprint import bp
from app.accounts.views.browser import browser, device, keep_device
from app.core.forms import save
from app.core.security import safe_next
from app.core.settings import registration_is_open


@bp.route("/masuk", methods=["GET", "POST"])
@anyone
def login() -> ResponseReturnValue:
    target = safe_next(request.args.get("next"))
    if viewer():
        return redirect(target, HTTPStatus.SEE_OTHER)
    form, here = SignInForm(), device()
    if save(form, lambda: actions.sign_in(form.login.data, form.password.data, device=here, **browser())):
        access.remember(form.result.token, for_long=form.remember.data)
        if not form.result.awaits_code:
            return keep_device(redirect(target, HTTPStatus.SEE_OTHER), here)
        session["next"] = target
        return redirect(url_for("accounts.second_step"), HTTPStatus.SEE_OTHER)
    page = render_template("accounts/login.html", form=form, target=target, registration_open=registration_is_open())
    return page, form.http_status


@bp.route("/masuk/kode", methods=["GET", "POST"])
@anyone
def second_step() -> ResponseReturnValue:
    """The code after the password. The cookie keeps where the person wanted to go, and "Ingat saya"."""
    target, found = safe_next(session.get("next")), visit()
    again = url_for("accounts.login", next=target if target != "/" else None)
    if found is None or not found.awaits_code:
        return redirect(target if found else again, HTTPStatus.SEE_OTHER)
    form, here, token = CodeForm(), device(), access.session_token() or ""
    address = request.remote_addr or ""
    if save(form, lambda: actions.pass_second_step(token, form.code.data, address=address, device=here)):
        access.remember(form.result.token, for_long=session.permanent)
        if form.result.remaining is not None:
            flash(_left(form.result.remaining), "warning")
        return keep_device(redirect(target, HTTPStatus.SEE_OTHER), here)
    if form.http_status == HTTPStatus.TOO_MANY_REQUESTS:
        access.forget()
        flash(form.form_errors[0], "danger")
        return redirect(again, HTTPStatus.SEE_OTHER)
    by_recovery = "pemulihan" in request.args
    return render_template("accounts/second_step.html", form=form, by_recovery=by_recovery), form.http_status


def _left(remaining: int) -> str:
    if not remaining:
        return str(_("Itu kode pemulihan Anda yang terakhir. Buat yang baru di halaman Akun."))
    return str(ngettext("Sisa %(num)s kode pemulihan.", "Sisa %(num)s kode pemulihan.", remaining))


@bp.post("/keluar")
@anyone
def logout() -> ResponseReturnValue:
    token = access.session_token()
    if token:
        actions.sign_out(token)
    access.forget()
    flash(_("Anda sudah keluar."), "success")
    return redirect(url_for("accounts.login"), HTTPStatus.SEE_OTHER)
