"""The blueprint of all pages of assessments."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from app.accounts.access import current_user
from app.assessments.questions.file_upload import MAX_BYTES

bp = Blueprint("assessments", __name__)

FORM_AROUND_IT = 1_000_000
"""So much may a request be larger than its file: then the form can say what is wrong with it."""


@bp.url_value_preprocessor
def _take_file(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # Before anything reads the form, as the check against forged requests does; for nobody who has not signed in.
    if endpoint == "assessments.save" and current_user:
        request.max_content_length = MAX_BYTES + FORM_AROUND_IT
