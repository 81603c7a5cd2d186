"""Pengaturan: what is said of a course, and how progress in it is reckoned."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import current_user, staff
from app.core.forms import save
from app.courses import actions, queries
from app.courses.access import course_for_author, may_change
from app.courses.forms import CourseForm, opened_form
from app.courses.models import Course
from app.courses.views.blueprint import bp
from app.courses.views.drafts import draft_kept
from app.progress.consequences import Consequence, choosing_mode, consequences


@bp.route("/kelola/kursus/<slug>/pengaturan", methods=["GET", "POST"])
@staff
def course_settings(slug: str) -> ResponseReturnValue:
    course = course_for_author(slug, current_user)
    form, draft = opened_form(CourseForm, CourseForm.initial(course), queries.draft_of(course, current_user))
    asked = _to_confirm(form, course)
    if asked is None and save(
        form, lambda: actions.revise_course(course, actor=current_user, version=form.opened_on, **form.values())
    ):
        flash(_("Pengaturan kursus disimpan."), "success")
        return redirect(url_for(".course_settings", slug=slug), HTTPStatus.SEE_OTHER)
    return _page(course, form, draft=draft, asked=asked), form.http_status


@bp.post("/kelola/kursus/<slug>/pengaturan/draf")
@staff
def course_draft(slug: str) -> ResponseReturnValue:
    return draft_kept(course_for_author(slug, current_user), CourseForm)


@bp.post("/kelola/kursus/<slug>/pengaturan/draf/buang")
@staff
def course_draft_drop(slug: str) -> ResponseReturnValue:
    actions.drop_draft(course_for_author(slug, current_user), actor=current_user)
    flash(_("Draf dibuang. Ini yang tersimpan."), "success")
    return redirect(url_for(".course_settings", slug=slug), HTTPStatus.SEE_OTHER)


def _to_confirm(form: CourseForm, course: Course) -> Consequence | None:
    """What learners would feel of another way to reckon, when it was sent and not confirmed yet; else None."""
    if "confirmed" in request.form or not form.validate_on_submit() or form.mode == course.progress_mode:
        return None
    result = consequences(course, choosing_mode(form.mode))
    return result if result.is_felt else None


def _page(course: Course, form: CourseForm, **more: object) -> str:
    """The form. After a conflict it shows what is stored, and is up to date itself."""
    stored = None
    if isinstance(form.refusal, actions.EditConflict):
        stored = CourseForm(formdata=None, data=CourseForm.initial(course))
        form.version.data = str(course.version)
    return render_template(
        "courses/workshop/settings.html",
        course=course,
        form=form,
        stored=stored,
        minutes=queries.lesson_minutes(course),
        may_change=may_change(course, current_user),
        **more,
    )
