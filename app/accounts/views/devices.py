"""Perangkat & sesi: where one is signed in, and the ways to end that."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts import access, actions, queries
from app.accounts.access import current_user, signed_in
from app.accounts.agents import in_words
from app.accounts.views.blueprint import bp
from app.accounts.views.browser import device


@bp.get("/akun/perangkat")
@signed_in
def devices() -> ResponseReturnValue:
    sessions = queries.sessions_of(current_user.id)
    this = g.visit.session_id
    others = [each for each in sessions if each.id != this]
    mine = next(each for each in sessions if each.id == this)
    return render_template("accounts/devices.html", mine=mine, others=others, in_words=in_words)


@bp.post("/akun/perangkat/<int:session_id>/akhiri")
@signed_in
def end_session(session_id: int) -> ResponseReturnValue:
    actions.end_session(current_user, session_id)
    flash(_("Sesi itu sudah diakhiri."), "success")
    return redirect(url_for("accounts.devices"), HTTPStatus.SEE_OTHER)


@bp.post("/akun/perangkat/akhiri-lain")
@signed_in
def end_other_sessions() -> ResponseReturnValue:
    count = actions.end_all_sessions(current_user, besides=access.session_token(), device=device())
    flash(ngettext("%(num)s sesi lain diakhiri.", "%(num)s sesi lain diakhiri.", count), "success")
    return redirect(url_for("accounts.devices"), HTTPStatus.SEE_OTHER)


@bp.post("/akun/keluar-semua")
@signed_in
def logout_everywhere() -> ResponseReturnValue:
    actions.end_all_sessions(current_user, device=device())
    access.forget()
    flash(_("Anda sudah keluar dari semua perangkat."), "success")
    return redirect(url_for("accounts.login"), HTTPStatus.SEE_OTHER)
