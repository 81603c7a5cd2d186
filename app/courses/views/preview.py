"""Markdown as learners will see it, for whoever writes it."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.access import staff
from app.core.forms import clean_text
from app.core.markdown import render
from app.courses.lessons.form import LONGEST_TEXT
from app.courses.views.blueprint import bp


@bp.post("/kelola/pratinjau")
@staff
def preview() -> ResponseReturnValue:
    """A part for the editor's script (`?bagian=1`, in `text`), else a page of the field that `?isian=` names."""
    text = clean_text(request.form.get(request.args.get("isian", "text"))) or ""
    shown = render(text[:LONGEST_TEXT])
    part = "bagian" in request.args
    return render_template("courses/workshop/_preview.html" if part else "courses/workshop/preview.html", shown=shown)
