"""The study pages."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import current_user, personal, sign_in_address, signed_in, viewer
from app.assessments.queries.listing import listed_assessments
from app.certificates.queries import certificate_of
from app.core.errors import wants_json
from app.core.forms import sent_fields
from app.core.security import row_id
from app.courses.lessons import Look, kind_of
from app.courses.queries import any_lesson_of
from app.enrollments.access import course_for_learner, is_inside, takes_learners
from app.progress import access, actions
from app.progress.access import Study
from app.progress.evidence import evidence_tree, rule_in_words
from app.progress.forms import ReportForm
from app.progress.listing import listed
from app.progress.queries import evidence_of, progress_in, study_outline

bp = Blueprint("progress", __name__)


@bp.get("/belajar/<slug>")
@signed_in
def study(slug: str) -> ResponseReturnValue:
    """Leads to where the learner goes on: the lesson left open, else the next one, else the end."""
    study = access.study_for_reader(slug, viewer(), on_trial="sebagai" in request.args)
    enrollment = study.enrollment
    if enrollment is None:
        return redirect(url_for("courses.detail", slug=slug))
    lesson = study_outline(study.course.id, enrollment.id).resume(enrollment.last_lesson_id)
    if lesson is None and study.is_trial:
        flash(_("Kursus ini belum memiliki materi."), "info")
        return redirect(url_for("courses.detail", slug=slug))
    if lesson is None or enrollment.is_completed:
        return redirect(url_for(".why", slug=slug))
    return redirect(url_for(".lesson", slug=slug, lesson_id=lesson.id))


@bp.get("/belajar/<slug>/<int(max=2147483647):lesson_id>")
@personal
def lesson(slug: str, lesson_id: int) -> ResponseReturnValue:
    study = access.study_for_reader(slug, viewer(), on_trial="sebagai" in request.args)
    lesson = access.lesson_of_study(study, lesson_id)
    if not study.opens(lesson):
        return _closed(study)
    kind = kind_of(lesson)
    left = progress_in(study.enrollment.id, lesson.id) if kind.reports and study.enrollment else None
    outline = study_outline(study.course.id, study.enrollment.id if study.enrollment else None)
    look = Look(
        playing="putar" in request.args,
        is_inside=study.is_inside or study.is_guided,
        page=left.current_page if left else 1,
        position=left.media_position_seconds if left else 0,
    )
    return render_template(
        "progress/lesson.html",
        study=study,
        course=study.course,
        lesson=lesson,
        kind=kind,
        shown=kind.shown(lesson, look),
        outline=outline,
        listing=listed(outline, request.args.get("daftar", lesson_id, type=row_id)),
        assessments=listed_assessments(study.course.id, study.reader.id) if study.reader and study.is_inside else (),
    )


@bp.post("/belajar/<slug>/<int(max=2147483647):lesson_id>/selesai")
@signed_in
def complete(slug: str, lesson_id: int) -> ResponseReturnValue:
    course, enrollment = course_for_learner(slug, current_user)
    outline = study_outline(course.id, enrollment.id)
    lesson = outline.find(lesson_id)
    if lesson is None:
        any_lesson_of(course.id, lesson_id) or abort(HTTPStatus.NOT_FOUND)
        flash(_("Materi ini sudah tidak ada di kursus ini."), "info")
        return redirect(url_for(".study", slug=slug), HTTPStatus.SEE_OTHER)
    done = _("Materi “%(title)s” selesai.", title=lesson.title)  # written now: later the reader is read again
    actions.complete_lesson(enrollment, lesson, actor=current_user)
    following = outline.next_open(lesson_id)
    if following is None or (lesson.is_required and not outline.is_missing_besides(lesson_id)):
        return redirect(url_for(".why", slug=slug), HTTPStatus.SEE_OTHER)
    flash(done, "success")
    return redirect(url_for(".lesson", slug=slug, lesson_id=following.id), HTTPStatus.SEE_OTHER)


@bp.post("/belajar/<slug>/<int(max=2147483647):lesson_id>/progres")
@signed_in
def record(slug: str, lesson_id: int) -> ResponseReturnValue:
    study = access.study_for_reader(slug, viewer())
    lesson = access.lesson_of_study(study, lesson_id)
    form = ReportForm(formdata=sent_fields())
    if study.enrollment is None:
        abort(HTTPStatus.NOT_FOUND)
    if form.validate_on_submit():
        row = actions.record_progress(study.enrollment, lesson, form.report, actor=current_user)
        if wants_json():
            return jsonify(done=row.completed_at is not None, time_spent_seconds=row.time_spent_seconds)
    elif wants_json():
        return jsonify(errors=form.errors), HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        flash(next(iter(form.errors.values()))[0], "danger")
    return redirect(url_for(".lesson", slug=slug, lesson_id=lesson_id), HTTPStatus.SEE_OTHER)


@bp.post("/belajar/<slug>/ulang")
@signed_in
def start_over(slug: str) -> ResponseReturnValue:
    _course, enrollment = course_for_learner(slug, current_user)
    actions.start_over(enrollment, actor=current_user)
    flash(_("Anda terdaftar lagi. Progres Anda mulai dari awal."), "success")
    return redirect(url_for(".study", slug=slug), HTTPStatus.SEE_OTHER)


@bp.get("/belajar/<slug>/mengapa")
@signed_in
def why(slug: str) -> ResponseReturnValue:
    course, enrollment = course_for_learner(slug, current_user)
    outline = study_outline(course.id, enrollment.id)
    evidence = evidence_of(enrollment, course, outline)
    following = outline.resume(enrollment.last_lesson_id)
    listing = listed(outline, request.args.get("daftar", following.id if following else None, type=row_id))
    return render_template(
        "progress/why.html",
        study=Study(course, viewer(), enrollment),
        course=course,
        enrollment=enrollment,
        following=following,
        listing=listing,
        assessments=listed_assessments(course.id, enrollment.user_id) if is_inside(enrollment) else (),
        evidence=evidence,
        rule=rule_in_words(evidence.mode),
        tree=evidence_tree(evidence, listing, course.slug),
        certificate=certificate_of(enrollment.id) if enrollment.is_completed else None,
    )


def _closed(study: Study) -> ResponseReturnValue:
    """What a reader sees in the place of a lesson that does not open."""
    if study.is_dropped:
        page = render_template(
            "progress/dropped.html",
            course=study.course,
            enrollment=study.enrollment,
            takes_learners=takes_learners(study.course),
            is_shown=study.is_shown,
        )
        return page, HTTPStatus.FORBIDDEN
    if study.reader is None:
        return redirect(sign_in_address(), HTTPStatus.SEE_OTHER)
    flash(_("Ikuti kursus ini untuk membuka materinya."), "info")
    return redirect(url_for("courses.detail", slug=study.course.slug))
