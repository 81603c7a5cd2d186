"""The catalogues, and what keeps them current; see docs/translations.md."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SOURCE = "id"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **parse_keywords(["_l", "_lp:1c,2", "lazy_gettext", "lazy_ngettext:1,2", "lazy_pgettext:1c,2"]),
}
NOTES = ("i18n:",)
"""How a comment begins that is meant for translators."""


class Steady(Catalog):
    """A catalogue whose file depends on nothing but its messages: no dates, no names, no version."""

    def __init__(self, locale: str | None = None) -> None:
        super().__init__(locale=locale, header_comment="# Made by `make translations`.", fuzzy=False)

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "Tuntas"),
            ("Language", self.locale_identifier or SOURCE),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def po_path(locale: str) -> Path:
    """The catalogue that people edit."""
    return HERE / locale / "LC_MESSAGES" / "messages.po"


def mo_path(locale: str) -> Path:
    """The catalogue that the product reads."""
    return po_path(locale).with_suffix(".mo")


def extracted() -> Catalog:
    """Every sentence that the code and the templates have for readers."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = Steady()
    for _file, _line, message, notes, context in extract_from_dir(
        ROOT, methods, options, KEYWORDS, NOTES, strip_comment_tags=True, directory_filter=_holds_sentences
    ):
        found.add(message, None, auto_comments=notes, context=context)
    return found


def read(locale: str) -> Catalog:
    """The catalogue of a language as it lies on the disk."""
    with po_path(locale).open("rb") as file:
        return read_po(file, locale=locale)


def brought_up_to_date(template: Catalog, known: Catalog, locale: str) -> Catalog:
    """The messages of the template with the translations that are known; nothing is guessed, nothing old is kept."""
    current = Steady(locale)
    for message in template:
        if not message.id:
            continue
        old = known.get(message.id, message.context)
        current.add(
            message.id,
            _fitting(message, old),
            auto_comments=sorted(set(message.auto_comments)),
            user_comments=old.user_comments if old else (),
            context=message.context,
        )
    return current


def written(catalog: Catalog) -> bytes:
    """The .po file."""
    file = BytesIO()
    write_po(file, catalog, width=120, no_location=True, sort_output=True, ignore_obsolete=True)
    return file.getvalue()


def compiled(catalog: Catalog) -> bytes:
    """The .mo file."""
    file = BytesIO()
    write_mo(file, brought_up_to_date(catalog, catalog, str(catalog.locale)))
    return file.getvalue()


def update(locale: str) -> int:
    """Writes both files of a language anew; answers how many sentences wait for a translation."""
    current = brought_up_to_date(extracted(), read(locale), locale)
    po_path(locale).write_bytes(written(current))
    mo_path(locale).write_bytes(compiled(current))
    return len(untranslated(current))


def untranslated(catalog: Catalog) -> list[str]:
    """The sentences without a translation, in any of their forms."""
    return [str(each.id) for each in catalog if each.id and not all(forms(each.string))]


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.parent.parent.name for path in HERE.glob("*/LC_MESSAGES/messages.po"))


def _holds_sentences(folder: str) -> bool:
    place = Path(folder).relative_to(ROOT).parts if Path(folder).is_relative_to(ROOT) else ()
    return not place or place[0] in {"app", "templates"}


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """A sentence with all its forms; most have one."""
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def _fitting(message: Message, old: Message | None) -> str | tuple[str, ...] | None:
    """The old translation, unless the sentence has begun or ceased to count things."""
    if old is None or old.fuzzy or isinstance(old.id, str) != isinstance(message.id, str):
        return None
    return forms(old.string) if isinstance(message.id, tuple) else forms(old.string)[0]
