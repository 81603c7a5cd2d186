"""Points by hand: every expectation was computed on paper from the rules of the contract."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessments import grading

D = Decimal


@pytest.mark.parametrize(
    ("points", "keys", "chosen", "earned"),
    [
        # one key
        ("1", "a", "a", "1.00"),
        ("1", "a", "b", "0.00"),
        ("5", "a", "", "0.00"),
        ("5", "a", "ab", "2.50"),  # (1 − ½)/1
        # two keys
        ("2", "ab", "ab", "2.00"),
        ("2", "ab", "a", "1.00"),  # ½
        ("2", "ab", "ac", "0.50"),  # (1 − ½)/2 = ¼
        ("2", "ab", "abc", "1.50"),  # (2 − ½)/2 = ¾
        ("2", "ab", "abcd", "1.00"),  # (2 − 1)/2
        ("2", "ab", "cd", "0.00"),  # −1 → 0
        ("2", "ab", "acd", "0.00"),  # (1 − 1)/2
        ("2", "ab", "c", "0.00"),
        # three keys
        ("3", "abc", "abc", "3.00"),
        ("3", "abc", "ab", "2.00"),
        ("3", "abc", "abd", "1.50"),  # (2 − ½)/3 = ½
        ("1", "abc", "a", "0.33"),
        ("1", "abc", "ab", "0.67"),
        ("10", "abc", "ad", "1.67"),  # (1 − ½)/3 = 1/6
        ("10", "abc", "abcde", "6.67"),  # (3 − 1)/3
        ("4", "abcd", "abcde", "3.50"),
        ("7", "abcd", "abe", "2.63"),  # 7 · 1.5/4 = 2.625, half up
        ("2.5", "ab", "a", "1.25"),
    ],
)
def test_multiple_choice(points: str, keys: str, chosen: str, earned: str) -> None:
    assert grading.multiple_choice(D(points), set(keys), set(chosen)) == D(earned)


@pytest.mark.parametrize(
    ("key", "answer", "earned"),
    [
        (True, "benar", "2.00"),
        (True, " Benar ", "2.00"),
        (True, "BENAR", "2.00"),
        (True, "true", "2.00"),
        (True, "ya", "2.00"),
        (True, "1", "2.00"),
        (True, "salah", "0.00"),
        (True, "", "0.00"),
        (True, "mungkin", "0.00"),
        (False, "salah", "2.00"),
        (False, "Tidak", "2.00"),
        (False, "false", "2.00"),
        (False, "0", "2.00"),
        (False, "ya", "0.00"),
        (False, "", "0.00"),
    ],
)
def test_true_or_false(key: bool, answer: str, earned: str) -> None:
    assert grading.true_false(D(2), key, answer) == D(earned)


@pytest.mark.parametrize(
    ("accepted", "answer", "similar", "earned"),
    [
        (["Jakarta"], "jakarta", False, "10.00"),
        (["Jakarta"], "  JAKARTA\t", False, "10.00"),
        (["alat pelindung diri", "APD"], "Alat  pelindung\ndiri", False, "10.00"),
        (["alat pelindung diri", "APD"], "apd", False, "10.00"),
        (["Jakarta"], "Jakarta.", False, "0.00"),
        (["Jakarta"], "Jakrta", False, "0.00"),
        (["Jakarta"], "", False, "0.00"),
        (["Jakarta"], "   ", True, "0.00"),
        (["fotosintesis"], "fotosintesa", True, "8.70"),  # 10 letters in common of 12 + 11: 20/23
        (["Jakarta"], "Jakrta", True, "9.23"),  # jak + rta = 6 of 7 + 6: 12/13
        (["abcde"], "abcdx", True, "8.00"),  # 4 of 5 + 5: exactly 0.8 still counts
        (["abcde"], "abcxx", True, "0.00"),  # 6/10
        (["Surabaya", "Jakarta"], "Jakarta", True, "10.00"),
        (["çelik"], "ÇELIK", False, "10.00"),
    ],
)
def test_short_answer(accepted: list[str], answer: str, similar: bool, earned: str) -> None:
    assert grading.short_answer(D(10), accepted, answer, similar=similar) == D(earned)


@pytest.mark.parametrize(
    ("points", "pairs", "answer", "earned"),
    [
        ("3", "a1 b2 c3", "a1 b2 c3", "3.00"),
        ("3", "a1 b2 c3", "a1 b3 c2", "1.00"),
        ("3", "a1 b2 c3", "a1", "1.00"),
        ("3", "a1 b2 c3", "", "0.00"),
        ("1", "a1 b2 c3", "a1 b2", "0.67"),
        ("5", "a1 b2 c3 d4", "a1 b2 c3", "3.75"),
        ("4", "a1 b1", "a1 b1", "4.00"),
        ("4", "a1 b2", "a2 b1", "0.00"),
    ],
)
def test_matching(points: str, pairs: str, answer: str, earned: str) -> None:
    def mapped(words: str) -> dict[str, str]:
        return {word[0]: word[1] for word in words.split()}

    assert grading.matching(D(points), mapped(pairs), mapped(answer)) == D(earned)


@pytest.mark.parametrize(
    ("value", "tolerance", "answer", "right"),
    [
        ("87.5", "0", "87,5", True),
        ("87.5", "0", "87.5", True),
        ("87.5", "0", " 87,50 ", True),
        ("1250", "0", "1.250", True),
        ("1250", "0", "1250", True),
        ("1250", "0", "1,250", True),
        ("1.25", "0", "1.250", True),
        ("1250000", "0", "1.250.000", True),
        ("1250000", "0", "1 250 000", True),
        ("1250.5", "0", "1.250,5", True),
        ("1250.5", "0", "1,250.5", True),
        ("-3", "0", "-3", True),
        ("-3", "0", "−3", True),
        ("0.5", "0", ",5", True),
        ("3.14", "0.01", "3,15", True),
        ("3.14", "0.01", "3,13", True),
        ("3.14", "0.01", "3,1501", False),
        ("3.14", "0", "3,141", False),
        ("10", "0", "sepuluh", False),
        ("10", "0", "", False),
        ("10", "0", "1.0.0", False),
        ("10", "0", "1e1", False),
        ("12", "0", "1.2", False),
        ("1250", "0", "12.50", False),
    ],
)
def test_numbers_as_they_are_written_in_indonesia_and_elsewhere(
    value: str, tolerance: str, answer: str, right: bool
) -> None:
    assert grading.numeric(D(4), D(value), D(tolerance), answer) == (D("4.00") if right else D("0.00"))


@pytest.mark.parametrize(
    ("score", "most", "percent"),
    [
        ("7", "10", "70.00"),
        ("2", "3", "66.67"),
        ("1", "3", "33.33"),
        ("0", "10", "0.00"),
        ("0", "0", "0.00"),
        ("10", "10", "100.00"),
        ("1", "800", "0.13"),  # 0.125, half up
        ("69.995", "100", "70.00"),
    ],
)
def test_percentage(score: str, most: str, percent: str) -> None:
    assert grading.percentage(D(score), D(most)) == D(percent)


@pytest.mark.parametrize(("percent", "mark", "passed"), [("70", 70, True), ("69.99", 70, False), ("0", 0, True)])
def test_the_pass_mark_itself_passes(percent: str, mark: int, passed: bool) -> None:
    assert grading.passes(D(percent), mark) is passed


letters = st.sets(st.sampled_from("abcdefgh"), max_size=8)


@given(st.decimals(min_value=1, max_value=100, places=2), letters.filter(bool), letters)
def test_a_choice_earns_between_nothing_and_all(points: Decimal, keys: set[str], chosen: set[str]) -> None:
    earned = grading.multiple_choice(points, keys, chosen)
    assert 0 <= earned <= points
    assert (earned == points) >= (chosen == keys)


@given(st.text(max_size=40), st.text(max_size=40))
def test_similarity_is_a_share_and_whole_for_the_same_text(one: str, other: str) -> None:
    assert 0 <= grading.similarity(one, other) <= 1
    assert grading.similarity(one, one) == Fraction(1)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    assert all(each.is_finite() for each in grading.readings(text))
