"""Questions in and out of a course's bank: Unggah → Periksa → Impor, and files for other programs."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.access import current_user, staff
from app.assessments.actions.bank import add_questions
from app.assessments.exchange import SAMPLE, read_questions, table_of, write_gift
from app.assessments.forms.exchange import QuestionFileForm, QuestionImportForm
from app.assessments.queries.bank import all_questions, not_in_bank
from app.assessments.questions import TYPES
from app.assessments.views.blueprint import bp
from app.core.forms import save
from app.core.sheets import csv_lines, download, xlsx_bytes
from app.courses.access import course_for_author


@bp.route("/kelola/kursus/<slug>/soal/impor", methods=["GET", "POST"])
@staff
def questions_import(slug: str) -> ResponseReturnValue:
    """The preview: what would be imported, and what is left out with its line. Nothing changes here."""
    course, form = course_for_author(slug, current_user), QuestionFileForm()
    reading, new, following = None, None, None
    if save(form, lambda: read_questions(form.content, form.name)):
        reading, new = form.result, not_in_bank(course.id, form.result.questions)
        following = QuestionImportForm(formdata=None, data={"packed": form.packed, "name": form.name})
    page = render_template(
        "assessments/questions_import.html",
        course=course,
        form=form,
        reading=reading,
        new=new,
        types=TYPES,
        following=following,
    )
    return page, form.http_status


@bp.post("/kelola/kursus/<slug>/soal/impor/jalankan")
@staff
def questions_import_run(slug: str) -> ResponseReturnValue:
    course, form = course_for_author(slug, current_user), QuestionImportForm()

    def add() -> int:
        found = read_questions(form.content, form.name.data or "")
        return add_questions(course, found.questions, actor=current_user)

    if not save(form, add):
        flash(next(iter(form.errors.values()))[0], "danger")
        return redirect(url_for(".questions_import", slug=slug), HTTPStatus.SEE_OTHER)
    flash(ngettext("%(num)s soal diimpor.", "%(num)s soal diimpor.", form.result), "success")
    return redirect(url_for(".bank", slug=slug), HTTPStatus.SEE_OTHER)


@bp.get("/kelola/kursus/<slug>/soal/contoh.<any(csv, xlsx):kind>")
@staff
def questions_sample(slug: str, kind: str) -> Response:
    course_for_author(slug, current_user)
    content = xlsx_bytes(_("Soal"), SAMPLE) if kind == "xlsx" else "".join(csv_lines(SAMPLE))
    return download(content, f"contoh-soal.{kind}")


@bp.get("/kelola/kursus/<slug>/soal.<any(gift, xlsx):kind>")
@staff
def questions_export(slug: str, kind: str) -> Response:
    course = course_for_author(slug, current_user)
    questions = all_questions(course.id)
    if kind == "xlsx":
        return download(xlsx_bytes(_("Soal"), list(table_of(questions))), f"soal-{course.slug}.xlsx")
    return download("".join(write_gift(questions)), f"soal-{course.slug}.gift")
