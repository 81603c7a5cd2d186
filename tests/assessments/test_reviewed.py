"""What a strict reader broke once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask

from app.assessments import access, grading
from app.assessments.actions.answering import save_answer
from app.assessments.actions.authoring import add_draw, unpublish_assessment, update_assessment
from app.assessments.actions.bank import Unfinished, add_question, change_question
from app.assessments.actions.closing import submit_attempt
from app.assessments.actions.grading import claim
from app.assessments.actions.refusals import WithoutDeadline
from app.assessments.actions.starting import start_attempt
from app.assessments.actions.watching import cancel_attempt, extend_attempt, give_extension
from app.assessments.exchange import gift
from app.assessments.models import AssessmentStatus, AttemptStatus, Show
from app.assessments.queries.grading import following
from app.assessments.queries.listing import listed_assessments
from app.assessments.queries.results import own_grades
from app.assessments.questions.content import content_of
from app.core import clock
from app.core.db import db
from app.core.errors import Conflict
from tests import make
from tests.assessments.conftest import answer_of, answer_right, begun, enrolled
from tests.facts import drain_all
from tests.pages import Person


def test_a_published_question_keeps_its_key(app: Flask) -> None:
    assessment = make.assessment()
    attempt = begun(assessment)
    question = answer_of(attempt, "multiple_choice").asked.question
    content = content_of(question.current)
    without = replace(content, options=tuple(replace(each, is_key=False) for each in content.options))
    with pytest.raises(Unfinished):
        change_question(question, without, actor=assessment.owner)
    assert question.number == 1
    assert grading.multiple_choice(Decimal(1), set(), {1}) == 0


def test_nothing_that_cannot_be_graded_is_drawn(app: Flask) -> None:
    course = make.course()
    assessment = make.assessment(course, kinds=(), status=AssessmentStatus.DRAFT)
    add_question(course, "true_false", make.TYPICAL["true_false"], tags=["k3"], actor=course.owner)
    add_draw(assessment, "k3", 1, actor=make.admin())
    with make.transaction():
        assessment.status = AssessmentStatus.PUBLISHED
    with pytest.raises(Unfinished):
        add_question(course, "true_false", make.Content("Tanpa kunci"), tags=["k3"], actor=course.owner)


def test_of_two_authors_of_a_question_the_second_is_told(app: Flask) -> None:
    course = make.course()
    question = add_question(course, "essay", make.Content("Lama"), actor=course.owner)
    change_question(question, make.Content("Baru"), version=1, actor=course.owner)
    with pytest.raises(Conflict):
        change_question(question, make.Content("Lain"), version=1, actor=course.owner)


def test_keys_wait_for_the_last_who_writes(app: Flask) -> None:
    closes_at = clock.now() + timedelta(minutes=10)
    assessment = make.assessment(show_keys=Show.AFTER_CLOSE, closes_at=closes_at)
    attempt = begun(assessment)
    answer_right(attempt)
    submit_attempt(attempt, actor=attempt.user)
    late = enrolled(assessment)
    later = closes_at + timedelta(hours=1)
    give_extension(assessment, late, closes_at=later, reason="Sakit", actor=assessment.owner)
    with clock.at(closes_at + timedelta(minutes=1)):
        assert not access.shows(attempt, "show_keys")
        other = start_attempt(assessment, actor=late)
    with clock.at(later + timedelta(minutes=1)):
        assert not access.shows(attempt, "show_keys")
        submit_attempt(other, actor=late)
        assert access.shows(attempt, "show_keys")


def test_a_badge_gives_no_score_away(app: Flask) -> None:
    attempt = begun(make.assessment(show_score=Show.NEVER))
    answer_right(attempt)
    submit_attempt(attempt, actor=attempt.user)
    assert attempt.passed
    assert not listed_assessments(attempt.assessment.course_id, attempt.user_id)[0].is_passed


def test_the_badge_keeps_the_rule_under_which_the_attempt_began(app: Flask) -> None:
    attempt = begun(make.assessment(show_score=Show.NEVER))
    answer_right(attempt)
    submit_attempt(attempt, actor=attempt.user)
    update_assessment(attempt.assessment, show_score=Show.NOW, actor=make.admin())
    assert not listed_assessments(attempt.assessment.course_id, attempt.user_id)[0].is_passed


@pytest.mark.parametrize("rule", list(Show))
def test_the_badge_says_what_the_result_page_says(app: Flask, rule: Show) -> None:
    closes_at = clock.now() + timedelta(minutes=10)
    attempt = begun(make.assessment(show_score=rule, closes_at=closes_at))
    answer_right(attempt)
    submit_attempt(attempt, actor=attempt.user)
    for moment in (clock.now(), closes_at + timedelta(minutes=1)):
        with clock.at(moment):
            (listed,) = listed_assessments(attempt.assessment.course_id, attempt.user_id)
            assert listed.is_passed == access.shows(attempt, "show_score")


def test_keys_are_shown_when_an_assessment_without_an_end_is_archived_not_when_it_is_a_draft_again(app: Flask) -> None:
    assessment = make.assessment(show_keys=Show.AFTER_CLOSE)
    attempt = begun(assessment)
    submit_attempt(attempt, actor=attempt.user)
    unpublish_assessment(assessment, actor=make.admin())
    assert not access.shows(attempt, "show_keys")
    unpublish_assessment(assessment, to=AssessmentStatus.ARCHIVED, actor=make.admin())
    assert access.shows(attempt, "show_keys")


def test_the_nilai_is_the_best_attempt_whatever_comes_later(app: Flask) -> None:
    assessment = make.assessment(max_attempts=0)
    first = begun(assessment)
    answer_right(first)
    submit_attempt(first, actor=first.user)
    second = start_attempt(assessment, actor=first.user)
    person = Person(app).logs_in(str(first.user.email)).opens("/nilai")
    assert person.sees("Nilai 100%")
    assert person.sees("Lulus")
    assert person.sees("Sedang dikerjakan")
    submit_attempt(second, actor=first.user)
    (grade,) = own_grades(first.user_id)
    assert (grade.latest.id, grade.best.id if grade.best else None) == (second.id, first.id)


def test_a_blank_hand_in_in_time_is_an_answer(app: Flask) -> None:
    attempt = begun(make.assessment(kinds=("essay",)))
    submit_attempt(attempt, actor=attempt.user)
    assert attempt.status == AttemptStatus.SUBMITTED


def test_an_expired_attempt_may_be_cancelled(app: Flask) -> None:
    attempt = begun(make.assessment(time_limit_minutes=1))
    with clock.at(clock.now() + timedelta(minutes=2)):
        drain_all()
    db.session.refresh(attempt)
    assert attempt.status == AttemptStatus.EXPIRED
    cancel_attempt(attempt, reason="Ponsel mati", actor=attempt.assessment.owner)
    assert start_attempt(attempt.assessment, actor=attempt.user).number == 2


def test_a_cancelled_pass_does_not_count_for_the_course(app: Flask) -> None:
    attempt = begun(make.assessment(make.course(lessons=2)))
    answer_right(attempt)
    submit_attempt(attempt, actor=attempt.user)
    drain_all()
    db.session.refresh(attempt.enrollment)
    before = attempt.enrollment.progress_percentage
    cancel_attempt(attempt, reason="Curang", actor=attempt.assessment.owner)
    drain_all()
    db.session.refresh(attempt.enrollment)
    assert attempt.enrollment.progress_percentage < before


def test_two_graders_are_not_sent_to_the_same_answer(app: Flask) -> None:
    assessment = make.assessment(kinds=("essay",))
    answers = []
    for _n in range(2):
        attempt = begun(assessment)
        answer_right(attempt)
        submit_attempt(attempt, actor=attempt.user)
        answers.append(answer_of(attempt, "essay"))
    assert claim(answers[1], actor=make.admin())
    assert following(answers[0], assessment.owner) is None


def test_an_attempt_without_a_deadline_has_all_the_time(app: Flask) -> None:
    attempt = begun(make.assessment())
    with pytest.raises(WithoutDeadline):
        extend_attempt(attempt, 5, reason="Uji", actor=attempt.assessment.owner)


def test_leaving_a_question_does_not_take_its_file_away(app: Flask) -> None:
    attempt = begun(make.assessment(kinds=("file_upload",)))
    answer = answer_of(attempt, "file_upload")
    with make.transaction():
        answer.media_id = make.media(attempt.user).id
    save_answer(attempt, answer, [], actor=attempt.user)
    assert answer_of(attempt, "file_upload").media_id is not None


def test_a_number_that_is_none_is_no_key(app: Flask) -> None:
    assert gift.read("Berapa? {#NaN}").questions == []


@pytest.mark.parametrize(("given", "key"), [("Jum’at", "Jum'at"), ("cafe\u0301", "café")])
def test_the_way_a_word_is_typed_does_not_count(given: str, key: str) -> None:
    assert grading.short_answer(Decimal(1), [key], given) == 1


def test_a_score_with_a_comma_is_typed_into_a_text_field(app: Flask) -> None:
    attempt = begun(make.assessment(kinds=("essay",)))
    answer_right(attempt)
    submit_attempt(attempt, actor=attempt.user)
    owner = attempt.assessment.owner
    person = Person(app).logs_in(str(owner.email)).opens(f"/penilaian/{answer_of(attempt, 'essay').id}")
    field = re.search(r"<input[^>]*name=\"score\"[^>]*>", person.response.text)
    assert field
    assert 'type="text"' in field[0]
    person.submits("Simpan", score="1,5")
    db.session.expire_all()
    assert answer_of(attempt, "essay").score == Decimal("1.5")
    assert 'value="1,5"' in person.opens(person.path).response.text
