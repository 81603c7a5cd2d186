"""How many points an answer earns: pure functions of the key, the answer and the points of the question.

The rules are those of the domain contract. Points and scores are `Decimal` with two places, rounded half up once, at
the end.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence, Set
from decimal import ROUND_HALF_UP, Decimal
from difflib import SequenceMatcher
from fractions import Fraction
from typing import Any

NOTHING = Decimal("0.00")
TRUE_WORDS = {"benar", "true", "ya", "1"}
FALSE_WORDS = {"salah", "false", "tidak", "0"}
_APOSTROPHES = str.maketrans("‘’ʼ`´", "'''''")
SIMILAR_ENOUGH = Fraction(8, 10)
"""From here on a short answer earns its share, if the author allows similar ones."""


def rounded(exact: Fraction | Decimal | int) -> Decimal:
    """Two places, half up: 2.675 → 2.68."""
    value = Fraction(exact)
    quotient = Decimal(value.numerator) / Decimal(value.denominator)
    return quotient.quantize(Decimal("0.01"), ROUND_HALF_UP)


def share(points: Decimal, of: Fraction) -> Decimal:
    """That share (0 to 1) of the points."""
    return rounded(Fraction(points) * of)


def multiple_choice(points: Decimal, keys: Set[Any], chosen: Set[Any]) -> Decimal:
    """All points for exactly the keys; else max(0, (k − w/2) / |keys|), k keys and w others being among the chosen.

    Nothing where there is no key.
    """
    if not keys:
        return NOTHING
    if chosen == keys:
        return rounded(points)
    right = len(chosen & keys)
    wrong = len(chosen) - right
    return share(points, max(Fraction(0), (right - Fraction(wrong, 2)) / len(keys)))


def truth(word: str) -> bool | None:
    """What a word says, whatever its case and the space around it; None for one that says neither."""
    word = word.strip().casefold()
    if word in TRUE_WORDS:
        return True
    return False if word in FALSE_WORDS else None


def true_false(points: Decimal, key: bool | None, answer: str) -> Decimal:
    """All points or none."""
    return rounded(points) if key is not None and truth(answer) is key else NOTHING


def folded(text: str) -> str:
    """What two answers are compared by: case, runs of white space and the way an apostrophe is typed do not count."""
    plain = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    return " ".join(plain.casefold().split())


def similarity(one: str, other: str) -> Fraction:
    """0 to 1: twice the letters in common blocks, of all letters (Ratcliff and Obershelp's gestalt matching)."""
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    total = len(one) + len(other)
    return Fraction(2 * sum(block.size for block in blocks), total) if total else Fraction(1)


def short_answer(points: Decimal, accepted: Sequence[str], answer: str, *, similar: bool = False) -> Decimal:
    """All points for an accepted text. Where `similar` ones count, points × similarity from 0.8 on."""
    given = folded(answer)
    if not given:
        return NOTHING
    texts = [folded(each) for each in accepted]
    if given in texts:
        return rounded(points)
    best = max((similarity(each, given) for each in texts), default=Fraction(0)) if similar else Fraction(0)
    return share(points, best) if best >= SIMILAR_ENOUGH else NOTHING


def matching(points: Decimal, pairs: Mapping[Any, Any], answer: Mapping[Any, Any]) -> Decimal:
    """Points × right pairs / pairs."""
    if not pairs:
        return NOTHING
    right = sum(answer.get(left) == partner for left, partner in pairs.items())
    return share(points, Fraction(right, len(pairs)))


_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*|[.,]\d+)")


def readings(text: str) -> set[Decimal]:
    """Every number that the text can mean: `87,5` and `87.5` one, `1.250` both 1250 and 1.25, `x` none.

    A mark that stands more than once, or before another one, groups thousands and needs three digits behind it; no
    group begins with a nought, so `0,125` is an eighth.
    """
    text = text.strip().replace(" ", "").replace("−", "-")
    if not _NUMBER.fullmatch(text):
        return set()
    found = set()
    for decimal, group in ((",", "."), (".", ",")):
        whole, _mark, rest = text.partition(decimal)
        if (
            decimal in rest
            or group in rest
            or (group in whole and not re.fullmatch(rf"[+-]?(?!0)\d{{1,3}}(\{group}\d{{3}})+", whole))
        ):
            continue
        found.add(Decimal(f"{whole.replace(group, '') or '0'}.{rest or '0'}"))
    return found


def numeric(points: Decimal, value: Decimal, tolerance: Decimal, answer: str) -> Decimal:
    """All points when a reading of the answer is no further than `tolerance` from the value."""
    right = any(abs(each - value) <= tolerance for each in readings(answer))
    return rounded(points) if right else NOTHING


def percentage(score: Decimal, max_score: Decimal) -> Decimal:
    """score / max · 100 with two places; 0 where there is nothing to earn."""
    return rounded(Fraction(score) * 100 / Fraction(max_score)) if max_score else NOTHING


def passes(percent: Decimal, passing_score: int) -> bool:
    """Whether the percentage reaches the pass mark, itself included."""
    return percent >= passing_score
