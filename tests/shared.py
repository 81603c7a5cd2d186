"""An app for many tests: making one, compiling its SQL and loading its templates costs more than most tests do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask

from app.core.security import limiter

Parts = tuple[dict[str, Any], ...]
OF_A_TEST = {"INSTANCE", "institution", "tests.passwords"}


class SharedApps:
    """Lends out apps as they were made, one for each set of settings. What a test has changed is not lent out again."""

    def __init__(self, make: Callable[..., Flask]) -> None:
        self._make = make
        self._made: dict[str, tuple[Flask, Parts]] = {}

    def lend(self, url: str, instance: Path, **settings: object) -> Flask:
        """The app with these settings, on the one address of all tests' databases, with its files in that folder."""
        name = repr(sorted(settings.items()))
        app, parts = self._made.get(name, (None, ()))
        if app is None or _parts_of(app) != parts:
            app = self._make(url, instance, **settings)
            self._made[name] = app, _parts_of(app)
        instance.mkdir(parents=True, exist_ok=True)
        app.config["INSTANCE"] = instance
        app.extensions.pop("institution", None)
        app.test_client_class = None
        return app


def _parts_of(app: Flask) -> Parts:
    """What a test may change: settings, hooks, what the templates know, where mail goes, what the packages keep."""
    attributes = {name: value for name, value in vars(app).items() if name.startswith("_") or name == "wsgi_app"}
    attributes.pop("_got_first_request")
    kept = {name: value for name, value in app.extensions.items() if name not in OF_A_TEST}
    settings = {name: value for name, value in app.config.items() if name not in OF_A_TEST}
    settings["limited"] = limiter.enabled  # it lives in its module: as the app wants it that was made last
    hooks = {str(name): list(each) for name, each in app.before_request_funcs.items()}
    names = dict.fromkeys(app.jinja_env.globals)
    return attributes, kept, settings, hooks, names, dict(vars(app.extensions["mail"]))
