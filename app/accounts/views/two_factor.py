"""Masuk dua langkah: set up, recovery codes, switched off."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import actions, queries
from app.accounts.access import current_user, errand, signed_in
from app.accounts.forms import CodeForm, PasswordForm, ProofForm, TwoFactorOffForm
from app.accounts.two_factor import address_of, picture_of
from app.accounts.views.blueprint import bp
from app.core.forms import save
from app.core.settings import institution


@bp.route("/akun/dua-langkah", methods=["GET", "POST"])
@signed_in
@errand
def two_factor() -> ResponseReturnValue:
    """Whether it is on; switching it on begins here, with the password."""
    required = actions.is_required_of(current_user)
    row = queries.confirmed_two_factor(current_user.id)
    form = PasswordForm()
    if save(form, lambda: actions.begin_two_factor(current_user, form.current.data, address=_address())):
        return redirect(url_for("accounts.two_factor_setup"), HTTPStatus.SEE_OTHER)
    if row is None:
        return render_template("accounts/two_factor_off.html", form=form, required=required), form.http_status
    left = queries.unused_recovery_codes(current_user.id)
    page = render_template("accounts/two_factor.html", since=row.confirmed_at, left=left, required=required)
    return page, form.http_status


@bp.route("/akun/dua-langkah/pasang", methods=["GET", "POST"])
@signed_in
@errand
def two_factor_setup() -> ResponseReturnValue:
    """The code for the app, and the first code from it. The recovery codes are shown in its answer and never again."""
    pending = queries.pending_two_factor(current_user.id)
    if pending is None:
        # The answer with the codes may never have arrived, as when the form was sent twice.
        if queries.confirmed_two_factor(current_user.id) is not None:
            flash(_("Masuk dua langkah sudah menyala. Belum mencatat kode pemulihan? Buat yang baru."), "warning")
        return redirect(url_for("accounts.two_factor"), HTTPStatus.SEE_OTHER)
    secret = actions.secret_of(pending)
    form = CodeForm()
    if save(form, lambda: actions.confirm_two_factor(current_user, form.code.data)):
        return render_template("accounts/recovery_codes.html", codes=form.result, enabled=True)
    address = address_of(secret, current_user, institution().name)
    page = render_template(
        "accounts/two_factor_setup.html",
        form=form,
        address=address,
        picture=picture_of(address),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        required=actions.is_required_of(current_user),
    )
    return page, form.http_status


@bp.route("/akun/dua-langkah/kode-pemulihan", methods=["GET", "POST"])
@signed_in
def recovery_codes() -> ResponseReturnValue:
    if queries.confirmed_two_factor(current_user.id) is None:
        return redirect(url_for("accounts.two_factor"), HTTPStatus.SEE_OTHER)
    form = ProofForm()
    if save(form, lambda: actions.renew_recovery_codes(current_user, form.current.data, address=_address())):
        return render_template("accounts/recovery_codes.html", codes=form.result, enabled=False)
    return render_template("accounts/recovery_codes_new.html", form=form), form.http_status


@bp.route("/akun/dua-langkah/matikan", methods=["GET", "POST"])
@signed_in
def turn_off_two_factor() -> ResponseReturnValue:
    if queries.confirmed_two_factor(current_user.id) is None:
        return redirect(url_for("accounts.two_factor"), HTTPStatus.SEE_OTHER)
    form = TwoFactorOffForm()
    typed = (form.current.data, form.code.data)
    if save(form, lambda: actions.turn_off_two_factor(current_user, *typed, address=_address())):
        flash(_("Masuk dua langkah dimatikan."), "success")
        return redirect(url_for("accounts.two_factor"), HTTPStatus.SEE_OTHER)
    return render_template("accounts/two_factor_end.html", form=form), form.http_status


def _address() -> str:
    return request.remote_addr or ""
