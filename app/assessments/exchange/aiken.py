"""Aiken: a question, its choices `A.` or `A)`, and `ANSWER: A`; a blank line between questions."""

from __future__ import annotations

import re

from flask_babel import gettext as _

from app.assessments.exchange.parsed import Parsed, Reading
from app.assessments.questions.content import Choice, Content

_CHOICE = re.compile(r"([A-Z])[.)]\s+(.+)")
_ANSWER = re.compile(r"ANSWER:\s*([A-Z])\s*", re.IGNORECASE)


def looks_like(text: str) -> bool:
    """Whether a text is Aiken: an answer line stands in it."""
    return any(_ANSWER.fullmatch(line.strip()) for line in text.splitlines())


def read(text: str) -> Reading:
    """Every question of the text."""
    reading = Reading()
    block: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            block.append((number, line.strip()))
        if block and (_ANSWER.fullmatch(line.strip()) or not line.strip()):
            _take(block, reading)
            block = []
    if block:
        _take(block, reading)
    return reading


def _take(block: list[tuple[int, str]], reading: Reading) -> None:
    first = block[0][0]
    words: list[str] = []
    choices: dict[str, str] = {}
    key = ""
    for _number, line in block:
        choice, answer = _CHOICE.fullmatch(line), _ANSWER.fullmatch(line)
        if answer:
            key = answer[1].upper()
        elif choice and choice[1] in choices:
            reading.refuse(first, _("Pilihan %(letter)s ada dua kali. Beri setiap pilihan hurufnya.", letter=choice[1]))
            return
        elif choice:
            choices[choice[1]] = choice[2]
        elif choices:
            reading.refuse(first, _("Baris “%(line)s” bukan pilihan dan bukan ANSWER.", line=line[:60]))
            return
        else:
            words.append(line)
    if not words or key not in choices:
        reading.refuse(first, _("Soal ini tidak lengkap: teks soal, pilihan, lalu ANSWER dengan huruf pilihannya."))
        return
    options = tuple(Choice(text, is_key=letter == key) for letter, text in choices.items())
    reading.take(Parsed(first, "multiple_choice", Content("\n".join(words), options=options)))
