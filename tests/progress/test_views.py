"""The study pages, for everybody who may come."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from flask import Flask

from app.accounts.models import Role, User
from app.core.clock import now
from app.core.db import db, transaction
from app.courses.models import Course, Visibility
from app.enrollments.models import Enrollment, EnrollmentStatus
from app.progress.models import LessonProgress
from app.progress.queries import progress_in
from tests import make
from tests.facts import drain_all
from tests.pages import Person


@pytest.fixture
def course(app: Flask) -> Course:
    return make.course(lessons=3, title="Dasar K3", slug="dasar-k3")


@pytest.fixture
def learner(course: Course) -> User:
    return make.enrollment(into=course).user


def signed_in(app: Flask, user: User) -> Person:
    return Person(app).logs_in(str(user.email))


def address(course: Course, place: int = 1) -> str:
    return f"/belajar/{course.slug}/{make.lessons_of(course)[place - 1].id}"


def test_a_lesson_shows_its_place_its_rule_and_the_outline(app: Flask, course: Course, learner: User) -> None:
    page = signed_in(app, learner).opens(address(course, 2))
    assert page.status == 200
    for words in (
        "Bab 1 · Materi 2 dari 3",
        "Materi 2",
        "0 dari 3 materi wajib selesai",
        "Tandai Selesai & Lanjut",
        "0%",
    ):
        assert page.sees(words), words
    assert page.sees("Baca sampai akhir, lalu tekan Tandai Selesai.")
    assert page.links["Sebelumnya"] == address(course, 1)


def test_marking_a_lesson_done_leads_to_the_next_with_the_tick_and_the_number(
    app: Flask, course: Course, learner: User
) -> None:
    page = signed_in(app, learner).opens(address(course)).submits("Tandai Selesai & Lanjut")
    assert page.path == address(course, 2)
    assert page.sees("Materi “Materi 1” selesai.")
    assert page.sees("33,3%")
    assert page.sees("1 dari 3 materi wajib selesai")


def test_an_open_lesson_keeps_its_tick(app: Flask, course: Course, learner: User) -> None:
    page = signed_in(app, learner).opens(address(course)).submits("Tandai Selesai & Lanjut").opens(address(course))
    (here,) = re.findall(r'<a class="outline-item[^>]*aria-current="page">.*?</a>', page.response.text)
    assert "mark-done" in here
    assert "Selesai: </span>Materi 1" in here
    page.opens(address(course, 2))
    (here,) = re.findall(r'<a class="outline-item[^>]*aria-current="page">.*?</a>', page.response.text)
    assert "mark-current" in here


def test_the_count_beside_the_percentage_is_of_what_the_percentage_counts(
    app: Flask, course: Course, learner: User
) -> None:
    optional = make.lesson(course, is_required=False)
    page = signed_in(app, learner).opens(address(course)).submits("Tandai Selesai & Lanjut")
    page.opens(f"/belajar/dasar-k3/{optional.id}").submits("Tandai Selesai & Lanjut")
    assert page.opens(address(course)).sees("1 dari 3 materi wajib selesai")
    assert page.sees("33,3%")
    assert page.opens("/kursus/dasar-k3").sees("1 dari 3 materi wajib")


def test_the_last_lesson_leads_to_the_end(app: Flask, course: Course, learner: User) -> None:
    page = signed_in(app, learner).opens("/belajar/dasar-k3")
    for _lesson in range(3):
        page.submits("Tandai Selesai & Lanjut")
    assert page.path == "/belajar/dasar-k3/mengapa"
    assert page.sees("Semua materi selesai. Sertifikat Anda sedang disiapkan.")
    assert page.sees("100%")
    drain_all()
    assert page.opens("/belajar/dasar-k3/mengapa").sees("Semua materi selesai. Sertifikat Anda sudah terbit.")


def test_the_study_address_goes_on_where_the_learner_stopped(app: Flask, course: Course, learner: User) -> None:
    page = signed_in(app, learner)
    assert page.opens("/belajar/dasar-k3").path == address(course, 1)
    page.opens(address(course, 2)).submits("Tandai Selesai & Lanjut")
    assert page.opens("/belajar/dasar-k3").path == address(course, 3)
    page.submits("Tandai Selesai & Lanjut")
    assert page.path == address(course, 1)


def test_who_is_not_in_the_course_is_sent_to_its_page(app: Flask, course: Course) -> None:
    page = signed_in(app, make.user())
    assert page.opens("/belajar/dasar-k3").path == "/kursus/dasar-k3"
    assert page.opens(address(course)).path == "/kursus/dasar-k3"
    assert page.sees("Ikuti kursus ini untuk membuka materinya.")


def test_a_guest_is_asked_to_sign_in(app: Flask, course: Course) -> None:
    assert Person(app).opens(address(course)).path == "/masuk"


def test_a_guest_reads_the_free_preview(app: Flask, course: Course) -> None:
    free = make.lesson(course, title="Contoh gratis", is_free_preview=True)
    page = Person(app).opens(f"/belajar/{course.slug}/{free.id}")
    assert page.status == 200
    assert page.sees("Ini materi pratinjau.")
    assert not page.sees("Tandai Selesai")


def test_a_preview_of_a_draft_or_a_restricted_course_is_closed(app: Flask) -> None:
    for closed in (make.course(published=False), make.course(visibility=Visibility.RESTRICTED)):
        free = make.lesson(closed, is_free_preview=True)
        assert Person(app).opens(f"/belajar/{closed.slug}/{free.id}").status == 404


def test_staff_look_in_without_being_recorded(app: Flask, course: Course) -> None:
    for viewer in (course.owner, make.user(Role.TRAINER), make.admin()):
        page = signed_in(app, viewer).opens(address(course))
        assert page.status == 200
        assert page.sees("Anda melihat materi ini sebagai pengelola. Progres tidak dicatat.")
        assert not page.sees("Tandai Selesai")


def test_a_dropped_learner_sees_why_and_may_come_back(app: Flask, course: Course) -> None:
    enrollment = make.enrollment(
        into=course, status=EnrollmentStatus.DROPPED, drop_reason="Pindah kerja", progress_percentage=Decimal("33.3")
    )
    page = signed_in(app, enrollment.user).opens(address(course))
    assert page.status == 403
    for words in ("Anda berhenti dari kursus ini", "Pindah kerja", "33,3%", "Ikuti Lagi", "Mulai dari Awal"):
        assert page.sees(words), words
    page.submits("Mulai dari Awal")
    assert page.path == address(course, 1)
    assert page.sees("Progres Anda mulai dari awal.")


@pytest.mark.parametrize("tail", ["", "/mengapa"])
def test_who_left_a_course_that_is_not_shown_any_more_is_led_home(app: Flask, tail: str) -> None:
    hidden = make.course(visibility=Visibility.HIDDEN)
    enrollment = make.enrollment(into=hidden, status=EnrollmentStatus.DROPPED)
    page = signed_in(app, enrollment.user).opens(f"/belajar/{hidden.slug}{tail}")
    assert page.sees("Anda berhenti dari kursus ini")
    assert page.links["Ke Beranda"] == "/"
    assert f"/kursus/{hidden.slug}" not in page.links.values()


def test_who_left_a_restricted_course_as_staff_is_led_back_to_it(app: Flask) -> None:
    restricted = make.course(visibility=Visibility.RESTRICTED)
    enrollment = make.enrollment(make.user(Role.TRAINER), restricted, EnrollmentStatus.DROPPED)
    page = signed_in(app, enrollment.user).opens(f"/kursus/{restricted.slug}")
    assert page.status == 200
    assert signed_in(app, enrollment.user).opens(f"/belajar/{restricted.slug}/mengapa").follows("Ikuti Lagi").path == (
        f"/kursus/{restricted.slug}"
    )


def test_a_completed_learner_rereads_and_nothing_is_recorded(app: Flask, course: Course) -> None:
    enrollment = make.enrollment(into=course, status=EnrollmentStatus.COMPLETED, progress_percentage=Decimal(100))
    page = signed_in(app, enrollment.user).opens(address(course))
    assert page.sees("Anda sudah menyelesaikan kursus ini.")
    assert not page.sees("Tandai Selesai")
    page.client.post(f"{address(course)}/selesai", data={"csrf_token": token(page)})
    assert db.session.query(LessonProgress).count() == 0


@pytest.mark.parametrize(
    "tail", ["", "/mengapa", "/999999", "/999999/selesai", "/999999/progres", "/999999999999999999999999"]
)
def test_unknown_courses_and_lessons_are_not_found(app: Flask, course: Course, learner: User, tail: str) -> None:
    page = signed_in(app, learner)
    slug = course.slug if tail.startswith("/9") else "tidak-ada"
    send = page.client.post if tail.endswith(("selesai", "progres")) else page.client.get
    assert send(f"/belajar/{slug}{tail}", data={"csrf_token": token(page)}).status_code == 404


def test_who_ticks_a_lesson_that_was_deleted_meanwhile_reads_so_and_goes_on(
    app: Flask, course: Course, learner: User
) -> None:
    page, gone = signed_in(app, learner).opens(address(course)), make.lessons_of(course)[0]
    with transaction():
        gone.deleted_at = now()
    page.submits("Tandai Selesai & Lanjut")
    assert page.sees("Materi ini sudah tidak ada di kursus ini.")
    assert page.path == address(course)
    assert db.session.query(LessonProgress).filter_by(lesson_id=gone.id).one_or_none() is None
    stranger = signed_in(app, make.user()).opens(f"/kursus/{course.slug}")
    tick = f"/belajar/{course.slug}/{gone.id}/selesai"
    assert stranger.client.post(tick, data={"csrf_token": token(stranger)}).status_code == 404


def test_a_lesson_of_another_course_is_not_found_here(app: Flask, course: Course, learner: User) -> None:
    foreign = make.lessons_of(make.course())[0].id
    page = signed_in(app, learner)
    assert page.client.get(f"/belajar/{course.slug}/{foreign}").status_code == 404
    assert (
        page.client.post(f"/belajar/{course.slug}/{foreign}/selesai", data={"csrf_token": token(page)}).status_code
        == 404
    )


def test_looking_at_a_lesson_writes_nothing(app: Flask, course: Course, learner: User) -> None:
    signed_in(app, learner).opens(address(course))
    enrollment = db.session.query(Enrollment).one()
    assert (enrollment.last_lesson_id, enrollment.started_at) == (None, None)
    assert db.session.query(LessonProgress).count() == 0


def test_the_reasons_stand_as_a_tree_with_a_way_to_each(app: Flask, course: Course, learner: User) -> None:
    page = signed_in(app, learner).opens(address(course)).submits("Tandai Selesai & Lanjut")
    page.opens("/belajar/dasar-k3/mengapa")
    for words in (
        "Mengapa belum selesai?",
        "Semua materi wajib selesai",
        "Bab 1: Bab 1",
        "1 dari 3",
        "Lanjutkan Belajar",
        "33,3%",
    ):
        assert page.sees(words), words
    assert page.sees("kira-kira 20 menit lagi")
    assert page.links["Buka"] == address(course, 2)


class TestReports:
    """What JavaScript sends while a lesson is open."""

    def send(self, app: Flask, course: Course, user: User, **given: object) -> object:
        page = signed_in(app, user).opens(address(course))
        return page.client.post(
            f"{address(course)}/progres", headers={"X-CSRFToken": token(page), "Accept": "application/json"}, **given
        )

    def test_a_report_is_answered_in_json(self, app: Flask, course: Course, learner: User) -> None:
        response = self.send(app, course, learner, json={"seconds": 30})
        assert response.json == {"done": False, "time_spent_seconds": 30}  # type: ignore[attr-defined]
        enrollment = db.session.query(Enrollment).one()
        row = progress_in(enrollment.id, make.lessons_of(course)[0].id)
        assert row is not None
        assert row.time_spent_seconds == 30
        assert enrollment.last_lesson_id == row.lesson_id

    def test_a_form_is_led_back_to_the_lesson(self, app: Flask, course: Course, learner: User) -> None:
        page = signed_in(app, learner).opens(address(course))
        response = page.client.post(f"{address(course)}/progres", data={"seconds": "5", "csrf_token": token(page)})
        assert (response.status_code, response.location) == (303, address(course))

    def test_a_form_with_what_cannot_be_is_told_so_at_the_lesson(
        self, app: Flask, course: Course, learner: User
    ) -> None:
        page = signed_in(app, learner).opens(address(course))
        sent = {"seconds": "lama", "csrf_token": token(page)}
        response = page.client.post(f"{address(course)}/progres", data=sent)
        assert (response.status_code, response.location) == (303, address(course))
        assert page.opens(address(course)).sees("Isi dengan bilangan bulat. Contoh: 30")
        assert db.session.query(LessonProgress).count() == 0

    @pytest.mark.parametrize("body", [[1], "x", 3])
    def test_json_that_is_no_object_is_a_bad_request(
        self, app: Flask, course: Course, learner: User, body: object
    ) -> None:
        assert self.send(app, course, learner, json=body).status_code == 400  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        "body", [{"page": {}}, {"page": 0}, {"seconds": -1}, {"position": "x"}, {"page": "9" * 5000}]
    )
    def test_values_that_cannot_be_are_refused(
        self, app: Flask, course: Course, learner: User, body: dict[str, object]
    ) -> None:
        assert self.send(app, course, learner, json=body).status_code == 422  # type: ignore[attr-defined]

    def test_huge_numbers_are_capped(self, app: Flask, course: Course, learner: User) -> None:
        huge = {"page": 10**18, "position": 10**18, "seconds": 10**18}
        response = self.send(app, course, learner, json=huge)
        assert response.json == {"done": False, "time_spent_seconds": 60}  # type: ignore[attr-defined]

    def test_a_stranger_reports_nothing(self, app: Flask, course: Course, learner: User) -> None:
        stranger = make.user()
        page = signed_in(app, stranger).opens("/akun")
        sent = page.client.post(f"{address(course)}/progres", data={"seconds": "5", "csrf_token": token(page)})
        assert sent.status_code == 404


def token(page: Person) -> str:
    """A CSRF token of the page's session."""
    page.opens("/akun") if not page._page.forms else None
    return next(form.fields["csrf_token"] for form in page._page.forms if "csrf_token" in form.fields)
