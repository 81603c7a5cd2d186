"""Course packages: one to take away, one to bring in, and what became of those that were brought."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import Response, redirect, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import current_user, staff
from app.core.forms import save
from app.courses.access import course_for_author, import_for_viewer, may_see
from app.courses.actions.packages import AlreadyHere, upload_package
from app.courses.forms import PackageForm
from app.courses.packages import stream
from app.courses.queries import packages as queries
from app.courses.views.blueprint import bp


@bp.get("/kelola/kursus/<slug>/ekspor")
@staff
def course_export(slug: str) -> ResponseReturnValue:
    course = course_for_author(slug, current_user)
    return render_template("courses/packages/export.html", course=course, contents=queries.contents(course))


@bp.get("/kelola/kursus/<slug>/ekspor.zip")
@staff
def course_package(slug: str) -> ResponseReturnValue:
    packed = queries.packed(course_for_author(slug, current_user))
    response = Response(stream_with_context(stream(packed)), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{packed.file_name}"'
    response.headers["Cache-Control"] = "no-store"
    response.content_length = packed.size
    return response


@bp.route("/kelola/impor", methods=["GET", "POST"])
@staff
def import_package() -> ResponseReturnValue:
    form = PackageForm()
    if save(form, lambda: upload_package(form.source, name=form.file_name, actor=current_user)):
        return redirect(url_for(".package_import", package_id=form.result), HTTPStatus.SEE_OTHER)
    here = form.refusal.course if isinstance(form.refusal, AlreadyHere) else None
    return render_template(
        "courses/packages/import.html",
        form=form,
        here=here if here and may_see(here, current_user) else None,
        imports=queries.recent_imports(current_user),
    ), form.http_status


@bp.get("/kelola/impor/<uuid:package_id>")
@staff
def package_import(package_id: UUID) -> ResponseReturnValue:
    """How far the import is; read again every few seconds until it is over."""
    found = import_for_viewer(package_id, current_user)
    left_out, total = queries.lesson_counts(package_id)
    return render_template(
        "courses/packages/state.html",
        found=found,
        left_out=queries.left_out(package_id) if left_out else [],
        made=total - left_out,
    )
