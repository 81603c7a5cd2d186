"""Pages and mails in a language in which every sentence of ours is marked: what is not, cannot be translated."""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest
from flask import Flask, abort, template_rendered
from flask.testing import FlaskClient
from pyotp import TOTP
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.access import anyone
from app.accounts.importing.columns import SAMPLE
from app.accounts.models import TwoFactor, User
from app.accounts.two_factor import encrypted
from app.core import i18n
from app.core.clock import now
from app.core.db import db, transaction
from app.events.facts import EVENTS
from app.events.tasks import KINDS
from app.notifications.models import OutgoingMail
from tests.fresh import FreshClient
from tests.i18n.pseudo import OPEN, Page, bare, write_catalogue
from tests.i18n.world import SECRET, TASK, World, build
from tests.pages import Person

pytestmark = pytest.mark.pages

ROOT = Path(__file__).resolve().parent.parent.parent
WITH_MAIL = {"staff", "newcomer"}
"""For these a mail server is set up; pages say other things when there is none."""
CLOSED = ("/daftar", "/siapkan/tidak-ada", "/siapkan", "/verifikasi/tidak-ada", "/verifikasi")
"""Nobody can register, and links that lead nowhere."""
PARTS = {
    "guest": r"(?!admin\.)",
    "learner": r"(?!admin\.)|admin\.dashboard",
    "staff": r"",
    "admin": r"",
    "newcomer": r"accounts\.",
    "half-way": r"accounts\.",
    "handed": r"accounts\.",
}
"""The endpoints that a role opens; elsewhere it is only refused, always with the same page."""
EXAMPLES = {"admin.styleguide", "admin.people_import_sample", "admin.people_csv", "assessments.questions_sample"}
"""Filled with examples, which are data; tables for an import have titles that it knows, in every language."""
SAMPLES = {cell for row in SAMPLE for cell in row}
"""What the example of an import shows: the titles must be those that an import knows."""
PAYLOADS = re.compile(r"div dd: ([a-z_]+(, [a-z_]+)*|\d{4}-\d\d-\d\dT\S+|media/ \.pdf)")
"""A fact's content is shown as it is stored: states, roles and fields by their fixed names, a file by its own."""
UNSEEN = {
    "admin/styleguide.html": "see EXAMPLES",
    "base.html": "a frame",
    "errors/500.html": "Indonesian for everyone: choosing a language may need the database, which may be what broke",
    "errors/full.html": "Indonesian for everyone, for the same reason",
    "errors/maintenance.html": "Indonesian for everyone, for the same reason",
}
"""Templates that this walk does not open, and why not."""
KEYS = {"Escape", "Accept", "Content-Type"}
"""Words in scripts: names of keys and of headers."""
SPEAKING = {"Refused", "TooMany", "ValidationError", "StopValidation", "flash"}


@dataclass
class Guest:
    locale: str
    timezone: str = "Asia/Jakarta"


@pytest.fixture(scope="session")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_catalogue(tmp_path_factory.mktemp("pseudo") / "translations")


@pytest.fixture
def app(make_app: Callable[..., Flask], catalogues: Path) -> Iterator[Flask]:
    app = make_app(BABEL_TRANSLATION_DIRECTORIES=str(catalogues), METRICS_TOKEN="")
    app.test_client_class = FreshClient
    app.add_url_rule("/galat/<int:code>", "galat", anyone(abort))
    with app.app_context():
        kept = i18n.babel.domain_instance.cache  # one a process, by language alone
        kept.clear()
        yield app
        kept.clear()


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    yield build()
    KINDS.pop(TASK)


@pytest.fixture
def seen() -> Iterator[set[str]]:
    """The names of the templates that were rendered."""
    names: set[str] = set()

    def note(_app: Flask, template: object, **_rest: object) -> None:
        names.add(str(template.name))  # type: ignore[attr-defined]

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


def speak(app: Flask, world: World, language: str) -> None:
    """From now on everyone reads in that language, guests too."""
    known = app.extensions.setdefault("tests.reader", app.extensions["reader"])
    app.extensions["reader"] = lambda: known() or Guest(language)
    with transaction() as session:
        for each in (world.learner, world.teacher, world.admin, world.newcomer, world.handed):
            session.get_one(User, each.id).locale = language


def browsers(app: Flask, world: World) -> dict[str, FlaskClient]:
    """A guest's browser, and one of everybody, signed in."""
    people = {"learner": world.learner, "staff": world.teacher, "admin": world.admin, "newcomer": world.newcomer}
    signed_in = {role: Person(app).logs_in(str(user.email)).client for role, user in people.items()}
    with transaction() as session:
        session.add(TwoFactor(user_id=world.admin.id, secret=encrypted(SECRET), confirmed_at=now()))
    half_way = Person(app).logs_in(str(world.admin.email)).client
    handed = Person(app).logs_in(str(world.handed.username)).client
    return {"guest": app.test_client(), **signed_in, "half-way": half_way, "handed": handed}


def walk(app: Flask, world: World, them: dict[str, FlaskClient]) -> Iterator[tuple[str, str, TestResponse]]:
    """Who opened what, with the answer."""
    for role, client in them.items():
        app.config["MAIL_SERVER"] = "127.0.0.1" if role in WITH_MAIL else ""
        for endpoint, path in [*world.addresses(app), ("none", "/tidak-ada")]:
            if endpoint not in EXAMPLES and re.match(PARTS[role], endpoint):
                with closing(client.get(path)) as response:
                    yield role, path, response
    app.config["REGISTRATION_OPEN"] = False
    for path in CLOSED:
        with closing(them["guest"].get(path)) as response:
            yield "guest", f"{path}, closed", response
    app.config["REGISTRATION_OPEN"] = True


def codes_of(app: Flask, client: FlaskClient) -> TestResponse:
    """The page that shows recovery codes, once: the answer to the first code of the app."""
    person = Person(app)
    person.client = client  # type: ignore[assignment]
    (form,) = [each for each in person.opens("/akun/dua-langkah/pasang").forms if "code" in each.fields]
    return client.post("/akun/dua-langkah/pasang", data={**form.fields, "code": TOTP(SECRET).now()})


def preview_of(app: Flask, client: FlaskClient, world: World) -> TestResponse:
    """What an author sees of a text who has no JavaScript: the answer to a form."""
    person = Person(app)
    person.client = client  # type: ignore[assignment]
    token = person.opens(f"/kelola/kursus/{world.values['slug'][-1]}/pengaturan").forms[0].fields["csrf_token"]
    return client.post("/kelola/pratinjau", data={"text": "", "csrf_token": token})


def said(response: TestResponse) -> tuple[list[str], int]:
    """What is bare in an answer, and how many of its texts are marked."""
    if response.mimetype == "text/html" and not response.location:
        page = Page(response.text)
        kept = PAYLOADS if "/admin/peristiwa/" in response.request.path else re.compile(r"(?!)")
        found = [each for each in page.found if each.partition(": ")[2] not in SAMPLES and not kept.fullmatch(each)]
        return found, page.marked
    if response.mimetype == "text/csv":
        head = next(csv.reader(io.StringIO(response.text.lstrip("\ufeff")), delimiter=";"))
        return [cell for cell in head if bare(cell)], len(head)
    return [], 0


def test_every_sentence_of_every_page_can_be_translated(app: Flask, world: World, seen: set[str]) -> None:
    them = browsers(app, world)
    # First in Indonesian: whatever a template or a module keeps from the first reader shows to the next.
    speak(app, world, "id")
    for _each in walk(app, world, {role: them[role] for role in ("guest", "learner", "admin")}):
        pass
    seen.clear()
    speak(app, world, "en")
    found: dict[str, list[str]] = {}
    pages = sentences = 0
    posted = [
        ("learner", "codes", codes_of(app, them["learner"])),
        ("staff", "preview", preview_of(app, them["staff"], world)),
    ]
    for role, path, response in chain(walk(app, world, them), posted):
        bad, marked = said(response)
        pages, sentences = pages + bool(marked), sentences + marked
        for each in bad:
            found.setdefault(each, []).append(f"{role} {path}")
    # What other test modules of this process have declared has no words.
    ours = {
        f"select option: {kind.aggregate_type}" for kind in EVENTS.values() if kind.cls.__module__.startswith("tests")
    }
    found = {text: places for text, places in found.items() if text not in ours}
    listed = [f"{text}  ({places[0]}, {len(places)}×)" for text, places in sorted(found.items())]
    assert not listed, "\n".join(listed)
    assert sentences > 5000
    never = sorted(templates("*.html") - seen - UNSEEN.keys())
    assert not never, never


def test_every_sentence_of_every_mail_can_be_translated(app: Flask, seen: set[str], world: World) -> None:
    mails = db.session.scalars(select(OutgoingMail)).all()
    found = [(mail.subject, left) for mail in mails for left in (bare(mail.subject), bare(mail.text)) if left]
    found += [(mail.subject, left) for mail in mails for left in Page(mail.html).found]
    assert found == []
    assert all(OPEN in mail.subject and mail.text.count(OPEN) > 3 for mail in mails)
    assert sorted(templates("email/*") - seen) == []


def test_no_refusal_and_no_label_is_a_bare_string() -> None:
    """What only some requests say, looked for where it is written."""
    bare_strings = []
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and path.name != "cli.py":
                bare_strings += [f"{path.relative_to(ROOT)}:{node.lineno} {text}" for text in _spoken(node)]
    assert bare_strings == []


def _spoken(call: ast.Call) -> Iterator[str]:
    """Literal sentences among the arguments of a call that speaks to a reader."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    spoken = [each.value for each in call.keywords if each.arg == "message"]
    if name in SPEAKING or name.endswith("Field"):
        spoken += [*call.args[:1], *(each.value for each in call.keywords if each.arg in {"label", "description"})]
    for each in spoken:
        literal = each.values[0] if isinstance(each, ast.JoinedStr) and each.values else each
        if isinstance(literal, ast.Constant) and isinstance(literal.value, str) and literal.value:
            yield literal.value


def templates(pattern: str) -> set[str]:
    """The names of the pages, or of the mails, that there are."""
    folder = ROOT / "templates"
    names = {str(path.relative_to(folder)) for path in folder.rglob(pattern) if not path.name.startswith("_")}
    return {name for name in names if name.startswith("email/") == pattern.startswith("email/")} - {
        name for name in names if name.startswith(("components/", "layouts/", "lessons/", "questions/"))
    }


def test_the_reader_of_pages_overlooks_nothing() -> None:
    page = Page(
        '<title>⟦Kursus ⟦§A§⟧⟧ · §Lembaga§</title><p>⟦x⟧ Halo</p><img alt="Gambar"><input placeholder="Ketik">'
        '<input type="submit" value="Kirim">'
        '<button value="kirim" data-show="Tampilkan kata" data-kind="a">⟦Kirim⟧</button><code>enrollment.created</code>'
        "<p>5 minutes ago · 17 August 2026, 87.5%</p><p>Kursus §A§</p>"
    )
    assert page.found == [
        "p: Halo", "img[alt]: Gambar", "input[placeholder]: Ketik", "input[value]: Kirim",
        "button[data-show]: Tampilkan kata", "p: Kursus",
    ]  # fmt: skip
    assert page.marked == 3


def test_scripts_have_no_words_of_their_own() -> None:
    """What a script says it has from a `data-` attribute of the page."""
    said_by_scripts = [
        f"{path.name}: {literal}"
        for path in sorted((ROOT / "static" / "js").glob("*.js"))
        for literal in re.findall(r"[\"'`]([^\"'`\n]+)[\"'`]", re.sub(r"//[^\n]*", "", path.read_text()))
        if re.match(r"[A-Z][a-z]+ ?|[a-z]+ [a-z]+", literal) and literal not in KEYS
    ]
    assert said_by_scripts == []
