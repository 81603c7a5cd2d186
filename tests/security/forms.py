"""Every form of the app, found by what the views build, with somebody who gets as far as that."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from flask import Flask, request
from flask_wtf.file import FileField
from werkzeug.test import TestResponse
from wtforms import Field, FieldList, FormField

from app.core.forms import Form
from tests.security.bodies import body_of
from tests.security.states import STATES
from tests.security.walk import UNSAFE, Visit, go, routes, visits
from tests.security.world import World

SENDERS = ("guest", "enrolled", "admin", *STATES)
BUILDS = re.compile(r"(?:\b\w*Form(?:\.\w+)?|\.form)\(")


class Sheet(NamedTuple):
    """A form where `actor` finds it. `fields` are those that it has, `files` those of them that take a file."""

    visit: Visit
    actor: str
    fields: frozenset[str]
    files: frozenset[str]

    def body(self) -> dict[str, Any]:
        """What fills it in well."""
        return body_of(self.actor, self.visit.endpoint)

    def send(self, world: World, typed: dict[str, str], **more: Any) -> TestResponse:
        """Sends it, filled in well but for what is `typed`."""
        given = {name: self._upload(value) if name in self.files else value for name, value in typed.items()}
        return go(world, self.actor, self.visit, data={**self.body(), **given}, **more)

    @staticmethod
    def _upload(word: str) -> tuple[BytesIO, str]:
        """A file that has the word in its name and in its content."""
        table = f"nama;nama pengguna\n{word};0081234569\n".encode("utf-8", "replace")
        return BytesIO(table), f"{' '.join(word.split())[:100]}.csv"


def form_endpoints(app: Flask) -> set[str]:
    """The writes in whose view a form is built, as its code says."""
    unsafe = {endpoint for endpoint, method in routes(app) if method in UNSAFE}
    return {each for each in unsafe if BUILDS.search(inspect.getsource(app.view_functions[each]))}


@contextmanager
def building() -> Iterator[list[tuple[str, Form]]]:
    """The forms that are built inside the block, each with the endpoint of its request."""
    built: list[tuple[str, Form]] = []
    usual = Form.__init__

    def build(form: Form, *args: Any, **kwargs: Any) -> None:
        usual(form, *args, **kwargs)
        if not form._prefix:  # not the row of a list
            built.append((str(request.endpoint), form))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Form, "__init__", build)
        yield built


def sheets(world: World) -> dict[str, Sheet]:
    """Endpoint → its form, for every write that builds one for anybody; once more, with its place, where it has other
    fields there: a question of another type, a lesson of another kind."""
    found: dict[str, Sheet] = {}
    with building() as built:
        for visit in visits(world):
            first = found.get(visit.endpoint)
            for actor in (first.actor,) if first else SENDERS if visit.is_unsafe else ():
                built.clear()
                go(world, actor, visit)
                world.reset()
                for endpoint, form in built:
                    sheet = _sheet(visit, actor, form)
                    if endpoint not in found:
                        found[endpoint] = sheet
                    elif endpoint == visit.endpoint and not _is_known(sheet, found):
                        found[f"{endpoint} {visit.place}"] = sheet
                if visit.endpoint in found:
                    break
    return found


def _is_known(sheet: Sheet, found: dict[str, Sheet]) -> bool:
    return any(each.visit.endpoint == sheet.visit.endpoint and each.fields == sheet.fields for each in found.values())


def _sheet(visit: Visit, actor: str, form: Form) -> Sheet:
    fields = {each.name: each for whole in form if whole.name != "csrf_token" for each in _inputs(whole)}
    files = frozenset(name for name, each in fields.items() if isinstance(each, FileField))
    return Sheet(visit, actor, frozenset(fields), files)


def _inputs(field: Field) -> Iterator[Field]:
    """The field itself, or those that it is made of."""
    if isinstance(field, FieldList | FormField):
        for inner in field.entries if isinstance(field, FieldList) else field.form:
            yield from _inputs(inner)
    else:
        yield field
