"""The Indonesian sentences use the words of the product, and no others."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from translations import extracted, forms

pytestmark = pytest.mark.pages

ROOT = Path(__file__).resolve().parent.parent.parent
PLAIN = ("errors/500.html", "errors/maintenance.html")
"""Pages whose sentences stand in the template itself."""

BANNED = {
    r"rumah": "Beranda",
    r"penilaian": "Asesmen; Penilaian is only the act of grading",
    r"tes": "Asesmen, Kuis, Ujian",
    r"lengkap": "Selesai",
    r"kemajuan": "Progres",
    r"pelajaran": "Materi",
    r"chapter": "Bab",
    r"mata kuliah": "Kursus",
    r"kelas": "Kursus",
    r"learning path": "Jalur Belajar",
    r"pertanyaan": "Soal",
    r"attempt": "Percobaan",
    r"gagal": "Belum lulus; only work and sending fail",
    r"tidak lulus": "Belum lulus",
    r"passing grade": "Nilai minimal",
    r"enrol\w*": "Kepesertaan",
    r"deadline": "Tenggat",
    r"siswa|murid|mahasiswa|pelajar": "Peserta",
    r"e-?mail": "Email",
    r"oops|ups|waduh": "say what happened",
    r"kamu|kalian|saudara": "Anda",
    r"notif|pemberitahuan": "Notifikasi",
    r"sandi lewat|kata kunci": "Kata sandi",
    r"pengguna": "Peserta, orang, akun; only in Nama pengguna",
    r"kadaluarsa|kadaluwarsa": "Kedaluwarsa",
    r"ijin": "izin",
    r"merubah|dirubah": "mengubah, diubah",
    r"di klik|klik": "tekan",
}
"""What is not said, with what is said instead."""

ENGLISH = (
    "submit", "save", "saved", "login", "logout", "log in", "log out", "sign", "password", "username", "verification",
    "upload", "download", "file", "files", "link", "settings", "dashboard", "home", "course", "courses", "lesson",
    "section", "learner", "student", "teacher", "user", "users", "quiz", "score", "grade", "certificate", "error",
    "update", "delete", "edit", "cancel", "next", "previous", "back", "search", "filter", "click", "browser", "online",
    "offline", "feedback", "progress", "event", "events", "queue", "worker", "job", "jobs", "failed", "retry", "page",
    "token", "session", "device", "due", "reminder", "invoice", "order", "refund", "the", "and", "your", "is", "not",
    "please", "success", "warning", "view", "open", "close", "new", "default", "import", "export", "preview", "reset",
)  # fmt: skip
"""English words that have an Indonesian one."""
LOANED: tuple[str, ...] = ()
"""Sentences in which such a word is right all the same, with the reason."""

EXCEPTIONS: dict[str, list[str]] = {
    # Grading itself.
    "penilaian": [r"Menunggu penilaian", r"^Penilaian$", r"^Antrean Penilaian$", r"^Penilaian ulang$"],
    # Complete as in whole: a full name, an identity, a file.
    "lengkap": [r"[Nn]ama lengkap", r"[Bb]elum lengkap", r"tidak lengkap"],
    # Work, sending and the network fail; people do not.
    "gagal": [r"[Pp]ekerjaan ([Gg]agal|ini tidak lagi gagal)", r"[Gg]agal lagi", r"[Gg]agal dikirim", r"^Gagal$",
              r"^gagal %\(ago\)s$", r"^Yang gagal sesudah", r"%\(n\)s pekerjaan gagal"],
    # What people sign in with; whoever has an account on the machine; the name of whom nobody may know.
    "pengguna": [r"[Nn]ama pengguna", r"semua pengguna mesin ini", r"Pengguna anonim"],
    # A sentence for what the code no longer knows the kind of.
    "pemberitahuan": [r"^Ada pemberitahuan untuk Anda$"],
}  # fmt: skip
"""Where a banned word is right, with the reason."""

COMMANDS = re.compile(r"flask [a-z]+( [a-z]+)?|[A-Z]+_[A-Z_]+|%\(\w+\)[sd]|\{[^}]*\}|https?://\S+|\S+@\S+")
"""What is no word: names of commands and settings, placeholders, addresses."""
CELEBRATIONS = ("Selamat", "Halo", "Mulai perjalanan", "Semoga sukses", "Terima kasih telah belajar")
"""How a sentence begins that may end with an exclamation mark: greetings of mails and what was achieved."""
DOUBLED = {"kira", "rata", "masing", "sama", "tiba", "benar", "satu", "putus"}
"""Words that are always doubled; a plural is not."""


@cache
def sentences() -> list[str]:
    """Every Indonesian sentence that a reader may meet."""
    pages = [(ROOT / "templates" / name).read_text() for name in PLAIN]
    plain = [" ".join(text.split()) for page in pages for text in re.findall(r">([^<>{}%]+)<", page)]
    return [forms(each.id)[0] for each in extracted() if each.id] + [text for text in plain if text]


def words_of(sentence: str) -> str:
    return COMMANDS.sub(" ", sentence)


def allowed(word: str, sentence: str) -> bool:
    """Whether every use of the word in the sentence stands where it is right."""
    rest = sentence
    for pattern in EXCEPTIONS.get(word.lower(), ()):
        rest = re.sub(pattern, " ", rest)
    return not re.search(rf"\b{re.escape(word)}\b", rest, re.IGNORECASE)


@pytest.mark.parametrize("banned", BANNED)
def test_a_word_that_the_product_does_not_use_is_nowhere(banned: str) -> None:
    found = [
        (match[0], sentence)
        for sentence in sentences()
        for match in re.finditer(rf"\b({banned})(nya)?\b", words_of(sentence), re.IGNORECASE)
        if match[1].lower() != "email" and not allowed(match[1], sentence)
    ]
    assert found == [], BANNED[banned]


def test_no_english_word_stands_in_an_indonesian_sentence() -> None:
    english = re.compile(rf"\b({'|'.join(ENGLISH)})\b", re.IGNORECASE)
    found = [(match[0], each) for each in sentences() if (match := english.search(words_of(each)))]
    assert [(word, each) for word, each in found if not any(re.search(ok, each) for ok in LOANED)] == []


def test_only_what_is_celebrated_is_exclaimed() -> None:
    loud = [each for each in sentences() if "!" in each and not any(start in each for start in CELEBRATIONS)]
    assert loud == []


def test_the_reader_is_addressed_with_a_capital() -> None:
    assert [each for each in sentences() if re.search(r"\banda\b", each)] == []


def test_a_plural_is_not_doubled() -> None:
    doubled = re.compile(r"\b([a-z]{3,})-\1", re.IGNORECASE)
    found = [(match[1], each) for each in sentences() if (match := doubled.search(each))]
    assert [each for word, each in found if word.lower() not in DOUBLED] == []


def test_a_sentence_is_written_as_one() -> None:
    """No dots for an ellipsis, no double spaces; quotation marks come in pairs."""
    odd = [each for each in sentences() if "..." in each or "  " in each or each.count('"') % 2]
    assert odd == []
    assert [each for each in sentences() if each.count("“") != each.count("”")] == []


def test_no_exception_is_idle() -> None:
    """An exception that no sentence needs any more would hide the next mistake."""
    used = sentences()
    idle = [pattern for each in EXCEPTIONS.values() for pattern in each if not any(re.search(pattern, s) for s in used)]
    assert idle + [each for each in LOANED if not any(re.search(each, sentence) for sentence in used)] == []
