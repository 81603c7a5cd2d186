"""Terbitkan: what a course lacks, and every step from a draft to the learners and back."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import admins, current_user, staff
from app.core.forms import save
from app.courses import actions, queries
from app.courses.access import course_for_author, may_archive
from app.courses.forms import DeclineForm
from app.courses.models import Course
from app.courses.views.blueprint import bp


@bp.get("/kelola/kursus/<slug>/terbit")
@staff
def publication(slug: str) -> ResponseReturnValue:
    return _page(course_for_author(slug, current_user), DeclineForm())


@bp.post("/kelola/kursus/<slug>/terbit/ajukan")
@staff
def request_publication(slug: str) -> ResponseReturnValue:
    actions.request_publication(course_for_author(slug, current_user), actor=current_user)
    return _done(slug, _("Kursus diajukan. Admin diberi tahu, dan Anda mendapat kabar begitu dijawab."))


@bp.post("/kelola/kursus/<slug>/terbit/tarik")
@staff
def withdraw_request(slug: str) -> ResponseReturnValue:
    actions.withdraw_request(course_for_author(slug, current_user), actor=current_user)
    return _done(slug, _("Pengajuan ditarik. Kursus ini kembali menjadi draf Anda."))


@bp.post("/kelola/kursus/<slug>/terbit/kembalikan")
@admins
def decline_request(slug: str) -> ResponseReturnValue:
    course, form = course_for_author(slug, current_user), DeclineForm()
    if save(form, lambda: actions.decline_request(course, form.reason.data, actor=current_user)):
        return _done(slug, _("Kursus dikembalikan. Pengajarnya menerima alasan Anda."))
    return _page(course, form), form.http_status


@bp.post("/kelola/kursus/<slug>/terbit/terbitkan")
@admins
def publish(slug: str) -> ResponseReturnValue:
    actions.publish(course_for_author(slug, current_user), actor=current_user)
    return _done(slug, _("Kursus terbit. Peserta dapat mengikutinya sekarang."))


@bp.post("/kelola/kursus/<slug>/terbit/batal-terbit")
@admins
def unpublish(slug: str) -> ResponseReturnValue:
    actions.unpublish(course_for_author(slug, current_user), actor=current_user)
    return _done(slug, _("Kursus kembali menjadi draf. Peserta yang sudah di dalamnya tetap dapat belajar."))


@bp.post("/kelola/kursus/<slug>/terbit/arsipkan")
@staff
def archive(slug: str) -> ResponseReturnValue:
    actions.archive(course_for_author(slug, current_user), actor=current_user)
    return _done(slug, _("Kursus diarsipkan. Anda dapat memulihkannya kapan saja."))


@bp.post("/kelola/kursus/<slug>/terbit/pulihkan")
@staff
def restore(slug: str) -> ResponseReturnValue:
    actions.unpublish(course_for_author(slug, current_user), actor=current_user)
    return _done(slug, _("Kursus dipulihkan sebagai draf."))


def _page(course: Course, form: DeclineForm) -> str:
    return render_template(
        "courses/workshop/publish.html",
        course=course,
        form=form,
        publication=queries.publication(course),
        may_archive=may_archive(course, current_user),
    )


def _done(slug: str, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for(".publication", slug=slug), HTTPStatus.SEE_OTHER)
