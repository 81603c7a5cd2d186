"""What the server of the killed processes imports and warms once, so that a process starts in milliseconds."""

from __future__ import annotations

from sqlalchemy.orm import configure_mappers

from app import create_app
from tests import servers
from tests.chaos import process

create_app("testing", {"SQLALCHEMY_DATABASE_URI": "sqlite://", "REDIS_URL": ""})
configure_mappers()

__all__ = ["process", "servers"]
