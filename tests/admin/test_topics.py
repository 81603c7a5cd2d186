"""The pages of categories and tags."""

from __future__ import annotations

from flask import Flask

from app.core.db import db
from app.courses import actions
from app.courses.models import Category, Tag
from app.courses.queries import category_tree
from tests import make
from tests.pages import Person


def names() -> list[str]:
    db.session.rollback()
    return [each.category.name for each in category_tree()]


def test_an_admin_grows_the_tree(app: Flask, panel: Person) -> None:
    panel.opens("/admin/kategori")
    assert panel.sees("Belum ada kategori")
    panel.submits("Tambah", name="Keselamatan", parent_id="0", description="Di tempat kerja")
    panel.submits("Tambah", name="Usaha", parent_id="0")
    first = db.session.query(Category).filter_by(slug="keselamatan").one()
    panel.submits("Tambah", name="Pertolongan pertama", parent_id=str(first.id))
    assert names() == ["Keselamatan", "Pertolongan pertama", "Usaha"]
    panel.client.post(f"/admin/kategori/{first.id}/pindah", data={"langkah": "1", **token(panel)})
    assert names() == ["Usaha", "Keselamatan", "Pertolongan pertama"]
    panel.opens("/admin/kategori").follows("Keselamatan").submits("Simpan", name="K3", parent_id="0")
    assert names() == ["Usaha", "K3", "Pertolongan pertama"]
    panel.follows("K3").submits("Hapus")
    assert panel.sees("Kategori “K3” dihapus")
    assert names() == ["Usaha", "Pertolongan pertama"]


def test_what_is_wrong_is_said_at_the_field(app: Flask, panel: Person) -> None:
    category = make.category(name="Utama")
    below = make.category(name="Bawah", parent_id=category.id)
    assert panel.opens("/admin/kategori").submits("Tambah", name="").status == 422
    assert panel.sees("Wajib diisi.")
    page = panel.opens(f"/admin/kategori/{category.id}")
    assert f'<option value="{below.id}"' not in page.response.text
    page.submits("Simpan", parent_id=str(below.id))
    assert (page.status, page.sees("Pilih salah satu yang tersedia.")) == (422, True)
    answer = panel.client.post(f"/admin/kategori/{category.id}/pindah", data={"langkah": "99", **token(panel)})
    assert answer.status_code == 400


def test_an_admin_tidies_tags(app: Flask, panel: Person) -> None:
    assert panel.opens("/admin/tag").sees("Belum ada tag")
    admin, course = make.admin(), make.course()
    actions.set_tags(course, ["k-3", "K3", "Umum"], actor=admin)
    panel.opens("/admin/tag").follows("k-3").submits("Simpan", name="K3")
    assert (panel.status, panel.sees("Sudah ada tag “K3”")) == (422, True)
    into = db.session.query(Tag).filter_by(name="K3").one()
    panel.submits("Gabungkan", into_id=str(into.id))
    assert panel.sees("Kedua tag digabungkan")
    panel.follows("Umum").submits("Simpan", name="Dasar")
    panel.follows("Dasar").submits("Hapus")
    db.session.rollback()
    assert [tag.name for tag in db.session.query(Tag)] == ["K3"]
    assert Person(app).opens(f"/kursus/{course.slug}").follows("K3").sees(course.title)


def token(person: Person) -> dict[str, str]:
    return {"csrf_token": next(form.fields["csrf_token"] for form in person.forms if "csrf_token" in form.fields)}
