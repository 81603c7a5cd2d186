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
    "admin.people_end_sessions": {"admin": "self, anonymous"},
    "admin.people_initial_password": {"admin": "self, anonymous"},
    "admin.people_reactivate": {"admin": "learner, self, anonymous"},
    "admin.people_role": {"admin": "anonymous"},
    "admin.people_send_link": {"admin": "anonymous"},
    "admin.people_suspend": {"admin": "self, anonymous"},
    "admin.people_two_factor": {"admin": "learner, self, anonymous"},
    "assessments.add_questions": {"admin": "elsewhere", "owner admin": "open"},
    "assessments.place_item": {"owner admin": "open, draft", "admin": "elsewhere"},
    "assessments.question_archive": {"owner admin": "archived"},
    "assessments.question_restore": {
        "owner admin": "multiple_choice, true_false, short_answer, matching, numeric, essay, file_upload"
    },
    "assessments.remove_item": {"admin": "elsewhere", "owner": "open"},
    "assessments.save": {"enrolled": "waiting, graded"},
    "assessments.start": {"enrolled owner admin": "open", "other admin": "elsewhere", "owner admin": "draft"},
    "assessments.submit": {"enrolled": "waiting, graded"},
    "courses.archive": {"owner": "public, restricted, hidden", "owner admin": "archived"},
    "courses.course_draft_drop": {"owner admin": "public, restricted, hidden, draft, archived"},
    "courses.lesson_delete": {
        "owner": "public, restricted, hidden, archived, video, document, film, recording, meeting, preview",
        "owner admin": "deleted",
    },
    "courses.lesson_draft_drop": {
        "owner admin": "public, restricted, hidden, archived, video, document, film, "
        "recording, meeting, preview, deleted",
        "admin": "draft",
    },
    "courses.lesson_move": {
        "owner": "public, restricted, hidden, archived, video, document, film, recording, meeting, preview",
        "owner admin": "deleted",
    },
    "courses.lesson_new_draft_drop": {"owner admin": "public, restricted, hidden, draft, archived, deleted"},
    "courses.lesson_restore": {
        "owner admin": "public, restricted, hidden, draft, archived, video, document, film, "
        "recording, meeting, preview",
        "owner": "deleted",
    },
    "courses.publish": {"admin": "public, restricted, hidden"},
    "courses.request_publication": {"owner admin": "public, restricted, hidden, archived"},
    "courses.restore": {"owner": "public, restricted, hidden", "owner admin": "draft"},
    "courses.section_delete": {"owner admin": "public, restricted, hidden, deleted", "owner": "archived"},
    "courses.section_move": {"owner admin": "public, restricted, hidden, draft, archived, deleted"},
    "courses.section_restore": {"owner admin": "public, restricted, hidden, draft, archived", "owner": "deleted"},
    "courses.unpublish": {"admin": "draft"},
    "courses.withdraw_request": {"owner admin": "public, restricted, hidden, draft, archived"},
    "enrollments.enroll": {
        "enrolled": "public",
        "enrolled trainer staff owner admin": "restricted",
        "trainer staff owner admin": "hidden",
        "owner admin": "draft, archived",
    },
    "notifications.read_all": {"outsider dropped trainer staff": ""},
    "progress.complete": {
        "dropped": "public, restricted, video, document, film, recording, meeting, preview",
        "dropped enrolled": "deleted",
    },
    "progress.record": {"dropped": "public, restricted, video, document, film, recording, meeting, preview"},
    "progress.start_over": {"dropped enrolled": "restricted", "enrolled": "public"},
}
