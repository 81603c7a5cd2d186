"""Pages are light on the line, and nobody else can weigh them."""

from __future__ import annotations

import gzip

import pytest
from flask.testing import FlaskClient

from tests import make
from tests.pages import Person

TAKES = {"Accept-Encoding": "br, gzip"}


def is_packed(client: FlaskClient, path: str, **headers: str) -> bool:
    asked = TAKES | {name.replace("_", "-"): value for name, value in headers.items()}
    with client.get(path, headers=asked) as answer:
        assert answer.status_code == 200
        return answer.headers.get("Content-Encoding") == "gzip"


@pytest.mark.parametrize("path", ["/kursus", "/sampul/dasar-k3.svg"])
def test_pages_and_covers_are_compressed_for_whoever_takes_it(client: FlaskClient, path: str) -> None:
    plain, packed = client.get(path), client.get(path, headers=TAKES)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.content_length == len(packed.data) < len(plain.data) * 0.6
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in (plain, packed))


@pytest.mark.parametrize("path", ["/robots.txt", "/static/fonts/plus-jakarta-sans-latin-wght-normal.woff2"])
def test_what_is_no_page_goes_out_as_it_is(client: FlaskClient, path: str) -> None:
    assert not is_packed(client, path)


def test_another_site_cannot_weigh_the_page_of_who_is_signed_in(client: FlaskClient) -> None:
    assert is_packed(client, "/kursus?q=a", Sec_Fetch_Site="cross-site")
    person = Person(client.application).logs_in(make.user(email="wahyu@contoh.test").email or "")
    assert is_packed(person.client, "/kursus?q=a", Sec_Fetch_Site="same-origin")
    assert is_packed(person.client, "/kursus?q=a", Sec_Fetch_Site="none")
    assert not is_packed(person.client, "/kursus?q=a", Sec_Fetch_Site="cross-site")
    assert not is_packed(person.client, "/kursus?q=a", Sec_Fetch_Site="same-site")
