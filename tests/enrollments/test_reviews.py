"""Reviews: who writes them, who takes them away, and what the course row says of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.actions import anonymize
from app.accounts.models import Role, User
from app.core.db import db
from app.courses.models import Course, Visibility
from app.enrollments import actions
from app.enrollments.events import ReviewAdded, ReviewRemoved, ReviewUpdated
from app.enrollments.models import EnrollmentStatus, Review
from app.notifications import kinds
from app.notifications.models import Notification
from tests import make
from tests.facts import assert_stated, captured
from tests.pages import Person
from tests.progress.test_races import at_once
from tests.statements import statements

Drain = Callable[[], int]


def stars(course: Course) -> tuple[int, int]:
    """As the course row has them: how many reviews, with how many stars together."""
    db.session.rollback()
    row = db.session.get_one(Course, course.id)
    return row.rating_count, row.rating_sum


def told(user: User) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Notification.type).where(Notification.user_id == user.id)))


@pytest.mark.parametrize("status", [EnrollmentStatus.ACTIVE, EnrollmentStatus.COMPLETED])
def test_a_learner_reviews_a_course_once_and_may_change_it(app: Flask, status: EnrollmentStatus) -> None:
    enrollment = make.enrollment(status=status)
    learner, course = enrollment.user, enrollment.course
    first = actions.write_review(course, 5, "Bagus", actor=learner)
    assert_stated(ReviewAdded, course_id=course.id, rating=5)
    assert stars(course) == (1, 5)
    again = actions.write_review(course, 2, "Ternyata tidak", actor=learner)
    assert_stated(ReviewUpdated, rating=2)
    assert (again.id, again.text, stars(course)) == (first.id, "Ternyata tidak", (1, 2))
    with captured() as facts:
        actions.write_review(course, 2, "Ternyata tidak", actor=learner)
    assert facts == []


@pytest.mark.parametrize("role", [Role.LEARNER, Role.TRAINER, Role.LMS_ADMIN])
def test_who_is_not_in_the_course_cannot_review_it(app: Flask, role: Role) -> None:
    course = make.course()
    dropped = make.enrollment(into=course, status=EnrollmentStatus.DROPPED).user
    for user in (make.user(role), dropped, course.owner):
        with pytest.raises(actions.NotALearner):
            actions.write_review(course, 5, "", actor=user)
    assert stars(course) == (0, 0)


def test_a_review_is_taken_back_once(app: Flask, drain: Drain) -> None:
    review = make.review(rating=3)
    learner, course = review.user, db.session.get_one(Course, review.course_id)
    make.review(of=course, rating=5)
    actions.remove_review(review, actor=learner)
    assert stars(course) == (1, 5)
    assert_stated(ReviewRemoved, reason=None)
    drain()
    assert told(learner) == []
    actions.write_review(course, 1, "", actor=learner)
    assert stars(course) == (2, 6)


def test_an_admin_removes_a_review_for_a_reason_that_its_author_reads(app: Flask, drain: Drain) -> None:
    review, admin = make.review(), make.admin()
    learner, course = review.user, db.session.get_one(Course, review.course_id)
    with pytest.raises(actions.WithoutReason) as refusal:
        actions.remove_review(review, " "[:0], actor=admin)
    assert refusal.value.field == "reason"
    actions.remove_review(review, "Memuat nomor telepon orang lain", actor=admin)
    assert stars(course) == (0, 0)
    drain()
    assert told(learner) == [kinds.REVIEW_REMOVED]


def test_two_who_remove_one_review_at_once_remove_it_once(app: Flask) -> None:
    review, admin = make.review(rating=5), make.admin()
    review_id, admin_id, course = review.id, admin.id, db.session.get_one(Course, review.course_id)
    db.session.rollback()

    def remove() -> None:
        found = db.session.get(Review, review_id)
        if found is not None:
            actions.remove_review(found, "Kasar", actor=db.session.get_one(User, admin_id))

    assert at_once(app, 6, remove) == []
    assert_stated(ReviewRemoved, 1)
    assert stars(course) == (0, 0)


def test_many_reviews_at_once_are_all_counted(app: Flask) -> None:
    course = make.course()
    learners = [make.enrollment(into=course).user_id for _ in range(12)]
    waiting, chance, guard = list(learners), Random(4), threading.Lock()
    course_id = course.id
    db.session.rollback()

    def say() -> None:
        with guard:
            learner_id, wishes = waiting.pop(), [chance.randint(1, 5) for _ in range(3)]
        for wish in wishes:
            actions.write_review(
                db.session.get_one(Course, course_id), wish, "", actor=db.session.get_one(User, learner_id)
            )

    assert at_once(app, 12, say) == []
    count, total = db.session.execute(select(func.count(), func.sum(Review.rating))).one()
    assert count == 12
    assert stars(course) == (count, total)


def test_one_who_reviews_twice_at_once_has_one_review(app: Flask) -> None:
    enrollment = make.enrollment()
    course_id, learner_id, course = enrollment.course_id, enrollment.user_id, enrollment.course
    db.session.rollback()

    def say() -> None:
        actions.write_review(db.session.get_one(Course, course_id), 4, "", actor=db.session.get_one(User, learner_id))

    assert at_once(app, 8, say) == []
    assert_stated(ReviewAdded, 1)
    assert stars(course) == (1, 4)


def test_counting_twice_changes_nothing(app: Flask) -> None:
    review = make.review(rating=2)
    actions.recount_reviews(review.course_id)
    actions.recount_reviews(review.course_id)
    assert stars(db.session.get_one(Course, review.course_id)) == (1, 2)


def test_the_stars_of_who_was_made_anonymous_still_count(app: Flask) -> None:
    review = make.review(rating=2, text="Saya Budi, 0812 3456")
    anonymize(review.user, actor=make.admin())
    db.session.rollback()
    assert db.session.get_one(Review, review.id).text == ""
    assert stars(db.session.get_one(Course, review.course_id)) == (1, 2)


def test_a_learner_reviews_on_the_page_of_the_course(app: Flask) -> None:
    enrollment = make.enrollment()
    path = f"/kursus/{enrollment.course.slug}"
    person = Person(app).logs_in(str(enrollment.user.email))
    person.opens(path).submits("Simpan", rating="4", text="Contohnya\r\ndekat dengan pekerjaan saya.")
    assert person.path == path
    assert person.sees("Ulasan Anda tersimpan")
    assert person.sees("4 dari 5 bintang")
    assert "Contohnya\ndekat dengan" in person.response.text
    assert person.opens("/kursus").sees("(1 ulasan)")
    person.opens(path).submits("Simpan", rating="2")
    assert person.sees("2 dari 5 bintang")
    person.submits("Hapus")
    assert person.sees("Ulasan dihapus")
    assert stars(enrollment.course) == (0, 0)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"text": "Tanpa bintang"}, "Pilih satu sampai lima bintang."),
        ({"rating": "6"}, "Pilih salah satu yang tersedia."),
        ({"rating": "0"}, "Pilih salah satu yang tersedia."),
        ({"rating": "lima"}, "Pilih salah satu yang tersedia."),
        ({"rating": "5", "text": "x" * 1001}, "Paling banyak 1000 karakter."),
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(app: Flask, sent: dict[str, str], words: str) -> None:
    enrollment = make.enrollment()
    person = Person(app).logs_in(str(enrollment.user.email)).opens(f"/kursus/{enrollment.course.slug}")
    person.submits("Simpan", **sent)
    assert person.status == 422
    assert person.sees(words)
    assert person.forms[-1].fields["text"].strip() == "" or sent["text"] in person.response.text
    assert stars(enrollment.course) == (0, 0)


def test_strangers_read_reviews_but_not_full_names(app: Flask) -> None:
    course = make.course()
    for name in ("Siti Nur Aisyah", "Budi"):
        make.review(make.enrollment(make.user(name=name), course).user, course)
    guest = Person(app).opens(f"/kursus/{course.slug}")
    assert guest.sees("Siti A.")
    assert guest.sees("Budi")
    assert not guest.sees("Aisyah")
    assert "Tulis ulasan" not in guest.text
    member = Person(app).logs_in(str(make.user().email)).opens(f"/kursus/{course.slug}")
    assert member.sees("Siti A.")
    assert not member.sees("Aisyah")
    assert "Hapus" not in member.text
    assert Person(app).logs_in(str(make.admin().email)).opens(f"/kursus/{course.slug}").sees("Siti Nur Aisyah")


def test_all_reviews_stand_on_pages_the_own_first(app: Flask) -> None:
    course = make.course()
    own = make.review(make.enrollment(make.user(name="Saya Sendiri"), course).user, course)
    for number in range(21):
        make.review(make.enrollment(make.user(name=f"Peserta-{number}"), course).user, course)
    person = Person(app).logs_in(str(own.user.email)).opens(f"/kursus/{course.slug}")
    text = person.text
    assert text.index("Saya Sendiri") < text.index("Peserta-20") < text.index("Peserta-19")
    assert not person.sees("Peserta-18")
    person.follows("Semua ulasan")
    assert person.sees("Peserta-2")
    assert not person.sees("Peserta-1 ")
    assert person.opens(f"/kursus/{course.slug}/ulasan?halaman=2").sees("Peserta-1")
    assert person.opens(f"/kursus/{course.slug}/ulasan?halaman=99").sees("Peserta-1")


def test_reviews_of_a_course_that_is_not_shown_are_not_there(app: Flask) -> None:
    course = make.course(visibility=Visibility.RESTRICTED)
    review = make.review(of=course)
    person = Person(app).logs_in(str(make.user().email)).opens(f"/kursus/{course.slug}/ulasan")
    assert person.status == 404
    other = make.course()
    admin = Person(app).logs_in(str(make.admin().email)).opens("/kursus")
    sent = {"csrf_token": admin.forms[0].fields.get("csrf_token", ""), "reason": "x"}
    assert admin.client.post(f"/kursus/{other.slug}/ulasan/{review.id}/hapus", data=sent).status_code == 404


def test_an_admin_must_say_why_on_the_page_too(app: Flask) -> None:
    review = make.review(text="Kasar sekali")
    course = db.session.get_one(Course, review.course_id)
    admin = Person(app).logs_in(str(make.admin().email)).opens(f"/kursus/{course.slug}")
    admin.submits("Hapus", reason="")
    assert admin.sees("Tulis alasannya")
    admin.opens(f"/kursus/{course.slug}").submits("Hapus", reason="Menyebut nama orang")
    assert admin.sees("Ulasan dihapus")
    assert not admin.sees("Kasar sekali")


def test_the_page_of_a_course_costs_the_same_however_many_reviews(app: Flask) -> None:
    course = make.course()
    slug, person = course.slug, Person(app).logs_in(str(make.enrollment(into=course).user.email))
    counts = []
    for _ in range(2):
        for _ in range(4):
            make.review(of=course)
        for path in (f"/kursus/{slug}", f"/kursus/{slug}/ulasan"):
            person.opens(path)
            with statements() as seen:
                person.client.get(path)
            counts.append(len(seen))
    assert counts[:2] == counts[2:], counts
    assert max(counts) <= 8, counts
