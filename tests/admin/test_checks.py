"""`flask check` names what is weak, and production does not start with what is grave."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from contextlib import nullcontext

import click
import pytest
from flask import Flask

import config
from app.accounts.models import TwoFactor
from app.admin.checks import all_weaknesses, refuse_grave
from app.core.clock import now
from app.core.db import db, transaction
from app.core.settings import change_institution
from tests import make

KEYS = {name: name.lower() * 8 for name in ("SECRET_KEY", "AUDIT_KEY", "TOTP_KEY")}
STRONG = KEYS | {"ARGON2": {"memory_cost": 19 * 1024, "time_cost": 2, "parallelism": 1}}


def sentences(*, grave: bool) -> str:
    db.session.rollback()
    return " ".join(each.sentence for each in all_weaknesses() if each.grave == grave)


@pytest.fixture
def strong(app: Flask) -> Flask:
    app.config.update(STRONG)
    return app


def test_keys_that_everybody_knows_are_grave(app: Flask) -> None:
    assert "SECRET_KEY, AUDIT_KEY, TOTP_KEY" in sentences(grave=True)
    app.config.update(STRONG)
    assert sentences(grave=True) == ""


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"SECRET_KEY": "x" * 31}, "SECRET_KEY"),
        ({"AUDIT_KEY": STRONG["TOTP_KEY"]}, "berbeda"),
        ({"DEBUG": True}, "FLASK_DEBUG"),
        ({"TRUSTED_HOSTS": ["*"]}, "TRUSTED_HOSTS"),
        ({"ARGON2": {"memory_cost": 8, "time_cost": 1, "parallelism": 1}}, "ARGON2"),
    ],
)
def test_each_grave_setting_is_named(strong: Flask, settings: dict[str, object], word: str) -> None:
    strong.config.update(settings)
    assert word in sentences(grave=True)


def test_https_without_a_named_proxy_is_worth_a_word(strong: Flask) -> None:
    for base, proxies, word in (("https://x.test", 0, True), ("https://x.test", 1, False), ("http://x.test", 0, False)):
        strong.config.update(BASE_URL=base, PROXIES=proxies)
        assert ("PROXIES=0" in sentences(grave=False)) is word


def test_demo_accounts_are_grave(strong: Flask) -> None:
    make.user(email="peserta@demo.test")
    assert "sekolah demo" in sentences(grave=True)


def test_t_aut_12_production_refuses_what_is_grave_and_development_does_not(strong: Flask) -> None:
    make.user(email="admin@demo.test")
    refuse_grave()
    strong.config["PROFILE"] = "production"
    with pytest.raises(SystemExit, match="sekolah demo"):
        refuse_grave()


@pytest.fixture
def demo_in_production(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of whoever starts the demo school as a real one, without the launcher."""
    make.user(email="admin@demo.test")
    found = {"DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"], "INSTANCE": str(app.config["INSTANCE"])}
    for name, value in {**found, **KEYS, "TUNTAS_PROFILE": "production"}.items():
        monkeypatch.setenv(name, value)


def load(command: str | None) -> dict[str, object]:
    """Loads wsgi.py as that `flask` command does; without one as gunicorn and every other server."""
    with click.Context(click.Command("x"), info_name=command) if command else nullcontext():
        return runpy.run_path(str(config.ROOT / "wsgi.py"))


@pytest.mark.usefixtures("demo_in_production")
@pytest.mark.parametrize("server", [None, "run"])
def test_t_aut_12_no_server_serves_the_demo_school_in_production(server: str | None) -> None:
    with pytest.raises(SystemExit, match="sekolah demo"):
        load(server)


@pytest.mark.usefixtures("demo_in_production")
def test_the_commands_that_mend_what_is_grave_run_in_production() -> None:
    assert load("flask")["app"]


def test_a_missing_admin_is_named_until_there_is_one(strong: Flask) -> None:
    assert "CMD=create-admin" in sentences(grave=False)
    make.admin()
    assert "CMD=create-admin" not in sentences(grave=False)


def test_admins_without_a_second_step_are_counted(strong: Flask) -> None:
    first, _second = make.admin(), make.admin()
    assert "2 admin masuk tanpa langkah kedua" in sentences(grave=False)
    with transaction() as session:
        session.add(TwoFactor(user_id=first.id, secret="rahasia", confirmed_at=now()))
    assert "1 admin masuk tanpa langkah kedua" in sentences(grave=False)
    change_institution(two_factor_for_staff=True)
    assert "langkah kedua" not in sentences(grave=False)


def test_plain_http_missing_mail_and_missing_workers_are_worth_a_word(strong: Flask) -> None:
    strong.config["BASE_URL"] = "http://lms.sekolah.test"
    found = sentences(grave=False)
    assert "BASE_URL" in found
    assert "MAIL_SERVER" in found
    assert "flask worker" in found
    strong.config.update(MAIL_SERVER="mail.test", MAIL_USE_TLS=False, MAIL_USE_SSL=False)
    assert "tanpa TLS" in sentences(grave=False)


@pytest.mark.redis
def test_an_open_redis_is_grave(make_app: Callable[..., Flask], redis_url: str) -> None:
    app = make_app(QUEUE="rq", REDIS_URL=redis_url, **STRONG)
    with app.app_context():
        assert "requirepass" in sentences(grave=True)


def test_the_command_ends_with_1_for_what_is_grave_and_0_for_the_rest(app: Flask) -> None:
    run = app.test_cli_runner()
    weak = run.invoke(args=["check"])
    assert (weak.exit_code, weak.output.startswith("BERAT: ")) == (1, True)
    app.config.update(STRONG)
    good = run.invoke(args=["check"])
    assert (good.exit_code, "Perhatian: " in good.output) == (0, True)
