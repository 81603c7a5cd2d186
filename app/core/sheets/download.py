"""A table as the answer to a request."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

TYPES = {
    "csv": "text/csv",
    "gift": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(content: str | bytes | Iterator[str], name: str) -> Response:
    """The content as a file of that name, for this reader alone."""
    response = Response(content, mimetype=TYPES[name.rpartition(".")[2]])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
