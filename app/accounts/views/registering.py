"""Daftar, and the first admin's account."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import access, actions, queries
from app.accounts.access import anyone, viewer
from app.accounts.forms import NewAccountForm
from app.accounts.views.blueprint import bp
from app.accounts.views.browser import browser, device, keep_device, keep_secret
from app.core.forms import save
from app.core.security import limiter, safe_next
from app.core.settings import registration_is_open


@bp.route("/daftar", methods=["GET", "POST"])
@anyone
@limiter.limit("1000/hour", methods=["POST"])
def register() -> ResponseReturnValue:
    target = safe_next(request.args.get("next"))
    if viewer():
        return redirect(target, HTTPStatus.SEE_OTHER)
    if not registration_is_open():
        return render_template("accounts/registration_closed.html"), HTTPStatus.FORBIDDEN
    form, here = NewAccountForm(), device()
    if save(form, lambda: actions.register(**new_account(form), device=here, **browser())):
        if form.result is None:
            return redirect(url_for("accounts.check_mail"), HTTPStatus.SEE_OTHER)
        access.remember(form.result)
        flash(_("Akun Anda siap."), "success")
        return keep_device(redirect(target, HTTPStatus.SEE_OTHER), here)
    return render_template("accounts/register.html", form=form, target=target), form.http_status


@bp.get("/daftar/periksa-email")
@anyone
def check_mail() -> ResponseReturnValue:
    """Says the same to everybody: whether the address had an account already stands in the letter alone."""
    return render_template("accounts/check_mail.html")


@bp.get("/siapkan/<token>")
@anyone
def open_setup(token: str) -> ResponseReturnValue:
    return keep_secret("setup", token, "accounts.set_up")


@bp.route("/siapkan", methods=["GET", "POST"])
@anyone
def set_up() -> ResponseReturnValue:
    link = session.get("setup", "")
    if not queries.is_open_link(link):
        return render_template("accounts/setup_closed.html"), HTTPStatus.NOT_FOUND
    form, here = NewAccountForm(), device()
    agent = request.user_agent.string
    if save(form, lambda: actions.set_up_admin(link, **new_account(form), agent=agent, device=here)):
        access.remember(form.result)
        flash(_("Akun admin siap. Lembaga Anda dapat mulai."), "success")
        return keep_device(redirect(url_for("admin.dashboard"), HTTPStatus.SEE_OTHER), here)
    return render_template("accounts/set_up.html", form=form), form.http_status


def new_account(form: NewAccountForm) -> dict[str, str]:
    return {"name": form.name.data, "email": form.email.data, "password": form.password.data}
