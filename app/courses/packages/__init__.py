"""Course packages: a zip of what a course teaches, without the people in it.

`writing` sends one, `archive` and `reading` judge one that was uploaded, `content` knows what stands in its two JSON
files, `judging` what of it can be imported here. Nothing here changes a row: `actions.packages` does.
"""

from app.courses.packages.archive import CONTENT, MANIFEST, MAX_ENTRIES, MAX_JSON, MAX_PACKAGE
from app.courses.packages.assets import asset_name, is_picture, stored_name, with_assets
from app.courses.packages.content import (
    Listed,
    Manifest,
    PackedCourse,
    PackedLesson,
    PackedSection,
    Shelf,
    written,
)
from app.courses.packages.judging import judge, needed_assets
from app.courses.packages.pictures import as_kept
from app.courses.packages.reading import Package, read_package
from app.courses.packages.refusals import LessonSkipped, PackageRefused
from app.courses.packages.writing import Packed, stream

__all__ = [
    "CONTENT",
    "MANIFEST",
    "MAX_ENTRIES",
    "MAX_JSON",
    "MAX_PACKAGE",
    "LessonSkipped",
    "Listed",
    "Manifest",
    "Package",
    "PackageRefused",
    "Packed",
    "PackedCourse",
    "PackedLesson",
    "PackedSection",
    "Shelf",
    "as_kept",
    "asset_name",
    "is_picture",
    "judge",
    "needed_assets",
    "read_package",
    "stored_name",
    "stream",
    "with_assets",
    "written",
]
