"""Which courses are listed to whom."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, or_

from app.accounts.models import User
from app.courses.models import Course, CourseStatus, Visibility


def listed(viewer: User | None, entered: Collection[int]) -> ColumnElement[bool]:
    """Whether a list shows the course to the viewer; `entered` are the courses that the viewer is in.

    Published ones are listed to staff, to others when they are public, or restricted and entered.
    """
    published = Course.status == CourseStatus.PUBLISHED
    if viewer is not None and viewer.is_staff:
        return published
    inside = and_(Course.visibility == Visibility.RESTRICTED, Course.id.in_(entered))
    return and_(published, or_(Course.visibility == Visibility.PUBLIC, inside))
