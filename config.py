"""Settings, from the environment alone. Three profiles: development (the default), testing, production."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

N = TypeVar("N", int, float)

ROOT = Path(__file__).resolve().parent
DEFAULT_SECRET = "tuntas-development-only"  # noqa: S105 - production refuses it


class WrongSettings(ValueError):
    """The app does not start with these; the sentence is for the operator."""


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def _number(name: str, default: N, least: N, most: N = 100_000) -> N:
    """A whole number where the default is one. Raises WrongSettings, in the operator's words, for what does not fit."""
    typed = os.environ.get(name, "").strip()
    try:
        value = type(default)(typed or default)
    except ValueError:
        value = None
    if value is None or not least <= value <= most:
        kind = "bilangan bulat" if isinstance(default, int) else "angka"
        raise WrongSettings(f"{name}={typed}: tulis {kind} dari {least} sampai {most}")
    return value


def _choice(name: str, default: str, *choices: str) -> str:
    """Raises WrongSettings, in the operator's words, for what is none of the choices."""
    value = os.environ.get(name, "").strip() or default
    if value not in {default, *choices}:
        raise WrongSettings(f"{name}={value}: pilih {' atau '.join(choices)}")
    return value


def _words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def _database_url(instance: Path) -> str:
    url = os.environ.get("DATABASE_URL", "") or f"sqlite:///{instance / 'tuntas.db'}"
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


def load(profile: str | None = None) -> dict[str, Any]:
    """The settings of a profile, as a mapping for `app.config`. Raises WrongSettings for a value that cannot be."""
    profile = profile or _choice("TUNTAS_PROFILE", "development", "development", "testing", "production")
    instance = Path(os.environ.get("INSTANCE", ROOT / "instance")).resolve()
    base_url = os.environ.get("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    https = base_url.startswith("https://")
    settings: dict[str, Any] = {
        "PROFILE": profile,
        "INSTANCE": instance,
        "MIGRATIONS": str(ROOT / "migrations"),
        "BASE_URL": base_url,
        # Keys: one a purpose, so that one can be changed without the others.
        "SECRET_KEY": os.environ.get("SECRET_KEY", DEFAULT_SECRET),
        "SECRET_KEY_FALLBACKS": _words("SECRET_KEY_FALLBACKS"),
        "AUDIT_KEY": os.environ.get("AUDIT_KEY", DEFAULT_SECRET),
        "TOTP_KEY": os.environ.get("TOTP_KEY", DEFAULT_SECRET),
        # Database
        "SQLALCHEMY_DATABASE_URI": _database_url(instance),
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": "postgres" in os.environ.get("DATABASE_URL", "")},
        "SQLITE_SYNCHRONOUS": os.environ.get("SQLITE_SYNCHRONOUS", "FULL"),
        # Events
        "EVENTS_ENABLED": _choice("EVENTS_ENABLED", "on", "on", "record", "off"),
        "QUEUE": _choice("QUEUE", "", "embedded", "rq"),
        "REDIS_URL": os.environ.get("REDIS_URL", ""),
        "EVENTS_VISIBILITY": _number("EVENTS_VISIBILITY", 15.0, 0.1),
        "EVENTS_POLL": _number("EVENTS_POLL", 0.5, 0.01),
        "EVENTS_KEEP_DAYS": _number("EVENTS_KEEP_DAYS", 7, 0),
        "METRICS_TOKEN": os.environ.get("METRICS_TOKEN", ""),
        # Mail
        "MAIL_SERVER": os.environ.get("MAIL_SERVER", ""),
        "MAIL_PORT": _number("MAIL_PORT", 587, 1, 65535),
        "MAIL_USE_TLS": _flag("MAIL_USE_TLS", True),
        "MAIL_USE_SSL": _flag("MAIL_USE_SSL", False),
        "MAIL_USERNAME": os.environ.get("MAIL_USERNAME"),
        "MAIL_PASSWORD": os.environ.get("MAIL_PASSWORD"),
        "MAIL_DEFAULT_SENDER": os.environ.get("MAIL_DEFAULT_SENDER", "tuntas@localhost"),
        "MAIL_TIMEOUT": _number("MAIL_TIMEOUT", 10.0, 0.1),
        "MAIL_RATE": _number("MAIL_RATE", 60, 1),
        # Files: on the disk, or in a bucket
        "S3_BUCKET": os.environ.get("S3_BUCKET", ""),
        "S3_ENDPOINT": os.environ.get("S3_ENDPOINT", ""),
        "S3_REGION": os.environ.get("S3_REGION", "us-east-1"),
        "S3_ACCESS_KEY": os.environ.get("S3_ACCESS_KEY"),
        "S3_SECRET_KEY": os.environ.get("S3_SECRET_KEY"),
        # How much of a lesson's file completes it by itself, in percent: of a video or recording, of a PDF's pages
        "WATCHED_ENOUGH": _number("WATCHED_ENOUGH", 90, 1, 100),
        "READ_ENOUGH": _number("READ_ENOUGH", 100, 1, 100),
        # The browser's side
        "TRUSTED_HOSTS": _words("TRUSTED_HOSTS") or None,
        "PROXIES": _number("PROXIES", 0, 0),
        "HTTPS": https,
        "SESSION_COOKIE_NAME": "__Host-session" if https else "session",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 500_000,
        "MAX_FORM_PARTS": 200,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),
        "WTF_CSRF_TIME_LIMIT": None,
        # Each process by itself, not in Redis: a request never waits for it, and what must be exact counts in SQL.
        "RATELIMIT_STORAGE_URI": "memory://",
        # How many streams a process keeps open: each takes a thread, and those who write an exam come first
        "LIVE_STREAMS": _number("WEB_THREADS", 4, 1) // 4,
        "REGISTRATION_OPEN": _flag("REGISTRATION_OPEN", True),
        "BABEL_DEFAULT_LOCALE": "id",
        "BABEL_DEFAULT_TIMEZONE": os.environ.get("TIMEZONE", "Asia/Jakarta"),
        # What argon2id costs (OWASP's second choice: fits a 1 GB server)
        "ARGON2": {"memory_cost": 19 * 1024, "time_cost": 2, "parallelism": 1},
    }
    if profile == "testing":
        settings |= {
            "TESTING": True,
            "EVENTS_VISIBILITY": 1.0,
            "LIVE_SECONDS": 0,  # one look, and the answer ends
            "ARGON2": {"memory_cost": 8, "time_cost": 1, "parallelism": 1},
            "RATELIMIT_ENABLED": False,
            "BASE_URL": "http://localhost",
        }
    return settings


def weaknesses(settings: Mapping[str, Any]) -> list[str]:
    """Sentences for the operator on keys that everyone knows or can guess, and on a debugger that is open to all."""
    found = []
    keys = ("SECRET_KEY", "AUDIT_KEY", "TOTP_KEY")
    weak = [key for key in keys if _is_weak(settings[key])]
    if any(map(_is_weak, settings["SECRET_KEY_FALLBACKS"] or ())):
        weak.append("SECRET_KEY_FALLBACKS")  # what is signed with them is believed like the rest
    if weak:
        found.append(f"{', '.join(weak)} belum rahasia. Isi masing-masing dengan paling sedikit 32 karakter acak.")
    elif len({settings[key] for key in keys}) < len(keys):
        found.append("SECRET_KEY, AUDIT_KEY, dan TOTP_KEY harus berbeda satu sama lain.")
    if settings.get("DEBUG"):
        found.append("Mode debug menyala. Matikan FLASK_DEBUG.")
    return found


def _is_weak(key: str) -> bool:
    return key == DEFAULT_SECRET or len(key) < 32


def refuse_weak(settings: Mapping[str, Any]) -> None:
    """Raises WrongSettings when production would start with one of those weaknesses."""
    found = weaknesses(settings)
    if found and settings["PROFILE"] == "production":
        raise WrongSettings(" ".join(found))
