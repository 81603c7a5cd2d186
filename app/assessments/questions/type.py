"""What a type of question has to say of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any, Protocol

from flask_babel import LazyString
from flask_babel import gettext as _

from app.assessments.models import Answer, Option, QuestionVersion
from app.assessments.questions.form import QuestionForm
from app.core.errors import Refused
from app.core.i18n import format_number

Drawn = dict[str, list[tuple[str, int]]]


class Given(Protocol):
    """What grading reads of an answer."""

    @property
    def points(self) -> Decimal: ...

    @property
    def drawn(self) -> Drawn: ...

    @property
    def response(self) -> Any: ...


class Unreadable(Refused):
    """What was sent is no answer to this question."""

    def __init__(self) -> None:
        super().__init__(_("Jawaban ini tidak dapat dibaca. Muat ulang halaman, lalu jawab lagi."), "answer")


class TooLong(Refused):
    """The text that was sent is longer than this question takes."""

    def __init__(self, longest: int) -> None:
        sentence = _("Jawaban ini terlalu panjang: paling banyak %(n)s karakter. Pendekkan, lalu simpan lagi.",
                     n=format_number(longest))  # fmt: skip
        super().__init__(sentence, "answer")


@dataclass(frozen=True)
class QuestionType:
    """A plug-in: its module, its name in `TYPES`, and in `templates/questions/` `<name>.html`, `<name>_review.html`
    and `<name>_form.html`."""

    name: str
    label: LazyString
    icon: str
    lacks: Callable[[QuestionVersion], list[str]]
    """Sentences on what it cannot be published without: a key, choices."""
    draw: Callable[[QuestionVersion, Random, bool], Drawn]
    """Ids for the options of one attempt, in the order in which they are shown; the flag says whether to shuffle."""
    read: Callable[[Answer, Sequence[str]], Any]
    """The response that the values sent under `answer` make, to be stored as JSON; None for none. Raises Unreadable,
    and TooLong where a text is typed."""
    grade: Callable[[QuestionVersion, Given], Decimal] | None
    """The points that the stored response earns; None where a human grades."""
    shown: Callable[[Answer], Any]
    """What the template knows as `shown` while the attempt runs: nothing in it depends on the key."""
    reviewed: Callable[[Answer], Any]
    """What the template of the review knows as `reviewed`; the key is in it."""
    form: type[QuestionForm] = QuestionForm
    """What its author fills in."""
    takes_file: bool = False

    @property
    def is_human(self) -> bool:
        return self.grade is None

    @property
    def template(self) -> str:
        return f"questions/{self.name}.html"

    @property
    def form_template(self) -> str:
        return f"questions/{self.name}_form.html"

    @property
    def review_template(self) -> str:
        return f"questions/{self.name}_review.html"


def no_options(_version: QuestionVersion, _random: Random, _shuffle: bool) -> Drawn:
    """`draw` of a type without choices."""
    return {}


def draw_options(options: Sequence[Option], random: Random, *, shuffle: bool) -> list[tuple[str, int]]:
    """An id that says nothing for each option, in the order of the options or in a random one."""
    order = list(options)
    if shuffle:
        random.shuffle(order)
    return [(f"{random.getrandbits(32):08x}", option.id) for option in order]


def one_line(longest: int) -> Callable[[Answer, Sequence[str]], str | None]:
    """`read` of a type that is answered by one text of at most so many characters."""

    def read(_answer: Answer, values: Sequence[str]) -> str | None:
        if len(values) > 1 or any("\0" in each for each in values):
            raise Unreadable
        if any(len(each) > longest for each in values):
            raise TooLong(longest)
        return (values[0].strip() or None) if values else None

    return read


def typed(answer: Answer) -> str:
    """`shown` of a type that is answered by a text."""
    return str(answer.response or "")


def known(answer: Given, side: str) -> Mapping[str, int]:
    """The option ids by the ids of this attempt."""
    return dict(answer.drawn.get(side, ()))
