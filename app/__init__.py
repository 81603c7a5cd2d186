"""Tuntas: an event-driven learning management system. `create_app` is the factory."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from flask import Flask

import config
from app.core import compression, db, errors, i18n, live, mail, security, storage, templating
from app.events import setup as events

PACKAGES = (
    "core",
    "events",
    "accounts",
    "courses",
    "enrollments",
    "assessments",
    "progress",
    "certificates",
    "notifications",
    "site",
    "admin",
    "demo",
)
"""Lowest floor first: a package imports only from those before it."""


def create_app(profile: str | None = None, overrides: Mapping[str, Any] | None = None) -> Flask:
    """The app of a profile; `overrides` replace settings. Raises WrongSettings when it must not start with them."""
    app = Flask(
        __name__,
        instance_path=str(config.load(profile)["INSTANCE"]),
        template_folder=str(config.ROOT / "templates"),
        static_folder=str(config.ROOT / "static"),
    )
    app.config.from_mapping(config.load(profile) | dict(overrides or {}))
    config.refuse_weak(app.config)
    for part in (db, errors, security, compression, storage, i18n, templating, mail, live, events):
        part.init_app(app)
    for package in PACKAGES:
        _add_package(app, f"app.{package}")
    return app


def _add_package(app: Flask, package: str) -> None:
    for room in ("models", "receivers", "views", "cli"):
        name = f"{package}.{room}"
        if find_spec(name) is None:
            continue
        module = import_module(name)
        if room == "views":
            app.register_blueprint(module.bp)
        elif room == "cli":
            for command in module.commands:
                app.cli.add_command(command)
