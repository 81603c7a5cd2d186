"""A person at a browser without JavaScript: opens pages, fills in the forms that are on them, follows redirects."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.fresh import FreshClient

PASSWORD = "tuntas-demo"


@dataclass
class Form:
    """A form as it stands on the page, with what is typed in it."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.text: list[str] = []
        self._link: str | None = None
        self._button = False
        self._typed: str | None = None
        self._chosen: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append(Form(given.get("action") or "", (given.get("method") or "get").lower()))
        elif tag == "a" and given.get("href"):
            self._link = given["href"]
        elif tag == "button":
            self._button = True
        elif tag in {"input", "textarea", "select"} and self.forms and given.get("name"):
            if given.get("type") in {"checkbox", "radio"} and "checked" not in given:
                return
            self.forms[-1].fields[str(given["name"])] = given.get("value") or ""
            self._typed = given["name"] if tag == "textarea" else None
            self._chosen = given["name"] if tag == "select" else None
        elif tag == "option" and self._chosen and "selected" in given:
            self.forms[-1].fields[self._chosen] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self._typed = None if tag == "textarea" else self._typed
        self._chosen = None if tag == "select" else self._chosen
        self._link = None if tag == "a" else self._link
        self._button = False if tag == "button" else self._button

    def handle_data(self, data: str) -> None:
        if self._typed:
            self.forms[-1].fields[self._typed] += data.removeprefix("\r\n").removeprefix("\n")
        words = " ".join(data.split())
        if not words:
            return
        self.text.append(words)
        if self._link:
            self.links.setdefault(words, self._link)
        if self._button and self.forms:
            self.forms[-1].buttons.append(words)


class Person:
    """Somebody with a browser. Every page that comes back can be read in `text`, `forms` and `links`."""

    def __init__(self, app: Flask) -> None:
        self.client = FreshClient(app)
        self.response: TestResponse
        self._page = _Reader()

    def opens(self, path: str) -> Person:
        return self._take(self.client.get(path, follow_redirects=True))

    def follows(self, words: str) -> Person:
        """Clicks the link with these words. Raises KeyError when there is none."""
        return self.opens(self._page.links[words])

    def submits(self, button: str, **fields: Any) -> Person:
        """Presses the button in its form, with these fields typed in. Raises LookupError when there is none."""
        for form in self._page.forms:
            if button in form.buttons:
                return self._send(form, {**form.fields, **fields})
        raise LookupError(f"no button {button!r}; there are {[form.buttons for form in self._page.forms]}")

    def logs_in(self, login: str, password: str = PASSWORD) -> Person:
        self.opens("/masuk")
        form = next(form for form in self._page.forms if "Masuk" in form.buttons)
        names = [name for name in form.fields if name not in {"csrf_token", "next", "remember"}]
        return self._send(form, {**form.fields, names[0]: login, names[1]: password})

    @property
    def text(self) -> str:
        return " ".join(self._page.text)

    @property
    def links(self) -> dict[str, str]:
        return self._page.links

    @property
    def forms(self) -> list[Form]:
        return self._page.forms

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def path(self) -> str:
        return self.response.request.path

    def sees(self, words: str) -> bool:
        return words in self.text

    def _send(self, form: Form, fields: dict[str, Any]) -> Person:
        target = form.action or self.path
        if form.method == "get":
            return self._take(self.client.get(target, query_string=fields, follow_redirects=True))
        return self._take(self.client.post(target, data=fields, follow_redirects=True))

    def _take(self, response: TestResponse) -> Person:
        self.response = response
        self._page = _Reader()
        if "html" in (response.content_type or ""):
            self._page.feed(response.get_data(as_text=True))
        return self
