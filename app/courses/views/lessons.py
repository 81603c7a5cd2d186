"""The editor's lessons: written, saved, kept as drafts, taken out and put back."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import current_user, staff
from app.core.forms import save, sent_fields
from app.core.security import row_id
from app.courses import actions, queries
from app.courses.access import lesson_for_author, may_change, section_for_author
from app.courses.forms import opened_form
from app.courses.lessons import KINDS, LessonKind, kind_of
from app.courses.lessons.form import FileForm, LessonForm
from app.courses.models import Course, Lesson, Media
from app.courses.views.blueprint import bp
from app.courses.views.drafts import draft_kept
from app.progress.consequences import Change, Consequence, adding, altering, consequences, deleting, restoring
from app.progress.queries import opened_by


@bp.route("/kelola/kursus/<slug>/materi/baru", methods=["GET", "POST"])
@staff
def lesson_new(slug: str) -> ResponseReturnValue:
    """The form of a new lesson. The outline sends the title alone: in the address, where an empty one is refused."""
    wanted = request.form if request.method == "POST" else request.args
    section = section_for_author(slug, wanted.get("bab", 0, type=row_id), current_user)
    kind = KINDS.get(wanted.get("jenis", "")) or abort(HTTPStatus.NOT_FOUND)
    fresh = {"title": wanted.get("title", ""), "is_required": True}
    form, draft = opened_form(kind.form, fresh, queries.draft_of(section, current_user))
    asked = _to_confirm(form, section.course, adding(minutes=form.minutes.data or 0, is_required=form.is_required.data))
    if asked is None and save(
        form,
        lambda: actions.add_lesson(
            section,
            kind=kind.name,
            actor=current_user,
            version=form.opened_on,
            **form.values(),
            **_attached(kind, form),
        ),
    ):
        if "outline" in request.form:
            return redirect(url_for(".editor", slug=slug, _anchor=f"materi-baru-{section.id}"), HTTPStatus.SEE_OTHER)
        return redirect(url_for(".lesson_edit", slug=slug, lesson_id=form.result.id), HTTPStatus.SEE_OTHER)
    if draft or form.opened_on is None:
        form.version.data = str(queries.last_saved(section)[0])
    page = render_template(
        "courses/workshop/lesson_new.html",
        course=section.course,
        section=section,
        kind=kind,
        form=form,
        draft=draft,
        asked=asked,
        may_change=may_change(section.course, current_user),
    )
    return page, form.http_status


@bp.post("/kelola/kursus/<slug>/bab/<int(max=2147483647):section_id>/draf")
@staff
def lesson_new_draft(slug: str, section_id: int) -> ResponseReturnValue:
    section = section_for_author(slug, section_id, current_user)
    kind = KINDS.get(sent_fields().get("jenis", "")) or abort(HTTPStatus.NOT_FOUND)
    return draft_kept(section, kind.form)


@bp.post("/kelola/kursus/<slug>/bab/<int(max=2147483647):section_id>/draf/buang")
@staff
def lesson_new_draft_drop(slug: str, section_id: int) -> ResponseReturnValue:
    actions.drop_draft(section_for_author(slug, section_id, current_user), actor=current_user)
    flash(_("Draf dibuang."), "success")
    return redirect(url_for(".editor", slug=slug, _anchor=f"materi-baru-{section_id}"), HTTPStatus.SEE_OTHER)


@bp.route("/kelola/kursus/<slug>/materi/<int(max=2147483647):lesson_id>", methods=["GET", "POST"])
@staff
def lesson_edit(slug: str, lesson_id: int) -> ResponseReturnValue:
    lesson = lesson_for_author(slug, lesson_id, current_user)
    course, kind = lesson.section.course, kind_of(lesson)
    form, draft = opened_form(kind.form, kind.form.initial(lesson), queries.draft_of(lesson, current_user))
    asked = _to_confirm(form, course, _altered(lesson, form))
    if asked is None and save(
        form,
        lambda: actions.update_lesson(
            lesson, actor=current_user, version=form.opened_on, **form.values(), **_attached(kind, form)
        ),
    ):
        flash(_("Materi “%(title)s” disimpan.", title=form.title.data), "success")
        return redirect(url_for(".lesson_edit", slug=slug, lesson_id=lesson_id), HTTPStatus.SEE_OTHER)
    return _page(lesson, form, draft=draft, asked=asked), form.http_status


@bp.post("/kelola/kursus/<slug>/materi/<int(max=2147483647):lesson_id>/draf")
@staff
def lesson_draft(slug: str, lesson_id: int) -> ResponseReturnValue:
    lesson = lesson_for_author(slug, lesson_id, current_user)
    return draft_kept(lesson, kind_of(lesson).form)


@bp.post("/kelola/kursus/<slug>/materi/<int(max=2147483647):lesson_id>/draf/buang")
@staff
def lesson_draft_drop(slug: str, lesson_id: int) -> ResponseReturnValue:
    actions.drop_draft(lesson_for_author(slug, lesson_id, current_user), actor=current_user)
    flash(_("Draf dibuang. Ini yang tersimpan."), "success")
    return redirect(url_for(".lesson_edit", slug=slug, lesson_id=lesson_id), HTTPStatus.SEE_OTHER)


@bp.route("/kelola/kursus/<slug>/materi/<int(max=2147483647):lesson_id>/hapus", methods=["GET", "POST"])
@staff
def lesson_delete(slug: str, lesson_id: int) -> ResponseReturnValue:
    lesson = lesson_for_author(slug, lesson_id, current_user)
    if request.method == "POST":
        actions.delete_lesson(lesson, actor=current_user)
        flash(_("Materi “%(title)s” dipindahkan ke Arsip.", title=lesson.title), "success")
        return redirect(url_for(".editor", slug=slug, _anchor=f"bab-{lesson.section_id}"), HTTPStatus.SEE_OTHER)
    if lesson.deleted_at is not None:
        return redirect(url_for(".course_archive", slug=slug))
    return render_template(
        "courses/workshop/lesson_delete.html",
        course=lesson.section.course,
        lesson=lesson,
        opened=opened_by([lesson.id]),
        result=consequences(lesson.section.course, deleting(lesson)),
    )


@bp.route("/kelola/kursus/<slug>/materi/<int(max=2147483647):lesson_id>/pulihkan", methods=["GET", "POST"])
@staff
def lesson_restore(slug: str, lesson_id: int) -> ResponseReturnValue:
    lesson = lesson_for_author(slug, lesson_id, current_user)
    if request.method == "POST":
        actions.restore_lesson(lesson, actor=current_user)
        flash(_("Materi “%(title)s” kembali ke susunan.", title=lesson.title), "success")
        return redirect(url_for(".editor", slug=slug, _anchor=f"materi-{lesson_id}"), HTTPStatus.SEE_OTHER)
    return render_template(
        "courses/workshop/lesson_restore.html",
        course=lesson.section.course,
        lesson=lesson,
        result=consequences(lesson.section.course, restoring(lesson)),
    )


def _attached(kind: LessonKind, form: LessonForm) -> dict[str, Media]:
    """The file that the form has brought; the form names it from here on, should something else be refused."""
    if not isinstance(form, FileForm):
        return {}
    sent = form.file.data
    media = actions.attach(
        kind.name,
        owner=current_user,
        stream=sent.stream if sent else None,
        name=sent.filename if sent else "",
        upload=form.upload.data or "",
        kept=form.kept.data or "",
    )
    if media is None:
        return {}
    form.kept.data, form.upload.data = media.public_id, ""
    return {"media": media}


def _altered(lesson: Lesson, form: LessonForm) -> Change | None:
    """What the form would change of how progress is reckoned; None when nothing of it."""
    minutes, is_required = form.minutes.data or 0, form.is_required.data
    if (minutes, is_required) == (lesson.minutes, lesson.is_required):
        return None
    return altering(lesson, minutes=minutes, is_required=is_required)


def _to_confirm(form: LessonForm, course: Course, change: Change | None) -> Consequence | None:
    """What learners would feel of the change, when it was sent and not confirmed yet; else None."""
    if change is None or "confirmed" in request.form or not form.validate_on_submit():
        return None
    result = consequences(course, change)
    return result if result.is_felt else None


def _page(lesson: Lesson, form: LessonForm, **more: object) -> str:
    """The form beside the outline. After a conflict it shows what is stored, and is up to date itself."""
    course, stored = lesson.section.course, None
    if isinstance(form.refusal, actions.EditConflict):
        stored = kind_of(lesson).form(formdata=None, data=kind_of(lesson).form.initial(lesson))
        form.version.data = str(lesson.version)
    return render_template(
        "courses/workshop/lesson.html",
        course=course,
        lesson=lesson,
        kind=kind_of(lesson),
        form=form,
        stored=stored,
        outline=queries.outline(course),
        kinds=KINDS,
        may_change=may_change(course, current_user) and lesson.deleted_at is None,
        **more,
    )
