"""Pengaturan: what the institution decides, and that it is decided by one action, once."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from app.admin.actions import save_institution
from app.admin.events import SettingsChanged
from app.admin.logo import as_png
from app.core import storage
from app.core.errors import Refused
from app.core.settings import Institution, Signatory
from app.core.settings import institution as kept_institution
from tests import make
from tests.facts import assert_stated, stated
from tests.pages import Person

FIELDS = {
    "name": "SMK Nusantara", "city": "Semarang", "email": "Kantor@Contoh.test", "first_name": "Dr. Endang",
    "first_position": "Kepala Sekolah", "second_name": "", "second_position": "",
    "certificate_number": "{urut:04}/SMK/{tahun}",
}  # fmt: skip


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB") -> bytes:
    drawn = BytesIO()
    Image.new(mode, size, 128).save(drawn, kind)
    return drawn.getvalue()


def saves(panel: Person, **fields: object) -> Person:
    return panel.opens("/admin/pengaturan").submits("Simpan", **{**FIELDS, **fields})


def test_what_is_saved_holds_everywhere_and_is_stated_by_field_names(app: Flask, panel: Person) -> None:
    page = saves(panel)
    assert page.sees("Tersimpan.")
    assert kept_institution() == Institution(
        name="SMK Nusantara",
        city="Semarang",
        email="kantor@contoh.test",
        signatories=(Signatory("Dr. Endang", "Kepala Sekolah"),),
        certificate_number="{urut:04}/SMK/{tahun}",
    )
    assert Person(app).opens("/").sees("SMK Nusantara")
    changed = ["certificate_number", "city", "email", "name", "signatories"]
    assert_stated(SettingsChanged, area="institution", fields=changed)


def test_the_admin_closes_registration(app: Flask, panel: Person) -> None:
    page = panel.opens("/admin/pengaturan")
    form = next(form for form in page.forms if "Simpan" in form.buttons)
    assert form.fields.pop("registration_open") == "y"
    page.client.post("/admin/pengaturan", data={**form.fields, **FIELDS})
    assert Person(app).opens("/daftar").status == 403
    assert not Person(app).opens("/masuk").sees("Daftar")
    assert_stated(SettingsChanged, area="institution")
    saves(panel, registration_open="y")
    assert Person(app).opens("/daftar").status == 200


def test_saving_twice_states_it_once(panel: Person) -> None:
    saves(panel)
    saves(panel)
    assert_stated(SettingsChanged, times=1)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "Wajib diisi."),
        ({"name": "x" * 201}, "Harus 1 sampai 200 karakter."),
        ({"email": "bukan-email"}, "Alamat email ini tidak benar."),
        ({"first_name": "", "first_position": "Kepala"}, "Isi juga nama orangnya."),
        ({"certificate_number": "SERT/{tahun}"}, "Pola nomor harus memuat"),
        ({"certificate_number": "{urut}/{tahun}/{name}"}, "Pola nomor harus memuat"),
        ({"certificate_number": "{urut:999999999}/{tahun}"}, "Pola nomor harus memuat"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(panel: Person, wrong: dict[str, str], words: str) -> None:
    page = saves(panel, **{"city": "Kudus", **wrong})
    assert page.status == 422
    assert page.sees(words)
    assert 'value="Kudus"' in page.response.text
    assert stated(SettingsChanged) == []


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "CMYK")])
def test_a_logo_is_drawn_anew_and_served(app: Flask, panel: Person, kind: str, mode: str) -> None:
    secret = b"tEXtrahasia"
    page = saves(panel, logo=(BytesIO(picture(kind, (1200, 600), mode) + secret), "logo.gif"))
    assert page.status == 200
    name = str(kept_institution().logo)
    kept = storage.read(name)
    assert secret not in kept
    with Image.open(BytesIO(kept)) as logo:
        assert (logo.format, logo.size) == ("PNG", (800, 400))
    answer = app.test_client().get("/" + name.replace("institution", "logo"))
    assert answer.data == kept
    assert answer.headers["Content-Type"] == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "bukan gambar PNG atau JPEG"),
        (b"GIF89a" + b"\x00" * 50, "bukan gambar PNG atau JPEG"),
        (picture()[:60], "bukan gambar PNG atau JPEG"),
        (b"", "bukan gambar PNG atau JPEG"),
        (picture(size=(4001, 1), mode="1"), "paling lebar dan tinggi 4000 piksel"),
    ],
    ids=["svg", "gif", "cut off", "empty", "too wide"],
)
def test_t_upl_01_what_is_no_picture_is_refused(panel: Person, content: bytes, words: str) -> None:
    page = saves(panel, logo=(BytesIO(content), "logo.png"))
    assert page.status == 422
    assert page.sees(words)
    assert kept_institution().logo is None


@pytest.mark.usefixtures("app")
def test_t_upl_06_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(Refused, match="paling besar 1 MB"):
        as_png(BytesIO(picture() + b"x" * 1_000_000))


def test_t_upl_02_a_pixel_bomb_is_refused_before_it_is_decoded(panel: Person) -> None:
    bomb = picture(size=(20_000, 20_000), mode="1")
    assert saves(panel, logo=(BytesIO(bomb), "logo.png")).status == 422


def test_a_logo_can_be_taken_away_and_any_other_name_is_not_found(app: Flask, panel: Person) -> None:
    saves(panel, logo=(BytesIO(picture()), "logo.png"))
    name = str(kept_institution().logo)
    saves(panel, remove_logo="y")
    assert kept_institution().logo is None
    client = app.test_client()
    for path in ("/" + name.replace("institution", "logo"), "/logo/x.png", "/logo/..%2f..%2fetc%2fpasswd.png"):
        assert client.get(path).status_code == 404, path


def test_the_command_line_sets_what_is_named_and_leaves_the_rest(app: Flask, tmp_path: Path) -> None:
    save_institution({"city": "Kudus"})
    logo = tmp_path / "logo.png"
    logo.write_bytes(picture())
    named = ["--name", "Balai Latihan", "--signatory", "Ayu; Kepala", "--logo", str(logo)]
    done = app.test_cli_runner().invoke(args=["institution", *named])
    assert done.exit_code == 0, done.output
    found = kept_institution()
    assert (found.name, found.city, found.signatories) == ("Balai Latihan", "Kudus", (Signatory("Ayu", "Kepala"),))
    assert found.logo is not None


def test_the_command_line_refuses_in_words(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["institution", "--certificate-number", "tanpa pola"])
    assert done.exit_code == 1
    assert "Pola nomor harus memuat" in done.output


@pytest.mark.usefixtures("app")
def test_a_refused_scheme_changes_nothing_else_either() -> None:
    with pytest.raises(Refused):
        save_institution({"name": "Lain", "certificate_number": "x"})
    assert kept_institution().name == Institution.name


def test_the_room_for_files_is_shown_and_chosen(app: Flask, panel: Person) -> None:
    make.media(size=3_200_000_000)
    assert panel.opens("/admin/pengaturan").sees("Terpakai 3,2 GB.")
    saves(panel, storage_gb="25")
    assert kept_institution().storage_gb == 25
    assert saves(panel, storage_gb="0").status == 422
