"""Results: of an assessment, of a course (Buku Nilai), of oneself (Nilai); and grading anew after a corrected key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from http import HTTPStatus

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import current_user, signed_in, staff
from app.assessments import access
from app.assessments.actions.regrading import regrades, start_regrade
from app.assessments.forms.regrading import RegradeForm
from app.assessments.queries import results as queries
from app.assessments.queries.assessments import question_by_id
from app.assessments.questions import TYPES
from app.assessments.views.blueprint import bp
from app.core.forms import save
from app.core.i18n import format_number
from app.core.sheets import csv_lines, download, xlsx_bytes
from app.courses.access import course_for_author


@bp.get("/kelola/asesmen/<int:assessment_id>/hasil")
@staff
def results(assessment_id: int) -> ResponseReturnValue:
    assessment = access.assessment_for_author(assessment_id, current_user)
    total = queries.people_count(assessment.id)
    page = min(_page_number(), _pages(total))
    people = queries.results_of(assessment.id, page)
    return render_template(
        "assessments/results.html",
        assessment=assessment,
        course=assessment.course,
        people=people,
        latest=queries.latest_attempts(assessment.id, [each.user_id for each in people]),
        total=total,
        page=page,
        pages=_pages(total),
        statistics=queries.statistics_of(assessment.id),
        outdated=queries.outdated_questions(assessment.id),
        types=TYPES,
    )


@bp.route("/kelola/asesmen/<int:assessment_id>/nilai-ulang/<int:question_id>", methods=["GET", "POST"])
@staff
def regrade(assessment_id: int, question_id: int) -> ResponseReturnValue:
    """GET is the dry run: who would get another score. POST lets a worker apply it."""
    assessment = access.assessment_for_author(assessment_id, current_user)
    question = question_by_id(assessment.course_id, question_id) or abort(HTTPStatus.NOT_FOUND)
    form = RegradeForm()
    if save(form, lambda: start_regrade(assessment, question, reason=form.reason.data, actor=current_user)):
        return redirect(url_for("events.task", task_id=form.result.id), HTTPStatus.SEE_OTHER)
    found = regrades(assessment, question)
    page = render_template(
        "assessments/regrade.html",
        assessment=assessment,
        course=assessment.course,
        question=question,
        changes=[each for each in found if each.changes],
        kept=[each for each in found if each.is_kept],
        unknown=sum(each.after is None for each in found),
        form=form,
    )
    return page, form.http_status


@bp.get("/kelola/kursus/<slug>/nilai")
@staff
def gradebook(slug: str) -> ResponseReturnValue:
    course = course_for_author(slug, current_user)
    page = _page_number()
    book = queries.gradebook(course, page=page)
    return render_template("assessments/gradebook.html", course=course, book=book, page=page, pages=_pages(book.total))


@bp.get("/kelola/kursus/<slug>/nilai.<any(csv, xlsx):kind>")
@staff
def gradebook_file(slug: str, kind: str) -> Response:
    course = course_for_author(slug, current_user)
    book = queries.gradebook(course)
    if kind == "xlsx":
        content: str | bytes = xlsx_bytes(_("Buku Nilai"), list(_table(book, _as_shown)))
    else:
        content = "".join(csv_lines(_table(book, lambda percent: format_number(_as_shown(percent)))))
    return download(content, f"nilai-{course.slug}.{kind}")


@bp.get("/nilai")
@signed_in
def own_grades() -> ResponseReturnValue:
    return render_template(
        "assessments/own_grades.html",
        grades=queries.own_grades(current_user.id),
        shows=access.shows,
        opens=lambda attempt: access.opens(attempt.assessment, current_user, attempt.enrollment),
    )


def _page_number() -> int:
    return max(1, min(request.args.get("halaman", 1, type=int), 10_000))


def _pages(people: int) -> int:
    return max(1, -(-people // queries.PAGE_SIZE))


def _as_shown(percent: Decimal) -> Decimal:
    """One decimal, as the page has it."""
    return percent.quantize(Decimal("0.1"), ROUND_HALF_UP)


def _table(book: queries.Gradebook, written: Callable[[Decimal], object]) -> Iterator[list[object]]:
    yield [_("Nama"), _("Akun"), *(each.title for each in book.assessments)]
    for user_id, name, account in book.people:
        cells = [book.cell(user_id, each.id) for each in book.assessments]
        yield [name, account, *("" if cell is None else written(cell) for cell in cells)]
