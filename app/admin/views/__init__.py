"""The pages of the panel, a module a subject."""

from app.admin.blueprint import bp
from app.admin.views import (
    audit,
    categories,
    dashboard,
    events,
    outbox,
    people,
    people_detail,
    people_edit,
    people_import,
    people_slips,
    queue,
    settings,
    tags,
)

__all__ = [
    "audit",
    "bp",
    "categories",
    "dashboard",
    "events",
    "outbox",
    "people",
    "people_detail",
    "people_edit",
    "people_import",
    "people_slips",
    "queue",
    "settings",
    "tags",
]
