"""A Redis for each test, and an app that uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from redis import Redis


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    client = Redis.from_url(redis_url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def rq_app(make_app: Callable[..., Flask], redis: Redis, redis_url: str) -> Iterator[Flask]:
    app = make_app(QUEUE="rq", REDIS_URL=redis_url)
    with app.app_context():
        yield app
