"""What people send about courses, a module a subject."""

from app.courses.forms.drafts import opened_form, typed_into
from app.courses.forms.filters import LEVELS, SORTS, Filters, read_filters
from app.courses.forms.outline import LAST, MoveForm, SectionForm
from app.courses.forms.packages import PackageForm
from app.courses.forms.publishing import DeclineForm
from app.courses.forms.settings import CourseForm
from app.courses.forms.uploads import ImageForm, UploadForm
from app.courses.forms.workshop import TABS, NewCourseForm, WorkshopAddress, read_workshop

__all__ = [
    "LAST",
    "LEVELS",
    "SORTS",
    "TABS",
    "CourseForm",
    "DeclineForm",
    "Filters",
    "ImageForm",
    "MoveForm",
    "NewCourseForm",
    "PackageForm",
    "SectionForm",
    "UploadForm",
    "WorkshopAddress",
    "opened_form",
    "read_filters",
    "read_workshop",
    "typed_into",
]
