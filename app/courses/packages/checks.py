"""What JSON of a package may hold: small checks that make bigger ones; each takes a value and its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from app.core.forms import clean_line, clean_text
from app.courses.packages.refusals import odd

Check = Callable[[Any, str], Any]
"""Answers the value as it is used. Raises PackageRefused for one of another type, or beyond its bounds."""

MAX_MARKS = 1_000_000
"""Brackets and commas of one file: they bound what memory its values take."""


def read_json(content: bytes, place: str) -> Any:
    """The value of a JSON file. Raises PackageRefused for what is none, or names a field twice."""
    if sum(content.count(mark) for mark in (b"{", b"[", b",")) > MAX_MARKS:
        raise odd(place)
    try:
        return json.loads(content.decode(), object_pairs_hook=_named_once, parse_constant=_refuse, parse_float=_refuse)
    except (ValueError, RecursionError) as error:
        raise odd(place) from error


def text(most: int) -> Check:
    """Text of several lines, cleaned as forms do."""

    def check(value: Any, place: str) -> str:
        if not isinstance(value, str) or len(value) > most:
            raise odd(place)
        return clean_text(value) or ""

    return check


def line(most: int, least: int = 0) -> Check:
    """Text on one line, cleaned as forms do."""

    def check(value: Any, place: str) -> str:
        if not isinstance(value, str) or len(value) > most:
            raise odd(place)
        cleaned = clean_line(value) or ""
        if len(cleaned) < least:
            raise odd(place)
        return cleaned

    return check


def word(pattern: re.Pattern[str]) -> Check:
    """A name that we have made ourselves."""

    def check(value: Any, place: str) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise odd(place)
        return value

    return check


def one_of(*known: Any) -> Check:
    """One of these values."""

    def check(value: Any, place: str) -> Any:
        if not any(type(value) is type(each) and value == each for each in known):
            raise odd(place)
        return value

    return check


def whole(most: int) -> Check:
    """A whole number from 0."""

    def check(value: Any, place: str) -> int:
        if type(value) is not int or not 0 <= value <= most:
            raise odd(place)
        return value

    return check


def flag(value: Any, place: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise odd(place)
    return value


def maybe(check: Check) -> Check:
    """Nothing, or what the check takes."""
    return lambda value, place: None if value is None else check(value, place)


def many(check: Check, most: int) -> Check:
    """A list of at most so many."""

    def check_all(value: Any, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > most:
            raise odd(place)
        return tuple(check(each, f"{place}[{number}]") for number, each in enumerate(value, 1))

    return check_all


def named(key: Check, check: Check, most: int) -> Check:
    """An object whose names are data themselves."""

    def check_all(value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, dict) or len(value) > most:
            raise odd(place)
        return {key(name, place): check(each, f"{place}.{name}") for name, each in value.items()}

    return check_all


def record(make: Callable[..., Any], **fields: Check) -> Check:
    """An object with exactly these fields, given to `make`."""

    def check_all(value: Any, place: str) -> Any:
        if not isinstance(value, dict) or value.keys() != fields.keys():
            raise odd(place)
        return make(**{name: check(value[name], f"{place}.{name}") for name, check in fields.items()})

    return check_all


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(number: str) -> Any:
    raise ValueError(f"{number} is no whole number")
