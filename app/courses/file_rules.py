"""What files are taken, by what they are for: a lesson kind, a picture in a text, a course package."""

from __future__ import annotations

from app.courses.lessons import KINDS, FileRule

IMAGE = "image"
PACKAGE = "package"
FILE_RULES: dict[str, FileRule] = {
    **{name: kind.files for name, kind in KINDS.items() if kind.files},
    PACKAGE: FileRule((".zip",), 1_000_000_000),
}
"""Purpose → rule, of what may be uploaded in pieces. A picture comes at once, for it is drawn anew."""
DRAWN = FileRule((".webp",), 5_000_000)
"""What becomes of a picture."""
LARGEST = max(kind.files.max_bytes for kind in KINDS.values() if kind.files)
"""The bytes of the largest file of a lesson."""
