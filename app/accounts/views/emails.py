"""Email: verified, asked for again, changed."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import actions, queries
from app.accounts.access import anyone, current_user, errand, signed_in, viewer
from app.accounts.forms import ChangeEmailForm
from app.accounts.models import Purpose
from app.accounts.views.blueprint import bp
from app.accounts.views.browser import keep_secret
from app.core.forms import save


@bp.get("/verifikasi/<token>")
@anyone
def open_verification(token: str) -> ResponseReturnValue:
    return keep_secret("verify", token, "accounts.verification")


@bp.get("/verifikasi")
@anyone
def verification() -> ResponseReturnValue:
    asked = queries.open_request(session.get("verify", ""), Purpose.VERIFY, Purpose.EMAIL)
    if asked is None:
        return render_template("accounts/link_closed.html", purpose="verify"), HTTPStatus.NOT_FOUND
    return render_template("accounts/verification.html", email=asked.email)


@bp.post("/verifikasi")
@anyone
def verify() -> ResponseReturnValue:
    """Behind a button, since programs that look at mails open every link in them."""
    choose = actions.confirm_email(session.get("verify", ""))
    session.pop("verify", None)
    flash(_("Email Anda sudah terverifikasi."), "success")
    if choose:
        session["reset"] = choose
        return redirect(url_for("accounts.reset"), HTTPStatus.SEE_OTHER)
    return redirect("/" if viewer() else url_for("accounts.login"), HTTPStatus.SEE_OTHER)


@bp.get("/verifikasi-email")
@signed_in
@errand
def unverified() -> ResponseReturnValue:
    if not current_user.email or current_user.email_verified_at:
        return redirect("/", HTTPStatus.SEE_OTHER)
    sent = queries.waiting_request(current_user.id, Purpose.VERIFY)
    moving = queries.waiting_request(current_user.id, Purpose.EMAIL)
    return render_template("accounts/unverified.html", sent=sent, moving=moving)


@bp.post("/verifikasi-email/kirim")
@signed_in
@errand
def send_verification() -> ResponseReturnValue:
    actions.request_verification(current_user, actor=current_user)
    flash(_("Tautan baru dikirim. Tautan sebelumnya tidak berlaku lagi."), "success")
    return redirect(url_for("accounts.unverified"), HTTPStatus.SEE_OTHER)


@bp.route("/akun/email", methods=["GET", "POST"])
@signed_in
@errand
def email() -> ResponseReturnValue:
    form = ChangeEmailForm()
    here = request.remote_addr or ""
    if save(form, lambda: actions.change_email(current_user, form.email.data, form.current.data, address=here)):
        sentence = _("Kami mengirim tautan ke %(email)s. Alamat berganti setelah tautan itu dibuka.")
        flash(sentence % {"email": form.email.data}, "success")
        return redirect(url_for("accounts.profile"), HTTPStatus.SEE_OTHER)
    moving = queries.waiting_request(current_user.id, Purpose.EMAIL)
    page = render_template("accounts/email.html", form=form, moving=moving, by_letter=actions.letters_are_read())
    return page, form.http_status
