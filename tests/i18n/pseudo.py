"""A language in which every sentence of ours is marked, and a reader that finds what is not."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Message

from translations import Steady, compiled, extracted

OPEN, CLOSE = "⟦", "⟧"
PATTERNS = {each: f"'{OPEN}'{each}'{CLOSE}'" for each in ("HH.mm", "HH.mm.ss")}
"""Msgids that are no words but patterns of CLDR, in which letters must be quoted."""

# What stands on pages without being a sentence of ours: `§…§` is data of the test; dates and spans are CLDR's.
NOT_OURS = [
    re.compile(pattern)
    for pattern in (
        r"§[^§]*§(\.\w+)?",  # a file's name with its ending
        r"[\w.+-]+@[\w-]+(\.[\w-]+)*",
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{16,}\b",
        r"\d+/SERT/[IVXL]+/\d{4}|\b[0-9A-Z]{3,6}(-[0-9A-Z]{3,6}){2,}\b|\b[0-9A-Z]{20}\b",
        r"https?://\S+",
        r"\d{1,2} (January|February|March|April|May|June|July|August|September|October|November|December) \d{4}",
        r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b",
        r"(in )?[\d,.]+ (second|minute|hour|day|week|month)s?( ago)?",
        r"Rp[\d,.]+|[\d,.]+ ?(B|kB|MB|GB)\b",
        r"\b[a-z_]+(\.[a-z_]+)+\b|\b[A-Z]\w+Error\b",  # fixed names of facts and of errors
        r"Asia/\w+|\b(?!(\w+)-\1)[a-z0-9]{4,5}-[a-z0-9]{4,5}\b",  # zones; passwords and codes that we make
        r"Sertifikat [\w-]+\.pdf",  # a file: the paper is Indonesian, whoever reads the page
    )
]
NAMES = {
    "Tuntas", "CSV", "XLSX", "PDF", "PNG", "JPEG", "MP3", "MP4", "YouTube", "SHA-256", "QR",
    "Bahasa Indonesia", "English",
}  # fmt: skip
"""Names stay what they are in every language; a language is named in itself."""
SILENT = {"script", "style", "code", "pre"}
"""Elements whose text is for machines: fixed names of events, ids, technical details."""
SPOKEN = {"title", "alt", "placeholder", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
FOR_SCRIPTS = {"data-now", "data-deadline", "data-quiz"}
"""Moments and a name for scripts to reckon with."""
_MARKED = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")


def write_catalogue(folder: Path) -> Path:
    """A folder of catalogues whose English is the pseudo-language."""
    catalogue = Steady("en")
    for message in extracted():
        if message.id:
            catalogue.add(message.id, _marked(message), context=message.context)
    place = folder / "en" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "messages.mo").write_bytes(compiled(catalogue))
    return folder


def _marked(message: Message) -> str | tuple[str, ...]:
    if isinstance(message.id, str):
        return PATTERNS.get(message.id, f"{OPEN}{message.id}{CLOSE}")
    return tuple(f"{OPEN}{each}{CLOSE}" for each in message.id)


def bare(text: str) -> str:
    """What is left of a text without what is marked, data, names and punctuation; empty when nothing is bare."""
    while (fewer := _MARKED.sub(" ", text)) != text:
        text = fewer
    for pattern in NOT_OURS:
        text = pattern.sub(" ", text)
    for name in NAMES:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text)
    return " ".join(text.split()) if re.search(r"[^\W\d_]", text) else ""


class Page(HTMLParser):
    """Reads a page; `texts` is everything that a reader sees or hears, with where it stands."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self._path: list[str] = []
        self.feed(source)
        self.close()

    @property
    def found(self) -> list[str]:
        """Texts that are not ours and not marked."""
        return [f"{place}: {left}" for place, text in self.texts if (left := bare(text))]

    @property
    def marked(self) -> int:
        """How many texts are in the pseudo-language."""
        return sum(OPEN in text for _place, text in self.texts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.texts += [(f"{tag}[{name}]", value) for name, value in given.items() if _is_said(tag, name, given)]
        if tag not in VOID:
            self._path.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._path and self._path.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not SILENT & set(self._path):
            self.texts.append((" ".join(self._path[-2:]), data))


def _is_said(tag: str, name: str, given: dict[str, str]) -> bool:
    if name == "value":
        return tag == "input" and given.get("type") in {"submit", "button", "reset"}
    if name == "content":
        return given.get("name") == "description"
    if name == "label":
        return tag in {"optgroup", "option", "track"}
    if name.startswith("data-"):
        # For scripts: sentences among them have capitals or spaces, keys have not.
        sentence = re.search(r"[A-Z ]", given[name]) and not given[name].startswith(("/", "{", "["))
        return bool(sentence) and name not in FOR_SCRIPTS
    return name in SPOKEN
