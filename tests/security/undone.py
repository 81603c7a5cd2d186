"""Writes that lead on to a page although nothing was done: it says why, or there was nothing to do.

Endpoint → actors → the objects at which that is so. Whoever does something there all at once is to be explained, and so
is who does nothing any more.
"""

from __future__ import annotations

UNDONE = {
    "accounts.first_password": {"outsider dropped other enrolled trainer staff owner admin": ""},
    "accounts.login": {"outsider dropped other enrolled trainer staff owner admin": ""},
    "accounts.logout": {"guest": ""},
    "accounts.recovery_codes": {"outsider dropped other enrolled trainer staff owner admin": ""},
    "accounts.register": {"outsider dropped other enrolled trainer staff owner admin": ""},
    "accounts.second_step": {"guest suspended outsider dropped other enrolled trainer staff owner admin": ""},
    "accounts.send_verification": {"outsider dropped other enrolled trainer staff owner admin": ""},
    "accounts.turn_off_two_factor": {"outsider dropped other enrolled trainer staff owner admin": ""},
    "accounts.two_factor_setup": {"outsider dropped other enrolled trainer staff owner admin": ""},
    "accounts.verify": {"guest suspended outsider dropped other enrolled trainer staff owner admin": ""},
    "admin.events_retry": {"admin": "unknown"},
    "admin.people_anonymize": {"admin": "anonymous"},
    "admin.people_edit": {"admin": "anonymous"},
    "admin.people_end_sessions": {"admin": "anonymous, self"},
    "admin.people_initial_password": {"admin": "anonymous, self"},
    "admin.people_reactivate": {"admin": "anonymous, learner, self"},
    "admin.people_role": {"admin": "anonymous"},
    "admin.people_send_link": {"admin": "anonymous"},
    "admin.people_suspend": {"admin": "anonymous, self"},
    "admin.people_two_factor": {"admin": "anonymous, learner, self"},
    "assessments.add_questions": {"admin": "elsewhere", "owner admin": "open"},
    "assessments.place_item": {"admin": "elsewhere", "owner admin": "draft, open"},
    "assessments.question_archive": {"owner admin": "archived"},
    "assessments.question_restore": {
        "owner admin": "essay, file_upload, matching, multiple_choice, numeric, short_answer, true_false"
    },
    "assessments.remove_item": {"admin": "elsewhere", "owner": "open"},
    "assessments.save": {"enrolled": "graded, waiting"},
    "assessments.start": {"enrolled owner admin": "open", "other admin": "elsewhere", "owner admin": "draft"},
    "assessments.submit": {"enrolled": "graded, waiting"},
    "courses.archive": {"owner": "hidden, public, restricted", "owner admin": "archived"},
    "courses.course_draft_drop": {"owner admin": "archived, draft, hidden, public, restricted"},
    "courses.lesson_delete": {
        "owner": "document, film, hidden, meeting, preview, public, recording, restricted, video",
        "owner admin": "deleted",
    },
    "courses.lesson_draft_drop": {
        "admin": "draft",
        "owner admin": "archived, deleted, document, film, hidden, meeting, preview, public, "
        "recording, restricted, video",
    },
    "courses.lesson_move": {
        "owner": "document, film, hidden, meeting, preview, public, recording, restricted, video",
        "owner admin": "deleted",
    },
    "courses.lesson_restore": {
        "owner": "deleted",
        "owner admin": "archived, document, draft, film, hidden, meeting, preview, public, "
        "recording, restricted, video",
    },
    "courses.publish": {"admin": "hidden, public, restricted"},
    "courses.request_publication": {"owner admin": "archived, hidden, public, restricted"},
    "courses.restore": {"owner": "hidden, public, restricted", "owner admin": "draft"},
    "courses.section_delete": {"owner admin": "deleted, hidden, public, restricted"},
    "courses.section_move": {"owner admin": "archived, deleted, draft, hidden, public, restricted"},
    "courses.section_restore": {"owner": "deleted", "owner admin": "archived, draft, hidden, public, restricted"},
    "courses.unpublish": {"admin": "draft"},
    "courses.withdraw_request": {"owner admin": "archived, draft, hidden, public, restricted"},
    "enrollments.enroll": {
        "enrolled": "public",
        "enrolled trainer staff owner admin": "restricted",
        "owner admin": "archived, draft",
        "trainer staff owner admin": "hidden",
    },
    "notifications.read_all": {"outsider dropped trainer staff": ""},
    "progress.complete": {
        "dropped": "document, film, meeting, preview, public, recording, restricted, video",
        "dropped enrolled": "deleted",
    },
    "progress.record": {"dropped": "document, film, meeting, preview, public, recording, restricted, video"},
    "progress.start_over": {"dropped enrolled": "restricted", "enrolled": "public"},
}
