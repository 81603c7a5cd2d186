"""Bank soal: the questions of a course, written and changed."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import current_user, staff
from app.assessments import access
from app.assessments.actions import authoring
from app.assessments.actions import bank as actions
from app.assessments.models import Assessment, Question
from app.assessments.queries import bank as queries
from app.assessments.queries.assessments import living_by_tag
from app.assessments.questions import TYPES
from app.assessments.questions.content import content_of
from app.assessments.questions.form import QuestionForm
from app.assessments.views.blueprint import bp
from app.core.errors import Conflict
from app.core.forms import clean_line, save
from app.courses.access import course_for_author
from app.courses.models import Course


@bp.get("/kelola/kursus/<slug>/soal")
@staff
def bank(slug: str) -> ResponseReturnValue:
    course = course_for_author(slug, current_user)
    kind, tag = request.args.get("jenis", ""), (clean_line(request.args.get("tag")) or "")[:50]
    archived = "arsip" in request.args
    page = queries.bank(
        course.id,
        kind=kind if kind in TYPES else "",
        tag=tag,
        archived=archived,
        page=request.args.get("halaman", 1, type=int),
    )
    return render_template(
        "assessments/bank.html",
        course=course,
        page=page,
        types=TYPES,
        tags=living_by_tag(course.id),
        kind=kind,
        tag=tag,
        archived=archived,
    )


@bp.route("/kelola/kursus/<slug>/soal/baru", methods=["GET", "POST"])
@staff
def question_new(slug: str) -> ResponseReturnValue:
    """A new question of the type `?jenis=`; with `?asesmen=` it is asked there at once."""
    course = course_for_author(slug, current_user)
    kind = TYPES.get(request.args.get("jenis", "")) or abort(HTTPStatus.NOT_FOUND)
    wanted = request.args.get("asesmen", type=int)
    assessment = access.assessment_for_author(wanted, current_user) if wanted else None
    form = kind.form()
    if _wants_rows(form):
        return _form_page(course, kind.name, form, None)
    if save(form, lambda: _add(course, kind.name, form, assessment)):
        flash(_("Soal tersimpan."), "success")
        onward = url_for(".building", assessment_id=assessment.id) if assessment else url_for(".bank", slug=slug)
        return redirect(onward, HTTPStatus.SEE_OTHER)
    return _form_page(course, kind.name, form, None), form.http_status


@bp.route("/kelola/kursus/<slug>/soal/<int:question_id>", methods=["GET", "POST"])
@staff
def question_edit(slug: str, question_id: int) -> ResponseReturnValue:
    question = access.question_for_author(slug, question_id, current_user)
    kind = TYPES[question.type]
    tags = [each.tag for each in question.tags]
    form = kind.form(data=kind.form.initial(content_of(question.current), tags))
    if _wants_rows(form):
        return _form_page(question.course, kind.name, form, question)

    def change() -> bool:
        return actions.change_question(
            question, form.content(), tags=form.tag_list, version=form.opened_on, actor=current_user
        )

    if save(form, change):
        new = _("Tersimpan sebagai versi baru. Percobaan yang sudah dimulai tetap memakai versi lama.")
        flash(new if form.result else _("Tersimpan."), "success")
        return redirect(url_for(".question_edit", slug=slug, question_id=question_id), HTTPStatus.SEE_OTHER)
    if isinstance(form.refusal, Conflict):
        form.version.data = str(question.number)  # so that a second Simpan goes through
    return _form_page(question.course, kind.name, form, question), form.http_status


@bp.post("/kelola/kursus/<slug>/soal/<int:question_id>/arsipkan")
@staff
def question_archive(slug: str, question_id: int) -> ResponseReturnValue:
    actions.archive_question(access.question_for_author(slug, question_id, current_user), actor=current_user)
    flash(_("Soal diarsipkan. Asesmen yang sudah memuatnya tetap memakainya."), "success")
    return redirect(url_for(".bank", slug=slug), HTTPStatus.SEE_OTHER)


@bp.post("/kelola/kursus/<slug>/soal/<int:question_id>/pulihkan")
@staff
def question_restore(slug: str, question_id: int) -> ResponseReturnValue:
    actions.restore_question(access.question_for_author(slug, question_id, current_user), actor=current_user)
    flash(_("Soal dapat dipakai lagi."), "success")
    return redirect(url_for(".bank", slug=slug), HTTPStatus.SEE_OTHER)


def _add(course: Course, kind: str, form: QuestionForm, assessment: Assessment | None) -> None:
    """In the bank, and where one was writing for an assessment also there."""
    content, tags = form.content(), form.tag_list
    if assessment is None:
        actions.add_question(course, kind, content, tags=tags, actor=current_user)
    else:
        authoring.add_new_question(assessment, kind, content, tags=tags, actor=current_user)


def _wants_rows(form: QuestionForm) -> bool:
    """The button *Tambah baris* was pressed: nothing is saved, what was typed stays."""
    if "more" not in request.form:
        return False
    form.add_rows()
    return True


def _form_page(course: Course, kind: str, form: QuestionForm, question: Question | None) -> str:
    return render_template(
        "assessments/question.html",
        course=course,
        kind=TYPES[kind],
        here=request.full_path,
        form=form,
        question=question,
        versions=queries.versions_of(question.id) if question else (),
        used=actions.is_used(question) if question else False,
    )
