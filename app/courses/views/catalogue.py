"""The catalogue, and the page of a course."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.access import personal, viewer
from app.assessments.queries.listing import listed_assessments
from app.core.markdown import render
from app.core.security import row_id
from app.courses import queries
from app.courses.access import may_open_all, may_preview
from app.courses.forms import SORTS, read_filters
from app.courses.views.blueprint import bp
from app.courses.views.reviews import FEW, reviews_on
from app.enrollments.access import course_for_viewer, course_on_trial, is_inside, offer
from app.enrollments.queries import enrollments_by_course
from app.progress.listing import listed
from app.progress.queries import study_outline

LISTED = 40
"""So many lessons and sections are listed on the page of a course, which has 30 KB."""


@bp.get("/kursus")
@personal
def catalogue() -> ResponseReturnValue:
    user, filters = viewer(), read_filters(request.args)
    enrollments = enrollments_by_course(user)
    page = queries.catalogue(
        user,
        entered=enrollments.keys(),
        search=filters.search,
        difficulty=filters.difficulty,
        category=filters.category,
        tag=filters.tag,
        sort=SORTS[filters.sort],
        page=filters.page,
    )
    return render_template(
        "courses/catalogue.html",
        page=page,
        filters=filters,
        categories=queries.listed_categories(user, enrollments.keys()),
        tags=queries.listed_tags(user, enrollments.keys()),
        enrollments=enrollments,
    )


@bp.get("/kursus/<slug>")
@personal
def detail(slug: str) -> ResponseReturnValue:
    user = viewer()
    tried = course_on_trial(slug, user) if "sebagai" in request.args else None
    course, enrollment = tried or course_for_viewer(slug, user)
    outline = study_outline(course.id, enrollment.id if enrollment else None)
    following = outline.resume(enrollment.last_lesson_id if enrollment else None)
    return render_template(
        "courses/detail.html",
        course=course,
        enrollment=enrollment,
        is_trial=tried is not None,
        outline=outline,
        listing=listed(outline, request.args.get("daftar", following.id if following else None, type=row_id), LISTED),
        assessments=listed_assessments(course.id, user.id if user else None),
        about=render(course.description),
        offer=offer(course, user, enrollment),
        all_open=may_open_all(course, user, inside=is_inside(enrollment)),
        preview_open=may_preview(course),
        **reviews_on(course, user, enrollment, size=FEW, may_write=tried is None),
    )
