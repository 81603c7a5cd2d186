"""Files for whoever may open what shows them."""

from __future__ import annotations

from pathlib import PurePath

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
    """A file, as a whole or in ranges. Only a PDF opens as a page; players and texts take the others all the same.

    With `?anonim` its own name, which may be that of its owner, is not told.
    """
    file = media_for_viewer(public_id, viewer())
    name = f"jawaban{PurePath(file.original_name).suffix}" if "anonim" in request.args else file.original_name
    saved = "unduh" in request.args
    opens = opens_in_browser(file) and not saved
    response = send(
        file.stored_name,
        mime=file.mime,
        download_name=name,
        etag=file.public_id,
        as_attachment=not opens,
        in_parts=not saved and file.mime.startswith(("video/", "audio/")),
    )
    response.headers["Content-Security-Policy"] = SHOWN_PDF if opens else SANDBOX
    return response
