"""Markdown of authors."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.markdown import TAGS, render

PAYLOADS = (Path(__file__).parent.parent / "data" / "xss_payloads.txt").read_text("utf-8")
CASES = [*PAYLOADS.splitlines(), PAYLOADS]


class _Danger(HTMLParser):
    """Collects what a browser could run or fetch from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(tag)
        for name, value in attrs:
            address = "".join((value or "").split()).lower()
            if name.startswith("on") or name in {"style", "srcdoc", "formaction"}:
                self.found.append(f"{tag} {name}")
            if name in {"href", "src"} and address.startswith(("javascript:", "vbscript:", "data:")):
                self.found.append(f"{tag} {name}={value}")
            if name == "src" and not address.startswith(("/media/", "/static/")):
                self.found.append(f"{tag} {name}={value}")


def dangers(text: str) -> list[str]:
    reader = _Danger()
    reader.feed(str(render(text)))
    return reader.found


@pytest.mark.parametrize("payload", CASES)
@pytest.mark.parametrize(
    "around", ["{}", "> {}", "- {}", "| a |\n|---|\n| {} |", "# {}", "**{}**", "[{}](/x)", "![{}](/media/x)"]
)
def test_t_xss_03_no_payload_survives(payload: str, around: str) -> None:
    assert dangers(around.format(payload)) == []


@given(st.text(alphabet=st.sampled_from("<>/\"'`[]()!:&;#=*|-\n\t jJavscriptonload"), max_size=80))
def test_no_text_at_all_becomes_something_that_runs(text: str) -> None:
    assert dangers(text) == []


def test_a_first_level_heading_becomes_a_second_level_one() -> None:
    assert render("# Satu\n## Dua\n### Tiga") == "<h2>Satu</h2>\n<h2>Dua</h2>\n<h3>Tiga</h3>\n"


def test_a_foreign_picture_becomes_a_link() -> None:
    html = render("![Denah](https://lain.test/a.png)")
    assert html == '<p><a href="https://lain.test/a.png" rel="noopener noreferrer nofollow">Denah</a></p>\n'


def test_an_own_picture_is_shown() -> None:
    assert render("![Denah](/media/x)") == '<p><img src="/media/x" alt="Denah" loading="lazy"></p>\n'


def test_a_table_keeps_its_alignment_without_a_style() -> None:
    html = render("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert '<td align="right">2</td>' in html
    assert "style" not in html


def test_html_is_shown_as_it_was_typed() -> None:
    assert render("<b>tebal</b>") == "<p>&lt;b&gt;tebal&lt;/b&gt;</p>\n"
