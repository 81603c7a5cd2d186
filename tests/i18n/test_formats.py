"""Dates, times, numbers and money in both languages and in the three zones of Indonesia."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.core import i18n
from app.core.clock import at
from app.core.templating import FILTERS

pytestmark = pytest.mark.pages

MOMENT = datetime(2026, 8, 17, 17, 5, tzinfo=UTC)
"""00.05 of the next day in Jakarta: a day is the reader's."""


@dataclass
class Reader:
    locale: str
    timezone: str = "Asia/Jakarta"


@pytest.mark.parametrize(
    ("zone", "indonesian", "english"),
    [
        ("Asia/Jakarta", "Selasa, 18 Agustus 2026 pukul 00.05 WIB", "Tuesday, 18 August 2026 at 00:05 WIB"),
        ("Asia/Makassar", "Selasa, 18 Agustus 2026 pukul 01.05 WITA", "Tuesday, 18 August 2026 at 01:05 WITA"),
        ("Asia/Jayapura", "Selasa, 18 Agustus 2026 pukul 02.05 WIT", "Tuesday, 18 August 2026 at 02:05 WIT"),
    ],
)
def test_a_moment_is_told_in_the_zone_and_the_language(app: Flask, zone: str, indonesian: str, english: str) -> None:
    for locale, written in (("id", indonesian), ("en", english)):
        with i18n.addressed_to(Reader(locale, zone)):
            assert i18n.format_datetime(MOMENT) == written
            assert i18n.format_time(MOMENT) == written.split()[-2]
            assert i18n.format_date(MOMENT) == " ".join(written.split()[1:4])


@pytest.mark.parametrize(
    ("name", "value", "indonesian", "english"),
    [
        ("number", 1_234_567, "1.234.567", "1,234,567"),
        ("number", 92.5, "92,5", "92.5"),
        ("percent", 87.5, "87,5%", "87.5%"),
        ("percent", 100, "100%", "100%"),
        ("rupiah", 1_250_000, "Rp1.250.000", "Rp1,250,000"),
        ("rupiah", -5000, "-Rp5.000", "-Rp5,000"),
        ("minutes", 150, "2 jam 30 menit", "2 h 30 min"),
        ("minutes", 60_000, "1.000 jam", "1,000 h"),
        ("minutes", 30, "30 menit", "30 min"),
        ("playtime", 725, "12.05", "12:05"),
        ("playtime", 3725, "1.02.05", "1:02:05"),
        ("remaining", 1122, "18.42", "18:42"),
        ("remaining", 3909, "1.05.09", "1:05:09"),
        ("remaining", -3, "0.00", "0:00"),
        ("filesize", 1_200_000, "1,2 MB", "1.2 MB"),
        ("filesize", 999, "999 B", "999 B"),
        ("date", date(2026, 5, 1), "1 Mei 2026", "1 May 2026"),
        ("monthday", datetime(2026, 8, 16, 17, 30, tzinfo=UTC), "17", "17"),
        ("month", datetime(2026, 7, 31, 17, 30, tzinfo=UTC), "Agu", "Aug"),
        ("day", date(2026, 8, 18), "Hari ini", "Today"),
        ("day", date(2026, 8, 17), "Kemarin", "Yesterday"),
        ("day", date(2026, 8, 9), "9 Agustus 2026", "9 August 2026"),
        ("receipt", MOMENT + timedelta(seconds=21), "00.05.21", "00:05:21"),
        ("ago", MOMENT, "baru saja", "just now"),
        ("ago", MOMENT - timedelta(minutes=1), "1 menit yang lalu", "1 minute ago"),
        ("ago", MOMENT - timedelta(hours=3), "3 jam yang lalu", "3 hours ago"),
        ("ago", MOMENT - timedelta(days=40), "9 Juli 2026", "9 July 2026"),
    ],
)
def test_a_filter_writes_in_the_language(app: Flask, name: str, value: Any, indonesian: str, english: str) -> None:
    with at(MOMENT):
        for locale, written in (("id", indonesian), ("en", english)):
            with i18n.addressed_to(Reader(locale)):
                assert FILTERS[name](value) == written


def test_every_filter_is_written_down_here(app: Flask) -> None:
    assert set(FILTERS) == {
        "date", "datetime", "day", "monthday", "month", "time", "receipt", "ago", "percent", "number", "rupiah",
        "minutes", "playtime", "remaining", "filesize",
    }  # fmt: skip


@pytest.mark.parametrize(("count", "english"), [(0, "0 lessons"), (1, "1 lesson"), (2, "2 lessons")])
def test_english_counts_in_two_forms_and_indonesian_in_one(app: Flask, count: int, english: str) -> None:
    template = app.jinja_env.from_string("{{ ngettext('%(n)s materi', '%(n)s materi', n, n=n|number) }}")
    for locale, written in (("id", f"{count} materi"), ("en", english)):
        with i18n.addressed_to(Reader(locale)):
            assert template.render(n=count) == written
