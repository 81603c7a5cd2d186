"""A course from nothing to its first learner in a real browser; and written by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from app import create_app
from app.accounts.models import Role
from app.core.db import db
from tests import files, make
from tests.browser.conftest import School, log_in
from tests.browser.test_life import log_in_by_keyboard, study_by_keyboard, study_to_the_end, tab_to

pytestmark = pytest.mark.browser

COURSE = "Merawat Sepeda Motor"
VIDEO = "https://youtu.be/abcdefghijk"
FILES = [
    ("Video", "Menonton", "mesin.mp4", files.mp4(seconds=60, filling=2_500_000)),
    ("Audio", "Mendengar", "mesin.mp3", files.mp3()),
    ("Dokumen", "Membaca", "mesin.pdf", files.pdf()),
]
"""Kind, title, name and bytes; the video comes in three pieces."""


def welcome(school: School, *people: tuple[str, Role]) -> None:
    """New people of the school, who have never seen it: email and role."""
    settings = {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{school.folder / 'tuntas.db'}", "INSTANCE": school.folder}
    app = create_app("testing", settings)
    with app.app_context():
        for email, role in people:
            make.user(role, email=email, name=email.partition("@")[0].title())
        db.session.remove()
        db.engine.dispose()


def insert_picture(page: Page) -> None:
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Unggah gambar").click()
    chosen.value.set_files({"name": "mesin.png", "mimeType": "image/png", "buffer": files.picture()})
    expect(page.get_by_text("Gambar disisipkan.", exact=False)).to_be_visible()
    expect(page.locator(".CodeMirror")).to_contain_text("/media/")


def add_lesson(page: Page, kind: str, title: str) -> None:
    """From the outline to the form of a new lesson of the first section."""
    page.get_by_role("link", name="Susunan", exact=True).click()
    page.get_by_label("Materi baru di bab 1", exact=True).fill(title)
    page.get_by_label("Jenis materi baru di bab 1").select_option(label=kind)
    page.get_by_role("button", name="Tambah dan isi").click()
    expect(page.get_by_label("Judul materi")).to_have_value(title)


def keep(page: Page, title: str) -> None:
    page.get_by_label("Perkiraan lama belajar").fill("5")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_text(f"Materi “{title}” disimpan.")).to_be_visible()


def write(page: Page) -> None:
    """A course with a lesson of each kind, from the menu of the site on."""
    page.get_by_text("Menu akun").locator("..").click()
    page.get_by_role("link", name="Kelola Kursus").click()
    page.get_by_label("Judul kursus baru").fill(COURSE)
    page.get_by_role("button", name="Buat kursus").click()
    page.get_by_label("Bab baru").fill("Pengenalan")
    page.get_by_role("button", name="Tambah bab").click()

    add_lesson(page, "Bacaan", "Mengenal mesin")
    page.locator(".CodeMirror textarea").focus()
    page.keyboard.type("## Empat langkah\n\nHisap, kompresi, usaha, **buang**.")
    insert_picture(page)
    page.get_by_role("button", name="Pratinjau").click()
    expect(page.locator(".editor-preview strong")).to_have_text("buang")
    expect(page.locator(".editor-preview img")).to_have_js_property("naturalWidth", 40)
    keep(page, "Mengenal mesin")

    for kind, title, name, content in FILES:
        add_lesson(page, kind, title)
        page.get_by_label("Berkas").set_input_files({"name": name, "mimeType": "", "buffer": content})
        expect(page.get_by_text(f"{name} sudah diunggah.", exact=False)).to_be_visible()
        keep(page, title)
        expect(page.get_by_role("link", name=name)).to_be_visible()

    add_lesson(page, "YouTube", "Melihat bengkel")
    page.get_by_label("Alamat video YouTube").fill(VIDEO)
    keep(page, "Melihat bengkel")
    add_lesson(page, "Pertemuan", "Tanya jawab")
    page.get_by_label("Tautan pertemuan").fill("https://zoom.us/j/123456789")
    keep(page, "Tanya jawab")


def publish(admin: Page) -> None:
    log_in(admin, "admin@demo.test")
    admin.goto("/kelola/kursus?tab=diajukan")
    admin.get_by_role("link", name=COURSE).click()
    admin.get_by_role("link", name="Terbitkan", exact=True).click()
    admin.get_by_role("button", name="Terbitkan", exact=True).click()
    expect(admin.get_by_text("Terbit", exact=True).first).to_be_visible()


def test_a_new_teachers_course_reaches_its_first_learner(school: School, open_page: Callable[..., Page]) -> None:
    welcome(school, ("guru@baru.test", Role.TRAINER), ("siswa@baru.test", Role.LEARNER))
    with school.worker():
        teacher = open_page()
        log_in(teacher, "guru@baru.test")
        write(teacher)
        teacher.get_by_role("link", name="Lihat sebagai peserta").click()
        expect(teacher.get_by_role("heading", name=COURSE)).to_be_visible()
        teacher.go_back()
        teacher.get_by_role("link", name="Terbitkan", exact=True).click()
        teacher.get_by_role("button", name="Ajukan terbit").click()
        expect(teacher.get_by_text("Admin sudah diberi tahu.", exact=False)).to_be_visible()
        publish(open_page())

        learner = open_page(360)
        log_in(learner, "siswa@baru.test")
        learner.goto("/kursus")
        learner.get_by_role("link", name=COURSE).click()
        learner.get_by_role("button", name="Ikuti Kursus").first.click()
        learner.wait_for_url("**/belajar/**")
        expect(learner.get_by_role("heading", name="Empat langkah")).to_be_visible()
        expect(learner.locator(".prose img")).to_have_js_property("naturalWidth", 40)
        study_to_the_end(learner)
        expect(learner.get_by_text("100%").first).to_be_visible()


KINDS = {
    "Bacaan": "Mengenal mesin", "Video": "Menonton", "Audio": "Mendengar", "Dokumen": "Membaca",
    "YouTube": "Melihat bengkel", "Pertemuan": "Bertanya",
}  # fmt: skip


def fill_by_keyboard(page: Page, kind: str) -> None:
    """What a lesson of that kind cannot be without."""
    brought = {each[0]: each[2:] for each in FILES}
    if kind == "Bacaan":
        tab_to(page.locator(".CodeMirror textarea"))
        page.keyboard.type("Isi ")
        page.keyboard.press("Control+b")
        page.keyboard.type("materi")
    elif kind in brought:
        name, content = brought[kind]
        file: FilePayload = {"name": name, "mimeType": "", "buffer": content}
        page.once("filechooser", lambda chooser: chooser.set_files(file))
        tab_to(page.get_by_label("Berkas"))
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"{name} sudah diunggah.", exact=False)).to_be_visible()
    else:
        label, address = {"YouTube": ("Alamat video YouTube", VIDEO)}.get(
            kind, ("Tautan pertemuan", "https://zoom.us/j/123456789")
        )
        tab_to(page.get_by_label(label))
        page.keyboard.type(address)


def write_by_keyboard(page: Page) -> None:
    """A course with a lesson of each kind, which waits for an admin then."""
    page.goto("/kelola/kursus")
    tab_to(page.get_by_label("Judul kursus baru"))
    page.keyboard.type(COURSE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/kelola/kursus/*")
    for section in ("Pengenalan", "Latihan"):
        tab_to(page.get_by_label("Bab baru"))
        page.keyboard.type(section)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=section)).to_be_visible()
    for kind, title in KINDS.items():
        tab_to(page.get_by_label("Materi baru di bab 1", exact=True))
        page.keyboard.type(title)
        tab_to(page.get_by_label("Jenis materi baru di bab 1"))
        page.keyboard.type(kind)
        tab_to(page.get_by_role("button", name="Tambah", exact=True).first)
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=f"{kind}: {title}")).to_be_visible()

    tab_to(page.get_by_role("button", name="Turunkan “Bertanya”"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-section]").nth(1)).to_contain_text("Bertanya")
    expect(page.get_by_role("button", name="Naikkan “Bertanya”")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-section]").nth(0)).to_contain_text("Bertanya")

    tab_to(page.get_by_role("link", name="Hapus bab “Latihan”"))
    page.keyboard.press("Enter")
    tab_to(page.get_by_role("button", name="Hapus", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Bab “Latihan” dipindahkan ke Arsip.")).to_be_visible()

    for kind, title in KINDS.items():
        tab_to(page.get_by_role("link", name=f"{kind}: {title}"))
        page.keyboard.press("Enter")
        fill_by_keyboard(page, kind)
        tab_to(page.get_by_role("button", name="Simpan", exact=True))
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"Materi “{title}” disimpan.")).to_be_visible()
        tab_to(page.get_by_role("link", name="Susunan", exact=True))
        page.keyboard.press("Enter")
        page.wait_for_url("**/kelola/kursus/*")

    tab_to(page.get_by_role("link", name="Terbitkan", exact=True))
    page.keyboard.press("Enter")
    tab_to(page.get_by_role("button", name="Ajukan terbit"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Admin sudah diberi tahu.", exact=False)).to_be_visible()


def publish_by_keyboard(page: Page) -> None:
    page.goto("/kelola/kursus?tab=diajukan")
    tab_to(page.get_by_role("link", name=COURSE))
    page.keyboard.press("Enter")
    tab_to(page.get_by_role("link", name="Terbitkan", exact=True))
    page.keyboard.press("Enter")
    tab_to(page.get_by_role("button", name="Terbitkan", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Kursus terbit. Peserta dapat mengikutinya sekarang.")).to_be_visible()


def test_a_course_is_written_published_and_begun_by_keyboard_alone(
    school: School, open_page: Callable[..., Page]
) -> None:
    welcome(school, ("guru@baru.test", Role.TRAINER), ("siswa@baru.test", Role.LEARNER))
    teacher, admin, learner = open_page(), open_page(), open_page()
    log_in_by_keyboard(teacher, "guru@baru.test")
    write_by_keyboard(teacher)
    log_in_by_keyboard(admin, "admin@demo.test")
    publish_by_keyboard(admin)
    log_in_by_keyboard(learner, "siswa@baru.test")
    study_by_keyboard(learner, COURSE, lessons=len(KINDS))
