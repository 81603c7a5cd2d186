"""Taking an assessment: before, during, the summary, the result. Without JavaScript every button saves."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.accounts.access import current_user, signed_in
from app.assessments import access
from app.assessments.actions.answering import flag_answer, hand_in_file, save_answer
from app.assessments.actions.closing import GRACE, submit_attempt
from app.assessments.actions.refusals import AttemptClosed
from app.assessments.actions.starting import start_attempt
from app.assessments.forms.taking import AnswerForm
from app.assessments.models import Answer, Attempt
from app.assessments.queries.attempts import (
    answer_at,
    answers_of,
    attempts_of,
    extension_of,
    standing_of,
)
from app.assessments.queries.composing import question_count
from app.assessments.queries.running import running
from app.assessments.questions import type_of
from app.assessments.rules import attempts_allowed, closing_time, why_not
from app.assessments.views.blueprint import bp
from app.core.clock import now
from app.core.errors import wants_json
from app.core.forms import save as save_form
from app.core.i18n import format_receipt
from app.core.markdown import render
from app.enrollments.access import is_inside


@bp.get("/asesmen/<int:assessment_id>")
@signed_in
def intro(assessment_id: int) -> ResponseReturnValue:
    assessment, enrollment = access.assessment_for_learner(assessment_id, current_user)
    extension = extension_of(assessment.id, current_user.id)
    standing = standing_of(assessment.id, current_user.id)
    return render_template(
        "assessments/intro.html",
        assessment=assessment,
        course=assessment.course,
        enrollment=enrollment,
        instructions=render(assessment.instructions),
        questions=question_count(assessment.id),
        standing=standing,
        allowed=attempts_allowed(assessment, extension),
        closes_at=closing_time(assessment, extension),
        extension=extension,
        attempts=attempts_of(assessment.id, current_user.id),
        shows=access.shows,
        refusal=why_not(assessment, standing, extension),
    )


@bp.post("/asesmen/<int:assessment_id>/mulai")
@signed_in
def start(assessment_id: int) -> ResponseReturnValue:
    assessment, _enrollment = access.assessment_for_learner(assessment_id, current_user)
    attempt = start_attempt(assessment, actor=current_user)
    return redirect(url_for(".attempt", public_id=attempt.public_id), HTTPStatus.SEE_OTHER)


@bp.get("/percobaan/<public_id>")
@signed_in
def attempt(public_id: str) -> ResponseReturnValue:
    """One question a screen, at `?soal=`; an attempt that has ended shows its result instead."""
    attempt = access.attempt_for_learner(public_id, current_user)
    if not _is_running(attempt):
        return redirect(url_for(".result", public_id=public_id))
    if not is_inside(attempt.enrollment):
        return _left(attempt)
    state = running(attempt)
    first = next(iter(state.unanswered), 1)
    return _question_page(attempt, request.args.get("soal", first, type=int), AnswerForm(formdata=None))


@bp.get("/percobaan/<public_id>/tinjau")
@signed_in
def summary(public_id: str) -> ResponseReturnValue:
    attempt = access.attempt_for_learner(public_id, current_user)
    if not _is_running(attempt):
        return redirect(url_for(".result", public_id=public_id))
    if not is_inside(attempt.enrollment):
        return _left(attempt)
    return render_template(
        "assessments/summary.html",
        attempt=attempt,
        assessment=attempt.assessment,
        state=running(attempt),
        now=now(),
    )


@bp.post("/percobaan/<public_id>/jawab")
@signed_in
def save(public_id: str) -> ResponseReturnValue:
    attempt = access.attempt_for_learner(public_id, current_user)
    sent = _sent()
    form = AnswerForm(formdata=sent)
    answer = answer_at(attempt, form.question.data or 0)
    if not form.validate_on_submit() or answer is None:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    file = type_of(answer.asked).takes_file
    if form.file.data if file else "answer" in sent or "touched" in sent:
        act = _hand_in if file else _save
        if not save_form(form, lambda: act(attempt, answer, form)):
            return _refused(attempt, answer, form)
    if "flag" in sent:
        flag_answer(attempt, answer, sent["flag"] == "1", actor=current_user)
    if wants_json():
        saved = format_receipt(answer.saved_at) if answer.saved_at else ""
        return jsonify(
            saved=saved,
            sequence=answer.sequence,
            flagged=answer.is_flagged,
            deadline=attempt.deadline_at.isoformat() if attempt.deadline_at else None,
        )
    onward = answer.position if form.onward.data is None else form.onward.data
    if not onward:
        return redirect(url_for(".summary", public_id=public_id), HTTPStatus.SEE_OTHER)
    return redirect(url_for(".attempt", public_id=public_id, soal=onward), HTTPStatus.SEE_OTHER)


@bp.post("/percobaan/<public_id>/kirim")
@signed_in
def submit(public_id: str) -> ResponseReturnValue:
    attempt = access.attempt_for_learner(public_id, current_user)
    if submit_attempt(attempt, actor=current_user):
        flash(_("Jawaban Anda sudah dikirim."), "success")
    return redirect(url_for(".result", public_id=public_id), HTTPStatus.SEE_OTHER)


@bp.get("/percobaan/<public_id>/hasil")
@signed_in
def result(public_id: str) -> ResponseReturnValue:
    attempt = access.attempt_for_learner(public_id, current_user)
    if _is_running(attempt):
        return redirect(url_for(".attempt", public_id=public_id))
    assessment = attempt.assessment
    extension = extension_of(assessment.id, current_user.id)
    standing = standing_of(assessment.id, current_user.id)
    shown = {what for what in ("score", "keys", "feedback") if access.shows(attempt, f"show_{what}")}
    return render_template(
        "assessments/result.html",
        attempt=attempt,
        assessment=assessment,
        course=assessment.course,
        opens=access.opens(assessment, current_user, attempt.enrollment),
        shown=shown,
        answers=answers_of(attempt) if shown & {"keys", "feedback"} else (),
        type_of=type_of,
        render=render,
        standing=standing,
        allowed=attempts_allowed(assessment, extension),
        refusal=why_not(assessment, standing, extension),
    )


def _question_page(attempt: Attempt, place: int, form: AnswerForm) -> ResponseReturnValue:
    answer = answer_at(attempt, place) or abort(HTTPStatus.NOT_FOUND)
    kind = type_of(answer.asked)
    page = render_template(
        "assessments/attempt.html",
        attempt=attempt,
        assessment=attempt.assessment,
        answer=answer,
        kind=kind,
        shown=kind.shown(answer),
        text=render(answer.asked.text),
        state=running(attempt),
        now=now(),
        form=form,
    )
    return page, form.http_status


def _save(attempt: Attempt, answer: Answer, form: AnswerForm) -> None:
    save_answer(attempt, answer, form.values(), sequence=form.sequence.data, actor=current_user)


def _hand_in(attempt: Attempt, answer: Answer, form: AnswerForm) -> None:
    sent = form.file.data
    hand_in_file(attempt, answer, sent.stream, sent.filename or "", actor=current_user)


def _refused(attempt: Attempt, answer: Answer, form: AnswerForm) -> ResponseReturnValue:
    """The question again, with what was typed and what is wrong with it; an attempt that has ended says so as
    everywhere."""
    if form.refusal is not None and (wants_json() or isinstance(form.refusal, AttemptClosed)):
        raise form.refusal
    return _question_page(attempt, answer.position, form)


def _left(attempt: Attempt) -> ResponseReturnValue:
    """To the page that says that the reader has left the course, and how to come back."""
    return redirect(url_for("progress.study", slug=attempt.assessment.course.slug))


def _is_running(attempt: Attempt) -> bool:
    """A GET closes nothing: what is overdue is only shown as closed, until its timer has come."""
    overdue = attempt.deadline_at is not None and now() > attempt.deadline_at + GRACE
    return attempt.is_open and not overdue


def _sent() -> MultiDict[str, Any]:
    """The values of a form or of a JSON object; a list in it is a field with several values."""
    if not request.is_json:
        return MultiDict([*request.form.items(multi=True), *request.files.items(multi=True)])
    body = request.get_json()
    if not isinstance(body, dict):
        abort(HTTPStatus.BAD_REQUEST)
    pairs = [(key, each) for key, value in body.items() for each in (value if isinstance(value, list) else [value])]
    return MultiDict([(str(key), "" if each is False else str(each)) for key, each in pairs])
