"""The code on a certificate: random, short enough to type, and able to notice a typing error."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U."""
LENGTH = 20
"""19 random characters (95 bits) and one that checks them."""
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"}) | dict.fromkeys(map(ord, " -\t\r\n"))


def new_code() -> str:
    """A fresh code, as it is stored: 20 characters without dashes."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return random + check_character(random)


def check_character(code: str) -> str:
    """Luhn's algorithm over 32 symbols: it notices one wrong character and nearly every swap of neighbours."""
    total = 0
    for place, symbol in enumerate(reversed(code)):
        value = ALPHABET.index(symbol) * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


def read_code(typed: str) -> str | None:
    """The stored form of what somebody typed (any case, dashes, O for 0, I or L for 1); None when it cannot be one."""
    code = typed.upper().translate(_READ_AS)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET) or check_character(code[:-1]) != code[-1]:
        return None
    return code


def grouped(code: str) -> str:
    """As it is printed: `7F3K-92QD-XW0M-4T8A-BC5Z`."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
