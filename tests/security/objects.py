"""The objects of the world: for what a route takes, one of every kind, and one that never was."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import func, select

from app.accounts.actions import anonymize, upload_people
from app.accounts.actions.importing import KIND
from app.accounts.models import AccountRequest, Purpose, User, UserSession
from app.certificates.actions import issue
from app.core import storage
from app.core.assets import _bundle
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import uuid7
from app.core.settings import change_institution
from app.courses.actions import set_tags, start_upload
from app.courses.actions.packages import KIND as PACKAGE_KIND
from app.courses.models import Course, CourseImport, CourseStatus, EditDraft, ImportedLesson, Tag, Visibility
from app.enrollments.models import EnrollmentStatus
from app.events.models import Task, TaskState, WorkerBeat
from app.notifications.models import Notification, OutgoingMail
from tests import make
from tests.admin.conftest import MAIL, given_up
from tests.facts import drain_all
from tests.security.exams import examine
from tests.security.world import World, sign_in

Places = dict[str, dict[str, Any]]

NEVER = {
    "slug": "tidak-pernah-ada",
    "lesson_id": 999_999,
    "section_id": 999_999,
    "code": "0000-0000-0000-0000-0000",
    "id": 999_999,
}


def furnish(world: World) -> None:
    """Courses, files, certificates, notifications, mails and facts; `world.places` names them."""
    courses = _courses(world)
    _enrol(world, courses)
    slugs = {name: {"slug": each.slug} for name, each in courses.items()}
    _note_places(world, "slug", {**slugs, "unknown": {"slug": NEVER["slug"]}})
    _lessons(world, courses)
    _sections(world, courses)
    _reviews(world, courses)
    _topics(world, courses)
    _files(world, courses, examine(world, courses, _note_places))
    _packages(world, courses["draft"])
    _certificates(world, courses["public"])
    _told(world)
    _panel(world)
    _people(world)
    _sessions(world)
    _institution(world)
    _unlinked(world)
    drain_all()
    world.app.config["MAIL_SERVER"] = "127.0.0.1"  # letters are read, says the app from here on; none leaves the queue
    world.keep()


def _note_places(world: World, takes: str, places: Places) -> None:
    names = takes.split()
    for values in places.values():
        assert set(values) == set(names), values
    world.places[frozenset(names)] = places


def _courses(world: World) -> dict[str, Course]:
    """By what they are to those who are not in them. `enrolled` is in the first two; all are the owner's."""
    owner, category = world.people["owner"], make.category()
    lists: dict[str, Any] = {"objectives": ["Mengenal", "Mencoba"], "prerequisites": ["Minat"]}
    return {
        "public": make.course(owner=owner, slug="terbuka", title="Kursus terbuka", category_id=category.id, **lists),
        "restricted": make.course(owner=owner, slug="terbatas", visibility=Visibility.RESTRICTED),
        "hidden": make.course(owner=owner, slug="tersembunyi", visibility=Visibility.HIDDEN),
        "draft": make.course(owner=owner, slug="draf", published=False),
        "archived": make.course(owner=owner, slug="arsip", status=CourseStatus.ARCHIVED),
    }


def _enrol(world: World, courses: dict[str, Course]) -> None:
    for name in ("public", "restricted"):
        make.enrollment(world.people["enrolled"], courses[name])
        make.enrollment(world.people["dropped"], courses[name], EnrollmentStatus.DROPPED)
    make.enrollment(world.people["other"], make.course(slug="lain", title="Kursus lain"))


def _lessons(world: World, courses: dict[str, Course]) -> None:
    places = {}
    for name, course in courses.items():
        places[name] = {"slug": course.slug, "lesson_id": make.lessons_of(course)[1].id}
    slug = courses["public"].slug
    deleted = make.lesson(courses["public"], title="Dibuang", deleted_at=now())
    preview = make.lesson(courses["public"], title="Pratinjau", is_free_preview=True)
    video = make.lesson(courses["public"], title="Tonton", kind="youtube", data={"video_id": "abcdefghijk"})
    paper = make.lesson(courses["public"], title="Lembar", kind="document", media_id=make.media().id)
    places |= {"video": {"slug": slug, "lesson_id": video.id}, "document": {"slug": slug, "lesson_id": paper.id}}
    for name, fields in _played(world.people["owner"]).items():
        lesson = make.lesson(courses["public"], title=name.capitalize(), **fields)
        places[name] = {"slug": slug, "lesson_id": lesson.id}
    places["preview"] = {"slug": slug, "lesson_id": preview.id}
    places["elsewhere"] = {"slug": slug, "lesson_id": places["draft"]["lesson_id"]}
    places["deleted"] = {"slug": slug, "lesson_id": deleted.id}
    places["unknown"] = {"slug": slug, "lesson_id": NEVER["lesson_id"]}
    places["nowhere"] = {"slug": NEVER["slug"], "lesson_id": preview.id}
    _note_places(world, "slug lesson_id", places)
    written = {"title": "Judul", "body": "Setengah jadi", "minutes": "5", "version": "1"}
    key = {"user_id": world.people["owner"].id, "subject": "lesson", "subject_id": places["draft"]["lesson_id"]}
    _kept(EditDraft(**key, version=1, fields=written, saved_at=now()))


def _played(owner: User) -> dict[str, dict[str, Any]]:
    """The fields of lessons of the remaining kinds."""
    film = make.media(owner, mime="video/mp4", original_name="Film.mp4", seconds=60)
    recording = make.media(owner, mime="audio/mpeg", original_name="Rekaman.mp3", seconds=60)
    meeting = {"link": "https://zoom.us/j/123", "starts_at": "2026-08-17T02:05:00+00:00"}
    return {
        "film": {"kind": "video", "media_id": film.id},
        "recording": {"kind": "audio", "media_id": recording.id},
        "meeting": {"kind": "conference", "data": meeting},
    }


def _sections(world: World, courses: dict[str, Course]) -> None:
    places = {name: {"slug": each.slug, "section_id": each.sections[0].id} for name, each in courses.items()}
    slug = courses["public"].slug
    deleted = make.section(courses["public"], title="Bab yang dibuang", deleted_at=now())
    places["deleted"] = {"slug": slug, "section_id": deleted.id}
    places["elsewhere"] = {"slug": slug, "section_id": places["draft"]["section_id"]}
    places["unknown"] = {"slug": slug, "section_id": NEVER["section_id"]}
    places["nowhere"] = {"slug": NEVER["slug"], "section_id": places["draft"]["section_id"]}
    _note_places(world, "slug section_id", places)


def _reviews(world: World, courses: dict[str, Course]) -> None:
    learner = world.people["enrolled"]
    places = {
        name: {"slug": courses[name].slug, "review_id": make.review(learner, courses[name]).id}
        for name in ("public", "restricted")
    }
    places["elsewhere"] = {**places["public"], "review_id": places["restricted"]["review_id"]}
    places["unknown"] = {**places["public"], "review_id": NEVER["id"]}
    places["nowhere"] = {**places["public"], "slug": NEVER["slug"]}
    _note_places(world, "slug review_id", places)


def _topics(world: World, courses: dict[str, Course]) -> None:
    for name in ("K3", "Keselamatan"):
        set_tags(courses["public"], [name, "Umum"], actor=world.people["admin"])
    tags = {tag.name: {"tag_id": tag.id} for tag in db.session.scalars(select(Tag))}
    _note_places(world, "tag_id", {"known": tags["K3"], "unknown": {"tag_id": NEVER["id"]}})
    used = courses["public"].category_id
    make.category(parent_id=used)
    _note_places(world, "category_id", {"known": {"category_id": used}, "unknown": {"category_id": NEVER["id"]}})


def _files(world: World, courses: dict[str, Course], attempts: Places) -> None:
    owner, places = world.people["owner"], {**attempts}
    for name in ("public", "restricted", "draft"):
        file = make.media(owner)
        make.lesson(courses[name], title=f"Berkas {name}", kind="document", media_id=file.id)
        places[name] = {"public_id": file.public_id}
    shown = make.media(owner)
    make.lesson(courses["public"], title="Contoh", kind="document", media_id=shown.id, is_free_preview=True)
    gone = make.media(owner)
    make.lesson(courses["public"], title="Hilang", kind="document", media_id=gone.id, deleted_at=now())
    places |= {"preview": {"public_id": shown.public_id}, "deleted": {"public_id": gone.public_id}}
    places |= {"unused": {"public_id": make.media(owner).public_id}, "unknown": {"public_id": "tidak-ada"}}
    _note_places(world, "public_id", places)
    upload = start_upload("lembar.pdf", 1000, "document", owner=owner)
    _note_places(world, "upload_id", {"of owner": {"upload_id": upload.id}, "unknown": {"upload_id": uuid7()}})


def _packages(world: World, course: Course) -> None:
    """An import that is done but for a lesson, and one that was refused."""
    places: Places = {"unknown": {"package_id": uuid7()}}
    for actor, fate in (("owner", {"course_id": course.id}), ("admin", {"problem": "Paket ini rusak."})):
        said = {"file_name": "paket.zip", "title": "Kursus lain", "origin": "paket", **fate}
        stored = storage.new_name("packages", ".zip")
        made = _kept(CourseImport(owner_id=world.people[actor].id, stored_name=stored, **said))
        places[f"of {actor}"] = {"package_id": made.id}
        params = {"import_id": str(made.id)}
        task = Task(kind=PACKAGE_KIND, params=params, total=1, done=1, requested_by=world.people[actor].id)
        task.state, task.finished_at = TaskState.DONE, now()
        with transaction():
            made = db.session.get_one(CourseImport, made.id)
            db.session.add(task)
            db.session.flush()
            made.task_id = task.id if actor == "owner" else None
    _kept(
        ImportedLesson(
            import_id=places["of owner"]["package_id"],
            number=1,
            title="Aneh",
            fields={},
            problem="Jenisnya tidak dikenal.",
        )
    )
    _note_places(world, "package_id", places)


def _certificates(world: World, course: Course) -> None:
    places = {}
    for name, actor in (("of enrolled", "enrolled"), ("of other", "other")):
        done = make.course(slug=f"selesai-{actor}", title=f"Selesai {actor}")
        issued = issue(make.enrollment(world.people[actor], done, EnrollmentStatus.COMPLETED).id)
        assert issued is not None
        places[name] = {"code": issued.code}
    places["unknown"] = {"code": NEVER["code"]}
    _note_places(world, "code", places)


def _told(world: World) -> None:
    places = {}
    for actor in ("enrolled", "admin"):
        told = _kept(_notification(world.people[actor]))
        places[f"of {actor}"] = {"notification_id": told.id}
    places["unknown"] = {"notification_id": NEVER["id"]}
    _note_places(world, "notification_id", places)
    mail = OutgoingMail(
        notification_id=told.id, message_id="<a@b>", recipient="admin@contoh.test", subject="Halo", text="Halo",
        html="<p>Halo</p>",
    )  # fmt: skip
    _note_places(world, "mail_id", {"known": {"mail_id": _kept(mail).id}, "unknown": {"mail_id": NEVER["id"]}})


def _notification(user: User) -> Notification:
    data = {"course_title": "Kursus terbuka", "address": "/kursus/terbuka"}
    return Notification(user_id=user.id, event_id=uuid7(), type="enrollment.welcome", data=data)


def _panel(world: World) -> None:
    failed = given_up(actor_id=world.people["enrolled"].id)
    event, nothing = failed.event_id, uuid7()
    _note_places(world, "event_id", {"known": {"event_id": event}, "unknown": {"event_id": nothing}})
    places = {
        "failed": {"event_id": event, "receiver": MAIL},
        "other receiver": {"event_id": event, "receiver": "record_audit"},
        "unknown": {"event_id": nothing, "receiver": MAIL},
    }
    _note_places(world, "event_id receiver", places)


def _people(world: World) -> None:
    """`learner` and `self` are people, as an admin finds them; a table of people, and long tasks."""
    admin, gone = world.people["admin"], make.user(name="Orang Pergi")
    anonymize(gone, keeps_name_on_papers=False, actor=admin)
    ids = {"learner": world.people["enrolled"].id, "self": admin.id, "anonymous": gone.id, "unknown": NEVER["id"]}
    _note_places(world, "user_id", {name: {"user_id": number} for name, number in ids.items()})
    table = b"nama;nama pengguna\nAyu Lestari;0081234567\n;0081234568\n"
    upload = upload_people(BytesIO(table), "siswa.csv", actor=admin).import_id
    _note_places(world, "import_id", {"known": {"import_id": upload}, "unknown": {"import_id": uuid7()}})
    _note_places(world, "kind", {"csv": {"kind": "csv"}, "xlsx": {"kind": "xlsx"}})
    places = {}
    for actor in ("enrolled", "admin"):
        task = Task(kind=KIND, params={"import_id": str(upload)}, total=1, done=1, requested_by=world.people[actor].id)
        task.state, task.finished_at, task.report = TaskState.DONE, now(), {"new": 1}
        places[f"of {actor}"] = {"task_id": _kept(task).id}
    _note_places(world, "task_id", {**places, "unknown": {"task_id": uuid7()}})


def _sessions(world: World) -> None:
    """A second browser of each; the actors' requests come from the first."""
    places: Places = {"unknown": {"session_id": NEVER["id"]}}
    for actor in ("enrolled", "admin"):
        sign_in(world, actor)
        newest = select(func.max(UserSession.id)).where(UserSession.user_id == world.people[actor].id)
        places[f"of {actor}"] = {"session_id": db.session.scalar(newest)}
    _note_places(world, "session_id", places)


def _institution(world: World) -> None:
    storage.save("institution/lambang.png", b"\x89PNG")
    signed = [{"name": "Ibu Sri", "position": "Kepala"}]
    change_institution(name="Balai Latihan", city="Solo", signatories=signed, logo="institution/lambang.png")
    _note_places(world, "name", {"known": {"name": "lambang"}, "unknown": {"name": "tidak-ada"}})
    _note_places(world, "seed", {"any": {"seed": "terbuka"}, "impossible": {"seed": "Tidak Mungkin"}})
    _note_places(world, "token", {"any": {"token": "x"}})
    bundle = {"digest": _bundle("css").digest, "kind": "css"}
    _note_places(world, "digest kind", {"known": bundle, "unknown": {"digest": "x", "kind": "js"}})
    files = {"known": {"filename": "img/favicon.svg"}, "unknown": {"filename": "../config.py"}}
    _note_places(world, "filename", files)
    world.places[frozenset()] = {"": {}}


def _unlinked(world: World) -> None:
    """Rows that no address names, for their words to be hostile."""
    asked = {"email": "baru@contoh.test", "previous_email": "enrolled@contoh.test", "token_hash": "0" * 64}
    _kept(AccountRequest(user_id=world.people["enrolled"].id, purpose=Purpose.EMAIL, **asked))
    _kept(WorkerBeat(name="pekerja-1", seen_at=now() + timedelta(hours=1)))  # alive as long as the tests last


def _kept(row: Any) -> Any:
    with transaction() as session:
        session.add(row)
        session.flush()
        session.refresh(row)
    return row
