"""Antrean Penilaian through its pages."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask

from app.accounts.models import Role, User
from app.assessments.actions.answering import save_answer
from app.assessments.actions.closing import submit_attempt
from app.assessments.actions.grading import claim, grade_answer
from app.assessments.models import Answer, Attempt, AttemptStatus
from app.core import clock
from app.core.db import db
from app.courses.models import Course
from tests import make
from tests.assessments.conftest import answer_of, answer_right, begun
from tests.pages import Person
from tests.statements import statements


@pytest.fixture
def teacher(app: Flask) -> User:
    return make.user(Role.TRAINER, name="Pak Guru")


@pytest.fixture
def course(teacher: User) -> Course:
    return make.course(owner=teacher)


def handed_in(course: Course, title: str = "Ujian", **person: object) -> Attempt:
    assessment = make.assessment(course, kinds=("essay",), title=title)
    attempt = begun(assessment, make.user(**person))  # type: ignore[arg-type]
    answer_right(attempt)
    submit_attempt(attempt, actor=attempt.user)
    return attempt


def page_of(app: Flask, user: User) -> Person:
    return Person(app).logs_in(str(user.email))


def test_what_waits_stands_with_the_oldest_first_and_says_since_when(app: Flask, teacher: User, course: Course) -> None:
    present = clock.now()
    for number, days in (("Satu", 1), ("Dua", 2)):
        with clock.at(present - timedelta(days=days)):
            handed_in(course, name=f"Peserta {number}")
    person = page_of(app, teacher).opens("/penilaian")
    assert person.sees("2 menunggu · tertua 2 hari yang lalu")
    assert person.text.index("Peserta Dua") < person.text.index("Peserta Satu")


def test_one_after_the_other_is_graded_until_nothing_waits(app: Flask, teacher: User, course: Course) -> None:
    first, second = handed_in(course), handed_in(course)
    person = page_of(app, teacher).opens("/penilaian").submits("Nilai")
    assert person.sees("Mulai dari menghilangkan bahaya.")
    person.submits("Simpan & Lanjut", score="4,5", feedback="Bagus.", next="1")
    assert person.path == f"/penilaian/{answer_of(second, 'essay').id}"
    person.submits("Simpan & Lanjut", score="2", next="1")
    assert person.sees("Tidak ada yang menunggu dinilai")
    db.session.expire_all()
    assert [each.status for each in (first, second)] == [AttemptStatus.GRADED] * 2
    assert (first.score, answer_of(first, "essay").feedback) == (Decimal("4.5"), "Bagus.")


def test_a_score_outside_the_points_comes_back_with_what_was_typed(app: Flask, teacher: User, course: Course) -> None:
    answer = answer_of(handed_in(course), "essay")
    person = page_of(app, teacher).opens(f"/penilaian/{answer.id}")
    person.submits("Simpan", score="7", feedback="Terlalu baik")
    assert (person.status, person.sees("Isi skor dari 0 sampai 5")) == (422, True)
    assert person.sees("Terlalu baik")


def test_skipping_leaves_the_answer_waiting(app: Flask, teacher: User, course: Course) -> None:
    first, second = (answer_of(handed_in(course), "essay") for _n in range(2))
    person = page_of(app, teacher).opens(f"/penilaian/{first.id}").submits("Lewati")
    assert person.path == f"/penilaian/{second.id}"
    person.submits("Lewati")
    assert person.path == f"/penilaian/{first.id}"


def test_skipping_gives_the_answer_back(app: Flask, teacher: User, course: Course) -> None:
    first, second = (answer_of(handed_in(course), "essay") for _n in range(2))
    page_of(app, teacher).opens("/penilaian").submits("Nilai").submits("Lewati")
    db.session.expire_all()
    assert [each.claimed_by for each in (first, second)] == [None, teacher.id]
    other = make.admin()
    page_of(app, other).opens(f"/penilaian/{second.id}").submits("Lewati")
    db.session.expire_all()
    assert second.claimed_by == teacher.id, "one gives back only what one has"


def test_one_goes_back_to_what_one_has_just_graded_or_skipped(app: Flask, teacher: User, course: Course) -> None:
    answers = [answer_of(handed_in(course, name=f"Rahasia {number}"), "essay") for number in range(4)]
    grade_answer(answers[0], Decimal(5), actor=make.admin())
    person = page_of(app, teacher).opens("/penilaian?anonim=1").submits("Nilai")
    assert person.path == f"/penilaian/{answers[1].id}"
    assert "Sebelumnya" not in person.links, "what somebody else has graded is not in one's way"
    person.submits("Simpan & Lanjut", score="4", next="1").submits("Lewati")
    assert person.path == f"/penilaian/{answers[3].id}"
    for answer in (answers[2], answers[1]):
        person.follows("Sebelumnya")
        assert (person.path, person.sees("Rahasia")) == (f"/penilaian/{answer.id}", False)
    assert any(form.fields.get("score") == "4" for form in person.forms)


def test_who_comes_second_sees_who_was_first(app: Flask, teacher: User, course: Course) -> None:
    answer = answer_of(handed_in(course), "essay")
    admin = make.admin(name="Ibu Sri")
    late = page_of(app, teacher).opens(f"/penilaian/{answer.id}")
    assert claim(db.session.get_one(Answer, answer.id), actor=admin)
    assert page_of(app, teacher).opens(f"/penilaian/{answer.id}").sees("Ibu Sri sedang menilai jawaban ini.")
    page_of(app, admin).opens(f"/penilaian/{answer.id}").submits("Simpan", score="5")
    late.submits("Simpan", score="1")
    assert (late.status, late.sees("Ibu Sri menilai jawaban ini")) == (409, True)
    late.submits("Simpan", score="1", reason="Salin dari teman")
    db.session.expire_all()
    assert db.session.get_one(Answer, answer.id).score == 1
    assert late.sees("Salin dari teman")


def test_names_can_be_hidden_and_stay_hidden(app: Flask, teacher: User, course: Course) -> None:
    for _n in range(2):
        handed_in(course, name="Rahasia Sekali")
    person = page_of(app, teacher).opens("/penilaian?anonim=1")
    assert not person.sees("Rahasia Sekali")
    person.submits("Nilai").submits("Simpan & Lanjut", score="1", next="1")
    assert "anonim=1" in person.response.request.url
    assert not person.sees("Rahasia Sekali")


def graded_file(course: Course, **media: object) -> Answer:
    """What Siti Rahasia handed in, ready to be graded."""
    attempt = begun(make.assessment(course, kinds=("file_upload",)), make.user(name="Siti Rahasia"))
    answer = answer_of(attempt, "file_upload")
    save_answer(attempt, answer, (), media=make.media(attempt.user, **media), actor=attempt.user)  # type: ignore[arg-type]
    submit_attempt(attempt, actor=attempt.user)
    return answer


def test_a_pdf_opens_on_the_page_and_can_be_kept(app: Flask, teacher: User, course: Course) -> None:
    answer = graded_file(course, original_name="Tugas.pdf", size=120_000)
    person = page_of(app, teacher).opens(f"/penilaian/{answer.id}")
    address = f"/media/{answer.media.public_id}"  # type: ignore[union-attr]
    assert (person.links["Buka di sini"], person.links["Tugas.pdf"]) == (address, f"{address}?unduh=1")
    assert person.sees("PDF · 120 kB")
    assert f'data-file="{address}"' in person.response.text


def test_a_picture_is_seen_on_the_page(app: Flask, teacher: User, course: Course) -> None:
    answer = graded_file(course, original_name="Area.webp", mime="image/webp")
    person = page_of(app, teacher).opens(f"/penilaian/{answer.id}")
    shown = f'<img class="handed-in" src="/media/{answer.media.public_id}" alt="Area.webp" loading="lazy">'  # type: ignore[union-attr]
    assert shown in person.response.text
    assert "Buka di sini" not in person.links


@pytest.mark.parametrize(("suffix", "mime"), [(".pdf", "application/pdf"), (".webp", "image/webp")])
def test_with_hidden_names_a_file_does_not_tell_its_own(
    app: Flask, teacher: User, course: Course, suffix: str, mime: str
) -> None:
    answer = graded_file(course, original_name=f"Siti Rahasia - tugas{suffix}", mime=mime)
    person = page_of(app, teacher).opens(f"/penilaian/{answer.id}?anonim=1")
    assert "Siti" not in person.response.text
    assert person.sees("Berkas jawaban")
    addresses = {link for link in person.links.values() if link.startswith("/media/")}
    addresses |= set(re.findall(r'(?:src|data-file)="(/media/[^"]+)"', person.response.text))
    assert len(addresses) == 2
    for address in addresses:
        response = person.client.get(address.replace("&amp;", "&"))
        assert response.status_code == 200
        assert "Siti" not in str(response.headers)
        assert f"jawaban{suffix}" in response.headers["Content-Disposition"]


def test_a_sentence_is_kept_and_dropped(app: Flask, teacher: User, course: Course) -> None:
    first, second = (answer_of(handed_in(course), "essay") for _n in range(2))
    person = page_of(app, teacher).opens(f"/penilaian/{first.id}")
    person.submits("Simpan", score="1", feedback="Baca lagi bab dua.", keep="y")
    assert person.opens(f"/penilaian/{second.id}").sees("Baca lagi bab dua.")
    assert not page_of(app, make.admin()).opens("/penilaian").sees("Baca lagi bab dua.")
    person.opens("/penilaian?anonim=1").submits("Hapus kalimat")
    assert person.sees("Kalimat dihapus.")
    assert "anonim=1" in person.response.request.url
    assert not person.sees("Baca lagi bab dua.")
    assert not person.opens(f"/penilaian/{second.id}").sees("Baca lagi bab dua.")


@pytest.mark.parametrize("role", [Role.LEARNER, Role.CONTENT_MANAGER, Role.TRAINER])
def test_only_the_own_courses_are_graded(app: Flask, course: Course, role: Role) -> None:
    answer = answer_of(handed_in(course, name="Peserta Satu"), "essay")
    person = page_of(app, make.user(role))
    if role == Role.LEARNER:
        assert person.opens("/penilaian").status == 403
    else:
        assert not person.opens("/penilaian").sees("Peserta Satu")
        assert person.client.get(f"/penilaian/{answer.id}").status_code == 404


def test_the_queue_costs_the_same_however_much_waits(app: Flask, teacher: User, course: Course) -> None:
    costs = []
    for _round in range(2):
        for _n in range(3):
            handed_in(course)
        person = page_of(app, teacher)
        with statements() as seen:
            assert person.client.get("/penilaian").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 8
