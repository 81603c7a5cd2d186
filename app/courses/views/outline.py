"""The editor's outline: sections and lessons added, renamed, moved, taken out and put back."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import current_user, staff
from app.core.forms import save
from app.courses import actions, queries
from app.courses.access import course_for_author, lesson_for_author, may_change, section_for_author
from app.courses.forms import LAST, MoveForm, SectionForm
from app.courses.lessons import KINDS
from app.courses.models import Course
from app.courses.views.blueprint import bp
from app.progress.consequences import consequences, deleting, restoring_section
from app.progress.queries import opened_by


@bp.get("/kelola/kursus/<slug>")
@staff
def editor(slug: str) -> ResponseReturnValue:
    return _page(course_for_author(slug, current_user), SectionForm())


@bp.post("/kelola/kursus/<slug>/bab")
@staff
def section_add(slug: str) -> ResponseReturnValue:
    course, form = course_for_author(slug, current_user), SectionForm()
    if save(form, lambda: actions.add_section(course, form.title.data, actor=current_user)):
        return redirect(url_for(".editor", slug=slug, _anchor=f"materi-baru-{form.result.id}"), HTTPStatus.SEE_OTHER)
    return _page(course, form), form.http_status


@bp.post("/kelola/kursus/<slug>/bab/<int(max=2147483647):section_id>")
@staff
def section_rename(slug: str, section_id: int) -> ResponseReturnValue:
    section, form = section_for_author(slug, section_id, current_user), SectionForm()
    if save(form, lambda: actions.rename_section(section, form.title.data, actor=current_user)):
        return redirect(url_for(".editor", slug=slug, _anchor=f"bab-{section_id}"), HTTPStatus.SEE_OTHER)
    return _page(section.course, form, renaming=section_id), form.http_status


@bp.post("/kelola/kursus/<slug>/bab/<int(max=2147483647):section_id>/pindah")
@staff
def section_move(slug: str, section_id: int) -> ResponseReturnValue:
    section, form = section_for_author(slug, section_id, current_user), _move()
    if form.step.data:
        actions.move_section(section, form.step.data, actor=current_user)
    else:
        actions.place_section(section, form.place.data or LAST, actor=current_user)
    return redirect(url_for(".editor", slug=slug, _anchor=f"bab-{section_id}"), HTTPStatus.SEE_OTHER)


@bp.post("/kelola/kursus/<slug>/materi/<int(max=2147483647):lesson_id>/pindah")
@staff
def lesson_move(slug: str, lesson_id: int) -> ResponseReturnValue:
    lesson, form = lesson_for_author(slug, lesson_id, current_user), _move()
    if form.step.data:
        actions.move_lesson(lesson, form.step.data, actor=current_user)
    else:
        home = section_for_author(slug, form.section.data or lesson.section_id, current_user)
        actions.place_lesson(lesson, form.place.data or LAST, section=home, actor=current_user)
    return redirect(url_for(".editor", slug=slug, _anchor=f"materi-{lesson_id}"), HTTPStatus.SEE_OTHER)


@bp.route("/kelola/kursus/<slug>/bab/<int(max=2147483647):section_id>/hapus", methods=["GET", "POST"])
@staff
def section_delete(slug: str, section_id: int) -> ResponseReturnValue:
    section = section_for_author(slug, section_id, current_user)
    if request.method == "POST":
        actions.delete_section(section, actor=current_user)
        flash(_("Bab “%(title)s” dipindahkan ke Arsip.", title=section.title), "success")
        return redirect(url_for(".editor", slug=slug), HTTPStatus.SEE_OTHER)
    if section.deleted_at is not None:
        return redirect(url_for(".course_archive", slug=slug))
    return render_template(
        "courses/workshop/section_delete.html",
        course=section.course,
        section=section,
        opened=opened_by([each.id for each in section.lessons]),
        result=consequences(section.course, deleting(*section.lessons)),
    )


@bp.route("/kelola/kursus/<slug>/bab/<int(max=2147483647):section_id>/pulihkan", methods=["GET", "POST"])
@staff
def section_restore(slug: str, section_id: int) -> ResponseReturnValue:
    section = section_for_author(slug, section_id, current_user)
    if request.method == "POST":
        actions.restore_section(section, actor=current_user)
        flash(_("Bab “%(title)s” kembali ke susunan.", title=section.title), "success")
        return redirect(url_for(".editor", slug=slug, _anchor=f"bab-{section_id}"), HTTPStatus.SEE_OTHER)
    return render_template(
        "courses/workshop/section_restore.html",
        course=section.course,
        section=section,
        result=consequences(section.course, restoring_section(section)),
    )


@bp.get("/kelola/kursus/<slug>/arsip")
@staff
def course_archive(slug: str) -> ResponseReturnValue:
    course = course_for_author(slug, current_user)
    return render_template(
        "courses/workshop/archive.html",
        course=course,
        archive=queries.archive_of(course),
        kinds=KINDS,
        may_change=may_change(course, current_user),
    )


def _move() -> MoveForm:
    form = MoveForm()
    if not form.validate_on_submit():
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    return form


def _page(course: Course, form: SectionForm, *, renaming: int | None = None) -> str:
    """The editor; `form` is the one that adds a section, or renames the section of that id."""
    return render_template(
        "courses/workshop/editor.html",
        course=course,
        form=form,
        renaming=renaming,
        outline=queries.outline(course),
        empty={each.lesson_id for each in queries.lacks_outline(course) if each.lesson_id},
        kinds=KINDS,
        may_change=may_change(course, current_user),
    )
