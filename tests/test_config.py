"""The settings: what each profile means, what production refuses, and how addresses are written down."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import config
from app import create_app

KEYS = ("SECRET_KEY", "AUDIT_KEY", "TOTP_KEY")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment that says nothing."""
    for name in (
        *KEYS,
        "SECRET_KEY_FALLBACKS",
        "TUNTAS_PROFILE",
        "DATABASE_URL",
        "REDIS_URL",
        "BASE_URL",
        "FLASK_DEBUG",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INSTANCE", str(tmp_path))


@pytest.fixture
def good_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, name in enumerate(KEYS):
        monkeypatch.setenv(name, str(number) * 32)


def test_development_is_the_default() -> None:
    settings = config.load()
    assert settings["PROFILE"] == "development"
    assert "TESTING" not in settings
    config.refuse_weak(settings)


def test_the_environment_names_the_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUNTAS_PROFILE", "production")
    assert config.load()["PROFILE"] == "production"


def test_the_testing_profile_is_quick_and_unlimited() -> None:
    settings = config.load("testing")
    assert settings["TESTING"] is True
    assert settings["RATELIMIT_ENABLED"] is False
    assert settings["ARGON2"]["memory_cost"] < config.load("production")["ARGON2"]["memory_cost"]


def test_production_hashes_passwords_at_full_cost() -> None:
    assert config.load("production")["ARGON2"] == {"memory_cost": 19456, "time_cost": 2, "parallelism": 1}


def test_an_unknown_profile_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUNTAS_PROFILE", "staging")
    with pytest.raises(ValueError, match="TUNTAS_PROFILE=staging"):
        config.load()


@pytest.mark.usefixtures("good_keys")
def test_t_aut_12_production_accepts_three_good_keys() -> None:
    assert create_app("production").config["PROFILE"] == "production"


@pytest.mark.usefixtures("good_keys")
@pytest.mark.parametrize("name", KEYS)
def test_t_aut_12_production_refuses_a_missing_or_default_key(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(ValueError, match=f"^{name} belum rahasia"):
        create_app("production")
    monkeypatch.setenv(name, config.DEFAULT_SECRET)
    with pytest.raises(ValueError, match=f"^{name} belum rahasia"):
        create_app("production")


@pytest.mark.usefixtures("good_keys")
@pytest.mark.parametrize("weak", ["x" * 31, config.DEFAULT_SECRET])
def test_t_aut_12_production_refuses_a_weak_key_that_was_rotated_out(
    monkeypatch: pytest.MonkeyPatch, weak: str
) -> None:
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f"{'y' * 32},{weak}")
    with pytest.raises(ValueError, match=r"^SECRET_KEY_FALLBACKS belum rahasia"):
        create_app("production")
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", "y" * 32)
    assert create_app("production").config["SECRET_KEY_FALLBACKS"] == ["y" * 32]


@pytest.mark.usefixtures("good_keys")
@pytest.mark.parametrize("name", KEYS)
def test_t_aut_12_production_refuses_a_short_key(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "x" * 31)
    with pytest.raises(ValueError, match=f"^{name} belum rahasia"):
        create_app("production")


@pytest.mark.usefixtures("good_keys")
@pytest.mark.parametrize("pair", [KEYS[:2], KEYS[1:], KEYS[::2]])
def test_t_aut_12_production_refuses_equal_keys(monkeypatch: pytest.MonkeyPatch, pair: tuple[str, str]) -> None:
    for name in pair:
        monkeypatch.setenv(name, "x" * 32)
    with pytest.raises(ValueError, match="harus berbeda"):
        create_app("production")


@pytest.mark.usefixtures("good_keys")
def test_t_aut_12_production_refuses_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(ValueError, match="debug"):
        create_app("production")


def test_flask_names_what_is_weak_without_a_traceback() -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "check"]
    environment = {**os.environ, "TUNTAS_PROFILE": "production"}
    done = subprocess.run(command, cwd=config.ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "SECRET_KEY, AUDIT_KEY, TOTP_KEY belum rahasia." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("EVENTS_ENABLED", "maybe", "pilih on atau record atau off"),
        ("QUEUE", "kafka", "pilih embedded atau rq"),
        ("MAIL_RATE", "0", "tulis bilangan bulat dari 1"),
        ("MAIL_RATE", "-5", "tulis bilangan bulat dari 1"),
        ("MAIL_RATE", "1,5", "tulis bilangan bulat dari 1"),
        ("MAIL_PORT", "65536", "tulis bilangan bulat dari 1 sampai 65535"),
        ("MAIL_TIMEOUT", "0", "tulis angka dari"),
        ("EVENTS_POLL", "nan", "tulis angka dari"),
        ("EVENTS_VISIBILITY", "inf", "tulis angka dari"),
        ("EVENTS_KEEP_DAYS", "seminggu", "tulis bilangan bulat dari 0"),
        ("PROXIES", "satu", "tulis bilangan bulat dari 0"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_what_can(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=f"^{name}={value}: {sentence}"):
        config.load()


def test_what_is_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("EVENTS_ENABLED", "QUEUE", "MAIL_RATE", "EVENTS_POLL"):
        monkeypatch.setenv(name, "")
    settings = config.load()
    assert (settings["EVENTS_ENABLED"], settings["QUEUE"], settings["MAIL_RATE"]) == ("on", "", 60)
    assert settings["EVENTS_POLL"] == 0.5


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_uses_the_driver_we_have(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://lms:rahasia@db.test/lms")
    assert config.load()["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://lms:rahasia@db.test/lms"


def test_without_an_address_the_database_is_a_file_of_the_instance(tmp_path: Path) -> None:
    assert config.load()["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path / 'tuntas.db'}"


def test_no_request_asks_redis_how_often_it_may_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen one would hold it up."""
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:6379/0")
    settings = config.load()
    assert settings["REDIS_URL"] == "redis://127.0.0.1:6379/0"
    assert settings["RATELIMIT_STORAGE_URI"] == "memory://"


def test_only_an_https_address_marks_the_cookie_as_secure(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = config.load()
    assert (plain["SESSION_COOKIE_NAME"], plain["SESSION_COOKIE_SECURE"]) == ("session", False)
    monkeypatch.setenv("BASE_URL", "https://belajar.test/")
    secure = config.load()
    assert (secure["SESSION_COOKIE_NAME"], secure["SESSION_COOKIE_SECURE"]) == ("__Host-session", True)
    assert secure["BASE_URL"] == "https://belajar.test"
