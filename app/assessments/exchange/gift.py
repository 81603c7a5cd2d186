"""GIFT, as Moodle documents it: `::title:: text {answers}`. Written are all types but file uploads.

Read are choices (`=` right, `~` wrong, `~%50%` partly: right with several), T/F, short answers, numbers
(`#3.14:0.01`), pairs (`=a -> b`) and essays (`{}`). `####` begins the feedback; `$CATEGORY:` becomes a tag. Where the
sentence goes on after the answers, `_____` marks the gap, as in Moodle.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _

from app.assessments.exchange.parsed import Parsed, Reading
from app.assessments.models import Question, QuestionVersion
from app.assessments.questions.content import Choice, Content
from app.assessments.questions.numeric import key as numeric_key
from app.core.errors import Refused

_QUESTION = re.compile(r"(?:::(?P<title>.*?)::)?(?P<before>.*?)\{(?P<answers>.*)\}(?P<after>.*)", re.DOTALL)
_PART = re.compile(r"(?P<sign>[=~])(?:%(?P<share>-?[\d.]+)%)?(?P<text>[^=~]*)", re.DOTALL)
_SPECIAL = "\\~=#{}:"
_TOP = {"", "top", "$course$", "$system$", "$module$"}
"""What the category of a question without a tag is called."""


def looks_like(text: str) -> bool:
    """Whether a text is GIFT: answers in braces stand in it."""
    return "{" in text and "}" in text


def read(text: str) -> Reading:
    """Every question of the text."""
    reading, tags = Reading(), ()
    for line, block in _blocks(text):
        if block.startswith("$CATEGORY:"):
            first, _break, block = block.partition("\n")
            tags, line = _tags(first), line + 1
        if not block:
            continue
        try:
            reading.take(Parsed(line, *_question(block), tags))
        except Refused as refusal:
            reading.refuse(line, refusal.sentence)
        except (ValueError, InvalidOperation):
            reading.refuse(line, _("Jawaban soal ini tidak dapat dibaca."))
    return reading


def _question(block: str) -> tuple[str, Content]:
    """The type and the question. Raises Refused, and ValueError, InvalidOperation for answers that cannot be read."""
    found = _QUESTION.fullmatch(_hidden(block).strip())
    if found is None:
        raise Refused(_("Soal ini tidak memiliki kurung kurawal berisi jawaban."))
    if set("{}") & set(found["answers"] + found["after"]):
        raise Refused(
            _(
                r"Soal ini memiliki lebih dari satu kurung kurawal. "
                r"Bagi menjadi dua soal, atau beri tanda \ di depan kurung yang termasuk teks."
            )
        )
    gap = f"_____{found['after']}" if found["after"].strip() else ""
    words = re.sub(r"^\[(html|markdown|plain|moodle)\]", "", f"{found['before']}{gap}".strip()).strip()
    answers, _mark, feedback = found["answers"].partition("####")
    return _answered(_shown(words), answers.strip(), _shown(feedback.strip()))


def _tags(line: str) -> tuple[str, ...]:
    """The last part of the path of a category; `//` is a stroke of a name."""
    last = re.split(r"(?<!/)/(?!/)", line.removeprefix("$CATEGORY:").strip())[-1].replace("//", "/").strip()
    return () if last in _TOP else (last,)


def write_gift(questions: Iterable[Question]) -> Iterator[str]:
    """The questions as GIFT, one after the other; a comment stands for what GIFT has no form for.

    The category is the first tag of a question.
    """
    category = ""
    for question in questions:
        version = question.current
        tag = question.tags[0].tag.replace("/", "//") if question.tags else "top"
        if tag != (category or "top"):
            yield f"$CATEGORY: $course$/{tag}\n\n"
            category = tag
        answers = _written(version)
        head = f"::{version.question_id}:: {_escaped(version.text)}"
        feedback = f"\n####{_escaped(version.feedback)}\n" if version.feedback else ""
        yield f"{head} {{{answers}{feedback}}}\n\n" if answers is not None else f"// {_line(version.text)}\n\n"


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs without their comments, with the number of their first line."""
    first, lines = 0, []
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if line.strip().startswith("//"):
            continue
        if line.strip():
            first = first or number
            lines.append(line)
        elif lines:
            yield first, "\n".join(lines).strip()
            first, lines = 0, []


def _hidden(text: str) -> str:
    """Escaped signs as letters of a private area, so that they mean nothing."""
    for number, sign in enumerate(_SPECIAL):
        text = text.replace(f"\\{sign}", chr(0xE000 + number))
    return text.replace("\\n", "\n")


def _shown(text: str) -> str:
    for number, sign in enumerate(_SPECIAL):
        text = text.replace(chr(0xE000 + number), sign)
    return text


def _answered(text: str, answers: str, feedback: str) -> tuple[str, Content]:
    """The type and the question. Raises ValueError, InvalidOperation for answers that cannot be read."""
    if not answers:
        return "essay", Content(text, feedback=feedback)
    if answers.split("#")[0].strip().upper() in {"T", "TRUE", "F", "FALSE"}:
        return "true_false", Content(text, feedback=feedback, data={"key": answers.strip()[0].upper() == "T"})
    if answers.startswith("#"):
        value, _mark, tolerance = answers[1:].lstrip("=").split("#")[0].strip().partition(":")
        numbers = Decimal(value.strip()), Decimal(tolerance.strip() or "0")
        if not all(number.is_finite() for number in numbers):
            raise ValueError(answers)
        return "numeric", Content(text, feedback=feedback, data=numeric_key(*numbers))
    parts = [
        (each["sign"], each["share"], _line(_shown(each["text"].split("#")[0]))) for each in _PART.finditer(answers)
    ]
    if not parts:
        raise ValueError(answers)
    if all(sign == "=" and "->" in words for sign, _share, words in parts):
        pairs = [words.split("->", 1) for _sign, _share, words in parts]
        options = tuple(Choice(left.strip(), partner=right.strip()) for left, right in pairs)
        return "matching", Content(text, feedback=feedback, options=options)
    if all(sign == "=" for sign, _share, _words in parts):
        accepted = tuple(Choice(words, is_key=True) for _sign, _share, words in parts)
        return "short_answer", Content(text, feedback=feedback, options=accepted)
    options = tuple(
        Choice(words, is_key=sign == "=" or bool(share and Decimal(share) > 0)) for sign, share, words in parts
    )
    multiple = sum(option.is_key for option in options) > 1 or all(sign == "~" for sign, _share, _words in parts)
    return "multiple_choice", Content(
        text, feedback=feedback, data={"multiple": True} if multiple else {}, options=options
    )


def _written(version: QuestionVersion) -> str | None:
    if any("->" in option.text for option in version.options):
        return None  # the sign of pairs, which GIFT cannot write in a text
    match version.type:
        case "essay":
            return ""
        case "true_false":
            return "T" if version.data.get("key") else "F"
        case "numeric":
            return f"#{version.data.get('value')}:{version.data.get('tolerance') or 0}"
        case "short_answer":
            return " ".join(f"={_whole(option.text)}{_escaped(option.text)}" for option in version.options)
        case "matching":
            return " ".join(f"={_escaped(each.text)} -> {_escaped(each.partner or '')}" for each in version.options)
        case "multiple_choice":
            return " ".join(_choices(version))
    return None


def _choices(version: QuestionVersion) -> Iterator[str]:
    keys = sum(option.is_key for option in version.options)
    for option in version.options:
        if version.data.get("multiple"):
            sign = f"~%{round(100 / keys, 5):g}%" if option.is_key else f"~{_whole(option.text, 0)}"
        else:
            sign = f"={_whole(option.text)}" if option.is_key else f"~{_whole(option.text, 0)}"
        yield f"{sign}{_escaped(option.text)}"


def _whole(text: str, share: int = 100) -> str:
    """The share in words, where the text itself begins like one."""
    return f"%{share}%" if text.startswith("%") else ""


def _escaped(text: str) -> str:
    for sign in _SPECIAL:
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _line(text: str) -> str:
    return " ".join(text.split())
