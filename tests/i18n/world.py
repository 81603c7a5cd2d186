"""A small school in which every name is marked `§…§`, and an address for every page of it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from app.accounts.actions import create_admin_link
from app.accounts.actions.importing import start_import, upload_people
from app.accounts.actions.requests import arm_request, replace_request
from app.accounts.initial_passwords import new_key
from app.accounts.models import AccountRequest, Purpose, Role, TwoFactor, User, UserStatus
from app.accounts.two_factor import encrypted
from app.admin.actions import save_institution
from app.certificates.models import Certificate
from app.core import i18n
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import uuid7
from app.courses.models import Course, Media, Visibility
from app.enrollments.actions import drop, enroll
from app.events.models import StoredEvent, Task, TaskState
from app.events.tasks import KINDS as TASKS
from app.events.tasks import TaskKind
from app.notifications import account_mails
from app.notifications.account_mails import AccountLetter, Due, kept_letter
from app.notifications.actions import notify
from app.notifications.kinds import KINDS
from app.notifications.mails import kept_mail
from app.notifications.models import Notification, OutgoingMail
from app.progress.actions import complete_lesson
from tests import make
from tests.admin.conftest import given_up
from tests.facts import drain_all
from tests.i18n.authored import assessed, written

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TASK = "contoh"
"""A kind of long work that only this world knows."""
OF_LESSONS = ("progress.lesson", "courses.lesson_edit", "courses.lesson_delete")


@dataclass
class World:
    """Who is there, and the values of the placeholders in addresses."""

    learner: User
    teacher: User
    admin: User
    newcomer: User
    handed: User
    values: dict[str, list[Any]]

    def addresses(self, app: Flask) -> list[tuple[str, str]]:
        """Every endpoint that answers GET with the paths at which it shows something."""
        found = []
        with app.test_request_context():
            for rule in app.url_map.iter_rules():
                if "GET" in (rule.methods or ()) and rule.endpoint != "static":
                    found += [(rule.endpoint, path) for path in self._paths(app, rule)]
        return sorted(found)

    def _paths(self, app: Flask, rule: Rule) -> list[str]:
        """The paths of a rule; the longest list of values decides how many, a single value goes with each.

        What stands under `endpoint?name` goes into the query.
        """
        start = f"{rule.endpoint}?"
        asked = {key.removeprefix(start): each for key, each in self.values.items() if key.startswith(start)}
        lists = {**{name: self._values(rule.endpoint, name) for name in rule.arguments}, **asked}
        if not lists:
            return [rule.rule]
        many = max(map(len, lists.values()))
        sets = [{name: each[min(i, len(each) - 1)] for name, each in lists.items()} for i in range(many)]
        return [app.url_map.bind("localhost").build(rule.endpoint, values) for values in sets]

    def _values(self, endpoint: str, name: str) -> list[Any]:
        """Raises KeyError for a placeholder of which this world has no example."""
        return self.values.get(f"{endpoint}.{name}") or self.values[name]


def build() -> World:
    """A school with somebody in every state; what is kept as it was written was written in English."""
    save_institution(
        {
            "name": "§Lembaga§", "city": "§Kota§", "email": "lembaga@contoh.test",
            "signatories": [{"name": "§Tanda§", "position": "§Jabatan§"}],
        }
    )  # fmt: skip
    teacher = make.user(Role.CONTENT_MANAGER, name="§Guru§", email_verified_at=now())
    learner, admin = make.user(name="§Siti§", locale="en"), make.admin(name="§Sri§", locale="en")
    newcomer = make.user(name="§Baru§", email_verified_at=None)
    handed = make.user(name="§Budi§", email=None, username="008", initial_key=new_key())
    gone = make.user(name="§Tono§", status=UserStatus.SUSPENDED)
    with transaction() as session:
        session.add(TwoFactor(user_id=learner.id, secret=encrypted(SECRET)))
    study, finished, left = (_course(teacher, number) for number in (1, 2, 3))
    hidden = _course(teacher, 4, visibility=Visibility.RESTRICTED)
    draft = _course(teacher, 5, published=False)
    asked = _course(teacher, 6, published=False, submitted_at=now(), submitted_by=teacher.id)
    _studies(learner, study, finished, left)
    make.review(learner, finished, text="§Jelas§")
    files = list(db.session.scalars(select(Media.public_id)))[:1]
    made = {**written(study, draft, teacher, admin), **assessed(study, learner, teacher)}
    drain_all()
    requests = _told(learner)
    lessons = [(each.slug, lesson.id) for each in (study, left, finished) for lesson in make.lessons_of(each)]
    shown: dict[str, list[Any]] = {
        "slug": [each.slug for each in (study, finished, left, hidden, draft, asked)],
        "enrollments.drop.slug": [study.slug, finished.slug],
        "progress.why.slug": [study.slug, finished.slug, left.slug],
        **{f"{each}.slug": [slug for slug, _lesson in lessons] for each in OF_LESSONS},
        "lesson_id": [lesson for _slug, lesson in lessons],
        "code": [db.session.scalars(select(Certificate.code)).one(), "TIDAKADATIDAKADATIDA"],
        "public_id": files,
        "galat.code": [400, 403, 405, 413, 429],
        "digest": ["0"], "kind": ["css"], "seed": ["1"], "name": ["tidak-ada"],
        "token": [create_admin_link()],
        "accounts.open_verification.token": [arm_request(requests[Purpose.EMAIL])],
        "accounts.open_reset.token": [arm_request(requests[Purpose.RESET])],
        "user_id": [each.id for each in (learner, teacher, admin, handed, gone)],
    }  # fmt: skip
    return World(learner, teacher, admin, newcomer, handed, {**shown, **made, **_administered(admin)})


def _administered(admin: User) -> dict[str, list[Any]]:
    """What the panel shows: imports, failed work, a fact of every kind that happened, every mail."""
    with i18n.addressed_to(admin):  # what is said of a row is kept as it was said
        imports = [_table(admin), _table(admin)]
        start_import(imports[0], actor=admin)
        drain_all()
    failed = given_up(error="ConnectionRefusedError: §galat§")
    facts = select(func.min(StoredEvent.seq)).group_by(StoredEvent.name)
    return {
        "import_id": imports,
        "admin.people_import_sample.kind": ["csv", "xlsx"],
        "event_id": [*db.session.scalars(select(StoredEvent.id).where(StoredEvent.seq.in_(facts))), failed.event_id],
        "admin.queue_discard.event_id": [failed.event_id],
        "receiver": [failed.receiver],
        "mail_id": list(db.session.scalars(select(OutgoingMail.id))),
        "task_id": [_task(admin, state) for state in TaskState],
    }


def _told(learner: User) -> dict[Purpose, AccountRequest]:
    """Every kind of notification and every letter that there is, each with its mail where it has one."""
    words = {
        "moment": now().isoformat(), "agent": "", "remaining": "2", "address": "/", "percentage": 80.0, "mark": 70,
        "course_title": "§Kursus§", "assessment_title": "§Kuis§", "reason": "§Alasan§",
    }  # fmt: skip
    known = set(db.session.scalars(select(Notification.type)))
    for kind in KINDS.keys() - known:
        notify(learner.id, kind, words, event_id=uuid7())
    for each in db.session.scalars(select(Notification)):
        if KINDS[each.type].mail:
            kept_mail(each)
    requests = {each: replace_request(learner, each, "baru@contoh.test") for each in Purpose}
    letters = [each for each in vars(account_mails).values() if isinstance(each, AccountLetter)]
    for letter in letters:
        kept_letter(Due(letter, requests[Purpose.EMAIL], "baru@contoh.test"))
    return requests


def _table(admin: User) -> UUID:
    """An uploaded table with a row of every verdict."""
    rows = ["Nama;Nama pengguna;Email;Peran", "§Ani§;009;;Peserta", "§Salah§;;§bukan§;§Raja§", "§Budi2§;008;;Peserta"]
    return upload_people(BytesIO("\n".join(rows).encode()), "§tabel.csv§", actor=admin).import_id


def _task(admin: User, state: TaskState) -> Any:
    """Long work of a kind whose words are data."""
    TASKS[TASK] = TaskKind(
        TASK, "§Kerja§", lambda _task: None, lambda _task: ["§Hasil§"], lambda _task: ("§Lihat§", "/")
    )
    task = Task(kind=TASK, state=state, total=3, requested_by=admin.id)
    task.finished_at = now() if state in {TaskState.DONE, TaskState.FAILED} else None
    with transaction() as session:
        session.add(task)
    return task.id


def _course(teacher: User, number: int, **fields: Any) -> Course:
    category = make.category(name=f"§Kategori{number}§")
    words: dict[str, Any] = {"short_description": "§Singkat§", "description": "§Uraian§"}
    lists: dict[str, Any] = {"objectives": ["§Tujuan§"], "prerequisites": ["§Syarat§"]}
    title = f"§Kursus{number}§"
    course: Course = make.course(
        lessons=0, owner=teacher, title=title, category_id=category.id, **words, **lists, **fields
    )
    section = make.section(course, title="§Bab1§")
    make.lesson(section, title="§Bacaan§", body="§Isi§", position=1, is_free_preview=True)
    video = {"kind": "youtube", "data": {"video_id": "dQw4w9WgXcQ"}, "body": "§Catatan§"}
    make.lesson(section, title="§Tonton§", position=2, **video)
    file = make.media(teacher, original_name="§Berkas.pdf§")
    last = make.section(course, title="§Bab2§")
    make.lesson(last, title="§Dokumen§", kind="document", body="§Catatan§", media_id=file.id, position=1)
    return course


def _studies(learner: User, study: Course, finished: Course, left: Course) -> None:
    """One course half-way, one completed with its certificate, one left behind."""
    half, whole, dropped = (enroll(course, actor=learner) for course in (study, finished, left))
    complete_lesson(half, make.lessons_of(study)[0], actor=learner)
    for lesson in make.lessons_of(finished):
        complete_lesson(whole, lesson, actor=learner)
    drop(dropped, "§Alasan§", actor=learner)
    drain_all()
