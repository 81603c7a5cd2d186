"""Enrolling in a course and leaving it."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import current_user, signed_in
from app.core.forms import save
from app.enrollments import actions
from app.enrollments.access import course_for_learner, course_for_viewer, is_shown
from app.enrollments.forms import DropForm

bp = Blueprint("enrollments", __name__)


@bp.post("/kursus/<slug>/ikuti")
@signed_in
def enroll(slug: str) -> ResponseReturnValue:
    course, _enrollment = course_for_viewer(slug, current_user)
    actions.enroll(course, actor=current_user)
    flash(_("Anda terdaftar di kursus “%(title)s”. Selamat belajar!", title=course.title), "success")
    return redirect(url_for("progress.study", slug=slug), HTTPStatus.SEE_OTHER)


@bp.route("/kursus/<slug>/berhenti", methods=["GET", "POST"])
@signed_in
def drop(slug: str) -> ResponseReturnValue:
    """GET asks, POST does it."""
    course, enrollment = course_for_learner(slug, current_user)
    form = DropForm()
    if save(form, lambda: actions.drop(enrollment, form.reason.data, actor=current_user)):
        flash(_("Anda berhenti dari kursus “%(title)s”. Progres Anda disimpan.", title=course.title), "success")
        shown = is_shown(course, current_user, enrollment)
        back = url_for("courses.detail", slug=slug) if shown else url_for("site.home")
        return redirect(back, HTTPStatus.SEE_OTHER)
    page = render_template(
        "enrollments/drop.html",
        form=form,
        course=course,
        enrollment=enrollment,
        is_shown=is_shown(course, current_user, enrollment),
    )
    return page, form.http_status
