"""The pages of courses: the catalogue for everybody, the workshop for those who write."""

from app.courses.views import catalogue, lessons, outline, preview, publishing, trial, workshop
from app.courses.views.blueprint import bp

__all__ = ["bp", "catalogue", "lessons", "outline", "preview", "publishing", "trial", "workshop"]
