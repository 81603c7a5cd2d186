"""What the server of warm processes imports and warms once (see `tests.warm`)."""

from __future__ import annotations

from sqlalchemy.orm import configure_mappers

from app import create_app

create_app("testing", {"SQLALCHEMY_DATABASE_URI": "sqlite://", "REDIS_URL": ""})
configure_mappers()
