"""Penilaian: the queue of answers that a human grades, one answer a screen."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import current_user, staff
from app.assessments.access import answer_for_grader
from app.assessments.actions import grading as actions
from app.assessments.forms.grading import GradeForm
from app.assessments.models import Answer
from app.assessments.queries import grading as queries
from app.assessments.questions import type_of
from app.assessments.views.blueprint import bp
from app.core.clock import now
from app.core.errors import Conflict
from app.core.forms import save
from app.core.markdown import render
from app.core.security import LARGEST_ID


@bp.get("/penilaian")
@staff
def grading_queue() -> ResponseReturnValue:
    return render_template(
        "assessments/queue.html",
        piles=queries.piles(current_user),
        answers=queries.queue(current_user, _assessment_id()),
        waiting=queries.waiting(current_user, _assessment_id()),
        type_of=type_of,
        phrases=queries.phrases_of(current_user),
        opened_since=now() - queries.CLAIMED_FOR,
        here=_kept(),
    )


@bp.post("/penilaian/<int:answer_id>/ambil")
@staff
def take_answer(answer_id: int) -> ResponseReturnValue:
    """The answer is this grader's for a while; its page opens also when somebody else has it, and says so."""
    answer = answer_for_grader(answer_id, current_user)
    actions.claim(answer, actor=current_user)
    return redirect(url_for(".grade", answer_id=answer.id, **_kept()), HTTPStatus.SEE_OTHER)


@bp.route("/penilaian/<int:answer_id>", methods=["GET", "POST"])
@staff
def grade(answer_id: int) -> ResponseReturnValue:
    answer = answer_for_grader(answer_id, current_user)
    form = GradeForm.of(answer)

    def keep() -> None:
        actions.grade_answer(
            answer,
            form.score.data,
            feedback=form.feedback.data or "",
            reason=form.reason.data or "",
            version=form.opened_on,
            actor=current_user,
        )
        if form.keep.data and form.feedback.data:
            actions.keep_phrase(form.feedback.data[:500], actor=current_user)

    if save(form, keep):
        flash(_("Nilai tersimpan."), "success")
        return _onward(answer) if "next" in request.form else _to(answer)
    if isinstance(form.refusal, Conflict):
        form.version.data = str(answer.version)  # so that a second Simpan goes through
    return _page(answer, form), form.http_status


@bp.post("/penilaian/<int:answer_id>/lewati")
@staff
def skip_answer(answer_id: int) -> ResponseReturnValue:
    answer = answer_for_grader(answer_id, current_user)
    actions.give_back(answer, actor=current_user)
    return _onward(answer)


@bp.post("/penilaian/kalimat/<int:phrase_id>/hapus")
@staff
def drop_phrase(phrase_id: int) -> ResponseReturnValue:
    phrase = queries.phrase_of(phrase_id, current_user) or abort(HTTPStatus.NOT_FOUND)
    actions.drop_phrase(phrase, actor=current_user)
    flash(_("Kalimat dihapus."), "success")
    return redirect(url_for(".grading_queue", **_kept()), HTTPStatus.SEE_OTHER)


def _page(answer: Answer, form: GradeForm) -> str:
    kind = type_of(answer.asked)
    claimed = answer.claimed_at is not None and answer.claimed_at > now() - queries.CLAIMED_FOR
    return render_template(
        "assessments/grade.html",
        answer=answer,
        attempt=answer.attempt,
        assessment=answer.attempt.assessment,
        kind=kind,
        text=render(answer.asked.text),
        reviewed=kind.reviewed(answer),
        form=form,
        waiting=queries.waiting(current_user, _assessment_id()),
        history=queries.history_of(answer),
        phrases=queries.phrases_of(current_user),
        previous=queries.preceding(answer, current_user, _assessment_id()),
        other=queries.grader_name(answer.claimed_by) if claimed and answer.claimed_by != current_user.id else None,
        here=_kept(),
    )


def _onward(answer: Answer) -> ResponseReturnValue:
    following = queries.following(answer, current_user, _assessment_id())
    if following is None:
        flash(_("Tidak ada jawaban lain yang menunggu."), "info")
        return redirect(url_for(".grading_queue", **_kept()), HTTPStatus.SEE_OTHER)
    actions.claim(following, actor=current_user)
    return _to(following)


def _to(answer: Answer) -> ResponseReturnValue:
    return redirect(url_for(".grade", answer_id=answer.id, **_kept()), HTTPStatus.SEE_OTHER)


def _assessment_id() -> int | None:
    wanted = request.args.get("asesmen", type=int)
    return None if wanted is None else min(max(0, wanted), LARGEST_ID)


def _kept() -> dict[str, int | None]:
    """What of the address goes along from answer to answer: the assessment, and that no names are shown."""
    return {"asesmen": _assessment_id(), "anonim": 1 if "anonim" in request.args else None}
