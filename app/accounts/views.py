"""Sign in, register, sign out; one's own account."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError

from app.accounts import access, actions, queries
from app.accounts.access import anyone, current_user, signed_in, viewer
from app.accounts.forms import NewAccountForm, SignInForm, ThemeForm
from app.accounts.models import Theme
from app.core.clock import now
from app.core.forms import save
from app.core.security import came_from, limiter, safe_next

bp = Blueprint("accounts", __name__)
bp.before_app_request(access.enforce)


@bp.record_once
def _introduce_reader(state: BlueprintSetupState) -> None:
    state.app.extensions["reader"] = viewer


@bp.app_context_processor
def _who_reads() -> dict[str, Any]:
    user = viewer()
    return {"current_user": user, "theme": user.theme if user else Theme.AUTO}


@bp.after_app_request
def _note_last_seen(response: Response) -> Response:
    visit = g.get("visit")
    if visit is not None and now() - visit.last_seen_at > actions.SEEN_EVERY:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        # When the answer has left, in a session of its own: no page waits for this write, none fails with it.
        response.call_on_close(partial(_touch, app, visit.session_id))
    return response


def _touch(app: Flask, session_id: int) -> None:
    with app.app_context(), suppress(OperationalError):
        actions.touch_session(session_id)


@bp.route("/masuk", methods=["GET", "POST"])
@anyone
def login() -> ResponseReturnValue:
    target = safe_next(request.args.get("next"))
    if viewer():
        return redirect(target, HTTPStatus.SEE_OTHER)
    form = SignInForm()
    if save(form, lambda: actions.sign_in(form.login.data, form.password.data, **_browser())):
        access.remember(form.result, for_long=form.remember.data)
        return redirect(target, HTTPStatus.SEE_OTHER)
    page = render_template("accounts/login.html", form=form, target=target, registration_open=_registration_open())
    return page, form.http_status


@bp.route("/daftar", methods=["GET", "POST"])
@anyone
@limiter.limit("300/hour", methods=["POST"])
def register() -> ResponseReturnValue:
    target = safe_next(request.args.get("next"))
    if viewer():
        return redirect(target, HTTPStatus.SEE_OTHER)
    if not _registration_open():
        return render_template("accounts/registration_closed.html"), HTTPStatus.FORBIDDEN
    form = NewAccountForm()
    if save(form, lambda: actions.register(**_account(form), **_browser())):
        access.remember(form.result)
        flash(_("Akun Anda siap."), "success")
        return redirect(target, HTTPStatus.SEE_OTHER)
    return render_template("accounts/register.html", form=form, target=target), form.http_status


@bp.post("/keluar")
@anyone
def logout() -> ResponseReturnValue:
    token = access.session_token()
    if token:
        actions.sign_out(token)
    access.forget()
    flash(_("Anda sudah keluar."), "success")
    return redirect(url_for("accounts.login"), HTTPStatus.SEE_OTHER)


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
    if save(form, lambda: actions.set_up_admin(link, **_account(form), agent=request.user_agent.string)):
        access.remember(form.result)
        flash(_("Akun admin siap. Lembaga Anda dapat mulai."), "success")
        return redirect("/", HTTPStatus.SEE_OTHER)
    return render_template("accounts/set_up.html", form=form), form.http_status


def _account(form: NewAccountForm) -> dict[str, str]:
    return {"name": form.name.data, "email": form.email.data, "password": form.password.data}


def _browser() -> dict[str, Any]:
    return {
        "address": request.remote_addr or "",
        "agent": request.user_agent.string,
        "replacing": access.session_token(),
    }


def _registration_open() -> bool:
    return bool(current_app.config["REGISTRATION_OPEN"])
