"""What was understood of a file, and what was not, line by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from app.assessments.models import Option, QuestionVersion
from app.assessments.questions import TYPES
from app.assessments.questions.content import Content


@dataclass(frozen=True)
class Parsed:
    """A question that can be put into the bank. `line` is where it begins."""

    line: int
    kind: str
    content: Content
    tags: tuple[str, ...] = ()


class Problem(NamedTuple):
    """Why the question at that line is left out."""

    line: int
    sentence: str


@dataclass
class Reading:
    """The questions of a file in their order, and the problems."""

    questions: list[Parsed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def take(self, question: Parsed) -> None:
        """Keeps the question, unless it could not be graded: then that is its problem."""
        lacking = TYPES[question.kind].lacks(as_version(question.kind, question.content))
        if lacking:
            self.refuse(question.line, " ".join(lacking))
        else:
            self.questions.append(question)

    def refuse(self, line: int, sentence: str) -> None:
        self.problems.append(Problem(line, sentence))


def as_version(kind: str, content: Content) -> QuestionVersion:
    """The question as a row that is kept nowhere, for what only reads one."""
    options = [
        Option(position=place, text=each.text, is_key=each.is_key, partner=each.partner)
        for place, each in enumerate(content.options, start=1)
    ]
    return QuestionVersion(
        type=kind,
        text=content.text,
        points=content.points,
        data=content.data,
        feedback=content.feedback,
        options=options,
    )
