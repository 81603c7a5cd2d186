"""Rows with defaults, really committed. No action runs and no fact is stated: a test that is about one calls it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import count
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.accounts.models import Role, User
from app.accounts.passwords import hash_password
from app.assessments.models import (
    Assessment,
    AssessmentStatus,
    Item,
    Option,
    Question,
    QuestionVersion,
)
from app.assessments.questions.content import Choice, Content
from app.core import storage
from app.core.clock import now
from app.core.db import db, transaction
from app.courses.models import Category, Course, CourseStatus, Lesson, Media, Section
from app.courses.search import index_course
from app.enrollments.models import Enrollment, EnrollmentStatus, Review
from tests.pages import PASSWORD

_numbers = count(1)


def user(role: Role = Role.LEARNER, *, password: str = PASSWORD, **fields: Any) -> User:
    """An active person with an email; `password` is what signs it in."""
    number = next(_numbers)
    values = {"name": f"Orang {number}", "email": f"orang{number}@contoh.test", "role": role, **fields}
    values.setdefault("email_verified_at", now() if values["email"] else None)
    return kept(User(password_hash=_hashed(password), **values))


def admin(**fields: Any) -> User:
    return user(Role.LMS_ADMIN, **fields)


def category(**fields: Any) -> Category:
    number = next(_numbers)
    return kept(Category(**{"slug": f"kategori-{number}", "name": f"Kategori {number}", **fields}))


def course(*, lessons: int = 3, published: bool = True, owner: User | None = None, **fields: Any) -> Course:
    """A public course with one section of text lessons of 10 minutes each, which the search finds."""
    number = next(_numbers)
    owner = owner or user(Role.CONTENT_MANAGER)
    status = CourseStatus.PUBLISHED if published else CourseStatus.DRAFT
    values: dict[str, Any] = {"title": f"Kursus {number}", "slug": f"kursus-{number}", "status": status, **fields}
    if values["status"] == CourseStatus.PUBLISHED:
        values.setdefault("published_at", now())
    made = kept(Course(owner_id=owner.id, **values))
    if lessons:
        parent = section(made)
        for place in range(1, lessons + 1):
            lesson(parent, title=f"Materi {place}", position=place)
    with transaction():
        index_course(made.id)
    return made


def section(course: Course, **fields: Any) -> Section:
    """A section behind the others."""
    place = len(course.sections) + 1
    return kept(Section(course_id=course.id, **{"title": f"Bab {place}", "position": place, **fields}))


def lesson(parent: Section | Course, **fields: Any) -> Lesson:
    """A text lesson of 10 minutes; in a course: in its first section, which is made when there is none."""
    home = parent if isinstance(parent, Section) else (parent.sections or [section(parent)])[0]
    number = next(_numbers)
    values = {"title": f"Materi {number}", "kind": "text", "body": "Isi materi.", "minutes": 10, "position": number}
    return kept(Lesson(section_id=home.id, **{**values, **fields}))


def media(owner: User | None = None, content: bytes = b"%PDF-1.7 isi", **fields: Any) -> Media:
    """A stored file, by default a PDF."""
    number = next(_numbers)
    name = storage.new_name("media", ".pdf")
    storage.save(name, content)
    values = {"public_id": f"berkas-{number}", "original_name": f"Berkas {number}.pdf", "mime": "application/pdf"}
    owner = owner or user(Role.CONTENT_MANAGER)
    return kept(Media(owner_id=owner.id, stored_name=name, **{"size": len(content), **values, **fields}))


def enrollment(
    learner: User | None = None,
    into: Course | None = None,
    status: EnrollmentStatus = EnrollmentStatus.ACTIVE,
    **fields: Any,
) -> Enrollment:
    """Somebody in a course, counted on the course row."""
    learner, into = learner or user(), into or course()
    moments = {EnrollmentStatus.COMPLETED: "completed_at", EnrollmentStatus.DROPPED: "dropped_at"}
    if status in moments:
        fields.setdefault(moments[status], now())
    counted = db.session.get_one(Course, into.id)
    with transaction():
        counted.active_enrollments_count += status == EnrollmentStatus.ACTIVE
        counted.completed_enrollments_count += status == EnrollmentStatus.COMPLETED
    return kept(Enrollment(user_id=learner.id, course_id=into.id, status=status, **fields))


def review(learner: User | None = None, of: Course | None = None, **fields: Any) -> Review:
    """What somebody in a course says of it, counted on the course row; by default four stars."""
    of = of or course()
    learner = learner or enrollment(into=of).user
    made = kept(Review(user_id=learner.id, course_id=of.id, **{"rating": 4, "text": "Jelas dan runtut.", **fields}))
    counted = db.session.get_one(Course, of.id)
    with transaction():
        counted.rating_count += 1
        counted.rating_sum += made.rating
    return made


def lessons_of(course: Course) -> list[Lesson]:
    """The living lessons of a course in their order."""
    living = select(Lesson).join(Lesson.section).where(Section.course_id == course.id, Lesson.deleted_at.is_(None))
    return list(db.session.scalars(living.order_by(Section.position, Lesson.position)))


def kept(row: Any) -> Any:
    with transaction() as session:
        session.add(row)
        session.flush()
        session.refresh(row)
    return row


def _hashed(password: str) -> str:
    """Each password once an app: hashing is slow even when it is cheap."""
    known = current_app.extensions.setdefault("tests.passwords", {})
    if password not in known:
        known[password] = hash_password(password)
    return str(known[password])


def question(into: Course, kind: str = "multiple_choice", content: Content | None = None, **fields: Any) -> Question:
    """A question in the bank of a course; the key of a `TYPICAL` one is known."""
    asked = content or TYPICAL[kind]
    made = kept(Question(course_id=into.id, type=kind, **fields))
    options = [
        Option(position=place, text=each.text, is_key=each.is_key, partner=each.partner)
        for place, each in enumerate(asked.options, start=1)
    ]
    said = {"text": asked.text, "points": asked.points, "data": asked.data, "feedback": asked.feedback}
    kept(QuestionVersion(question_id=made.id, type=kind, options=options, **said))
    return made


def assessment(into: Course | None = None, *, kinds: Sequence[str] = ("multiple_choice",), **fields: Any) -> Assessment:
    """A published required assessment with a `TYPICAL` question of each of these types."""
    number, home = next(_numbers), into or course()
    values = {"title": f"Asesmen {number}", "status": AssessmentStatus.PUBLISHED, "published_at": now(), **fields}
    made = kept(Assessment(course_id=home.id, owner_id=home.owner_id, **values))
    for place, kind in enumerate(kinds, start=1):
        kept(Item(assessment_id=made.id, position=place, question_id=question(home, kind).id))
    return made


TYPICAL: dict[str, Content] = {
    "multiple_choice": Content(
        "Apa kepanjangan APD?",
        points=Decimal(2),
        options=(Choice("Alat pelindung diri", is_key=True), Choice("Alat pemadam darurat"), Choice("Arus pendek")),
    ),
    "true_false": Content("Helm termasuk APD.", data={"key": True}),
    "short_answer": Content("Ibu kota Indonesia?", options=(Choice("Jakarta", is_key=True),)),
    "matching": Content(
        "Pasangkan.", points=Decimal(2), options=(Choice("Api", partner="APAR"), Choice("Luka", partner="P3K"))
    ),
    "numeric": Content("Berapa liter?", data={"value": "87.5", "tolerance": "0.5", "unit": "liter"}),
    "essay": Content("Jelaskan hierarki pengendalian.", points=Decimal(5)),
    "file_upload": Content("Unggah foto area kerja Anda.", points=Decimal(5)),
}
"""A question of each type."""
