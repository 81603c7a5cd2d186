"""What a report from the browser may change: nothing shrinks, nothing outruns the stored file or the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.progress.models import LessonProgress

FIRST_STEP = 60
"""Seconds of study that the very first report of a lesson may claim. Media begins with it: nothing of it counts."""
LONGEST_STEP = 30 * 60
"""Seconds that any later report may claim, however long ago the one before was."""
FASTEST_PLAYBACK = 2


@dataclass(frozen=True)
class Report:
    """What a browser says: the page it shows, the second at which media stands, the seconds since it last spoke."""

    page: int | None = None
    position: int | None = None
    seconds: int = 0


@dataclass(frozen=True)
class Extent:
    """How long the lesson's stored file is; None where that has no meaning or is not known."""

    pages: int | None = None
    seconds: int | None = None


def new_row(enrollment_id: int, lesson_id: int) -> LessonProgress:
    """The row of a lesson that the learner opens for the first time."""
    return LessonProgress(
        enrollment_id=enrollment_id,
        lesson_id=lesson_id,
        current_page=1,
        highest_page_reached=1,
        total_pages=1,
        time_spent_seconds=0,
        media_position_seconds=0,
        media_percentage=Decimal(0),
    )


def is_done_by_itself(row: LessonProgress, extent: Extent, *, read: int, watched: int) -> bool:
    """Whether enough of the pages or of the media was reached, in percent; without either it needs the button."""
    if extent.pages and row.highest_page_reached * 100 >= extent.pages * read:
        return True
    return bool(extent.seconds) and row.media_percentage >= watched


def apply_report(row: LessonProgress, report: Report, extent: Extent, moment: datetime) -> None:
    """Brings the row forward by what the report can truthfully claim at that moment."""
    elapsed = 0
    if row.last_viewed_at is not None:
        elapsed = max(0, min(LONGEST_STEP, int((moment - row.last_viewed_at).total_seconds())))
    row.time_spent_seconds += max(0, min(report.seconds, elapsed if row.last_viewed_at else FIRST_STEP))
    if report.page is not None and extent.pages:
        row.total_pages = extent.pages
        row.current_page = max(1, min(report.page, extent.pages))
        row.highest_page_reached = max(row.highest_page_reached, row.current_page)
    if report.position is not None and extent.seconds:
        row.media_position_seconds = max(0, min(report.position, extent.seconds))
        row.media_percentage = _watched(row, extent.seconds, elapsed)
    row.last_viewed_at = moment


def _watched(row: LessonProgress, length: int, elapsed: int) -> Decimal:
    """The furthest share of the media reached, growing no faster than the fastest playback."""
    before = row.media_percentage
    reached = Decimal(row.media_position_seconds * 100) / length
    possible = before + Decimal(elapsed * FASTEST_PLAYBACK * 100) / length
    return max(before, min(Decimal(100), reached, possible)).quantize(Decimal("0.01"))
