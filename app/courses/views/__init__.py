"""The pages of courses: the catalogue for everybody, the workshop for those who write."""

from app.courses.views import catalogue, workshop
from app.courses.views.blueprint import bp

__all__ = ["bp", "catalogue", "workshop"]
