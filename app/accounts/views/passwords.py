"""Kata sandi: forgotten, chosen from a letter, changed, chosen for the first time."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import access, actions, queries
from app.accounts.access import anyone, current_user, errand, signed_in
from app.accounts.forms import ChangePasswordForm, FirstPasswordForm, ForgottenForm, NewPasswordForm
from app.accounts.models import PASSWORD_PURPOSES
from app.accounts.views.blueprint import bp
from app.accounts.views.browser import device, keep_secret
from app.core.forms import save


@bp.route("/lupa-sandi", methods=["GET", "POST"])
@anyone
def forgotten() -> ResponseReturnValue:
    form = ForgottenForm()
    if save(form, lambda: actions.forget_password(form.login.data, address=request.remote_addr or "")):
        return redirect(url_for("accounts.forgotten_sent"), HTTPStatus.SEE_OTHER)
    page = render_template("accounts/forgotten.html", form=form, by_letter=actions.letters_are_read())
    return page, form.http_status


@bp.get("/lupa-sandi/terkirim")
@anyone
def forgotten_sent() -> ResponseReturnValue:
    return render_template("accounts/forgotten_sent.html")


@bp.get("/atur-sandi/<token>")
@anyone
def open_reset(token: str) -> ResponseReturnValue:
    return keep_secret("reset", token, "accounts.reset")


@bp.route("/atur-sandi", methods=["GET", "POST"])
@anyone
def reset() -> ResponseReturnValue:
    token = session.get("reset", "")
    asked = queries.open_request(token, *PASSWORD_PURPOSES)
    if asked is None:
        return render_template("accounts/link_closed.html", purpose="reset"), HTTPStatus.NOT_FOUND
    form = NewPasswordForm()
    if save(form, lambda: actions.reset_password(token, form.password.data, device=device())):
        session.pop("reset", None)
        flash(_("Kata sandi baru sudah berlaku. Silakan masuk."), "success")
        return redirect(url_for("accounts.login"), HTTPStatus.SEE_OTHER)
    return render_template("accounts/reset.html", form=form, login=asked.email), form.http_status


@bp.route("/akun/sandi", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    form, token = ChangePasswordForm(), access.session_token() or ""
    typed = {"address": request.remote_addr or "", "token": token, "device": device()}
    if save(form, lambda: actions.change_password(current_user, form.current.data, form.password.data, **typed)):
        access.remember(form.result, for_long=session.permanent)
        flash(_("Kata sandi diganti. Anda sudah keluar dari perangkat lain."), "success")
        return redirect(url_for("accounts.profile"), HTTPStatus.SEE_OTHER)
    return render_template("accounts/password.html", form=form), form.http_status


@bp.route("/sandi-baru", methods=["GET", "POST"])
@signed_in
@errand
def first_password() -> ResponseReturnValue:
    if not current_user.initial_key:
        return redirect("/", HTTPStatus.SEE_OTHER)
    asks_email = current_user.email is None and actions.letters_are_read()
    form, token = FirstPasswordForm(), access.session_token() or ""
    if save(form, lambda: _choose(form, token, asks_email=asks_email)):
        access.remember(form.result, for_long=session.permanent)
        flash(_("Kata sandi Anda sudah berlaku."), "success")
        if asks_email and form.email.data:
            flash(_("Kami mengirim tautan ke %(email)s. Buka tautan itu.", email=form.email.data), "info")
        return redirect("/", HTTPStatus.SEE_OTHER)
    return render_template("accounts/first_password.html", form=form, asks_email=asks_email), form.http_status


def _choose(form: FirstPasswordForm, token: str, *, asks_email: bool) -> str:
    email = form.email.data if asks_email else None
    return actions.choose_first_password(
        current_user, form.password.data, token=token, email=email or None, device=device()
    )
