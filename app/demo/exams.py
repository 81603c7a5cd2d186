"""Assessments of the demo school: made for its courses, and sat by its learners."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from app.accounts.models import User
from app.assessments.actions.answering import save_answer
from app.assessments.actions.authoring import add_new_question, create_assessment, publish_assessment
from app.assessments.actions.closing import submit_attempt
from app.assessments.actions.grading import grade_answer
from app.assessments.actions.starting import start_attempt
from app.assessments.models import Answer, Assessment, Attempt, AttemptStatus
from app.assessments.queries.assessments import assessments_of
from app.assessments.queries.attempts import answers_of, attempts_of
from app.assessments.questions.content import Choice, Content
from app.courses.models import Course

ELSEWHERE = {"course", "title", "questions", "closes_in_days"}
"""What is no setting of an assessment by this name."""
SHARE_RIGHT = 0.8
"""How often a learner is right."""
ESSAYS = (
    "Di bengkel kami kabel las sering melintang di lantai. Saya bisa menggantungnya, memberi pelindung, dan menandai "
    "jalurnya dengan cat kuning.",
    "Debu amplas di ruang praktik. Menyedot debunya di mesin, membuka jendela, dan memakai masker.",
    "Rak barang terlalu tinggi dan penuh. Menurunkan yang berat ke bawah, memberi batas muatan, memakai tangga yang "
    "stabil.",
    "Bahan pembersih disimpan dalam botol minum bekas. Memindahkan ke wadah asli, memberi label, dan mengunci lemari.",
)
PRAISE = (
    "Bahayanya jelas dan pengendaliannya dapat langsung dikerjakan.",
    "Baik. Coba mulai dari menghilangkan bahayanya, baru alat pelindung.",
)


def make(course: Course, source: dict[str, Any], *, today: datetime, author: User, admin: User) -> Assessment:
    """The assessment with its questions, published. Nobody has to pass it: the history knows nothing of it."""
    questions = source["questions"]
    settings = {name: value for name, value in source.items() if name not in ELSEWHERE}
    if "closes_in_days" in source:
        day = today + timedelta(days=source["closes_in_days"])
        settings["closes_at"] = day.replace(hour=9, minute=0, second=0, microsecond=0)  # 16.00 WIB
    made = create_assessment(course, source["title"], actor=author, is_required=False, **settings)
    for each in questions:
        add_new_question(made, each["type"], _content(each), tags=each.get("tags", ()), actor=author)
    publish_assessment(made, actor=admin)
    return made


def begin(course: Course, learner: User) -> None:
    """The learner's attempt at the assessment of the course begins."""
    start_attempt(_of(course), actor=learner)


def hand_in(course: Course, learner: User) -> None:
    """The attempt that runs is answered, mostly right, and handed in."""
    attempt = _last(course, learner)
    if attempt is None or not attempt.is_open:
        return
    random = Random(learner.id)  # noqa: S311 - a story, not a secret
    for answer in answers_of(attempt):
        save_answer(attempt, answer, _values(answer, random), actor=learner)
    submit_attempt(attempt, actor=learner)


def grade(course: Course, learner: User) -> None:
    """What a human has to grade of the learner's last attempt is graded by the course's owner."""
    attempt = _last(course, learner)
    if attempt is None or attempt.status != AttemptStatus.SUBMITTED:
        return
    for answer in answers_of(attempt):
        if answer.score is None:
            score = answer.points - attempt.id % 3
            grade_answer(answer, score, feedback=PRAISE[attempt.id % len(PRAISE)], actor=course.owner)


def _of(course: Course) -> Assessment:
    return assessments_of(course.id)[0]


def _last(course: Course, learner: User) -> Attempt | None:
    found = attempts_of(_of(course).id, learner.id)
    return found[-1] if found else None


def _content(source: dict[str, Any]) -> Content:
    data = {name: source[name] for name in ("key", "value", "tolerance", "unit") if name in source}
    keys = source.get("keys", 1)
    options = [Choice(text, is_key=place < keys) for place, text in enumerate(source.get("options", ()))]
    options += [Choice(text, is_key=True) for text in source.get("accepted", ())]
    options += [Choice(left, partner=right) for left, right in source.get("pairs", ())]
    if keys > 1:
        data["multiple"] = True
    points = Decimal(source.get("points", 1))
    return Content(source["text"], points, source.get("feedback", ""), data, tuple(options))


def _values(answer: Answer, random: Random) -> list[str]:
    """What the learner's browser would send."""
    right = random.random() < SHARE_RIGHT
    asked = answer.asked
    keys = {option.id for option in asked.options if option.is_key}
    if asked.type == "multiple_choice":
        return [id for id, option_id in answer.drawn["options"] if (option_id in keys) is right][: len(keys)]
    if asked.type == "true_false":
        return ["benar" if asked.data["key"] is right else "salah"]
    if asked.type == "short_answer":
        return [asked.options[0].text if right else "lupa"]
    if asked.type == "numeric":
        return [asked.data["value"] if right else "100"]
    if asked.type == "matching":
        return _pairs(answer, random, right)
    return [ESSAYS[answer.attempt_id % len(ESSAYS)]]


def _pairs(answer: Answer, random: Random, right: bool) -> list[str]:
    partners = {option_id: id for id, option_id in answer.drawn["right"]}
    ids = [partners[option_id] for _id, option_id in answer.drawn["left"]]
    if not right:
        random.shuffle(ids)
    return [f"{left}:{partner}" for (left, _option), partner in zip(answer.drawn["left"], ids, strict=True)]
