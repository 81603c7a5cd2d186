"""Learners find no directory of people: on no page that they can reach stands another learner's name or address."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

from flask import Flask

from app.accounts.models import User
from app.certificates.actions import issue
from app.enrollments.models import EnrollmentStatus
from tests import make
from tests.pages import Person

SECRETS = ("Khairunnisa Azzahra", "khairunnisa@contoh.test", "0098765432", "Sri Wahyuningsih")
TRIED = ("/admin/peserta", "/admin/peserta.csv", "/admin/peserta.xlsx", "/peserta", "/orang", "/akun?q=kha", "/?q=kha")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        address = given.get("href") if tag == "a" else given.get("action") if tag == "form" else None
        if address and (tag == "a" or (given.get("method") or "get").lower() == "get"):
            self.found.append(address)


def walk(person: Person, *starts: str) -> dict[str, str]:
    """Every page that the person can get to by links and by forms that only ask."""
    waiting, pages = list(starts), {}
    while waiting:
        path = waiting.pop()
        if path in pages:
            continue
        answer = person.client.get(path, follow_redirects=True, buffered=True)
        pages[path] = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        reader = _Links()
        reader.feed(pages[path])
        for link in reader.found:
            address = urldefrag(urljoin(path, link)).url
            if address.startswith("/") and not address.startswith("//"):
                waiting.append(address)
        assert len(pages) < 300
    return pages


def test_a_learner_finds_no_other_person_anywhere(app: Flask, boss: User) -> None:
    course = make.course()
    other = make.user(name=SECRETS[0], email=SECRETS[1], username=SECRETS[2])
    issue(make.enrollment(other, course, EnrollmentStatus.COMPLETED).id)
    learner = make.user(name="Ani", email="ani@contoh.test")
    issue(make.enrollment(learner, make.course(), EnrollmentStatus.COMPLETED).id)
    make.enrollment(learner, course)
    pages = walk(Person(app).logs_in("ani@contoh.test"), "/", "/kursus", "/akun", "/notifikasi", "/sertifikat", *TRIED)
    assert len(pages) > 12
    found = {(path, secret) for path, text in pages.items() for secret in SECRETS if secret in text}
    assert found == set()


def test_a_guest_finds_nobody_either(app: Flask) -> None:
    make.user(name=SECRETS[0], email=SECRETS[1], username=SECRETS[2])
    pages = walk(Person(app), "/", "/kursus", "/masuk", "/daftar", *TRIED)
    assert not any(secret in text for text in pages.values() for secret in SECRETS)
