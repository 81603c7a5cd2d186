"""What learners and graders hear of an assessment."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from app.assessments.actions.closing import submit_attempt
from app.assessments.actions.grading import grade_answer
from app.assessments.models import Attempt, Show
from app.core import clock
from app.core.db import db
from app.notifications import kinds
from app.notifications.models import Notification, OutgoingMail
from tests import make
from tests.assessments.conftest import answer_of, answer_right, begun
from tests.facts import drain_all


def told(user_id: int) -> list[str]:
    return list(db.session.scalars(select(Notification.type).where(Notification.user_id == user_id)))


def handed_in(*types: str, right: bool = True, **rules: object) -> Attempt:
    attempt = begun(make.assessment(kinds=types, **rules))  # type: ignore[arg-type]
    if right:
        answer_right(attempt)
    else:
        answer_right(attempt, "true_false")
    submit_attempt(attempt, actor=attempt.user)
    drain_all()
    return attempt


@pytest.mark.parametrize(
    ("right", "kind", "words"),
    [
        (True, kinds.ASSESSMENT_PASSED, "Anda lulus"),
        (False, kinds.ASSESSMENT_NOT_PASSED, "33,3%"),
    ],
)
def test_a_result_is_told_with_its_number_and_mailed_once(app: Flask, right: bool, kind: str, words: str) -> None:
    attempt = handed_in("multiple_choice", "true_false", right=right)
    assert told(attempt.user_id) == [kind]
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == attempt.user.email)).one()
    assert words in mail.text
    assert words in mail.html
    assert f"/percobaan/{attempt.public_id}/hasil" in mail.text


@pytest.mark.parametrize("rule", [Show.NEVER, Show.AFTER_CLOSE])
def test_where_the_score_is_not_shown_neither_notification_nor_mail_gives_it_away(app: Flask, rule: Show) -> None:
    attempt = handed_in("multiple_choice", show_score=rule)
    assert told(attempt.user_id) == [kinds.ASSESSMENT_GRADED]
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == attempt.user.email)).one()
    assert "%" not in mail.text
    assert "lulus" not in mail.text.casefold()


@pytest.mark.parametrize("rule", list(Show))
def test_who_has_saved_nothing_hears_that_the_time_is_up_and_no_score(app: Flask, rule: Show) -> None:
    attempt = begun(make.assessment(show_score=rule, time_limit_minutes=1, passing_score=0))
    with clock.at(clock.now() + timedelta(minutes=2)):
        drain_all()
        drain_all()
    assert told(attempt.user_id) == [kinds.ASSESSMENT_EXPIRED]
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == attempt.user.email)).one()
    assert "habis sebelum ada jawaban" in mail.text
    assert "habis sebelum ada jawaban" in mail.html
    assert f"/percobaan/{attempt.public_id}/hasil" in mail.text
    assert "%" not in mail.text
    assert "lulus" not in mail.text.casefold()


def test_the_grader_hears_of_what_waits_and_the_learner_of_the_grade(app: Flask) -> None:
    attempt = handed_in("essay")
    assert told(attempt.user_id) == []
    assert told(attempt.assessment.owner_id) == [kinds.ASSESSMENT_WAITING]
    grade_answer(answer_of(attempt, "essay"), Decimal(5), actor=attempt.assessment.owner)
    drain_all()
    assert told(attempt.user_id) == [kinds.ASSESSMENT_PASSED]
