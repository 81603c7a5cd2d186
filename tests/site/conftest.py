"""Requests of these tests have a context of their own."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.fresh import FreshClient


@pytest.fixture(autouse=True)
def _fresh_requests(app: Flask) -> None:
    app.test_client_class = FreshClient
