"""The English catalogue is complete, current, and says the same as the Indonesian sentences, in the same words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from translations import (
    brought_up_to_date,
    compiled,
    extracted,
    forms,
    languages,
    mo_path,
    po_path,
    read,
    untranslated,
    written,
)

pytestmark = pytest.mark.pages

ROOT = Path(__file__).resolve().parent.parent.parent
INDONESIAN = re.compile(
    r"\b(yang|dan|atau|dengan|untuk|tidak|belum|sudah|anda|kami|ini|itu|pada|dari|oleh|agar|bila|lagi|semua|kursus|"
    r"materi|peserta|sertifikat|nilai|asesmen|berkas|halaman|kata|akun|lembaga|surat|pekerjaan|peristiwa)\b",
    re.IGNORECASE,
)
NOT_BRITISH = re.compile(r"\b(enroll(s|ments?)?\b|color|center|organiz|anonymiz|canceled|favorite|behavior)", re.I)
SAME = {
    "Admin", "Audio", "Database", "Email", "Info", "Logo", "Menu", "Status", "Video", "YouTube",
    "WIB (Jakarta)", "WITA (Makassar)", "WIT (Jayapura)",
}  # fmt: skip
"""Words that both languages have."""
FREE = {"Nilai": {"Kata sandi di-hash terlalu murah. Pakai nilai bawaan ARGON2."}}
"""Sentences in which the term is meant otherwise, by term."""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*[^}]*\}|(?<!%)%s|%%")


@pytest.fixture(scope="module")
def source() -> Catalog:
    return extracted()


@pytest.fixture(scope="module")
def english() -> Catalog:
    return read("en")


def messages(catalog: Catalog) -> list[Message]:
    return [each for each in catalog if each.id]


def pairs(catalog: Catalog) -> list[tuple[str, str]]:
    """Every translated sentence with its translation; one that counts stands for each of its forms."""
    return [(forms(each.id)[0], form) for each in messages(catalog) for form in forms(each.string) if form]


def names(catalog: Catalog) -> set[tuple[str | None, tuple[str, ...]]]:
    return {(each.context, forms(each.id)) for each in messages(catalog)}


def test_there_is_a_catalogue_of_every_language_but_the_source() -> None:
    assert languages() == ["en"]


def test_the_catalogue_has_exactly_the_sentences_of_the_code(source: Catalog, english: Catalog) -> None:
    hint = "make translations"
    assert sorted(map(str, names(source) - names(english))) == [], hint
    assert sorted(map(str, names(english) - names(source))) == [], hint
    assert len(names(source)) > 700


def test_every_sentence_is_translated_and_nothing_is_guessed(english: Catalog) -> None:
    assert untranslated(english) == []
    assert [each.id for each in messages(english) if each.fuzzy] == []
    assert not english.obsolete


def test_both_files_are_as_make_translations_writes_them(source: Catalog, english: Catalog) -> None:
    current = brought_up_to_date(source, english, "en")
    assert po_path("en").read_bytes() == written(current)
    assert mo_path("en").read_bytes() == compiled(english)


def test_a_translation_keeps_what_is_filled_in(english: Catalog) -> None:
    changed = [
        (msgid, text)
        for msgid, text in pairs(english)
        if set(PLACEHOLDER.findall(msgid)) != set(PLACEHOLDER.findall(text))
    ]
    assert changed == []


def test_a_translation_can_be_filled_in(english: Catalog) -> None:
    """A stray per cent sign breaks a page, but only in English."""
    for msgid, text in pairs(english):
        values = dict.fromkeys(re.findall(r"%\((\w+)\)", msgid), 1)
        if values:
            assert text % values


def test_a_translation_ends_as_its_sentence_does(english: Catalog) -> None:
    ends = re.compile(r"(\s*)([.:?!]?)(\s*)$")
    other = [(msgid, text) for msgid, text in pairs(english) if ends.search(msgid)[0] != ends.search(text)[0]]  # type: ignore[index]
    assert other == []


def test_no_indonesian_is_left(english: Catalog) -> None:
    assert [text for _msgid, text in pairs(english) if INDONESIAN.search(PLACEHOLDER.sub("", text))] == []
    same = {
        msgid for msgid, text in pairs(english) if msgid == text and re.search(r"[a-z]{3}", PLACEHOLDER.sub("", text))
    }
    assert same - SAME == set()


def test_the_spelling_is_british(english: Catalog) -> None:
    assert [text for _msgid, text in pairs(english) if NOT_BRITISH.search(text)] == []


def test_a_term_is_always_translated_with_the_same_word(english: Catalog) -> None:
    wrong = [
        f"{term}: {msgid!r} → {text!r}"
        for term, words in glossary().items()
        for msgid, text in pairs(english)
        if re.search(rf"\b{term}(nya)?\b", msgid, re.IGNORECASE) and msgid not in FREE.get(term, ())
        if not any(re.search(rf"\b{word}", text, re.IGNORECASE) for word in words)
    ]  # fmt: skip
    assert wrong == []
    assert len(glossary()) > 40


def glossary() -> dict[str, list[str]]:
    """Indonesian terms with their English words, from the table of docs/translations.md."""
    page = (ROOT / "docs" / "translations.md").read_text()
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)
    return {
        term.strip(): [word.strip() for word in words.split(",")]
        for term, words in rows
        if term.strip() not in {"Indonesian", "---"}
    }
