"""Files for whoever may open what shows them."""

from __future__ import annotations

from flask import Response, request

from app.accounts.access import personal, viewer
from app.assessments.access import media_for_viewer
from app.core.downloads import send
from app.core.security import SANDBOX, SHOWN_PDF
from app.courses.lessons.document import opens_in_browser
from app.courses.views.blueprint import bp


@bp.get("/media/<public_id>")
@personal
def media(public_id: str) -> Response:
    """A file, as a whole or in ranges. Only a PDF opens as a page; players and texts take the others all the same."""
    file = media_for_viewer(public_id, viewer())
    saved = "unduh" in request.args
    opens = opens_in_browser(file) and not saved
    response = send(
        file.stored_name,
        mime=file.mime,
        download_name=file.original_name,
        etag=file.public_id,
        as_attachment=not opens,
        in_parts=not saved and file.mime.startswith(("video/", "audio/")),
    )
    response.headers["Content-Security-Policy"] = SHOWN_PDF if opens else SANDBOX
    return response
