"""What people send about courses, a module a subject."""

from app.courses.forms.filters import LEVELS, SORTS, Filters, read_filters

__all__ = ["LEVELS", "SORTS", "Filters", "read_filters"]
