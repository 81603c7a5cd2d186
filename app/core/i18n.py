"""Language and zone of the reader, and how dates, numbers and sizes are written for that reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers, support
from flask import Flask, current_app, g, has_request_context
from flask_babel import Babel, force_locale, get_locale, get_translations, gettext

from app.core.clock import now

LOCALES = ("id", "en")
babel = Babel()


class Reader(Protocol):
    """Whoever a text is written for."""

    @property
    def locale(self) -> str: ...

    @property
    def timezone(self) -> str: ...


_addressee: ContextVar[Reader | None] = ContextVar("addressee", default=None)


def _(message: str, **values: object) -> str:
    return str(gettext(message, **values))


def init_app(app: Flask) -> None:
    """Connects the catalogues. Whoever knows the readers puts a function into `app.extensions["reader"]`."""
    app.extensions["reader"] = lambda: None
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(Path(app.root_path).parent / "translations"))
    babel.init_app(app, locale_selector=_locale)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, count: _catalogue().ungettext(one, many, count),
        pgettext=lambda context, text: _catalogue().upgettext(context, text),
        npgettext=lambda context, one, many, count: _catalogue().unpgettext(context, one, many, count),
        newstyle=True,
    )


def _catalogue() -> support.Translations:
    """The reader's texts. Flask-Babel looks them up anew for each: half of what a page's hundred texts cost."""
    language = get_locale()
    kept: tuple[Locale | None, support.Translations] | None = g.get("catalogue")
    if kept is None or kept[0] is not language:
        kept = g.catalogue = (language, get_translations())
    return kept[1]


@contextmanager
def addressed_to(reader: Reader) -> Iterator[None]:
    """Inside the block texts are written in the reader's language and zone, whoever asked (a mail)."""
    token = _addressee.set(reader)
    try:
        with force_locale(reader.locale):
            yield
    finally:
        _addressee.reset(token)


def locale() -> Locale:
    """The language in which this text is written."""
    return get_locale() or Locale.parse(current_app.config["BABEL_DEFAULT_LOCALE"])


def zone() -> tzinfo:
    """The zone in which this text tells the time."""
    reader = _addressee.get() or _reader()
    return ZoneInfo(reader.timezone if reader else current_app.config["BABEL_DEFAULT_TIMEZONE"])


def _locale() -> str | None:
    reader = _reader()
    return reader.locale if reader else None


def _reader() -> Reader | None:
    found: Reader | None = current_app.extensions["reader"]() if has_request_context() else None
    return found


def local_day(moment: datetime) -> date:
    """The reader's calendar day of a moment."""
    return moment.astimezone(zone()).date()


def home_day(moment: datetime) -> date:
    """The institution's calendar day of a moment, whoever reads."""
    return moment.astimezone(ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"])).date()


def format_date(value: date) -> str:
    """`17 Agustus 2026`; a moment counts in the reader's zone."""
    day = local_day(value) if isinstance(value, datetime) else value
    return dates.format_date(day, "d MMMM y", locale=locale())


def format_monthday(moment: datetime) -> str:
    """`17`, in the reader's zone."""
    return str(local_day(moment).day)


def format_month(moment: datetime) -> str:
    """`Agu`, in the reader's zone."""
    return dates.format_date(local_day(moment), "MMM", locale=locale())


def format_day(day: date) -> str:
    """`Hari ini`, `Kemarin`, else the date."""
    ago = (local_day(now()) - day).days
    if ago in (0, 1):
        return _("Kemarin") if ago else _("Hari ini")
    return format_date(day)


def format_time(moment: datetime) -> str:
    """`14.05`, in the reader's zone."""
    # i18n: the CLDR pattern of a time of day
    return dates.format_time(moment.astimezone(zone()).timetz(), _("HH.mm"), locale=locale())


def format_receipt(moment: datetime) -> str:
    """`14.05.21`, in the reader's zone: when something was saved, to the second."""
    # i18n: the CLDR pattern of a time of day with seconds
    return dates.format_time(moment.astimezone(zone()).timetz(), _("HH.mm.ss"), locale=locale())


def format_remaining(seconds: int) -> str:
    """`18.42`, from an hour on `1.05.09`: what is left on a clock, nothing once it has run out."""
    return format_playtime(max(0, seconds))


def format_datetime(moment: datetime) -> str:
    """`Senin, 17 Agustus 2026 pukul 14.05 WIB`, in the reader's zone."""
    local = moment.astimezone(zone())
    return _(
        "%(day)s pukul %(time)s %(zone)s",
        day=dates.format_date(local.date(), "EEEE, d MMMM y", locale=locale()),
        time=format_time(moment),
        zone=local.tzname(),
    )


def format_ago(moment: datetime) -> str:
    """`3 jam yang lalu`; a date after 30 days, `baru saja` within a minute."""
    passed = now() - moment
    if passed.total_seconds() < 60:
        return _("baru saja")
    if passed.days >= 30:
        return format_date(moment)
    return dates.format_timedelta(-passed, add_direction=True, threshold=1, locale=locale())


def format_number(value: int | float | Decimal) -> str:
    """`1.250`; decimals as they are, three at most."""
    return numbers.format_decimal(value, locale=locale())


def format_percent(value: int | float | Decimal) -> str:
    """`87,5%` of 87.5: one decimal, none when it is zero."""
    return numbers.format_decimal(_tenths(Decimal(str(value))), "#,##0.#", locale=locale()) + "%"


def format_rupiah(value: int) -> str:
    """`Rp1.250.000` of whole rupiah."""
    sign = "-" if value < 0 else ""
    return f"{sign}Rp{numbers.format_decimal(abs(value), '#,##0', locale=locale())}"


def format_minutes(value: int) -> str:
    """`2 jam 30 menit`, `2 jam`, `30 menit`."""
    hours, minutes = divmod(value, 60)
    if not hours:
        return _("%(minutes)s menit", minutes=minutes)
    if not minutes:
        return _("%(hours)s jam", hours=format_number(hours))
    return _("%(hours)s jam %(minutes)s menit", hours=format_number(hours), minutes=minutes)


def format_playtime(seconds: int) -> str:
    """`12.05`, or `1.02.05` from an hour on: how far a video or recording has run, as clocks are written here."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s.%(seconds)s", minutes=minutes, seconds=f"{rest:02}")
    return _("%(hours)s.%(minutes)s.%(seconds)s", hours=hours, minutes=f"{minutes:02}", seconds=f"{rest:02}")


def format_filesize(value: int) -> str:
    """`1,2 MB` of bytes, in steps of 1000."""
    if value < 1000:
        return f"{value} B"
    size, units = _tenths(Decimal(value) / 1000), iter(("kB", "MB", "GB", "TB"))
    unit = next(units)
    while size >= 1000 and unit != "TB":
        size, unit = _tenths(size / 1000), next(units)
    return f"{numbers.format_decimal(size, '#,##0.#', locale=locale())} {unit}"


def _tenths(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
