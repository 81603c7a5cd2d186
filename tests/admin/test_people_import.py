"""Unggah → Periksa → Impor, as an admin goes through it, and what bad tables do to its pages."""

from __future__ import annotations

import io
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import ImportRow, PeopleImport, Role, User
from app.core.db import db
from app.core.sheets import csv_lines, read_sheet, xlsx_bytes
from app.events.models import Task
from tests import make
from tests.pages import Person
from tests.statements import statements

HEAD = ("Nama", "NIS", "Email", "Peran")
HOSTILE = '"><img src=x onerror=alert(1)>'
UPLOAD = "/admin/peserta/impor"


def csv(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD) -> bytes:
    return "".join(csv_lines([head, *rows])).encode()


def uploads(panel: Person, content: bytes, name: str = "siswa.csv") -> Person:
    return panel.opens(UPLOAD).submits("Unggah dan periksa", file=(io.BytesIO(content), name))


def sends(panel: Person, path: str, field: str, content: bytes) -> int:
    """Sends a large file as a browser does (the client's own encoder leaves its temporary files open)."""
    panel.opens(path)
    token = next(form for form in panel.forms if form.method == "post" and field in form.fields).fields["csrf_token"]
    parts = ((f'name="{field}"; filename="x.csv"', content), ('name="csrf_token"', token.encode()))
    body = b"".join(
        b"--x\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (name.encode(), each) for name, each in parts
    )
    answer = panel.client.post(path, data=body + b"--x--\r\n", content_type="multipart/form-data; boundary=x")
    panel._take(answer)
    return answer.status_code


def newest() -> PeopleImport:
    db.session.expire_all()
    return db.session.scalars(select(PeopleImport).order_by(PeopleImport.created_at.desc()).limit(1)).one()


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(User)) or 0


def test_the_whole_way_from_the_table_to_the_slips(panel: Person, boss: User, drain: Callable[[], int]) -> None:
    before = people()
    page = uploads(panel, csv(("Ayu Lestari", "0012", "ayu@contoh.id"), ("Budi", "x y"), ("Citra", "0014")))
    assert page.sees("Belum ada yang berubah. Impor akan membuat 2 akun dan mengubah 0 akun.")
    assert page.sees("1 baris yang salah dilewati.")
    assert page.sees('Nama pengguna "x y" tidak benar')
    assert people() == before
    page.submits("Impor 2 orang")
    assert page.path.startswith("/pekerjaan/")
    drain()
    page.opens(page.path)
    assert page.sees("2 akun dibuat.")
    assert page.sees("1 baris tidak diimpor.")
    page.follows("Lihat hasil impor dan cetak kartu")
    assert page.sees("Impor selesai")
    page.follows("Cetak kartu (2)")
    assert page.sees("Ayu Lestari")
    assert people() == before + 2


def test_faults_come_first_and_the_tabs_count(panel: Person, boss: User) -> None:
    make.user(name="Dewi", username="0001", email=None)
    make.user(name="Eko", username="0002", email=None)
    page = uploads(panel, csv(("Ayu", "0012"), ("Dewi", "0001"), ("Eka", "0002"), ("", "0013")))
    assert [label for label in ("Semua 4", "Salah 1", "Baru 1", "Berubah 1", "Sama 1") if not page.sees(label)] == []
    assert page.text.index("Nama kosong.") < page.text.index("Ayu")
    assert page.sees("Nama: Eko → Eka")
    page.opens(f"{page.path}?tab=berubah")
    assert (page.sees("Eka"), page.sees("Ayu")) == (True, False)


def test_the_zone_of_a_row_is_shown_and_changed(panel: Person, boss: User) -> None:
    make.user(name="Dewi", username="0001", email=None)
    assert panel.opens(UPLOAD).sees("peran, dan zona waktunya disamakan dengan tabel")
    rows = (("Dewi", "0001", "WITA"), ("Eko", "0002", ""))
    page = uploads(panel, csv(*rows, head=("Nama", "NIS", "Zona waktu")))
    assert page.sees("Nama Baris Nama pengguna Email Peran Zona waktu Hasil")
    assert '<td data-label="Zona waktu">WITA</td>' in page.response.text
    assert '<td data-label="Zona waktu">–</td>' in page.response.text
    assert page.sees("Zona waktu: WIB (Jakarta) → WITA (Makassar)")


def test_the_example_has_heads_in_the_language_of_the_reader(app: Flask) -> None:
    heads = {"id": "Nama Nama pengguna Email Peran Zona waktu Ayu", "en": "Name Username Email Role Time zone Ayu"}
    for locale, shown in heads.items():
        page = Person(app).logs_in(str(make.admin(locale=locale).email)).opens(UPLOAD)
        assert page.sees(shown)
        assert page.client.get(f"{UPLOAD}/contoh.csv").text.startswith("\ufeffNama;Nama pengguna;")


def test_a_page_shows_fifty_rows_in_few_statements(panel: Person, boss: User) -> None:
    page = uploads(panel, csv(*[(f"Orang {n:03}", f"{n:04}") for n in range(120)]))
    with statements() as seen:
        page.opens(page.path)
    assert len(seen) <= 9
    assert page.text.count("Orang 0") == 50
    page.opens(f"{page.path}?tab=baru&hal=3")
    assert page.text.count("Orang 1") == 20
    assert page.opens(f"{page.path}?tab=tidak-ada&hal=99999999").text.count("Orang 1") == 20


def test_a_table_in_which_everybody_is_known_offers_nothing_to_import(panel: Person, boss: User) -> None:
    make.user(name="Dewi", username="0001")
    page = uploads(panel, csv(("Dewi", "0001")))
    assert page.sees("Tidak ada yang perlu diimpor")
    assert "Impor 1 orang" not in page.text


def test_a_second_import_of_the_same_table_is_led_to_the_first(panel: Person, boss: User) -> None:
    page = uploads(panel, csv(("Ayu", "0012")))
    check, form = page.path, page.forms[-1].fields
    page.submits("Impor 1 orang")
    task = page.path
    answer = panel.client.post(check, data=form)
    assert (answer.status_code, answer.location) == (303, task)
    assert db.session.scalar(select(func.count()).select_from(Task)) == 1
    assert panel.opens(check).sees("Impor sudah dijalankan")


def test_letters_are_offered_only_where_a_server_sends_them(
    make_app: Callable[..., Flask], panel: Person, boss: User
) -> None:
    page = uploads(panel, csv(("Ayu", "", "ayu@contoh.id")))
    assert "Kirim tautan kata sandi" not in page.text
    app = make_app(MAIL_SERVER="mail.test")
    app.test_client_class = Person(app).client.__class__
    assert Person(app).logs_in(str(boss.email)).opens(page.path).sees("Kirim tautan kata sandi kepada yang punya email")


def test_columns_that_are_not_known_are_named(panel: Person, boss: User) -> None:
    page = uploads(panel, csv(("Ayu", "X-1", "0012"), head=("Nama", "Kelas", "NIS")))
    assert page.sees("Kolom yang tidak dikenal diabaikan: Kelas.")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Berkas ini kosong"),
        (b"\x89PNG\r\n\x1a\n\0\0", "bukan tabel"),
        (b"%PDF-1.7", "bukan tabel"),
        (csv(("a",), head=("NIS",)), 'Kolom "Nama" tidak ada'),
        (csv(), "belum ada baris"),
        (csv(*[("a", "b")] * 5001), "Paling banyak 5.000 baris"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_at_the_field(
    panel: Person, boss: User, content: bytes, words: str
) -> None:
    page = uploads(panel, content)
    assert page.status == 422
    assert page.sees(words)
    assert 'id="file-error"' in page.response.text
    assert db.session.scalar(select(func.count()).select_from(PeopleImport)) == 0


def test_without_a_file_that_is_said(panel: Person, boss: User) -> None:
    page = panel.opens(UPLOAD).submits("Unggah dan periksa")
    assert (page.status, page.sees("Wajib diisi.")) == (422, True)


def test_a_file_beyond_the_limit_is_refused_at_the_field(panel: Person, boss: User) -> None:
    assert sends(panel, UPLOAD, "file", b"Nama;NIS\n" + b"x" * 5_000_000) == 422
    assert panel.sees("Berkas paling besar 5 MB.")


def test_a_request_far_beyond_the_limit_is_not_even_read(panel: Person, boss: User) -> None:
    assert sends(panel, UPLOAD, "file", b"x" * 6_100_000) == 413


def test_the_larger_limit_is_for_this_page_alone(panel: Person, boss: User) -> None:
    assert sends(panel, "/admin/pengaturan", "logo", b"x" * 3_000_000) == 413


def test_t_xss_02_a_hostile_table_is_shown_as_text(panel: Person, boss: User) -> None:
    rows = [(HOSTILE, "0012"), (f"N{HOSTILE}", HOSTILE, HOSTILE, HOSTILE), ("Ada", "0013")]
    make.user(name=HOSTILE, username="0013", email=None)
    page = uploads(panel, csv(*rows, head=("Nama", "NIS", "Email", "Peran")), name=f"{HOSTILE[2:]}.csv")
    for path in (page.path, UPLOAD, f"{page.path}?tab=salah"):
        html = panel.opens(path).response.text
        assert "<img src=x" not in html
        assert "&lt;img src=x" in html


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/siswa.csv", "siswa.csv"),
        ("C:/Users/tu/siswa.csv", "siswa.csv"),
        ("siswa\0\x1b[31m.csv", "siswa[31m.csv"),
        ("x" * 300 + ".csv", "x" * 255),
    ],
)
def test_t_xss_07_a_file_name_is_kept_without_its_folders(panel: Person, boss: User, name: str, kept: str) -> None:
    uploads(panel, csv(("Ayu", "0012")), name=name)
    assert newest().file_name == kept


def test_tables_come_as_csv_with_marks_and_as_xlsx(panel: Person, boss: User) -> None:
    plain = 'nama lengkap,nis\r\n"Lestari, Ayu",0012\r\n'.encode("utf-8-sig")
    rows = [("NAMA", "N.I.S"), ("=1+1", "0013"), ("\u202eAyu", "0014"), ("N" * 300, "0015")]
    for content, lines in ((plain, [2]), (xlsx_bytes("x", rows), [2, 3, 4])):
        uploads(panel, content)
        kept = db.session.scalars(select(ImportRow).where(ImportRow.import_id == newest().id).order_by(ImportRow.line))
        rows_now = kept.all()
        assert [row.line for row in rows_now] == lines
        assert rows_now[0].cells["username"].startswith("001")
    assert [row.verdict for row in rows_now] == ["new", "error", "error"]


def test_t_csv_01_the_list_of_faults_is_no_formula(panel: Person, boss: User) -> None:
    page = uploads(panel, csv(("=1+1", "x y"), ("Ayu", "0012"), ("@cmd", "")))
    answer = panel.client.get(f"{page.path}/kesalahan.csv")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "text/csv"
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeffBaris;Nama;Email;Nama pengguna;Peran;Zona waktu;Kesalahan\r\n")
    assert "2;'=1+1;;x y;" in text
    assert "4;'@cmd;" in text
    assert "Ayu" not in text
    assert len(read_sheet(io.BytesIO(answer.data), "x").rows) == 2


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_example_can_be_taken_and_brought_back(panel: Person, boss: User, kind: str) -> None:
    answer = panel.opens(UPLOAD).client.get(f"{UPLOAD}/contoh.{kind}")
    assert f'filename="contoh-peserta.{kind}"' in answer.headers["Content-Disposition"]
    assert uploads(panel, answer.data, f"contoh.{kind}").sees("Impor akan membuat 3 akun")


def test_the_last_tables_are_listed_with_their_state(panel: Person, boss: User, drain: Callable[[], int]) -> None:
    uploads(panel, csv(("Ayu", "0012")), name="kelas-7.csv").submits("Impor 1 orang")
    drain()
    uploads(panel, csv(("Budi", "0013")), name="kelas-8.csv")
    page = panel.opens(UPLOAD)
    assert page.sees("kelas-8.csv Belum diimpor 1 Sri Wahyuningsih")
    assert page.sees("kelas-7.csv Sudah diimpor 1 Sri Wahyuningsih")


@pytest.mark.parametrize("address", ["", "/kartu", "/kesalahan.csv"])
def test_an_unknown_table_is_not_found(panel: Person, boss: User, address: str) -> None:
    assert panel.opens(f"{UPLOAD}/{uuid4()}{address}").status == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.LMS_ADMIN])
def test_only_admins_import(app: Flask, panel: Person, boss: User, role: Role) -> None:
    known = uploads(panel, csv(("Ayu", "0012"))).path
    other = Person(app).logs_in(str(make.user(role).email))
    for path in (UPLOAD, known, f"{known}/kesalahan.csv", f"{known}/kartu", f"{UPLOAD}/contoh.csv"):
        assert other.opens(path).status == 403
