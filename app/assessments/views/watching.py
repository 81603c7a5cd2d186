"""Pantau: who is at an assessment now; more time, an end, and what single persons may have beyond the rules."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import SelectChoice

from app.accounts.access import current_user, staff
from app.assessments import access
from app.assessments.actions import watching as actions
from app.assessments.forms.watching import ExtensionForm, MinutesForm, ReasonForm
from app.assessments.models import Assessment, Attempt
from app.assessments.queries.attempts import answers_of, attempts_of
from app.assessments.queries.watching import Sitting, extensions_of, learners_of, sittings
from app.assessments.questions import type_of
from app.assessments.views.blueprint import bp
from app.core import live
from app.core.forms import Form, save
from app.core.markdown import render


@bp.get("/kelola/asesmen/<int:assessment_id>/pantau")
@staff
def watch(assessment_id: int) -> ResponseReturnValue:
    """The page; with `?bagian=1` only its table, which the script asks for again and again."""
    assessment = access.assessment_for_author(assessment_id, current_user)
    if "bagian" in request.args:
        return _table(sittings(assessment.id))
    return _watch_page(assessment, MinutesForm())


@bp.get("/kelola/asesmen/<int:assessment_id>/pantau/aliran")
@staff
def watch_live(assessment_id: int) -> ResponseReturnValue:
    """The table whenever it has changed, as server-sent events; 204 where the script has to ask instead."""
    access.assessment_for_author(assessment_id, current_user)
    return live.stream(lambda: sittings(assessment_id), _table)


@bp.post("/kelola/asesmen/<int:assessment_id>/pantau/waktu")
@staff
def extend_all(assessment_id: int) -> ResponseReturnValue:
    assessment = access.assessment_for_author(assessment_id, current_user)
    form = MinutesForm()

    def extend() -> int:
        return actions.extend_all(assessment, form.minutes.data, reason=form.reason.data, actor=current_user)

    if save(form, extend):
        count = form.result
        flash(ngettext("Waktu %(num)s percobaan ditambah.", "Waktu %(num)s percobaan ditambah.", count), "success")
        return redirect(url_for(".watch", assessment_id=assessment.id), HTTPStatus.SEE_OTHER)
    return _watch_page(assessment, form), form.http_status


@bp.get("/kelola/percobaan/<public_id>")
@staff
def sitting(public_id: str) -> ResponseReturnValue:
    return _sitting_page(access.attempt_for_author(public_id, current_user), MinutesForm())


@bp.post("/kelola/percobaan/<public_id>/waktu")
@staff
def extend_one(public_id: str) -> ResponseReturnValue:
    attempt, form = access.attempt_for_author(public_id, current_user), MinutesForm()
    return _act(
        attempt,
        form,
        lambda: actions.extend_attempt(attempt, form.minutes.data, reason=form.reason.data, actor=current_user),
    )


@bp.post("/kelola/percobaan/<public_id>/akhiri")
@staff
def end_one(public_id: str) -> ResponseReturnValue:
    attempt, form = access.attempt_for_author(public_id, current_user), ReasonForm()
    return _act(attempt, form, lambda: actions.end_attempt(attempt, reason=form.reason.data, actor=current_user))


@bp.post("/kelola/percobaan/<public_id>/batalkan")
@staff
def cancel_one(public_id: str) -> ResponseReturnValue:
    attempt, form = access.attempt_for_author(public_id, current_user), ReasonForm()
    return _act(attempt, form, lambda: actions.cancel_attempt(attempt, reason=form.reason.data, actor=current_user))


@bp.route("/kelola/asesmen/<int:assessment_id>/kelonggaran", methods=["GET", "POST"])
@staff
def extensions(assessment_id: int) -> ResponseReturnValue:
    assessment = access.assessment_for_author(assessment_id, current_user)
    people = {person.id: person for person in learners_of(assessment.course_id)}
    form = ExtensionForm()
    form.person.choices = [SelectChoice(id, person.name) for id, person in people.items()]

    def give() -> None:
        actions.give_extension(
            assessment,
            people[form.person.data],
            minutes=form.minutes.data or 0,
            attempts=form.attempts.data or 0,
            closes_at=form.closes_at.moment,
            reason=form.reason.data,
            actor=current_user,
        )

    if save(form, give):
        flash(_("Tersimpan. Berlaku untuk percobaan berikutnya."), "success")
        return redirect(url_for(".extensions", assessment_id=assessment.id), HTTPStatus.SEE_OTHER)
    page = render_template(
        "assessments/extensions.html",
        assessment=assessment,
        course=assessment.course,
        extensions=extensions_of(assessment.id),
        form=form,
    )
    return page, form.http_status


def _act(attempt: Attempt, form: Form, act: Callable[[], None]) -> ResponseReturnValue:
    if save(form, act):
        flash(_("Tercatat."), "success")
        return redirect(url_for(".watch", assessment_id=attempt.assessment_id), HTTPStatus.SEE_OTHER)
    return _sitting_page(attempt, form), form.http_status


def _table(found: list[Sitting]) -> str:
    return render_template("assessments/_sittings.html", sittings=found)


def _watch_page(assessment: Assessment, form: MinutesForm) -> str:
    return render_template(
        "assessments/watch.html",
        assessment=assessment,
        course=assessment.course,
        sittings=sittings(assessment.id),
        form=form,
    )


def _sitting_page(attempt: Attempt, form: Form) -> str:
    return render_template(
        "assessments/sitting.html",
        attempt=attempt,
        assessment=attempt.assessment,
        course=attempt.assessment.course,
        answers=() if attempt.is_open else answers_of(attempt),
        others=[each for each in attempts_of(attempt.assessment_id, attempt.user_id) if each.id != attempt.id],
        type_of=type_of,
        render=render,
        form=form,
        minutes_form=form if isinstance(form, MinutesForm) else MinutesForm(formdata=None),
    )
