"""The web or the worker is killed at every step of handing in: before or after, one result, one mail."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.assessments.actions.closing import submit_attempt
from app.assessments.events import AssessmentGraded, AssessmentSubmitted
from app.assessments.models import Attempt, AttemptStatus
from app.assessments.queries.attempts import answers_of
from app.core import clock
from app.core.db import db
from app.notifications.models import Notification, OutgoingMail
from tests import make
from tests.assessments.conftest import answer_right, begun
from tests.facts import assert_stated, drain_all

ROOT = Path(__file__).resolve().parents[2]
WEB = ("outbox.staged", "outbox.written", "handout.begun", "delivery.begun", "delivery.effected", "delivery.marked")
WORKER = ("relay.claimed", "delivery.begun", "delivery.leased", "delivery.effected", "delivery.marked")

pytestmark = pytest.mark.chaos


def killed(app: Flask, role: str, point: str, attempt_id: int) -> None:
    """A process of its own dies there."""
    db.session.rollback()
    url, instance = app.config["SQLALCHEMY_DATABASE_URI"], str(app.config["INSTANCE"])
    done = subprocess.run(
        [sys.executable, "-m", "tests.assessments.killed", str(url), instance, role, point, str(attempt_id)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == -9, (point, done.stderr[-2000:])
    db.session.rollback()


def check_one_result(attempt: Attempt) -> None:
    db.session.refresh(attempt)
    db.session.refresh(attempt.enrollment)
    assert (attempt.status, attempt.score, attempt.passed) == (AttemptStatus.GRADED, 4, True)
    assert attempt.enrollment.progress_percentage > 0
    assert_stated(AssessmentSubmitted, attempt_id=attempt.id)
    assert_stated(AssessmentGraded, attempt_id=attempt.id)
    for table in (Notification, OutgoingMail):
        of_result = select(func.count()).select_from(table)
        if table is Notification:
            of_result = of_result.where(Notification.type == "assessment.passed")
        assert db.session.scalars(of_result).one() == 1


@pytest.fixture
def attempt(app: Flask) -> Attempt:
    begun_one = begun(make.assessment(kinds=("multiple_choice", "numeric", "true_false")))
    answer_right(begun_one)
    return begun_one


@pytest.mark.parametrize("point", WEB)
def test_a_web_process_killed_while_handing_in_leaves_before_or_after(app: Flask, attempt: Attempt, point: str) -> None:
    killed(app, "web", point, attempt.id)
    db.session.refresh(attempt)
    scores = [each.score for each in answers_of(attempt)]
    if attempt.is_open:
        assert (scores, attempt.score) == ([None] * 3, None)
    else:
        assert (attempt.status, None in scores) == (AttemptStatus.GRADED, False)
    submit_attempt(attempt, actor=attempt.user)
    with clock.at(clock.now() + timedelta(minutes=2)):
        drain_all()
    check_one_result(attempt)


@pytest.mark.parametrize("point", WORKER)
def test_a_worker_killed_at_its_reactions_tells_once(app: Flask, attempt: Attempt, point: str) -> None:
    submit_attempt(attempt, actor=attempt.user)
    killed(app, "worker", point, attempt.id)
    with clock.at(clock.now() + timedelta(minutes=5)):
        drain_all()
    check_one_result(attempt)
