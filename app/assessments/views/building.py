"""Asesmen of a course as their authors make them: the list, the questions, the settings, publishing."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from app.accounts.access import admins, current_user, staff
from app.assessments import access
from app.assessments.actions import authoring as actions
from app.assessments.forms.building import AssessmentForm, DrawForm, ItemForm, NewAssessmentForm, PlaceForm
from app.assessments.models import Assessment, AssessmentStatus, Item
from app.assessments.queries.assessments import assessments_of, items_of, living_by_tag
from app.assessments.queries.bank import bank, item_of, questions_in
from app.assessments.queries.publishing import lacking_for_publishing
from app.assessments.questions import TYPES
from app.assessments.views.blueprint import bp
from app.core.errors import Conflict
from app.core.forms import save
from app.core.security import row_id
from app.courses.access import course_for_author


@bp.route("/kelola/kursus/<slug>/asesmen", methods=["GET", "POST"])
@staff
def of_course(slug: str) -> ResponseReturnValue:
    course = course_for_author(slug, current_user)
    form = NewAssessmentForm()
    if save(form, lambda: actions.create_assessment(course, form.title.data, kind=form.kind.data, actor=current_user)):
        flash(_("Draf “%(title)s” siap. Isi soalnya.", title=form.result.title), "success")
        return redirect(url_for(".building", assessment_id=form.result.id), HTTPStatus.SEE_OTHER)
    page = render_template(
        "assessments/of_course.html", course=course, assessments=assessments_of(course.id), form=form
    )
    return page, form.http_status


@bp.get("/kelola/asesmen/<int:assessment_id>")
@staff
def building(assessment_id: int) -> ResponseReturnValue:
    assessment = access.assessment_for_author(assessment_id, current_user)
    return _building_page(assessment, _draw_form(assessment))


@bp.post("/kelola/asesmen/<int:assessment_id>/soal")
@staff
def add_questions(assessment_id: int) -> ResponseReturnValue:
    """The chosen questions of the bank stand in it, in the order of the bank."""
    assessment = access.assessment_for_author(assessment_id, current_user)
    wanted = questions_in(assessment.course_id, request.form.getlist("soal", type=row_id))
    actions.add_items(assessment, wanted, actor=current_user)
    return _back(assessment)


@bp.post("/kelola/asesmen/<int:assessment_id>/undi")
@staff
def add_draw(assessment_id: int) -> ResponseReturnValue:
    assessment = access.assessment_for_author(assessment_id, current_user)
    form = _draw_form(assessment)
    if save(form, lambda: actions.add_draw(assessment, form.tag.data, form.draw.data, actor=current_user)):
        return _back(assessment)
    return _building_page(assessment, form), form.http_status


@bp.post("/kelola/asesmen/<int:assessment_id>/butir/<int:item_id>/pindah")
@staff
def place_item(assessment_id: int, item_id: int) -> ResponseReturnValue:
    assessment, item = _item(assessment_id, item_id)
    form = PlaceForm()
    if not save(form, lambda: actions.place_item(item, form.place.data, assessment, actor=current_user)):
        flash(_("Tempat ini tidak ada. Muat ulang halaman ini."), "danger")
    return _back(assessment, item)


@bp.post("/kelola/asesmen/<int:assessment_id>/butir/<int:item_id>/ubah")
@staff
def change_item(assessment_id: int, item_id: int) -> ResponseReturnValue:
    assessment, item = _item(assessment_id, item_id)
    form = ItemForm()
    changes = {"points": form.points.data, "draw": form.draw.data or item.draw}
    if save(form, lambda: actions.change_item(item, assessment, actor=current_user, **changes)):
        flash(_("Tersimpan."), "success")
        return _back(assessment, item)
    return _building_page(
        assessment, _draw_form(assessment, sent=False), refused=form, refused_at=item
    ), form.http_status


@bp.post("/kelola/asesmen/<int:assessment_id>/butir/<int:item_id>/hapus")
@staff
def remove_item(assessment_id: int, item_id: int) -> ResponseReturnValue:
    assessment, item = _item(assessment_id, item_id)
    actions.remove_item(item, assessment, actor=current_user)
    flash(_("Soal dikeluarkan dari asesmen ini. Di bank soal tetap ada."), "success")
    return _back(assessment)


@bp.route("/kelola/asesmen/<int:assessment_id>/pengaturan", methods=["GET", "POST"])
@staff
def assessment_settings(assessment_id: int) -> ResponseReturnValue:
    assessment = access.assessment_for_author(assessment_id, current_user)
    form = AssessmentForm(data=AssessmentForm.initial(assessment))

    def update() -> None:
        actions.update_assessment(assessment, version=form.opened_on, actor=current_user, **form.settings())

    if save(form, update):
        flash(_("Tersimpan."), "success")
        return redirect(url_for(".assessment_settings", assessment_id=assessment.id), HTTPStatus.SEE_OTHER)
    if isinstance(form.refusal, Conflict):
        form.version.data = str(assessment.version)  # so that a second Simpan goes through
    page = render_template(
        "assessments/settings.html",
        assessment=assessment,
        course=assessment.course,
        form=form,
        may_change=access.may_change(assessment, current_user),
    )
    return page, form.http_status


@bp.get("/kelola/asesmen/<int:assessment_id>/terbit")
@staff
def assessment_publication(assessment_id: int) -> ResponseReturnValue:
    assessment = access.assessment_for_author(assessment_id, current_user)
    return render_template(
        "assessments/publish.html",
        assessment=assessment,
        course=assessment.course,
        lacking=lacking_for_publishing(assessment),
    )


@bp.post("/kelola/asesmen/<int:assessment_id>/terbit/<any(terbitkan, draf, arsipkan):verb>")
@admins
def assessment_step(assessment_id: int, verb: str) -> ResponseReturnValue:
    assessment = access.assessment_for_author(assessment_id, current_user)
    if verb == "terbitkan":
        actions.publish_assessment(assessment, actor=current_user)
        flash(_("Asesmen terbit. Peserta dapat mengerjakannya sesuai waktunya."), "success")
    else:
        state = AssessmentStatus.DRAFT if verb == "draf" else AssessmentStatus.ARCHIVED
        actions.unpublish_assessment(assessment, to=state, actor=current_user)
        flash(_("Asesmen tidak dibuka lagi. Percobaan yang berjalan tetap dapat diselesaikan."), "success")
    return redirect(url_for(".assessment_publication", assessment_id=assessment_id), HTTPStatus.SEE_OTHER)


def _building_page(
    assessment: Assessment, form: DrawForm, *, refused: ItemForm | None = None, refused_at: Item | None = None
) -> str:
    return render_template(
        "assessments/building.html",
        assessment=assessment,
        course=assessment.course,
        items=items_of(assessment.id),
        form=form,
        types=TYPES,
        bank=bank(assessment.course_id, not_in=assessment.id, page=request.args.get("halaman", 1, type=int)),
        may_change=access.may_change(assessment, current_user),
        refused=refused,
        refused_at=refused_at,
    )


def _draw_form(assessment: Assessment, *, sent: bool = True) -> DrawForm:
    """`sent`: what the request holds is meant for this form."""
    form = DrawForm() if sent else DrawForm(formdata=None)
    tags = living_by_tag(assessment.course_id)
    form.tag.choices = [SelectChoice(tag, f"{tag} ({count})") for tag, count in tags.items()]
    return form


def _item(assessment_id: int, item_id: int) -> tuple[Assessment, Item]:
    assessment = access.assessment_for_author(assessment_id, current_user)
    return assessment, item_of(assessment.id, item_id) or abort(HTTPStatus.NOT_FOUND)


def _back(assessment: Assessment, item: Item | None = None) -> ResponseReturnValue:
    anchor = f"butir-{item.id}" if item else None
    return redirect(url_for(".building", assessment_id=assessment.id, _anchor=anchor), HTTPStatus.SEE_OTHER)
