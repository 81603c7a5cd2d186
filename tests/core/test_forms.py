"""Clean input, words in the reader's language, refusals at their field."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_wtf
import pytest
import wtforms
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from wtforms import IntegerField, PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.core.errors import Refused, TooMany
from app.core.forms import EMAIL, MESSAGES, Form, MomentField, clean_line, clean_text, save


class Sample(Form):
    title = StringField("Judul", [DataRequired(), Length(max=10)])
    body = TextAreaField("Isi")
    secret = PasswordField("Kata sandi")
    points = IntegerField("Poin", [NumberRange(1, 10)], default=1)


def sent(app: Flask, **fields: Any) -> Sample:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/", method="POST", data={"title": "Judul", "points": "1", **fields}):
        form = Sample()
        form.validate()
        return form


def _said_by(package: Any) -> set[str]:
    """Every sentence that a package hands to gettext: the first constant of each call."""
    said = set()
    for path in Path(package.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"gettext", "ngettext"}:
                said.update(each.value for each in node.args[:1] if isinstance(each, ast.Constant))
    return said


@pytest.mark.parametrize("package", [wtforms, flask_wtf])
def test_no_message_of_wtforms_is_left_in_english(package: Any) -> None:
    assert _said_by(package) - MESSAGES.keys() == set()


def test_messages_are_indonesian(app: Flask) -> None:
    form = sent(app, title="", points="x")
    assert form.errors["title"] == ["Wajib diisi."]
    assert form.errors["points"] == ["Isi dengan bilangan bulat. Contoh: 30"]
    assert sent(app, title="panjang sekali").errors == {"title": ["Paling banyak 10 karakter."]}
    assert sent(app, points="11").errors == {"points": ["Harus antara 1 dan 10."]}


def test_what_is_no_number_is_told_so_once_and_nothing_at_all_is_only_missing(app: Flask) -> None:
    class Needed(Form):
        points = IntegerField("Poin", [InputRequired(), NumberRange(1, 10)])
        pages = IntegerField("Halaman", [Optional(), NumberRange(1, 10)])

    app.config["WTF_CSRF_ENABLED"] = False
    for typed, points, pages in (
        ("x", ["Isi dengan bilangan bulat. Contoh: 30"], ["Isi dengan bilangan bulat. Contoh: 30"]),
        ("11", ["Harus antara 1 dan 10."], ["Harus antara 1 dan 10."]),
        ("", ["Wajib diisi."], []),
    ):
        with app.test_request_context("/", method="POST", data={"points": typed, "pages": typed}):
            form = Needed()
            assert not form.validate()
            assert (list(form.points.errors), list(form.pages.errors)) == (points, pages), typed


def test_a_moment_is_typed_and_shown_in_the_zone_of_the_reader(app: Flask) -> None:
    class Meeting(Form):
        at = MomentField("Mulai", [Optional()])

    app.config["WTF_CSRF_ENABLED"] = False
    stored = datetime(2027, 1, 5, 1, tzinfo=UTC)
    for typed, moment, errors in (
        ("2027-01-05T08:00", stored, []),
        ("", None, []),
        ("0001-01-01T00:00", None, ["Isi tahun antara 2000 dan 2100."]),
        ("9999-12-31T23:59", None, ["Isi tahun antara 2000 dan 2100."]),
        ("besok", None, ["Tanggal dan jam ini tidak benar."]),
    ):
        with app.test_request_context("/", method="POST", data={"at": typed}):
            form = Meeting()
            form.validate()
            assert (form.at.moment, list(form.at.errors)) == (moment, errors), typed
    with app.test_request_context("/"):
        assert str(Meeting(data={"at": stored}).at.data) == "2027-01-05 08:00:00"


def test_text_arrives_clean(app: Flask) -> None:
    form = sent(app, title="  Sa\x00tu \r\n dua ", body=" a\r\nb\x1b \n", secret=" Kata  sandi ")
    assert (form.title.data, form.body.data, form.secret.data) == ("Satu dua", "a\nb", " Kata  sandi ")


def test_two_ways_to_write_a_letter_are_one(app: Flask) -> None:
    assert sent(app, title="e\u0301").title.data == "é"
    assert sent(app, secret="e\u0301").secret.data == "é"


def test_only_white_space_is_nothing(app: Flask) -> None:
    assert sent(app, title=" \u3000\t").errors == {"title": ["Wajib diisi."]}


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    line = clean_line(text)
    assert clean_line(line) == line
    assert "\n" not in (line or "")


def _refusing(refusal: Refused) -> Any:
    def act() -> None:
        raise refusal

    return act


def test_a_refusal_stands_at_its_field_with_what_was_typed(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/", method="POST", data={"title": "Judul", "points": "1"}):
        form = Sample()
        assert not save(form, _refusing(Refused("Sudah ada.", "title")))
        assert (form.title.errors, form.title.data, form.http_status) == (["Sudah ada."], "Judul", 422)


@pytest.mark.parametrize("field", [None, "unknown"])
def test_a_refusal_of_no_field_stands_above_the_form(app: Flask, field: str | None) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/", method="POST", data={"title": "Judul", "points": "1"}):
        form = Sample()
        assert not save(form, _refusing(TooMany("Tunggu.", field)))
        assert (form.form_errors, form.http_status) == (["Tunggu."], 429)


def test_an_invalid_form_never_acts(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/", method="POST", data={"title": ""}):
        form = Sample()
        assert not save(form, _refusing(AssertionError()))  # type: ignore[arg-type]
        assert form.http_status == 422
    with app.test_request_context("/"):
        form = Sample()
        assert not save(form, _refusing(AssertionError()))  # type: ignore[arg-type]
        assert form.http_status == 200


def test_what_the_action_returned_is_kept(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/", method="POST", data={"title": "Judul", "points": "1"}):
        form = Sample()
        assert save(form, lambda: 42)
        assert form.result == 42


@pytest.mark.parametrize("address", ["a@b.id", "siti.nur'aini+kelas@sekolah.sch.id", "1@x-y.test"])
def test_an_email_is_taken(address: str) -> None:
    assert EMAIL.regex.match(address)


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@b", "@b.id", "a@.id", "a@b.id\nBcc: c@d.id", "a b@c.id", "a@b..id", "<a@b.id>", "a@-b.id", "a@b.id."],
)
def test_what_is_no_email_is_not(address: str) -> None:
    assert not EMAIL.regex.match(address)
