"""Makes the demo school through the same actions that the pages use, so that every fact in the log is true."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any

from flask import Flask, current_app
from sqlalchemy import exists, func, or_, select, update

from app.accounts import actions as accounts
from app.accounts.models import Role, User
from app.accounts.passwords import hash_password
from app.accounts.queries import user_by_login
from app.core import clock
from app.core.db import db, transaction
from app.core.errors import Refused
from app.core.settings import Setting, change_institution
from app.courses import actions as courses
from app.courses.models import Category, Course, Section
from app.courses.queries import outline
from app.demo import content, exams, history, paper
from app.enrollments import actions as enrollments
from app.enrollments.models import Enrollment
from app.enrollments.queries import enrollment_of
from app.events.models import StoredEvent
from app.events.registry import RECEIVERS
from app.events.relay import tick
from app.events.worker import run
from app.progress import actions as progress
from app.progress.recording import LONGEST_STEP, Report

PASSWORD = "tuntas-demo"  # noqa: S105 - printed at every start, refused in production
MARK = "demo"
PAPERS = "certificates_render_certificate"
QUEUE_PAUSE = timedelta(seconds=20)
"""How long after an act its queued reactions are played: as if the worker had been busy for a moment."""
SITTING = {"begin": exams.begin, "hand_in": exams.hand_in, "grade": exams.grade}
AGE = timedelta(days=history.DAYS + 10)
"""How long ago the first course was made."""
NEWCOMERS_SINCE = timedelta(days=2)


class NotInProduction(RuntimeError):
    """The demo accounts have a password that everybody knows."""


class RealSchool(RuntimeError):
    """The database has an admin who is none of the demo school's: it is somebody's own."""


def is_seeded() -> bool:
    """Whether the demo school is here as a whole."""
    return db.session.get(Setting, MARK) is not None


def seed(app: Flask, say: Callable[[str], None]) -> None:
    """Makes the demo school in the app's database; what an interrupted run has left is completed.

    Raises NotInProduction, and RealSchool.
    """
    if app.config["PROFILE"] == "production":
        raise NotInProduction
    with app.app_context():
        if is_seeded():
            return
        if _has_own_admin():
            raise RealSchool
        say("Menyiapkan sekolah contoh …")
        present = clock.now()
        with clock.at(present - AGE):
            people = _people()
            made = _courses(people)
        say(f"{len(made)} kursus dibuat. Memutar riwayat {history.DAYS} hari …")
        _play(people, made)
        with transaction() as session:
            session.add(Setting(key=MARK, value=present.isoformat()))
        say("Sekolah contoh siap.")


def _has_own_admin() -> bool:
    known = [each["email"] for each in content.staff()]
    somebody = exists().where(User.role == Role.LMS_ADMIN, or_(User.email.is_(None), User.email.not_in(known)))
    return bool(db.session.scalar(select(somebody)))


def drain(*, audit: bool = True) -> None:
    """Plays the reactions to what was stated so far.

    The audit log can wait for the end of the day. The papers are left to the worker, or to whoever downloads one.
    """
    wanted = {each.name for each in RECEIVERS.values() if (audit or not each.batch) and each.name != PAPERS}
    with clock.at(clock.now() + QUEUE_PAUSE):
        while rings := tick(200, only=wanted):
            run(rings)


def _people() -> dict[Any, User]:
    """The four accounts by their key, the learners by their place, the visitor also as −1."""
    change_institution(**content.institution())
    password_hash = hash_password(PASSWORD)
    people: dict[Any, User] = {}
    for each in content.staff():
        people[each["key"]] = _person(each["name"], each["email"], None, Role(each["role"]), password_hash)
    for place, learner in enumerate(content.learners()):
        zone = learner.get("timezone", "Asia/Jakarta")
        people[place] = _person(
            learner["name"], learner.get("email"), learner["username"], Role.LEARNER, password_hash, zone
        )
    people[-1] = people["peserta"]
    return people


def _person(
    name: str, email: str | None, username: str | None, role: Role, password_hash: str, zone: str = "Asia/Jakarta"
) -> User:
    found = user_by_login(email or username or "")
    return found or accounts.create_user(
        name=name, email=email, username=username, role=role, password_hash=password_hash, timezone=zone
    )


def _courses(people: dict[Any, User]) -> list[Course]:
    categories: dict[str, Category] = {}
    for each in content.categories():
        categories[each["slug"]] = _category(each, categories, people["admin"])
    made = []
    for place, each in enumerate(content.courses()):
        with clock.at(clock.now() + timedelta(hours=place)):
            found = db.session.query(Course).filter_by(title=each["title"]).one_or_none()
            made.append(found or _course(each, people, categories[each["category"]].id))
            drain()
    return made


def _category(source: dict[str, str], before: dict[str, Category], admin: User) -> Category:
    found = db.session.query(Category).filter_by(slug=source["slug"]).one_or_none()
    parent = before.get(source.get("parent", ""))
    return found or courses.add_category(
        source["name"],
        slug=source["slug"],
        parent_id=parent.id if parent else None,
        description=source["description"],
        actor=admin,
    )


def _course(source: dict[str, Any], people: dict[Any, User], category_id: int) -> Course:
    owner = people[source["owner"]]
    prepared = [
        (section["title"], [_lesson(source, settings, owner) for settings in section["lessons"]])
        for section in source["sections"]
    ]
    names = ("short_description", "description", "objectives", "prerequisites", "difficulty", "progress_mode")
    with transaction():
        course = courses.create_course(
            source["title"],
            actor=owner,
            category_id=category_id,
            **{name: source[name] for name in names if name in source},
        )
        for title, lessons in prepared:
            section: Section = courses.add_section(course, title, actor=owner)
            for lesson in lessons:
                courses.add_lesson(section, actor=owner, **lesson)
        courses.set_tags(course, source["tags"], actor=owner)
        courses.publish(course, actor=people["admin"])
        if source["folder"] in content.assessments():
            exam = content.assessments()[source["folder"]]
            exams.make(course, exam, today=clock.now() + AGE, author=owner, admin=people["admin"])
    return course


def _lesson(source: dict[str, Any], settings: dict[str, Any], owner: User) -> dict[str, Any]:
    """The arguments of `add_lesson`; a document is drawn and stored, outside of any transaction."""
    found = content.lesson(source, settings)
    arguments: dict[str, Any] = {
        "title": settings["title"],
        "kind": settings["kind"],
        "minutes": settings["minutes"],
        "is_free_preview": settings.get("is_free_preview", False),
        "is_required": settings.get("is_required", True),
        "body": found.text if settings["kind"] == "text" else settings.get("note", ""),
    }
    if settings["kind"] == "youtube":
        arguments["data"] = {"video_id": settings["video"]}
    if settings["kind"] == "document":
        drawn = paper.draw(settings["title"], content.institution()["name"], found.text)
        arguments["media"] = courses.store_file(
            BytesIO(drawn), "document", name=f"{settings['title']}.pdf", owner=owner
        )
    return arguments


def _play(people: dict[Any, User], made: list[Course]) -> None:
    lessons = [outline(course).lessons for course in made]
    counts = [len(each) for each in lessons]
    titles = [course["folder"] for course in content.courses()]
    finished, begun = titles.index("layanan-prima"), titles.index("keselamatan-kerja-dasar")
    acts = history.plan(len(content.learners()), counts, clock.now())
    acts += history.of_the_visitor(clock.now(), finished, begun, counts)
    acts = sorted([*acts, *history.sittings(acts, [finished, begun], finished, clock.now())])
    arrival = clock.now() - NEWCOMERS_SINCE
    _perform([act for act in acts if act.moment < arrival], people, made, lessons)
    with clock.at(arrival):
        _welcome_newcomers(people["admin"])
    _perform([act for act in acts if act.moment >= arrival], people, made, lessons)
    drain()
    _note_last_seen()


def _perform(acts: list[history.Act], people: dict[Any, User], made: list[Course], lessons: Sequence[Any]) -> None:
    day = None
    for act in acts:
        with clock.at(act.moment):
            _do(act, people[act.learner], made[act.course], lessons[act.course])
            drain(audit=act.moment.date() != day)
        day = act.moment.date()


def _note_last_seen() -> None:
    """People were seen when they did something last; who did nothing never was here."""
    last = select(func.max(StoredEvent.occurred_at)).where(StoredEvent.actor_id == User.id).scalar_subquery()
    with transaction() as session:
        seen = update(User).where(User.last_seen_at.is_(None)).values(last_seen_at=last)
        session.execute(seen, execution_options={"synchronize_session": False})


def _welcome_newcomers(admin: User) -> None:
    for each in content.newcomers():
        if user_by_login(each["username"]) is None:
            accounts.add_person(
                **{"timezone": "Asia/Jakarta", **each}, email=None, role=Role.LEARNER, locale="id", actor=admin
            )


def _do(act: history.Act, learner: User, course: Course, lessons: Any) -> None:
    """Plays one act. One that was played before an interruption is refused, and that is fine."""
    try:
        if act.verb in SITTING:
            SITTING[act.verb](course, learner)
            return
        if act.verb == "enroll":
            enrollments.enroll(course, actor=learner)
            return
        enrollment: Enrollment | None = enrollment_of(learner.id, course.id)
        if enrollment is None:
            return
        if act.verb == "open":
            progress.record_progress(enrollment, lessons[act.lesson], Report(), actor=learner)
        elif act.verb == "complete":
            # As the page reports it: the time since it was opened, which is the most that it may claim.
            progress.record_progress(enrollment, lessons[act.lesson], Report(seconds=LONGEST_STEP), actor=learner)
            progress.complete_lesson(enrollment, lessons[act.lesson], actor=learner)
            _review(course, learner)
        else:
            enrollments.drop(enrollment, "Belum sempat melanjutkan", actor=learner)
    except Refused as refusal:
        current_app.logger.debug("%s: %s", act, refusal)


def _review(course: Course, learner: User) -> None:
    """Who has finished the course says what it was like, as long as there is something left to say of it."""
    enrollment = enrollment_of(learner.id, course.id)
    said = [each for each in content.reviews() if each["course"] == course.title][course.rating_count :]
    if said and enrollment is not None and enrollment.is_completed:
        enrollments.write_review(course, said[0]["rating"], said[0].get("text", ""), actor=learner)
