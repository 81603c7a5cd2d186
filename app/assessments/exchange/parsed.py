"""What was understood of a file, and what was not, line by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from flask_babel import gettext as _

from app.assessments.models import Option, QuestionVersion
from app.assessments.questions import TYPES
from app.assessments.questions.content import Content
from app.assessments.questions.form import MOST_ROWS

LONGEST, LONGEST_CHOICE = 20_000, 1000


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
        if not question.content.text.strip():
            self.refuse(question.line, _("Teks soal ini kosong. Tulis soalnya, lalu unggah lagi."))
            return
        if _is_too_long(question.content):
            self.refuse(question.line, _("Teksnya terlalu panjang: soal 20.000, pilihan 1.000 karakter."))
            return
        if len(question.content.options) > MOST_ROWS:
            self.refuse(
                question.line,
                _(
                    "Soal ini memiliki lebih dari %(most)s pilihan. Kurangi pilihannya, lalu unggah lagi.",
                    most=MOST_ROWS,
                ),
            )
            return
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


def _is_too_long(content: Content) -> bool:
    options = [text or "" for each in content.options for text in (each.text, each.partner)]
    return any(len(text) > LONGEST for text in (content.text, content.feedback)) or any(
        len(text) > 1000 for text in options
    )
