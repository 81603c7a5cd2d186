"""The editor's scripts in a real browser: moving, drafts, the Markdown editor; every page of it under axe."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests import files
from tests.browser.conftest import School, log_in
from tests.browser.test_pages import both_screens, problems_of

pytestmark = pytest.mark.browser


def open_draft(page: Page, titles: tuple[str, ...] = ("A", "B", "C")) -> str:
    """A course of two sections with these lessons in the first; the address of its editor, which is open."""
    log_in(page, "konten@demo.test")
    page.goto("/kelola/kursus")
    page.get_by_label("Judul kursus baru").fill("Percobaan menyunting")
    page.get_by_role("button", name="Buat kursus").click()
    for section in ("Satu", "Dua"):
        page.get_by_label("Bab baru").fill(section)
        page.get_by_role("button", name="Tambah bab").click()
        expect(page.get_by_role("heading", name=section)).to_be_visible()
    for title in titles:
        page.get_by_label("Materi baru di bab 1", exact=True).fill(title)
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=f"Bacaan: {title}", exact=True)).to_be_visible()
        expect(page.get_by_label("Materi baru di bab 1", exact=True)).to_be_focused()
    return page.url.partition("#")[0]


ORDER = """() => [...document.querySelectorAll('[data-section]')]
  .map((each) => [...each.querySelectorAll('.edit-lesson > a')].map((row) => row.innerText.trim().slice(-1)).join(''))
  .join('|')"""


def order(page: Page) -> str:
    """`ABC|`: the last letters of the lessons' titles by section."""
    return str(page.evaluate(ORDER))


def drag(grip: Locator, target: Locator, *, below: bool) -> None:
    page, box = grip.page, target.bounding_box()
    assert box is not None
    grip.scroll_into_view_if_needed()
    grip.hover()
    page.mouse.down()
    page.mouse.move(box["x"] + 80, box["y"] + box["height"] * (0.8 if below else 0.2), steps=5)
    with page.expect_response(lambda answer: answer.url.endswith("/pindah")):
        page.mouse.up()
    expect(page.get_by_role("status").filter(has_text="Dipindahkan.")).to_be_attached()


def test_rows_move_by_button_and_by_handle(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.set_viewport_size({"width": 1280, "height": 1800})
    address = open_draft(page)
    assert order(page) == "ABC|"
    button = page.get_by_role("button", name="Turunkan “A”")
    button.click()
    expect(page.get_by_role("status").filter(has_text="Dipindahkan.")).to_be_attached()
    assert order(page) == "BAC|"
    expect(page.get_by_role("button", name="Turunkan “A”")).to_be_focused()
    grips = page.locator(".edit-lesson [data-grip]")
    drag(grips.nth(2), page.locator(".edit-lesson").nth(0), below=False)
    assert order(page) == "CBA|"
    drag(page.locator(".edit-lesson [data-grip]").nth(0), page.locator("[data-lessons]").nth(1), below=True)
    assert order(page) == "BA|C"
    drag(page.locator(".edit-head [data-grip]").nth(1), page.locator(".edit-head").nth(0), below=False)
    assert order(page) == "C|BA"
    page.goto(address)
    assert order(page) == "C|BA"


def test_a_broken_connection_moves_nothing_and_says_so(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page()
    open_draft(page, ("A", "B"))
    page.context.set_offline(True)
    page.get_by_role("button", name="Turunkan “A”").click()
    expect(page.get_by_text("Belum dipindahkan.")).to_be_visible()
    assert order(page) == "AB|"


def text_of(page: Page) -> Locator:
    return page.locator(".CodeMirror textarea, .CodeMirror [contenteditable]").first


def test_what_is_typed_is_kept_without_saving(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page()
    open_draft(page, ("A",))
    page.get_by_role("link", name="Bacaan: A").click()
    lesson = page.url
    text_of(page).focus()
    page.keyboard.type("Belum **selesai**")
    state = page.locator("[data-draft-state]")
    expect(state).to_contain_text("Draf disimpan ", timeout=20_000)
    page.keyboard.type(", sungguh")  # two seconds are not waited for: the page is left at once
    page.goto("/kelola/kursus")
    page.goto(lesson)
    expect(page.get_by_text("belum disimpan", exact=False).first).to_be_visible()
    expect(page.locator(".CodeMirror")).to_contain_text("selesai**, sungguh")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_text("Materi “A” disimpan.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Buang draf")).to_have_count(0)


def test_a_draft_that_cannot_be_kept_says_so_until_it_can(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page()
    open_draft(page, ("A",))
    page.get_by_role("link", name="Bacaan: A").click()
    expect(page.locator(".CodeMirror")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_label("Judul materi").fill("Judul lain")
    state = page.locator("[data-draft-state]")
    expect(state).to_have_text("Draf belum disimpan: periksa sambungan Anda", timeout=20_000)
    page.context.set_offline(False)
    expect(state).to_contain_text("Draf disimpan ", timeout=20_000)


def test_a_new_lesson_comes_back_after_the_browser_died(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page()
    editor = open_draft(page, ())
    section = page.locator("[data-section]").first.locator("[name=bab]").input_value()
    new = f"{editor}/materi/baru?bab={section}&jenis=text"
    page.goto(new)
    page.locator(".CodeMirror").click()
    page.keyboard.type("Belum disimpan")
    expect(page.locator("[data-draft-state]")).to_contain_text("Draf disimpan ", timeout=20_000)
    page.close()

    again = open_page()
    log_in(again, "konten@demo.test")
    again.goto(new)
    expect(again.get_by_text("Ini ketikan Anda yang terakhir.", exact=False)).to_be_visible()
    expect(again.locator(".CodeMirror")).to_contain_text("Belum disimpan")
    again.get_by_label("Judul materi").fill("Disimpan")
    again.get_by_role("button", name="Simpan", exact=True).click()
    expect(again.get_by_role("heading", name="Disimpan", exact=True)).to_be_visible()
    again.goto(new)
    expect(again.get_by_role("button", name="Buang draf")).to_have_count(0)


def test_the_markdown_editor_lets_the_keyboard_in_and_out(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page()
    open_draft(page, ("A",))
    page.get_by_role("link", name="Bacaan: A").click()
    expect(page.get_by_role("button", name="Tebal")).to_be_visible()
    page.get_by_label("Judul materi").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Tebal")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Judul", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("Pembuka")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Pratinjau")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".editor-preview h2")).to_have_text("Pembuka")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(text_of(page)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Perkiraan lama belajar")).to_be_focused()


def test_without_javascript_the_text_is_previewed_on_a_page(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page(javascript=False)
    open_draft_by_forms(page)
    page.get_by_label("Isi").fill("**tebal**")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Pratinjau").click()
    expect(opened.value.locator(".prose strong")).to_have_text("tebal")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_text("Materi “A” disimpan.")).to_be_visible()


def open_draft_by_forms(page: Page, kind: str = "Bacaan") -> None:
    log_in(page, "konten@demo.test")
    page.goto("/kelola/kursus")
    page.get_by_label("Judul kursus baru").fill("Tanpa skrip")
    page.get_by_role("button", name="Buat kursus").click()
    page.get_by_label("Bab baru").fill("Satu")
    page.get_by_role("button", name="Tambah bab").click()
    page.get_by_label("Materi baru di bab 1", exact=True).fill("A")
    page.get_by_label("Jenis materi baru di bab 1").select_option(label=kind)
    page.get_by_role("button", name="Tambah dan isi").click()


@both_screens
def test_the_editors_pages_are_accessible_and_fit(school: School, open_page: Callable[..., Page], width: int) -> None:
    page, problems = open_page(width), []
    address = open_draft(page, ("A", "B"))
    problems += problems_of(page, "editor")
    page.get_by_role("link", name="Bacaan: A").click()
    lesson = page.url
    text_of(page).focus()
    page.keyboard.type("## Halo\n\n- satu\n- dua\n\n> kutipan dengan `kode` dan [tautan](https://contoh.test)")
    expect(page.locator("[data-draft-state]")).to_contain_text("Draf disimpan ", timeout=20_000)
    page.reload()
    problems += problems_of(page, "editor lesson with draft")
    page.get_by_role("button", name="Pratinjau").click()
    expect(page.locator(".editor-preview h2")).to_be_visible()
    problems += problems_of(page, "editor preview")
    page.goto(f"{lesson}/hapus")
    problems += problems_of(page, "editor delete")
    page.get_by_role("button", name="Hapus", exact=True).click()
    page.goto(f"{address}/arsip")
    problems += problems_of(page, "editor archive")
    page.get_by_label("Judul materi").or_(page.get_by_role("link", name="A", exact=True)).first.click()
    problems += problems_of(page, "editor archived lesson")
    assert problems == []


def open_document(page: Page) -> None:
    open_draft(page, ())
    page.get_by_label("Materi baru di bab 1", exact=True).fill("Lembar")
    page.get_by_label("Jenis materi baru di bab 1").select_option(label="Dokumen")
    page.get_by_role("button", name="Tambah dan isi").first.click()
    expect(page.locator(".CodeMirror")).to_be_visible()
    page.wait_for_load_state()


def choose(page: Page, name: str, content: bytes) -> None:
    page.get_by_label("Berkas").set_input_files({"name": name, "mimeType": "", "buffer": content})


def test_a_broken_upload_goes_on_where_it_was(school: School, open_page: Callable[..., Page]) -> None:
    page, pieces = open_page(), []

    def break_the_second(route: Route) -> None:
        pieces.append(route.request.url.partition("=")[2])
        if len(pieces) == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    open_document(page)
    page.route(lambda address: "/kelola/unggahan/" in address, break_the_second)
    choose(page, "lembar.pdf", files.pdf() + bytes(2_500_000))
    expect(page.get_by_text("Sambungan terputus.", exact=False)).to_be_visible()
    expect(page.get_by_text("lembar.pdf sudah diunggah.", exact=False)).to_be_visible(timeout=20_000)
    assert pieces == ["0", "1048576", "1048576", "2097152"]


def test_an_upload_is_stopped_and_one_of_another_type_refused(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page()
    open_document(page)
    choose(page, "alat.exe", b"MZ")
    expect(page.locator("[data-state]")).to_have_class(re.compile("text-danger"))
    page.route(lambda address: "mulai=" in address, lambda _route: None)
    choose(page, "lembar.pdf", files.pdf())
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_label("Berkas")).to_be_focused()
    assert "Tunggu sampai unggahan selesai" in page.get_by_label("Berkas").evaluate("field => field.validationMessage")
    page.get_by_role("button", name="Batalkan unggahan").click()
    expect(page.get_by_text("Unggahan dibatalkan.")).to_be_visible()
    expect(page.get_by_label("Berkas")).to_be_focused()
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_text("Materi “Lembar” disimpan.")).to_be_visible()


def test_another_file_gives_up_what_it_replaces(school: School, open_page: Callable[..., Page]) -> None:
    page, given_up = open_page(), []
    open_document(page)
    page.on("response", lambda answer: given_up.append(answer.status) if answer.request.method == "DELETE" else None)
    choose(page, "whole.pdf", files.pdf())
    expect(page.get_by_text("whole.pdf sudah diunggah.", exact=False)).to_be_visible()
    page.route("**/*mulai=*", lambda _route: None)
    with page.expect_request("**/*mulai=*"):
        choose(page, "running.pdf", files.pdf())
    assert given_up == [200]
    page.unroute("**/*mulai=*")
    choose(page, "last.pdf", files.pdf())
    expect(page.get_by_text("last.pdf sudah diunggah.", exact=False)).to_be_visible()
    assert given_up == [200, 200]


def test_a_file_comes_whole_without_javascript(school: School, open_page: Callable[..., Page]) -> None:
    page = open_page(javascript=False)
    open_draft_by_forms(page, "Dokumen")
    choose(page, "lembar.pdf", files.pdf() + bytes(2_500_000))
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_text("Materi “A” disimpan.")).to_be_visible()
    expect(page.get_by_role("link", name="lembar.pdf")).to_be_visible()
