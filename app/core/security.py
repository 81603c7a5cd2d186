"""The browser's side of security: headers, forged requests, hosts, own addresses, rates."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
SANDBOX = "sandbox; default-src 'none'"
"""The Content-Security-Policy of files that people have uploaded."""
SHOWN_PDF = "default-src 'none'; frame-ancestors 'none'"
"""Of a PDF that opens in the browser: Chromium's viewer stays empty in a sandbox."""

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address)

LARGEST_ID = 2**31 - 1


def init_app(app: Flask) -> None:
    """Guards every request and dresses every response. Call it before any blueprint is registered."""
    hops = app.config["PROXIES"]
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    if app.config["TRUSTED_HOSTS"] is None and app.config["PROFILE"] == "production":
        app.config["TRUSTED_HOSTS"] = [urlsplit(app.config["BASE_URL"]).hostname, "localhost", "127.0.0.1"]
    # `refuse_foreign_writes` compares the Origin; the Referer, which some browsers withhold, adds nothing to it.
    app.config.setdefault("WTF_CSRF_SSL_STRICT", False)
    app.config.setdefault("BODY_TIMEOUT", 30)
    app.before_request(lose_patience)
    app.before_request(refuse_foreign_writes)
    app.before_request(refuse_impossible_paths)
    app.after_request(add_headers)
    csrf.init_app(app)
    limiter.init_app(app)


def lose_patience() -> None:
    """Who stops in the middle of a request for BODY_TIMEOUT seconds is cut off: gunicorn has few threads to wait in."""
    connection = request.environ.get("gunicorn.socket")
    if connection is not None and request.method not in SAFE_METHODS:
        connection.settimeout(current_app.config["BODY_TIMEOUT"])


def refuse_foreign_writes() -> None:
    """403 for a write that another site has sent: the second layer beside the CSRF token."""
    g.pop("frames", None)
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("Origin", "null")
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(HTTPStatus.FORBIDDEN)
    # The scheme is left out: behind a TLS proxy that PROXIES does not name, we would not know it.
    sender = _parts(origin)
    if origin != "null" and (sender is None or sender.netloc != request.host):
        abort(HTTPStatus.FORBIDDEN)


def refuse_impossible_paths() -> None:
    """404 for an address that names no row: with a NUL or a huge number PostgreSQL does not even let us ask."""
    huge = any(isinstance(value, int) and value > LARGEST_ID for value in (request.view_args or {}).values())
    if huge or "\0" in request.path:
        abort(HTTPStatus.NOT_FOUND)


def row_id(text: str) -> int:
    """The number of a row in a query or a form, as `type` of `request.args.get`. Raises ValueError for what is none."""
    number = int(text)
    if not 0 < number <= LARGEST_ID:
        raise ValueError(text)
    return number


def allow_frame(host: str) -> None:
    """Lets this one response show frames of `host` (`https://www.youtube-nocookie.com`)."""
    g.setdefault("frames", []).append(host)


def add_headers(response: Response) -> Response:
    """Every header of the policy that the view has not set itself; what signed-in people see is not stored."""
    policy = CONTENT_SECURITY_POLICY
    if "frames" in g:
        policy += "; frame-src " + " ".join(g.frames)
    response.headers.setdefault("Content-Security-Policy", policy)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure or current_app.config["HTTPS"]:  # behind a proxy that PROXIES does not name we see http
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if response.mimetype in {"text/html", "application/json"} and session:
        response.headers["Cache-Control"] = "no-store"
    return response


def safe_next(target: str | None, default: str = "/") -> str:
    """`target` when it is an address of this site (`/path?query`), else `default`."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return default
    # Browsers read `\` as `/` and drop tabs and line breaks; both can make a path into a host.
    if "\\" in target or not target.isprintable():
        return default
    parts = _parts(target)
    return target if parts and not parts.scheme and not parts.netloc else default


def came_from() -> str:
    """The own page that this request came from; without one the page of the object: the address without its verb."""
    referrer = _parts(request.referrer or "")
    if referrer and referrer.netloc == request.host and referrer.path != request.path:
        page = safe_next(referrer.path + (f"?{referrer.query}" if referrer.query else ""), "")
        if page:
            return page
    return safe_next(request.path.rsplit("/", 1)[0])


def _parts(address: str) -> Any:
    try:
        return urlsplit(address)
    except ValueError:  # `http://[`
        return None
