"""What templates know, and the two bundles."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask, url_for
from jinja2 import UndefinedError

from app.core.assets import script_url, stylesheet_url
from app.core.templating import lazily

ROOT = Path(__file__).resolve().parent.parent.parent


def render(app: Flask, source: str) -> str:
    with app.test_request_context("/"):
        app.preprocess_request()
        context: dict[str, object] = {}
        app.update_template_context(context)
        return app.jinja_env.from_string(source).render(context)


def test_a_forgotten_name_is_an_error(app: Flask) -> None:
    with pytest.raises(UndefinedError):
        render(app, "{{ tidak_ada }}")


def test_every_page_knows_the_institution_and_the_language(app: Flask) -> None:
    assert render(app, "{{ institution.name }} {{ locale }} {{ theme }} {{ unread_count }}") == "Tuntas id auto 0"


@pytest.mark.parametrize(
    ("kind", "address", "mime"), [("css", stylesheet_url, "text/css"), ("js", script_url, "text/javascript")]
)
def test_a_bundle_is_all_files_in_their_order(app: Flask, kind: str, address: object, mime: str) -> None:
    with app.test_request_context("/"):
        path = address()  # type: ignore[operator]
    response = app.test_client().get(path)
    order = (ROOT / "static" / kind / "ORDER").read_text().split()
    assert response.data == b"\n".join((ROOT / "static" / kind / name).read_bytes() for name in order)
    assert response.mimetype == mime
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_every_style_and_script_is_in_its_bundle_or_asked_for_by_a_page() -> None:
    pages = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    asked = set(re.findall(r"url_for\('static', filename='((?:css|js)/[^']+)'\)", pages))
    for kind in ("css", "js"):
        folder = ROOT / "static" / kind
        bundled = {f"{kind}/{name}" for name in (folder / "ORDER").read_text().split()}
        alone = {each for each in asked if each.startswith(f"{kind}/")}
        files = {f"{kind}/{path.relative_to(folder)}" for path in folder.rglob("*.*")}
        assert files == bundled | alone
        assert not bundled & alone


def test_a_bundle_is_compressed_for_whoever_takes_it(app: Flask) -> None:
    with app.test_request_context("/"):
        path = stylesheet_url()
    plain, packed = (app.test_client().get(path, headers=h) for h in ({}, {"Accept-Encoding": "br, gzip"}))
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2


@pytest.mark.parametrize("path", ["/aset/0000.css", "/aset/0000.js", "/aset/0000.txt"])
def test_another_versions_address_is_not_found(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code == 404


def test_a_bundle_follows_its_files_only_under_debug(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    style, order = tmp_path / "css" / "a.css", tmp_path / "css" / "ORDER"
    order.write_text("a.css\n")
    style.write_text("a{}")
    app.static_folder = str(tmp_path)
    with app.test_request_context("/"):
        first = stylesheet_url()
        style.write_text("a{color:red}")
        assert stylesheet_url() == first
        app.debug = True
        assert stylesheet_url() != first


def test_a_static_address_carries_a_digest_of_the_content(app: Flask) -> None:
    with app.test_request_context("/"):
        address = url_for("static", filename="img/icons.svg")
        assert url_for("static", filename="img/icons.svg") == address
        assert "?v=" in address
        assert url_for("static", filename="img/none.svg") == "/static/img/none.svg"
    assert app.test_client().get(address, buffered=True).status_code == 200


def test_a_lazy_value_is_computed_once_and_only_where_it_is_used(app: Flask) -> None:
    calls: list[int] = []
    app.jinja_env.globals["costly"] = lazily("costly", lambda: calls.append(1) or len(calls))  # type: ignore[func-returns-value]
    render(app, "nothing")
    assert calls == []
    assert render(app, "{{ costly }}{% if costly %}{{ costly|number }}{% endif %}") == "11"
    assert calls == [1]
    assert render(app, "{{ costly }}") == "2"


def test_a_large_file_of_ours_is_compressed_for_whoever_takes_it(app: Flask) -> None:
    client, path = app.test_client(), "/static/vendor/pdfjs/pdf.worker.min.mjs"
    plain, packed = (client.get(path, headers=headers, buffered=True) for headers in ({}, {"Accept-Encoding": "gzip"}))
    assert plain.mimetype == packed.mimetype == "text/javascript"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < 0.35 * len(plain.data)
    assert "Accept-Encoding" in plain.headers["Vary"]
    with client.get("/static/fonts/plus-jakarta-sans-latin-wght-normal.woff2") as font:
        assert "Content-Encoding" not in font.headers
