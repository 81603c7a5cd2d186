"""Markdown of authors as safe HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

# A picture from elsewhere would be stopped by the Content-Security-Policy, and would tell its host who reads.
OWN_PICTURES = ("/media/", "/static/")
NAMED_FILE = re.compile(r"(\]\(\s*<?|\]:\s*<?)/media/([A-Za-z0-9_-]{1,32})")
"""Where a text links to a file that is kept here, or shows it: what stands before the address, and its public id."""
ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "code": {"class"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
}
TAGS = {
    *("a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre"),
    *("s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}


@lru_cache(maxsize=256)
def render(text: str) -> Markup:
    """The Markdown as HTML of an allow-list of elements. HTML in the text is shown as it was typed.

    The page has its own h1, so a first-level heading becomes h2. A picture that is not ours becomes a link to it.
    """
    html = _markdown.render(text)
    return Markup(  # noqa: S704 - this is the sanitiser
        nh3.clean(
            html,
            tags=TAGS,
            attributes=ATTRIBUTES,
            attribute_filter=_allowed_value,
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel="noopener noreferrer nofollow",
        )
    )


def _allowed_value(tag: str, name: str, value: str) -> str | None:
    if (tag, name) == ("img", "src"):
        return value if value.startswith(OWN_PICTURES) else None
    if (tag, name) == ("code", "class"):
        return value if value.startswith("language-") and value.isprintable() and " " not in value else None
    return value


def _picture(_self: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    source = str(tokens[index].attrs.get("src", ""))
    words = tokens[index].content or source
    if source.startswith(OWN_PICTURES):
        return f'<img src="{escape(source)}" alt="{escape(tokens[index].content)}" loading="lazy">'
    return f'<a href="{escape(source)}">{escape(words)}</a>'


def _heading(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    if tokens[index].tag == "h1":
        tokens[index].tag = "h2"
    return str(self.renderToken(tokens, index, options, env))


def _cell(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """The alignment of a column as `align`: markdown-it writes a style, and the policy allows none."""
    style = str(tokens[index].attrs.pop("style", ""))
    if style:
        tokens[index].attrs["align"] = style.removeprefix("text-align:")
    return str(self.renderToken(tokens, index, options, env))


_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_markdown.add_render_rule("image", _picture)
for _rule in ("heading_open", "heading_close"):
    _markdown.add_render_rule(_rule, _heading)
for _rule in ("th_open", "td_open"):
    _markdown.add_render_rule(_rule, _cell)
