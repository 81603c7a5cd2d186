"""Codes and numbers."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.certificates.codes import ALPHABET, LENGTH, check_character, grouped, new_code, read_code
from app.certificates.numbering import check_scheme, write_number
from app.core.errors import Refused

codes = st.builds(new_code)


def test_t_crt_01_a_code_has_at_least_80_random_bits_and_a_check_character() -> None:
    assert (LENGTH - 1) * math.log2(len(ALPHABET)) >= 80
    assert len({new_code() for _ in range(2000)}) == 2000
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in (new_code() for _ in range(100)))


@given(codes)
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    sloppy = f"  {grouped(code).lower()} ".replace("0", "o").replace("1", "l")
    assert read_code(sloppy) == read_code(code.replace("1", "I")) == read_code(grouped(code)) == code


@given(codes, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]
    assert (read_code(wrong) is None) == (wrong != code)


def test_most_swaps_of_neighbours_are_noticed() -> None:
    pairs = [(a, b) for a in ALPHABET for b in ALPHABET if a != b]
    unnoticed = [
        pair for pair in pairs if check_character("00" + pair[0] + pair[1]) == check_character("00" + pair[1] + pair[0])
    ]
    assert len(unnoticed) / len(pairs) < 0.01


@pytest.mark.parametrize("typed", ["", "x", "0" * 19, "0" * 21, "Ü" * 20, "-" * 40, "'; DROP TABLE--", "0" * 100_000])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


@pytest.mark.parametrize(
    ("scheme", "sequence", "day", "number"),
    [
        ("{urut:03}/SERT/{bulan_romawi}/{tahun}", 7, date(2026, 8, 17), "007/SERT/VIII/2026"),
        ("{urut:03}/SERT/{bulan_romawi}/{tahun}", 1234, date(2026, 12, 1), "1234/SERT/XII/2026"),
        ("{tahun}-{bulan:02}-{urut}", 9, date(2027, 1, 31), "2027-01-9"),
    ],
)
def test_a_number_follows_the_scheme(scheme: str, sequence: int, day: date, number: str) -> None:
    assert write_number(scheme, sequence, day) == number
    check_scheme(scheme)


@pytest.mark.parametrize(
    "scheme",
    ["", "{urut}", "{tahun}", "SERT", "{urut}/{tahun}/{nama}", "{urut.__class__}{tahun}", "{urut:999999999}{tahun}",
     "{urut}/{tahun}" + "x" * 100, "{urut}/{tahun}{", "{urut!r}/{tahun}"],
)  # fmt: skip
def test_a_scheme_that_cannot_number_every_certificate_is_refused(scheme: str) -> None:
    with pytest.raises(Refused):
        check_scheme(scheme)
