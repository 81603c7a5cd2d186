"""What authors make in the small school of marked names, and what is answered and graded there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.accounts.models import User
from app.assessments.actions.answering import save_answer
from app.assessments.actions.bank import change_question
from app.assessments.actions.closing import submit_attempt
from app.assessments.actions.grading import grade_answer, keep_phrase
from app.assessments.actions.starting import start_attempt
from app.assessments.actions.watching import cancel_attempt, extend_attempt, give_extension
from app.assessments.models import Answer, Assessment, AssessmentStatus, Attempt, Item, Show
from app.assessments.queries.attempts import answers_of
from app.assessments.questions import TYPES
from app.assessments.questions.content import Content, content_of
from app.core import storage
from app.core.clock import now
from app.courses.actions import set_tags, start_upload
from app.courses.models import Course, CourseImport, EditDraft, ImportedLesson
from tests import make
from tests.assessments.conftest import answer_of, right_values

KINDS = ("multiple_choice", "true_false", "short_answer", "matching", "numeric", "essay", "file_upload")


def assessed(course: Course, learner: User, teacher: User) -> dict[str, list[Any]]:
    """Assessments in every state, the learner's attempts at them, and the addresses of both."""
    waiting = _assessment(course, "§Ujian§", KINDS, max_attempts=0)
    graded = _assessment(course, "§Kuis§", KINDS[:2], show_keys=Show.NOW, show_feedback=Show.NOW)
    running = _assessment(course, "§Latihan§", KINDS, time_limit_minutes=60, instructions="§Petunjuk§")
    refused = _assessment(course, "§Ulangan§", KINDS[:1])
    closed = _assessment(course, "§Lalu§", KINDS[:1], closes_at=now() - timedelta(days=1))
    draft = _assessment(course, "§Draf§", (), status=AssessmentStatus.DRAFT)
    attempts = [start_attempt(each, actor=learner) for each in (waiting, graded, running, refused)]
    for each in attempts:
        _answer(each, learner)
    for each in attempts[:2]:
        submit_attempt(each, actor=learner)
    extend_attempt(attempts[2], 5, reason="§Listrik§", actor=teacher)
    cancel_attempt(attempts[3], reason="§Curang§", actor=teacher)
    give_extension(running, learner, minutes=15, attempts=1, reason="§Tunanetra§", actor=teacher)
    essay, paper = (answer_of(attempts[0], kind) for kind in ("essay", "file_upload"))
    grade_answer(essay, Decimal(4), feedback="§Baik§", reason="§Alasan§", actor=teacher)
    keep_phrase("§Bagus§", actor=teacher)
    changed = _changed(graded, teacher)
    ids = [attempt.public_id for attempt in attempts]
    shown = [each.id for each in (waiting, graded, running, refused, closed, draft)]
    return {
        "assessment_id": shown,
        "assessments.regrade.assessment_id": [graded.id],
        "assessments.regrade.question_id": [changed],
        "question_id": [item.question_id for item in _items(running)],
        "assessments.question_edit.slug": [course.slug],
        "assessments.question_new.slug": [course.slug],
        "assessments.question_new?jenis": list(TYPES),
        "answer_id": [essay.id, paper.id],
        "assessments.attempt.public_id": [ids[2]],
        "assessments.attempt?soal": list(range(1, len(KINDS) + 1)),
        "assessments.summary.public_id": [ids[2]],
        "assessments.result.public_id": [ids[0], ids[1], ids[3]],
        "assessments.sitting.public_id": ids,
        "assessments.questions_sample.kind": ["csv", "xlsx"],
        "assessments.questions_export.kind": ["gift", "xlsx"],
        "assessments.gradebook_file.kind": ["csv", "xlsx"],
    }


def written(study: Course, draft: Course, teacher: User, admin: User) -> dict[str, list[Any]]:
    """Lessons of the remaining kinds, what lies in Arsip, a draft of typing, tags, packages, an upload."""
    set_tags(study, ["§Tag§"], actor=admin)
    film = make.media(teacher, mime="video/mp4", original_name="§Film§.mp4", seconds=60)
    recording = make.media(teacher, mime="audio/mpeg", original_name="§Rekaman§.mp3", seconds=60)
    meeting = {"link": "https://zoom.us/j/123", "starts_at": "2026-08-17T02:05:00+00:00"}
    make.lesson(study, title="§Film§", kind="video", body="§Catatan§", media_id=film.id)
    make.lesson(study, title="§Rekaman§", kind="audio", body="§Catatan§", media_id=recording.id)
    make.lesson(study, title="§Temu§", kind="conference", body="§Catatan§", data=meeting)
    lesson = make.lesson(draft, title="§Dibuang§", deleted_at=now())
    section = make.section(draft, title="§Bab lama§", deleted_at=now())
    typed = {"title": "§Judul§", "body": "§Setengah jadi§", "minutes": "5", "version": "1"}
    key = {"user_id": teacher.id, "subject": "lesson", "subject_id": make.lessons_of(draft)[0].id}
    make.kept(EditDraft(**key, version=1, fields=typed, saved_at=now()))
    return {
        "courses.lesson_restore.slug": [draft.slug],
        "courses.lesson_restore.lesson_id": [lesson.id],
        "courses.section_restore.slug": [draft.slug],
        "courses.section_restore.section_id": [section.id],
        "courses.section_delete.slug": [study.slug, draft.slug],
        "section_id": [study.sections[0].id, draft.sections[0].id],
        "courses.lesson_new.slug": [draft.slug],
        "courses.lesson_new?bab": [draft.sections[0].id],
        "courses.lesson_new?jenis": ["text", "youtube", "video", "audio", "document", "conference"],
        "courses.workshop?tab": ["draf", "diajukan", "terbit", "arsip"],
        "package_id": [_package(teacher, course_id=draft.id), _package(teacher, problem="§Paket ini rusak.§")],
        "upload_id": [start_upload("§lembar§.pdf", 1000, "document", owner=teacher).id],
        "tag_id": [each.id for each in study.tags],
        "category_id": [study.category_id],
    }


def _assessment(course: Course, title: str, kinds: tuple[str, ...], **fields: Any) -> Assessment:
    made: Assessment = make.assessment(course, kinds=(), title=title, description="§Uraian§", **fields)
    for place, kind in enumerate(kinds, start=1):
        question = make.question(course, kind, _marked(make.TYPICAL[kind]))
        make.kept(Item(assessment_id=made.id, position=place, question_id=question.id))
    return made


def _marked(content: Content) -> Content:
    options = tuple(
        replace(each, text=f"§{each.text}§", partner=each.partner and f"§{each.partner}§") for each in content.options
    )
    data = {**content.data, "unit": "§l§"} if "unit" in content.data else content.data
    return replace(content, text=f"§{content.text}§", feedback="§Penjelasan§", data=data, options=options)


def _answer(attempt: Attempt, learner: User) -> None:
    """Right wherever a key says so; texts are marked."""
    for each in answers_of(attempt):
        if each.asked.type == "file_upload":
            save_answer(attempt, each, [], media=make.media(learner, original_name="§Foto.pdf§"), actor=learner)
        else:
            save_answer(attempt, each, _values(each), actor=learner)


def _values(answer: Answer) -> list[str]:
    values = right_values(answer)
    return [f"§{each}§" for each in values] if answer.asked.type in {"short_answer", "essay"} else values


def _changed(assessment: Assessment, teacher: User) -> int:
    """Another choice is the key now than when the question was answered."""
    question = _items(assessment)[0].question
    content = content_of(question.current)
    first, second, *others = content.options
    turned = (replace(first, is_key=False), replace(second, is_key=True), *others)
    change_question(question, replace(content, options=turned), actor=teacher)
    return int(question.id)


def _items(assessment: Assessment) -> list[Any]:
    return list(assessment.items)


def _package(owner: User, **fate: Any) -> Any:
    said = {"file_name": "§paket.zip§", "title": "§Kursus lain§", "origin": "paket", **fate}
    made = make.kept(CourseImport(owner_id=owner.id, stored_name=storage.new_name("packages", ".zip"), **said))
    fields = {"number": 1, "title": "§Aneh§", "fields": {}, "problem": "§Jenisnya tidak dikenal.§"}
    make.kept(ImportedLesson(import_id=made.id, **fields))
    return made.id
