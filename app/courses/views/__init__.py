"""The pages of courses: the catalogue for everybody, the workshop for those who write."""

from app.courses.views import catalogue, publishing, trial, workshop
from app.courses.views.blueprint import bp

__all__ = ["bp", "catalogue", "publishing", "trial", "workshop"]
