"""Ulasan: what learners say of a course."""

from __future__ import annotations

from http import HTTPStatus
from math import ceil
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import current_user, personal, signed_in, viewer
from app.accounts.models import User
from app.core.forms import save
from app.courses.models import Course
from app.courses.views.blueprint import bp
from app.enrollments import actions
from app.enrollments.access import course_for_viewer, may_review, review_to_remove
from app.enrollments.forms import RemoveReviewForm, ReviewForm
from app.enrollments.models import Enrollment, Review
from app.enrollments.queries import REVIEWS, review_of, reviews_of

FEW = 3
"""Reviews on the page of the course itself."""


@bp.get("/kursus/<slug>/ulasan")
@personal
def reviews(slug: str) -> ResponseReturnValue:
    user = viewer()
    course, enrollment = course_for_viewer(slug, user)
    return _page(course, user, enrollment)


@bp.post("/kursus/<slug>/ulasan")
@signed_in
def review(slug: str) -> ResponseReturnValue:
    course, enrollment = course_for_viewer(slug, current_user)
    form = ReviewForm()
    if save(form, lambda: actions.write_review(course, form.rating.data, form.text.data or "", actor=current_user)):
        flash(_("Terima kasih. Ulasan Anda tersimpan."), "success")
        return _back(course)
    return _page(course, current_user, enrollment, form), form.http_status


@bp.post("/kursus/<slug>/ulasan/<int:review_id>/hapus")
@signed_in
def review_remove(slug: str, review_id: int) -> ResponseReturnValue:
    found = review_to_remove(slug, review_id, current_user)
    form = RemoveReviewForm()
    if save(form, lambda: actions.remove_review(found, form.reason.data, actor=current_user)):
        flash(_("Ulasan dihapus."), "success")
    for sentence in (each for errors in form.errors.values() for each in errors):
        flash(sentence, "danger")
    return redirect(url_for("courses.reviews", slug=slug), HTTPStatus.SEE_OTHER)


def reviews_on(
    course: Course, user: User | None, enrollment: Enrollment | None, *, size: int, may_write: bool = True
) -> dict[str, Any]:
    """What the part `courses/_reviews.html` knows: the first reviews, and the form for who may write, with the own."""
    shown = list(reviews_of(course, user, size=size))
    own = shown[0] if shown and user and shown[0].user_id == user.id else None
    writes = may_write and may_review(enrollment)
    return {"reviews": shown, "own": own, "review_form": _form(own) if writes else None}


def _page(course: Course, user: User | None, enrollment: Enrollment | None, form: ReviewForm | None = None) -> str:
    pages = max(1, ceil(course.rating_count / REVIEWS))
    page = min(max(1, request.args.get("halaman", 1, type=int)), pages)
    own = review_of(course, user) if user else None
    return render_template(
        "courses/reviews.html",
        course=course,
        reviews=reviews_of(course, user, page=page),
        own=own,
        review_form=form or (_form(own) if may_review(enrollment) else None),
        page=page,
        pages=pages,
    )


def _form(own: Review | None) -> ReviewForm:
    return ReviewForm(formdata=None, obj=own)


def _back(course: Course) -> ResponseReturnValue:
    return redirect(url_for("courses.detail", slug=course.slug, _anchor="ulasan"), HTTPStatus.SEE_OTHER)
