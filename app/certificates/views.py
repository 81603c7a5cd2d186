"""One's own certificates, and the public page that says whether a certificate holds."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import anyone, current_user, signed_in
from app.certificates import actions, queries
from app.certificates.access import certificate_for_holder
from app.certificates.codes import grouped
from app.certificates.files import download_name, ensure_pdf
from app.certificates.forms import CompareForm
from app.core.clock import now
from app.core.downloads import send
from app.core.forms import clean_line
from app.enrollments.queries import course_with_enrollment

bp = Blueprint("certificates", __name__)


@bp.get("/sertifikat")
@signed_in
def index() -> ResponseReturnValue:
    """One's certificates; `?kursus=<slug>` asks for that course's, which may still be on its way."""
    certificates = queries.certificates_of(current_user.id)
    return render_template(
        "certificates/index.html",
        certificates=certificates,
        coming=_coming(clean_line(request.args.get("kursus")), {each.enrollment_id for each in certificates}),
        moment=now(),
    )


@bp.get("/sertifikat/<code>.pdf")
@signed_in
def pdf(code: str) -> Response:
    certificate = certificate_for_holder(code, current_user)
    return send(
        ensure_pdf(certificate), mime="application/pdf", download_name=download_name(certificate),
        etag=certificate.sha256 or "", as_attachment=True,
    )  # fmt: skip


@bp.get("/v")
@anyone
def check() -> ResponseReturnValue:
    """The form for a code that was read from paper."""
    typed = request.args.get("kode", "").strip()
    if typed:
        return redirect(url_for(".verify", code=typed))
    return _unlisted(render_template("certificates/check.html", typed="", found=True))


@bp.route("/v/<code>", methods=["GET", "POST"])
@anyone
def verify(code: str) -> ResponseReturnValue:
    """What the paper says and whether it holds; POST compares a copy with the original."""
    actions.count_lookup(request.remote_addr or "")
    certificate = queries.certificate_by_code(code)
    if certificate is None:
        page = render_template("certificates/check.html", typed=code, found=False)
        return _unlisted(page, HTTPStatus.NOT_FOUND)
    form, same = CompareForm(), None
    if form.validate_on_submit():
        same = form.digest == certificate.sha256
    page = render_template(
        "certificates/verify.html",
        certificate=certificate,
        state=certificate.state(now()),
        code=grouped(certificate.code),
        form=form,
        same=same,
    )
    return _unlisted(page, form.http_status)


def _coming(slug: str | None, have: set[int]) -> Any:
    """The completed course of that slug whose certificate is not there yet."""
    found = course_with_enrollment(slug, current_user) if slug else None
    if found is None or found[1] is None or not found[1].is_completed or found[1].id in have:
        return None
    return found[0]


def _unlisted(page: str, status: int = HTTPStatus.OK) -> Response:
    response = Response(page, status, mimetype="text/html")
    response.headers["X-Robots-Tag"] = "noindex"
    return response
