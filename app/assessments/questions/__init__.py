"""The types of questions, a module each."""

from app.assessments.models import QuestionVersion
from app.assessments.questions import (
    essay,
    file_upload,
    matching,
    multiple_choice,
    numeric,
    short_answer,
    true_false,
)
from app.assessments.questions.type import QuestionType, TooLong, Unreadable

TYPES: dict[str, QuestionType] = {
    each.TYPE.name: each.TYPE
    for each in (multiple_choice, true_false, short_answer, matching, numeric, essay, file_upload)
}


def type_of(version: QuestionVersion) -> QuestionType:
    """The type of the question. Raises KeyError for one whose module is gone."""
    return TYPES[version.type]


__all__ = ["TYPES", "QuestionType", "TooLong", "Unreadable", "type_of"]
