"""What people send about courses, a module a subject."""

from app.courses.forms.filters import LEVELS, SORTS, Filters, read_filters
from app.courses.forms.publishing import DeclineForm
from app.courses.forms.workshop import TABS, NewCourseForm, WorkshopAddress, read_workshop

__all__ = [
    "LEVELS",
    "SORTS",
    "TABS",
    "DeclineForm",
    "Filters",
    "NewCourseForm",
    "WorkshopAddress",
    "read_filters",
    "read_workshop",
]
