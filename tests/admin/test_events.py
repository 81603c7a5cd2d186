"""Peristiwa: the stream and its filters, one fact with its reactions, and what caused what."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.admin import words
from app.core.db import db
from app.events.actions import DeliveryDiscarded, DeliveryRetried
from app.events.facts import EVENTS
from app.events.models import DeliveryStatus, StoredDelivery
from app.events.registry import RECEIVERS
from tests import make
from tests.admin.conftest import MAIL, fact, given_up
from tests.facts import assert_stated
from tests.pages import Person


def delivery(of: StoredDelivery) -> StoredDelivery:
    db.session.rollback()
    return db.session.scalars(select(StoredDelivery).where(StoredDelivery.event_id == of.event_id)).one()


def test_the_stream_says_who_did_what_to_which_thing(panel: Person) -> None:
    learner = make.user(name="Ni Luh Putu Ayu")
    fact(
        "lesson.completed", aggregate_type="enrollment", aggregate_id="57", actor_id=learner.id,
        payload={"lesson_title": "Akad Murabahah", "course_title": "Akuntansi Syariah"},
    )  # fmt: skip
    page = panel.opens("/admin/peristiwa")
    for words_ in ("Materi diselesaikan", "lesson.completed", "Ni Luh Putu Ayu", "Kepesertaan 57"):
        assert page.sees(words_), words_
    assert page.sees("Akad Murabahah · Akuntansi Syariah")


@pytest.mark.parametrize(
    "query",
    ["jenis=lesson.completed", "orang={id}", "orang=ayu@contoh.test", "orang=0012", "benda=enrollment&nomor=57"],
)
def test_a_filter_finds_only_what_matches(panel: Person, query: str) -> None:
    learner = make.user(name="Ayu", email="ayu@contoh.test", username="0012")
    fact("lesson.completed", aggregate_type="enrollment", aggregate_id="57", actor_id=learner.id)
    fact("lesson.added", aggregate_type="course", aggregate_id="57")
    page = panel.opens(f"/admin/peristiwa?{query.format(id=learner.id)}")
    assert page.response.text.count('<th scope="row">') == 1
    assert page.sees("Kepesertaan 57")


@pytest.mark.parametrize(
    "query",
    [
        "jenis=tidak.ada", "benda='", "sebelum=x", "sebelum=-1", "sebelum=99999999999999999999999", "orang=tidak-ada",
        "orang=99999999999999999999", "orang=²", "nomor=" + "9" * 51, "orang=%00", "jenis=%27 OR 1=1--",
    ],
)  # fmt: skip
def test_a_wrong_filter_is_said_to_be_wrong_and_finds_nothing(panel: Person, query: str) -> None:
    fact()
    page = panel.opens(f"/admin/peristiwa?{query}")
    assert page.status in (200, 422)
    assert page.status == 200 or '<th scope="row">' not in page.response.text


def test_what_was_typed_in_the_filter_is_still_there(panel: Person) -> None:
    page = panel.opens("/admin/peristiwa?orang=tidak-ada")
    assert page.sees("Tidak ada orang dengan email, nama pengguna, atau nomor itu.")
    assert 'value="tidak-ada"' in page.response.text


def test_older_facts_stand_on_the_next_page_and_none_twice(panel: Person) -> None:
    for number in range(120):
        fact(aggregate_id=str(number))
    seen: list[str] = []
    page = panel.opens("/admin/peristiwa?benda=notification")
    while True:
        seen += [line.split("<")[0] for line in page.response.text.split(">Notifikasi ")[1:]]
        if "Lebih lama" not in page.links:
            break
        page = page.follows("Lebih lama")
        assert page.sees("Ke yang terbaru")
    numbers = [each for each in seen if each.isdecimal()]
    assert numbers == [str(number) for number in reversed(range(120))]


def test_a_fact_shows_its_content_and_its_deliveries(panel: Person) -> None:
    failed = given_up()
    page = panel.opens(f"/admin/peristiwa/{failed.event_id}")
    for words_ in ("Notifikasi dibuat", "enrollment.welcome", "Mengirim email", "Gagal", "Percobaan 8 dari 8"):
        assert page.sees(words_), words_
    assert page.sees("ConnectionRefusedError: [Errno 111] Connection refused")


def test_a_moment_in_a_fact_is_shown_as_people_write_it(panel: Person) -> None:
    payload = {
        "course_title": "Dasar K3",
        "enrolled_at": "2026-08-01T01:00:00+00:00",
        "completed_at": "2026-08-17T07:05:00+00:00",
    }
    page = panel.opens(f"/admin/peristiwa/{fact('enrollment.completed', payload=payload).id}")
    assert page.sees("17 Agustus 2026 pukul 14.05 WIB")
    assert "2026-08-17T" not in page.response.text


def test_the_causes_are_a_tree(panel: Person) -> None:
    first = fact("lesson.completed", payload={"lesson_title": "Pengenalan APU"})
    second = fact("enrollment.completed", correlation_id=first.id, causation_id=first.id, payload={})
    fact("certificate.issued", correlation_id=first.id, causation_id=second.id, payload={"number": "001/SERT"})
    fact("course.created")
    page = panel.opens(f"/admin/peristiwa/{second.id}?sebab=1")
    tree = page.response.text.split('<details class="card" open')[1].split("</details>")[0]
    assert tree.index("Materi diselesaikan") < tree.index("Kursus diselesaikan") < tree.index("Sertifikat terbit")
    assert tree.count("<ul>") == 2
    assert "Kursus dibuat" not in tree


def test_trying_again_makes_the_delivery_due_and_says_who_did_it(panel: Person, boss: User) -> None:
    failed = given_up()
    page = panel.opens(f"/admin/peristiwa/{failed.event_id}").submits("Coba Lagi")
    assert (page.status, page.path) == (200, f"/admin/peristiwa/{failed.event_id}")
    assert delivery(failed).status == DeliveryStatus.PENDING
    assert delivery(failed).due_at is not None
    assert page.sees("Pekerjaan gagal dicoba lagi")
    assert page.sees("oleh Sri Wahyuningsih")
    assert_stated(DeliveryRetried, event_id=str(failed.event_id), receiver=MAIL)


def test_a_double_click_on_coba_lagi_is_refused_kindly(app: object, panel: Person) -> None:
    failed = given_up()
    panel.opens(f"/admin/peristiwa/{failed.event_id}")
    form = next(form for form in panel.forms if "Coba Lagi" in form.buttons)
    first = panel.client.post(form.action, data=form.fields)
    second = panel.client.post(form.action, data=form.fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert panel.opens("/admin/antrean").sees("Pekerjaan ini tidak lagi gagal.")
    assert_stated(DeliveryRetried, times=1)


def test_who_ignored_a_job_and_why_stands_on_its_page(panel: Person) -> None:
    failed = given_up()
    page = panel.opens(f"/admin/antrean/{failed.event_id}/{MAIL}/abaikan")
    page = page.submits("Abaikan", reason="Alamatnya sudah tidak dipakai")
    assert page.path == f"/admin/peristiwa/{failed.event_id}"
    assert page.sees("Alamatnya sudah tidak dipakai")
    assert delivery(failed).status == DeliveryStatus.DISCARDED
    assert_stated(DeliveryDiscarded, reason="Alamatnya sudah tidak dipakai")


def test_every_fact_and_every_reaction_has_words() -> None:
    facts = {name for name, kind in EVENTS.items() if kind.cls.__module__.startswith("app.")}
    assert facts - words.EVENTS.keys() == set()
    things = {EVENTS[name].aggregate_type for name in facts} - {None}
    assert things - words.THINGS.keys() == set()
    own = {name for name, each in RECEIVERS.items() if each.call.__module__.startswith("app.")}
    assert own - words.RECEIVERS.keys() == set()


def test_what_has_no_words_is_shown_by_its_fixed_name() -> None:
    assert words.event("rocket.launched") == "rocket.launched"
