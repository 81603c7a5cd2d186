"""How dates, numbers and sizes are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from app.core import i18n
from app.core.clock import at
from app.core.templating import FILTERS

# Monday, 17 August 2026, 14.05 WIB
MOMENT = datetime(2026, 8, 17, 7, 5, tzinfo=UTC)


@dataclass
class Reader:
    locale: str = "id"
    timezone: str = "Asia/Jakarta"


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("date", MOMENT, "17 Agustus 2026"),
        ("date", date(2026, 8, 17), "17 Agustus 2026"),
        ("datetime", MOMENT, "Senin, 17 Agustus 2026 pukul 14.05 WIB"),
        ("time", MOMENT, "14.05"),
        ("time", MOMENT - timedelta(hours=10), "04.05"),
        ("percent", Decimal("87.5"), "87,5%"),
        ("percent", 87.5, "87,5%"),
        ("percent", Decimal("100.0"), "100%"),
        ("percent", 0, "0%"),
        ("percent", Decimal("12.25"), "12,3%"),
        ("number", 1250, "1.250"),
        ("number", 1_234_567, "1.234.567"),
        ("number", Decimal("92.5"), "92,5"),
        ("rupiah", 1_250_000, "Rp1.250.000"),
        ("rupiah", 0, "Rp0"),
        ("rupiah", -5000, "-Rp5.000"),
        ("minutes", 150, "2 jam 30 menit"),
        ("minutes", 120, "2 jam"),
        ("minutes", 30, "30 menit"),
        ("minutes", 0, "0 menit"),
        ("filesize", 999, "999 B"),
        ("filesize", 1_200_000, "1,2 MB"),
        ("filesize", 1000, "1 kB"),
        ("filesize", 999_950, "1 MB"),
        ("filesize", 5 * 10**15, "5.000 TB"),
        ("ago", MOMENT - timedelta(seconds=5), "baru saja"),
        ("ago", MOMENT - timedelta(minutes=5), "5 menit yang lalu"),
        ("ago", MOMENT - timedelta(hours=3), "3 jam yang lalu"),
        ("ago", MOMENT - timedelta(days=45), "3 Juli 2026"),
        ("day", date(2026, 8, 17), "Hari ini"),
        ("day", date(2026, 8, 16), "Kemarin"),
        ("day", date(2026, 8, 15), "15 Agustus 2026"),
        ("day", date(2026, 8, 18), "18 Agustus 2026"),
    ],
)
def test_a_filter_writes_as_indonesians_do(app: Flask, name: str, value: Any, written: str) -> None:
    with at(MOMENT):
        assert FILTERS[name](value) == written
        assert app.jinja_env.from_string("{{ value|" + name + " }}").render(value=value) == written


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("Asia/Jakarta", "Senin, 17 Agustus 2026 pukul 14.05 WIB"),
        ("Asia/Makassar", "Senin, 17 Agustus 2026 pukul 15.05 WITA"),
        ("Asia/Jayapura", "Senin, 17 Agustus 2026 pukul 16.05 WIT"),
    ],
)
def test_the_time_is_told_in_the_readers_zone(app: Flask, zone: str, written: str) -> None:
    with i18n.addressed_to(Reader(timezone=zone)):
        assert i18n.format_datetime(MOMENT) == written


def test_a_day_is_the_readers_day(app: Flask) -> None:
    late = datetime(2026, 8, 17, 17, 30, tzinfo=UTC)  # 00.30 WIB of the 18th
    assert i18n.format_date(late) == "18 Agustus 2026"
    assert i18n.home_day(late) == date(2026, 8, 18)
    with i18n.addressed_to(Reader(timezone="UTC")):
        assert i18n.format_date(late) == "17 Agustus 2026"
        assert i18n.home_day(late) == date(2026, 8, 18)


def test_an_english_reader_has_english_names_and_points(app: Flask) -> None:
    with i18n.addressed_to(Reader(locale="en")):
        assert i18n.format_date(MOMENT) == "17 August 2026"
        assert i18n.format_percent(87.5) == "87.5%"
        assert i18n.format_number(1250) == "1,250"
    assert i18n.format_number(1250) == "1.250"


def test_a_request_speaks_to_its_reader(app: Flask) -> None:
    app.extensions["reader"] = lambda: Reader(timezone="Asia/Jayapura")
    with app.test_request_context("/"):
        assert i18n.format_time(MOMENT) == "16.05"
    assert i18n.format_time(MOMENT) == "14.05"
