"""A client whose requests each have an app context of their own, as on a server."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.db import db


class FreshClient(FlaskClient):
    """`g` and the session do not outlive a request; afterwards the test's own session sees what the request did."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        db.session.rollback()
        return response
