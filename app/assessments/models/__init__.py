"""Assessments, the questions that stand in them, and the attempts at them."""

from app.assessments.models.assessments import Assessment, AssessmentKind, AssessmentStatus, Extension, Item, Show
from app.assessments.models.attempts import Answer, Attempt, AttemptStatus, GradeChange, Phrase
from app.assessments.models.questions import (
    Option,
    Question,
    QuestionImage,
    QuestionStatistic,
    QuestionTag,
    QuestionVersion,
)

__all__ = [
    "Answer",
    "Assessment",
    "AssessmentKind",
    "AssessmentStatus",
    "Attempt",
    "AttemptStatus",
    "Extension",
    "GradeChange",
    "Item",
    "Option",
    "Phrase",
    "Question",
    "QuestionImage",
    "QuestionStatistic",
    "QuestionTag",
    "QuestionVersion",
    "Show",
]
