"""The pages of courses: the catalogue for everybody, the workshop for those who write."""

from app.courses.views import (
    catalogue,
    lessons,
    media,
    outline,
    packages,
    preview,
    publishing,
    reviews,
    settings,
    trial,
    uploads,
    workshop,
)
from app.courses.views.blueprint import bp

__all__ = [
    "bp",
    "catalogue",
    "lessons",
    "media",
    "outline",
    "packages",
    "preview",
    "publishing",
    "reviews",
    "settings",
    "trial",
    "uploads",
    "workshop",
]
