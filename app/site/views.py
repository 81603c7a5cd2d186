"""Home, covers, health, and what machines ask for at the root."""

from __future__ import annotations

import re
from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from app.accounts.access import anyone, personal, viewer
from app.core import storage
from app.core.batik import cover_data_uri, cover_svg
from app.core.clock import now
from app.core.i18n import zone
from app.core.settings import institution
from app.courses.queries import catalogue
from app.site.health import readiness
from app.site.queries import desk_of

bp = Blueprint("site", __name__)
# Covers in lists come inline: one request instead of one a course. A page's own picture has an address, and is kept.
bp.add_app_template_global(cover_data_uri, "cover_uri")

NEWEST = 8
"""Courses on a guest's home page."""
FOR_EVER = "public, max-age=31536000, immutable"
SEED = re.compile(r"[a-z0-9-]{1,255}")
# Certificates carry names; whoever holds one shows its page by the code, not by a search engine.
ROBOTS = "User-agent: *\nDisallow: /v/\nDisallow: /admin\nDisallow: /belajar/\nDisallow: /media/\n"


@bp.get("/")
@personal
def home() -> ResponseReturnValue:
    user = viewer()
    if user is None:
        return render_template("site/welcome.html", courses=catalogue(None).cards[:NEWEST])
    return render_template("site/home.html", desk=desk_of(user), hour=now().astimezone(zone()).hour)


@bp.get("/sampul/<seed>.svg")
@anyone
def cover(seed: str) -> Response:
    """A seed has the same cover for ever; nothing of the seed stands in it."""
    if not SEED.fullmatch(seed):
        abort(404)
    return Response(cover_svg(seed), mimetype="image/svg+xml", headers={"Cache-Control": FOR_EVER})


@bp.get("/logo/<name>.png")
@anyone
def logo(name: str) -> Response:
    """The institution's logo; a new one has a new name. 404 for any other."""
    stored = f"institution/{name}.png"
    if stored != institution().logo or not storage.exists(stored):
        abort(404)
    return Response(storage.read(stored), mimetype="image/png", headers={"Cache-Control": FOR_EVER})


@bp.get("/sehat")
@anyone
def alive() -> Response:
    """This process answers; nothing else is asked."""
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


@bp.get("/sehat/siap")
@anyone
def ready() -> ResponseReturnValue:
    """503 while pages would fail. Pages work without a worker, so a missing one is only said."""
    found = readiness()
    fit = found["database"] and found["migrations"] and found["space"]
    return found, HTTPStatus.OK if fit else HTTPStatus.SERVICE_UNAVAILABLE, {"Cache-Control": "no-store"}


@bp.get("/robots.txt")
@anyone
def robots() -> Response:
    return Response(ROBOTS, mimetype="text/plain")


@bp.get("/favicon.ico")
@anyone
def favicon() -> Response:
    """For what asks without reading the page; browsers know the SVG from its head."""
    return current_app.send_static_file("img/favicon.svg")
