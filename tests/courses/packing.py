"""Packages for tests: good ones, and what somebody might make of them by hand."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

from app.courses.models import Course
from app.courses.packages import CONTENT, MANIFEST, stream
from app.courses.queries.packages import packed

PUBLIC_ID = "paket-dari-sekolah-lain"
PDF = b"%PDF-1.7 lembar kerja"


def exported(course: Course) -> bytes:
    """The package of a course."""
    return b"".join(stream(packed(course)))


def lesson(**fields: Any) -> dict[str, Any]:
    """A text lesson as it stands in course.json."""
    return {
        "title": "Pengenalan", "kind": "text", "body": "Isi materi.", "data": {}, "file": None, "minutes": 10,
        "is_required": True, "is_free_preview": False, **fields,
    }  # fmt: skip


def content(*lessons: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """What stands in course.json: one section with these lessons."""
    return {
        "title": "Dasar K3", "short_description": "Selamat bekerja.", "description": "", "objectives": ["Mengenal APD"],
        "prerequisites": [], "difficulty": "beginner", "visibility": "public", "progress_mode": None,
        "manual_duration_minutes": None, "tags": [], "files": {},
        "sections": [{"title": "Bab 1", "lessons": list(lessons or [lesson()])}], **fields,
    }  # fmt: skip


def asset(file: bytes, suffix: str) -> str:
    return f"assets/{hashlib.sha256(file).hexdigest()}{suffix}"


def package(
    said: dict[str, Any] | bytes | None = None, assets: dict[str, bytes] | None = None, **manifest: Any
) -> bytes:
    """A zip of that content and those files by asset, with a manifest that is right but for what is given."""
    said = content() if said is None else said
    text = said if isinstance(said, bytes) else json.dumps(said).encode()
    inside = {CONTENT: text, **(assets or {})}
    listed = {name: {"sha256": hashlib.sha256(each).hexdigest(), "size": len(each)} for name, each in inside.items()}
    values = {"format": "tuntas-course", "version": 1, "course": PUBLIC_ID, "category": None, "files": listed}
    return zipped({MANIFEST: json.dumps({**values, **manifest}).encode(), **inside})


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, each in files.items():
            archive.writestr(name, each)
    return written.getvalue()
