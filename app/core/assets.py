"""One stylesheet and one script, put together from small files, under addresses that change with their content."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import threading
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, request, url_for

_FOLDERS = {"css": "text/css", "js": "text/javascript"}
_PACKED = (".js", ".mjs", ".css", ".svg")
_YEAR = 365 * 24 * 3600
_lock = threading.Lock()


@dataclass(frozen=True)
class Bundle:
    """The files of a folder in the order of its ORDER file, as one."""

    digest: str
    content: bytes
    compressed: bytes


def init_app(app: Flask) -> None:
    """Serves the bundles at `/aset/<digest>.css` and `.js`, and gives static addresses a `?v=` of their content."""
    app.extensions["assets"] = {}
    app.add_url_rule("/aset/<digest>.<any(css, js):kind>", "asset", serve)
    app.url_defaults(_add_version)
    app.after_request(_pack)
    mimetypes.add_type("text/javascript", ".mjs")  # not every system knows, and browsers refuse modules of other types


def stylesheet_url() -> str:
    """The address of all styles."""
    return url_for("asset", digest=_bundle("css").digest, kind="css")


def script_url() -> str:
    """The address of all own scripts."""
    return url_for("asset", digest=_bundle("js").digest, kind="js")


def serve(digest: str, kind: str) -> Response:
    """The bundle, compressed for whoever takes it, to be kept for a year; 404 for another version's digest."""
    bundle = _bundle(kind)
    if digest != bundle.digest:
        abort(404)
    packed = request.accept_encodings["gzip"] > 0
    response = Response(bundle.compressed if packed else bundle.content, mimetype=_FOLDERS[kind])
    response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    response.vary.add("Accept-Encoding")
    if packed:
        response.content_encoding = "gzip"
    return response


def _pack(response: Response) -> Response:
    """A text file under /static is compressed, once, for whoever takes it: the vendored ones are large."""
    name = (request.view_args or {}).get("filename", "")
    if request.endpoint != "static" or response.status_code != HTTPStatus.OK or not name.endswith(_PACKED):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        response.direct_passthrough = False
        response.set_data(_packed(name, response.get_data()))
        response.content_encoding = "gzip"
    return response


def _packed(name: str, content: bytes) -> bytes:
    kept = current_app.extensions["assets"].setdefault("packed", {})
    if name not in kept or current_app.debug:
        kept[name] = gzip.compress(content, mtime=0)
    packed: bytes = kept[name]
    return packed


def _bundle(kind: str) -> Bundle:
    """Put together once; under debug again whenever a file has changed."""
    folder = Path(current_app.static_folder or "") / kind
    kept = current_app.extensions["assets"].get(kind)
    stamp = _stamp(folder) if current_app.debug or kept is None else kept[0]
    if kept is None or kept[0] != stamp:
        content = b"\n".join((folder / name).read_bytes() for name in _order(folder))
        digest = hashlib.sha256(content).hexdigest()[:16]
        kept = (stamp, Bundle(digest, content, gzip.compress(content, mtime=0)))
        with _lock:
            current_app.extensions["assets"][kind] = kept
    found: Bundle = kept[1]
    return found


def _order(folder: Path) -> list[str]:
    return [line.strip() for line in (folder / "ORDER").read_text().splitlines() if line.strip()]


def _stamp(folder: Path) -> tuple[int, ...]:
    return tuple((folder / name).stat().st_mtime_ns for name in ("ORDER", *_order(folder)))


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "filename" in values and "v" not in values:
        version = _version(values["filename"])
        if version:
            values["v"] = version


def _version(filename: str) -> str | None:
    """A digest of a static file's content, read once (under debug every time); None when there is no such file."""
    known = current_app.extensions["assets"].setdefault("versions", {})
    if filename not in known or current_app.debug:
        file = Path(current_app.static_folder or "") / filename
        known[filename] = hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else None
    version: str | None = known[filename]
    return version
