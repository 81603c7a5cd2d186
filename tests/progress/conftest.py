"""Requests of these tests have a context of their own."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings

from tests.fresh import FreshClient

# A busy machine is no failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _fresh_requests(app: Flask) -> None:
    app.test_client_class = FreshClient
