"""The web or the worker is killed at every step of an attempt's end: before or after, one result, one mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.assessments.actions.closing import submit_attempt
from app.assessments.events import AssessmentGraded, AssessmentSubmitted
from app.assessments.models import Attempt, AttemptStatus
from app.assessments.queries.attempts import answers_of
from app.core import clock
from app.core.db import db
from app.events.relay import tick
from app.events.worker import run
from app.notifications.models import MailState, Notification, OutgoingMail
from tests import make, warm
from tests.assessments.conftest import answer_right, begun
from tests.assessments.killed import ACCEPTED, run_and_die
from tests.facts import assert_stated, drain_all
from tests.fakes import Postbox
from tests.letters import arrived, settings

WEB = ("outbox.staged", "outbox.written", "handout.begun", "delivery.begun", "delivery.effected", "delivery.marked")
WORKER = ("relay.claimed", "delivery.begun", "delivery.leased", "delivery.effected", "delivery.marked")

SWEEPER = "assessments_close_overdue_attempt"
BEFORE_ITS_COMMIT = (
    "relay.claimed", "delivery.begun", "delivery.leased", "delivery.effected", "delivery.marked",
    "outbox.staged", "outbox.written",
)  # fmt: skip
AFTER_ITS_COMMIT = ("handout.begun", "delivery.done")

MAIL = "notifications_mail_notification"
BEFORE_SENDING = ("relay.claimed", "delivery.begun", "delivery.leased")
SENT_AND_NOTED = ("delivery.effected", "delivery.marked", "delivery.done")

pytestmark = pytest.mark.chaos


@pytest.fixture
def app(lend_app: Callable[..., Flask], box: Postbox) -> Flask:
    return lend_app(**settings(box))


@pytest.fixture
def attempt(app: Flask) -> Attempt:
    begun_one = begun(make.assessment(kinds=("multiple_choice", "numeric", "true_false"), time_limit_minutes=30))
    answer_right(begun_one)
    return begun_one


def killed(app: Flask, box: Postbox, role: str, point: str, attempt_id: int, moment: datetime | None = None) -> None:
    """A process of its own dies there."""
    db.session.rollback()
    places = {name: str(app.config[name]) for name in ("SQLALCHEMY_DATABASE_URI", "INSTANCE")}
    process = warm.start(run_and_die, role, point, attempt_id, moment, {**settings(box), **places})
    assert warm.ended(process, 60) == -9, point
    db.session.rollback()


def check_one_result(attempt: Attempt, box: Postbox, *, letters: int = 1) -> None:
    db.session.refresh(attempt)
    db.session.refresh(attempt.enrollment)
    assert (attempt.status, attempt.score, attempt.passed) == (AttemptStatus.GRADED, 4, True)
    assert attempt.enrollment.progress_percentage > 0
    assert_stated(AssessmentSubmitted, attempt_id=attempt.id)
    assert_stated(AssessmentGraded, attempt_id=attempt.id)
    of_result = select(func.count()).where(Notification.type == "assessment.passed")
    assert db.session.scalars(of_result).one() == 1
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.state == MailState.SENT
    assert [each["Message-ID"] for each in arrived(box)] == [mail.message_id] * letters


def check_before_or_after(attempt: Attempt, *, is_open: bool) -> None:
    """Nothing of the end is there, or all of it."""
    db.session.refresh(attempt)
    scores = [each.score for each in answers_of(attempt)]
    assert attempt.is_open is is_open
    if is_open:
        assert (scores, attempt.score, attempt.submitted_at) == ([None] * 3, None, None)
    else:
        assert (attempt.status, attempt.score, None in scores) == (AttemptStatus.GRADED, 4, False)
    assert_stated(AssessmentGraded, 0 if is_open else 1, attempt_id=attempt.id)


@pytest.mark.parametrize("point", WEB)
def test_a_web_process_killed_while_handing_in_leaves_before_or_after(
    app: Flask, box: Postbox, attempt: Attempt, point: str
) -> None:
    killed(app, box, "web", point, attempt.id)
    check_before_or_after(attempt, is_open=point.startswith("outbox"))
    submit_attempt(attempt, actor=attempt.user)
    with clock.at(clock.now() + timedelta(minutes=2)):
        drain_all()
        check_one_result(attempt, box)


@pytest.mark.parametrize("point", WORKER)
def test_a_worker_killed_at_its_reactions_tells_once(app: Flask, box: Postbox, attempt: Attempt, point: str) -> None:
    submit_attempt(attempt, actor=attempt.user)
    killed(app, box, "worker", point, attempt.id)
    with clock.at(clock.now() + timedelta(minutes=5)):
        drain_all()
        check_one_result(attempt, box)


@pytest.mark.parametrize("point", [*BEFORE_ITS_COMMIT, *AFTER_ITS_COMMIT])
def test_a_sweeper_killed_while_closing_leaves_before_or_after(
    app: Flask, box: Postbox, attempt: Attempt, point: str
) -> None:
    end = attempt.deadline_at
    assert end is not None
    with clock.at(end + timedelta(minutes=1)):
        assert len(tick(500, only={SWEEPER})) == 1  # a first worker has taken it and died: the next one takes a lease
    killed(app, box, SWEEPER, point, attempt.id, end + timedelta(minutes=5))
    check_before_or_after(attempt, is_open=point in BEFORE_ITS_COMMIT)
    with clock.at(end + timedelta(minutes=30)):
        drain_all()
        check_one_result(attempt, box)
    assert attempt.submitted_at == end


@pytest.mark.parametrize("point", [*BEFORE_SENDING, ACCEPTED, *SENT_AND_NOTED])
def test_a_worker_killed_at_the_mail_sends_it_once_but_for_the_moment_after_the_server_took_it(
    app: Flask, box: Postbox, attempt: Attempt, point: str
) -> None:
    """An effect outside is at least once: between the server's 250 and our mark nobody can know. There, and only there,
    the mail goes twice, under one Message-ID."""
    start = clock.now()
    submit_attempt(attempt, actor=attempt.user)
    with clock.at(start + timedelta(minutes=2)):
        while rings := tick(500, without={MAIL}):
            run(rings)
    assert box.letters == []
    killed(app, box, MAIL, point, attempt.id, start + timedelta(minutes=5))
    assert len(box.letters) == (0 if point in BEFORE_SENDING else 1)
    with clock.at(start + timedelta(minutes=15)):  # before the attempt's own timer
        drain_all()
        check_one_result(attempt, box, letters=2 if point == ACCEPTED else 1)
