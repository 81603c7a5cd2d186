"""The blueprint of all pages of courses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from app.accounts.access import current_user
from app.courses.file_rules import FILE_RULES, LARGEST, PACKAGE
from app.courses.pictures import MAX_BYTES

bp = Blueprint("courses", __name__)

FORM_AROUND_IT = 1_000_000
"""So much may a request be larger than its file: then the form can say what is wrong with it."""
LARGE_FORMS = {
    "courses.image_add": MAX_BYTES,
    "courses.import_package": FILE_RULES[PACKAGE].max_bytes,
    "courses.lesson_new": LARGEST,
    "courses.lesson_edit": LARGEST,
}
"""The pages whose form may bring a file, without JavaScript as a whole, and the bytes of the largest."""


@bp.url_value_preprocessor
def _take_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # Before anything reads the form, as the check against forged requests does; for nobody but staff.
    if endpoint in LARGE_FORMS and current_user and current_user.is_staff:
        request.max_content_length = LARGE_FORMS[endpoint] + FORM_AROUND_IT
