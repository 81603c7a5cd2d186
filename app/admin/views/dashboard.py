"""Dasbor, and the page of every component."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.accounts.access import admins
from app.admin import queries
from app.admin.blueprint import bp
from app.admin.concerns import concerns
from app.admin.streams import latest_page
from app.assessments.queries.results import lapsed
from app.core.settings import institution
from app.courses.queries import publication_requests


@bp.get("/admin")
@admins
def dashboard() -> ResponseReturnValue:
    health = queries.health()
    return render_template(
        "admin/dashboard.html",
        activity=queries.activity(),
        health=health,
        concerns=concerns(health, institution(), publication_requests(), lapsed()),
        latest=latest_page(),
    )


@bp.get("/admin/styleguide")
@admins
def styleguide() -> ResponseReturnValue:
    return render_template("admin/styleguide.html")
