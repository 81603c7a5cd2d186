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
from app.accounts.views.browser import browser, registration_open
from app.core.forms import save
from app.core.security import limiter, safe_next


@bp.route("/daftar", methods=["GET", "POST"])
@anyone
@limiter.limit("300/hour", methods=["POST"])
def register() -> ResponseReturnValue:
    target = safe_next(request.args.get("next"))
    if viewer():
        return redirect(target, HTTPStatus.SEE_OTHER)
    if not registration_open():
        return render_template("accounts/registration_closed.html"), HTTPStatus.FORBIDDEN
    form = NewAccountForm()
    if save(form, lambda: actions.register(**new_account(form), **browser())):
        access.remember(form.result)
        flash(_("Akun Anda siap."), "success")
        return redirect(target, HTTPStatus.SEE_OTHER)
    return render_template("accounts/register.html", form=form, target=target), form.http_status


@bp.get("/siapkan/<token>")
@anyone
def open_setup(token: str) -> ResponseReturnValue:
    """Takes the secret out of the address, where a history or a referrer could keep it."""
    session["setup"] = token
    response = redirect(url_for("accounts.set_up"), HTTPStatus.SEE_OTHER)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.route("/siapkan", methods=["GET", "POST"])
@anyone
def set_up() -> ResponseReturnValue:
    link = session.get("setup", "")
    if not queries.is_open_link(link):
        return render_template("accounts/setup_closed.html"), HTTPStatus.NOT_FOUND
    form = NewAccountForm()
    if save(form, lambda: actions.set_up_admin(link, **new_account(form), agent=request.user_agent.string)):
        access.remember(form.result)
        flash(_("Akun admin siap. Lembaga Anda dapat mulai."), "success")
        return redirect("/", HTTPStatus.SEE_OTHER)
    return render_template("accounts/set_up.html", form=form), form.http_status


def new_account(form: NewAccountForm) -> dict[str, str]:
    return {"name": form.name.data, "email": form.email.data, "password": form.password.data}
