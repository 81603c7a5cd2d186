"""Kelola kursus: the courses that one works on, a new one, and a second of the same content."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import current_user, staff
from app.core.forms import save
from app.courses import queries
from app.courses.access import course_for_author
from app.courses.actions import create_course, duplicate_course
from app.courses.forms import TABS, NewCourseForm, read_workshop
from app.courses.views.blueprint import bp


@bp.route("/kelola/kursus", methods=["GET", "POST"])
@staff
def workshop() -> ResponseReturnValue:
    form = NewCourseForm()
    if save(form, lambda: create_course(form.title.data, actor=current_user)):
        flash(_("Draf “%(title)s” siap. Susun bab dan materinya.", title=form.result.title), "success")
        return redirect(url_for(".editor", slug=form.result.slug), HTTPStatus.SEE_OTHER)
    address = read_workshop(request.args)
    page = queries.workshop(current_user, tab=TABS.get(address.tab), search=address.search, page=address.page)
    return render_template("courses/workshop/list.html", form=form, address=address, page=page), form.http_status


@bp.post("/kelola/kursus/<slug>/salin")
@staff
def duplicate(slug: str) -> ResponseReturnValue:
    copy = duplicate_course(course_for_author(slug, current_user), actor=current_user)
    flash(
        _("Ini salinannya, sebuah draf milik Anda. Aslinya tidak berubah. Asesmen dan bank soal tidak ikut disalin."),
        "success",
    )
    return redirect(url_for(".editor", slug=copy.slug), HTTPStatus.SEE_OTHER)
