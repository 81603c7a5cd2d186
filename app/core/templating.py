"""What every template knows: filters, the institution, the language; a forgotten name is an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, g
from flask_babel import refresh
from jinja2 import StrictUndefined
from werkzeug.local import LocalProxy

from app.core import assets, i18n
from app.core.settings import institution

T = TypeVar("T")

FILTERS: dict[str, Callable[..., str]] = {
    "date": i18n.format_date,
    "datetime": i18n.format_datetime,
    "day": i18n.format_day,
    "monthday": i18n.format_monthday,
    "month": i18n.format_month,
    "time": i18n.format_time,
    "receipt": i18n.format_receipt,
    "remaining": i18n.format_remaining,
    "ago": i18n.format_ago,
    "percent": i18n.format_percent,
    "number": i18n.format_number,
    "rupiah": i18n.format_rupiah,
    "minutes": i18n.format_minutes,
    "playtime": i18n.format_playtime,
    "filesize": i18n.format_filesize,
}


def init_app(app: Flask) -> None:
    """Prepares the template environment."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.filters.update(FILTERS)
    environment.policies["ext.i18n.trimmed"] = True
    assets.init_app(app)
    environment.globals.update(
        stylesheet_url=lazily("stylesheet_url", assets.stylesheet_url),
        script_url=lazily("script_url", assets.script_url),
    )
    app.before_request(_forget)
    app.context_processor(lambda: {"institution": institution(), "locale": i18n.locale().language})


def lazily(name: str, compute: Callable[[], T]) -> Any:
    """A template value that is computed where a page first uses it, once a request, and never where none does."""

    def value() -> T:
        kept: dict[str, T] = g.setdefault("computed", {})
        if name not in kept:
            kept[name] = compute()
        return kept[name]

    return LocalProxy(value)


def _forget() -> None:
    # `g` outlives a request that runs inside an open context (a test, a shell).
    g.pop("computed", None)
    refresh()
