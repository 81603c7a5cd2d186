"""What somebody has typed into a form and not saved: taken in, and put back into the form."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import FileField

from app.core.forms import Form, clean_text
from app.courses.lessons.form import LONGEST_TEXT, FileForm
from app.courses.models import EditDraft
from app.courses.queries import media_by_public_id, upload_by_id

F = TypeVar("F", bound=Form)


def typed_into(kind: type[Form], sent: object) -> dict[str, str] | None:
    """The fields of such a form among what was sent, as they would stand in its request; None for what is no draft."""
    if not isinstance(sent, dict):
        return None
    names = [field.name for field in kind(formdata=None) if not isinstance(field, FileField)]
    typed = {name: sent[name] for name in names if name != "csrf_token" and isinstance(sent.get(name), str)}
    if not typed or max(map(len, typed.values())) > LONGEST_TEXT:
        return None
    return {name: clean_text(value) or "" for name, value in typed.items()}


def opened_form(kind: type[F], stored: dict[str, object], draft: EditDraft | None) -> tuple[F, EditDraft | None]:
    """The form as the page opens it: with what was sent, else with the draft, else with what is stored.

    The draft comes back when it is what the form shows: not when another was sent, nor when it says nothing new. A file
    that it names and that was forgotten meanwhile is left out.
    """
    form = kind(data=stored)
    if draft is None or request.method == "POST":
        return form, None
    typed = kind(formdata=MultiDict(draft.fields))
    if isinstance(typed, FileForm):
        _leave_out_gone(typed)
    if _content(typed) == _content(form):
        return form, None
    return typed, draft


def _leave_out_gone(form: FileForm) -> None:
    if form.upload.data and not _is_there(form.upload.data):
        form.upload.data = ""
    if form.kept.data and media_by_public_id(form.kept.data) is None:
        form.kept.data = ""


def _is_there(upload: str) -> bool:
    try:
        return upload_by_id(UUID(upload)) is not None
    except ValueError:
        return False


def _content(form: Form) -> dict[str, object]:
    unspoken = {"csrf_token", "version"}
    return {name: value or None for name, value in form.data.items() if name not in unspoken}
