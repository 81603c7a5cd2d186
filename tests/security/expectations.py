"""What every route answers to everybody: the whole table of who may do what.

A row has a sign for each of ACTORS, in that order: guest, suspended · outsider, dropped, other, enrolled · trainer,
staff, owner, admin. The signs: `+` shown or done, `>` led on to another page, `L` asked to sign in, `3` forbidden
(403), `4` not found (404), `2` not accepted (422), `7` out of step or too late (409). Where a route takes an object,
each object has a row (`objects.py`).
"""

from __future__ import annotations

from werkzeug.test import TestResponse

from tests.security.walk import Route
from tests.security.world import ACTORS

PUBLIC = "++ ++++ ++++"
SIGNED_IN = "LL ++++ ++++"
STAFF = "LL 3333 ++++"
ADMINS = "LL 3333 333+"
NOBODY = "44 4444 4444"
"""Not even told whether it is there."""
NO_MEMBER = "LL 4444 4444"
"""A guest is asked to sign in before anything is looked up."""
NO_ADMIN = "LL 3333 3334"
"""What is not there stays behind the same door."""
LED_ON = "++ >>>> >>>>"
"""For guests; who is signed in has no business here."""
SENT = "LL >>>> >>>>"
SENT_BY_ADMIN = "LL 3333 333>"

KNOWN_PUBLIC = {"known": PUBLIC, "unknown": NOBODY}
KNOWN_TO_ADMINS = {"known": ADMINS, "unknown": NO_ADMIN}
COURSE = {
    "public": PUBLIC,
    "restricted": "44 444+ ++++",
    "hidden": "44 4444 ++++",
    "draft": "44 4444 44++",
    "archived": "44 4444 44++",
    "unknown": NOBODY,
}
MEMBER = dict.fromkeys(COURSE, NO_MEMBER) | {"public": "LL 4+4+ 4444", "restricted": "LL 4+4+ 4444"}
"""Who is or was enrolled; staff too have to enrol first."""
MEMBER_SENDS = dict.fromkeys(COURSE, NO_MEMBER) | {"public": "LL 4>4> 4444", "restricted": "LL 4>4> 4444"}
NO_LESSON = dict.fromkeys(("elsewhere", "deleted", "unknown", "nowhere"), NO_MEMBER)
OPEN_LESSONS = ("public", "video", "document", "film", "recording", "meeting")
LESSON_SENDS = {**MEMBER_SENDS, **NO_LESSON, **dict.fromkeys((*OPEN_LESSONS, "preview"), "LL 4>4> 4444")}
PERSON = {"learner": ADMINS, "self": ADMINS, "anonymous": ADMINS, "unknown": NO_ADMIN}
TO_PERSON = {**dict.fromkeys(PERSON, SENT_BY_ADMIN), "unknown": NO_ADMIN}
"""What must not be done to that person is refused with a sentence, on the way back to the page."""
REFUSED_TO_PERSON = {**TO_PERSON, "self": "LL 3333 3332"}
FORM_OF_PERSON = {**PERSON, "anonymous": SENT_BY_ADMIN}
"""Of who is anonymous nothing can be changed any more: the page of the person says so."""
OWN_COURSE = {**dict.fromkeys(COURSE, "LL 3333 44++"), "unknown": "LL 3333 4444"}
"""Who works on it: its author and admins."""
TO_OWN_COURSE = {**dict.fromkeys(COURSE, "LL 3333 44>>"), "unknown": "LL 3333 4444"}
BY_ADMIN_TO_COURSE = {**dict.fromkeys(COURSE, SENT_BY_ADMIN), "unknown": NO_ADMIN}
LESSONS = (*(name for name in COURSE if name != "unknown"), *OPEN_LESSONS[1:], "preview", "deleted")
SECTIONS = (*(name for name in COURSE if name != "unknown"), "deleted")
NOT_THERE = dict.fromkeys(("elsewhere", "unknown", "nowhere"), "LL 3333 4444")
OWN_LESSON = {**dict.fromkeys(LESSONS, "LL 3333 44++"), **NOT_THERE}
TO_OWN_LESSON = {**dict.fromkeys(LESSONS, "LL 3333 44>>"), **NOT_THERE}
"""Where a button alone is refused, its page says why."""
OWN_SECTION = {**dict.fromkeys(SECTIONS, "LL 3333 44++"), **NOT_THERE}
TO_OWN_SECTION = {**dict.fromkeys(SECTIONS, "LL 3333 44>>"), **NOT_THERE}
LOCKED = "LL 3333 442>"
"""While it is published or archived, its author's form is refused."""
NO_DRAFT = ("public", "restricted", "hidden", "archived")
ATTEMPTS = ("running", "waiting", "graded", "foreign")
NO_ATTEMPT = dict.fromkeys(("public", "restricted", "draft", "preview", "deleted", "unused", "unknown"), NO_MEMBER)
TO_ATTEMPT = {**NO_ATTEMPT, **dict.fromkeys(ATTEMPTS, "LL 444> 4444"), "foreign": "LL 44>4 4444"}
RUNNING = {**TO_ATTEMPT, "running": "LL 444+ 4444", "foreign": "LL 44+4 4444"}
RESULT = {**TO_ATTEMPT, "waiting": "LL 444+ 4444", "graded": "LL 444+ 4444"}
OWN_ATTEMPT = {
    **dict.fromkeys(NO_ATTEMPT, "LL 3333 4444"),
    **dict.fromkeys(ATTEMPTS, "LL 3333 44++"),
    "foreign": "LL 3333 444+",
}
TO_OWN_ATTEMPT = {**OWN_ATTEMPT, **dict.fromkeys(ATTEMPTS, "LL 3333 44>>"), "foreign": "LL 3333 444>"}
NO_ASSESSMENT = {"unknown": "LL 3333 4444"}
OWN_ASSESSMENT = {"open": "LL 3333 44++", "draft": "LL 3333 44++", "elsewhere": "LL 3333 444+", **NO_ASSESSMENT}
TO_OWN_ASSESSMENT = {"open": "LL 3333 44>>", "draft": "LL 3333 44>>", "elsewhere": "LL 3333 444>", **NO_ASSESSMENT}
TO_OWN_ITEM = {**TO_OWN_ASSESSMENT, **dict.fromkeys(("of another", "unknown", "nowhere"), "LL 3333 4444")}
TYPES = ("multiple_choice", "true_false", "short_answer", "matching", "numeric", "essay", "file_upload")
OWN_QUESTION = {**dict.fromkeys((*TYPES, "archived"), "LL 3333 44++"), **NOT_THERE}
TO_OWN_QUESTION = {**dict.fromkeys((*TYPES, "archived"), "LL 3333 44>>"), **NOT_THERE}
OWN_ANSWER = {**dict.fromkeys((*ATTEMPTS, "unknown"), "LL 3333 4444"), **dict.fromkeys(ATTEMPTS[1:3], "LL 3333 44++")}
"""There is nothing to grade before it was handed in."""
TO_OWN_ANSWER = {**OWN_ANSWER, **dict.fromkeys(ATTEMPTS[1:3], "LL 3333 44>>")}
DISCARD = {"other receiver": NO_ADMIN, "unknown": NO_ADMIN}

TABLE: dict[Route, str | dict[str, str]] = {
    # People
    ("accounts.appearance", "GET"): SIGNED_IN,
    ("accounts.appearance", "POST"): SENT,
    ("accounts.check_mail", "GET"): PUBLIC,
    ("accounts.devices", "GET"): SIGNED_IN,
    ("accounts.email", "GET"): SIGNED_IN,
    ("accounts.email", "POST"): SENT,
    ("accounts.end_other_sessions", "POST"): SENT,
    ("accounts.end_session", "POST"): {
        "of enrolled": "LL 444> 4444",
        "of admin": "LL 4444 444>",
        "unknown": NO_MEMBER,
    },
    ("accounts.first_password", "GET"): SENT,
    ("accounts.first_password", "POST"): SENT,
    ("accounts.forgotten", "GET"): PUBLIC,
    ("accounts.forgotten", "POST"): ">> >>>> >>>>",
    ("accounts.forgotten_sent", "GET"): PUBLIC,
    ("accounts.login", "GET"): LED_ON,
    ("accounts.login", "POST"): "22 >>>> >>>>",
    ("accounts.logout", "POST"): ">> >>>> >>>>",
    ("accounts.logout_everywhere", "POST"): SENT,
    ("accounts.open_reset", "GET"): {"any": ">> >>>> >>>>"},
    ("accounts.open_setup", "GET"): {"any": ">> >>>> >>>>"},
    ("accounts.open_verification", "GET"): {"any": ">> >>>> >>>>"},
    ("accounts.password", "GET"): SIGNED_IN,
    ("accounts.password", "POST"): SENT,
    ("accounts.profile", "GET"): SIGNED_IN,
    ("accounts.profile", "POST"): SENT,
    ("accounts.recovery_codes", "GET"): SENT,
    ("accounts.recovery_codes", "POST"): SENT,
    ("accounts.register", "GET"): LED_ON,
    ("accounts.register", "POST"): ">> >>>> >>>>",
    ("accounts.reset", "GET"): NOBODY,
    ("accounts.reset", "POST"): NOBODY,
    ("accounts.second_step", "GET"): ">> >>>> >>>>",
    ("accounts.second_step", "POST"): ">> >>>> >>>>",
    ("accounts.send_verification", "POST"): SENT,
    ("accounts.set_up", "GET"): NOBODY,
    ("accounts.set_up", "POST"): NOBODY,
    ("accounts.theme", "POST"): SENT,
    ("accounts.turn_off_two_factor", "GET"): SENT,
    ("accounts.turn_off_two_factor", "POST"): SENT,
    ("accounts.two_factor", "GET"): SIGNED_IN,
    ("accounts.two_factor", "POST"): SENT,
    ("accounts.two_factor_setup", "GET"): SENT,
    ("accounts.two_factor_setup", "POST"): SENT,
    ("accounts.unverified", "GET"): SENT,
    ("accounts.verification", "GET"): NOBODY,
    ("accounts.verify", "POST"): ">> >>>> >>>>",
    # Assessments: taking them. Who authors one may not attempt it without being enrolled, and is told so.
    ("assessments.intro", "GET"): {
        "open": "LL 444+ 44++",
        "draft": "LL 4444 44++",
        "elsewhere": "LL 44+4 444+",
        "unknown": NO_MEMBER,
    },
    ("assessments.start", "POST"): {
        "open": "LL 444> 44>>",
        "draft": "LL 4444 44>>",
        "elsewhere": "LL 44>4 444>",
        "unknown": NO_MEMBER,
    },
    ("assessments.attempt", "GET"): RUNNING,
    ("assessments.result", "GET"): RESULT,
    ("assessments.save", "POST"): TO_ATTEMPT,
    ("assessments.submit", "POST"): TO_ATTEMPT,
    ("assessments.summary", "GET"): RUNNING,
    # Assessments: building them
    ("assessments.add_draw", "POST"): {**TO_OWN_ASSESSMENT, "open": LOCKED, "elsewhere": "LL 3333 4442"},
    ("assessments.add_questions", "POST"): TO_OWN_ASSESSMENT,
    ("assessments.assessment_publication", "GET"): OWN_ASSESSMENT,
    ("assessments.assessment_settings", "GET"): OWN_ASSESSMENT,
    ("assessments.assessment_settings", "POST"): {**TO_OWN_ASSESSMENT, "open": LOCKED},
    ("assessments.assessment_step", "POST"): {
        **dict.fromkeys(("open", "draft", "elsewhere", "ended"), SENT_BY_ADMIN),
        "unknown": NO_ADMIN,
    },
    ("assessments.bank", "GET"): OWN_COURSE,
    ("assessments.building", "GET"): OWN_ASSESSMENT,
    # What is refused comes back with what was typed: the owner may not change a published one.
    ("assessments.change_item", "POST"): {**TO_OWN_ITEM, "open": "LL 3333 442>"},
    ("assessments.of_course", "GET"): OWN_COURSE,
    ("assessments.of_course", "POST"): TO_OWN_COURSE,
    ("assessments.place_item", "POST"): TO_OWN_ITEM,
    ("assessments.question_archive", "POST"): TO_OWN_QUESTION,
    ("assessments.question_edit", "GET"): OWN_QUESTION,
    ("assessments.question_edit", "POST"): TO_OWN_QUESTION,
    ("assessments.question_new", "GET"): OWN_COURSE,
    ("assessments.question_new", "POST"): TO_OWN_COURSE,
    ("assessments.question_restore", "POST"): TO_OWN_QUESTION,
    ("assessments.remove_item", "POST"): TO_OWN_ITEM,
    ("assessments.questions_export", "GET"): OWN_COURSE,
    ("assessments.questions_import", "GET"): OWN_COURSE,
    ("assessments.questions_import", "POST"): OWN_COURSE,
    ("assessments.questions_import_run", "POST"): TO_OWN_COURSE,
    ("assessments.questions_sample", "GET"): OWN_COURSE,
    # Assessments: watching them
    ("assessments.cancel_one", "POST"): TO_OWN_ATTEMPT,
    ("assessments.end_one", "POST"): {**TO_OWN_ATTEMPT, "waiting": "LL 3333 4477", "graded": "LL 3333 4477"},
    # Nobody is in at the others: no time is added.
    ("assessments.extend_all", "POST"): {**TO_OWN_ASSESSMENT, "draft": "LL 3333 4422", "elsewhere": "LL 3333 4442"},
    # The attempt elsewhere runs without a deadline.
    ("assessments.extend_one", "POST"): {
        **{**TO_OWN_ATTEMPT, "waiting": "LL 3333 4477", "graded": "LL 3333 4477"},
        "foreign": "LL 3333 4442",
    },
    ("assessments.extensions", "GET"): OWN_ASSESSMENT,
    ("assessments.extensions", "POST"): {**TO_OWN_ASSESSMENT, "elsewhere": "LL 3333 4442"},
    ("assessments.sitting", "GET"): OWN_ATTEMPT,
    ("assessments.watch", "GET"): OWN_ASSESSMENT,
    ("assessments.watch_live", "GET"): OWN_ASSESSMENT,
    # Assessments: grading and results
    ("assessments.drop_phrase", "POST"): {
        "of owner": "LL 3333 44>4",
        "of admin": "LL 3333 444>",
        "unknown": "LL 3333 4444",
    },
    ("assessments.grade", "GET"): OWN_ANSWER,
    ("assessments.grade", "POST"): TO_OWN_ANSWER,
    ("assessments.gradebook", "GET"): OWN_COURSE,
    ("assessments.gradebook_file", "GET"): OWN_COURSE,
    ("assessments.grading_queue", "GET"): STAFF,
    ("assessments.own_grades", "GET"): SIGNED_IN,
    ("assessments.regrade", "GET"): {**dict.fromkeys(("changed", "unchanged"), "LL 3333 44++"), **NOT_THERE},
    ("assessments.regrade", "POST"): {"changed": "LL 3333 44>>", "unchanged": "LL 3333 4422", **NOT_THERE},
    ("assessments.results", "GET"): OWN_ASSESSMENT,
    ("assessments.skip_answer", "POST"): TO_OWN_ANSWER,
    ("assessments.take_answer", "POST"): TO_OWN_ANSWER,
    # Courses
    ("courses.catalogue", "GET"): PUBLIC,
    ("courses.detail", "GET"): COURSE,
    ("courses.media", "GET"): {
        "public": "44 444+ ++++",
        "restricted": "44 444+ ++++",
        "draft": "44 4444 44++",
        "preview": PUBLIC,
        "deleted": "44 4444 44+4",
        "unused": "44 4444 44+4",
        **dict.fromkeys((*ATTEMPTS, "unknown"), NOBODY),
    },
    # Workshop: courses
    ("courses.archive", "POST"): TO_OWN_COURSE,
    ("courses.course_draft", "POST"): OWN_COURSE,
    ("courses.course_draft_drop", "POST"): TO_OWN_COURSE,
    ("courses.course_settings", "GET"): OWN_COURSE,
    ("courses.course_settings", "POST"): {**TO_OWN_COURSE, **dict.fromkeys(NO_DRAFT, LOCKED)},
    ("courses.decline_request", "POST"): {**dict.fromkeys(COURSE, "LL 3333 3332"), "unknown": NO_ADMIN},
    ("courses.duplicate", "POST"): TO_OWN_COURSE,
    ("courses.publication", "GET"): OWN_COURSE,
    ("courses.publish", "POST"): BY_ADMIN_TO_COURSE,
    ("courses.request_publication", "POST"): TO_OWN_COURSE,
    ("courses.restore", "POST"): TO_OWN_COURSE,
    ("courses.unpublish", "POST"): BY_ADMIN_TO_COURSE,
    ("courses.withdraw_request", "POST"): TO_OWN_COURSE,
    ("courses.workshop", "GET"): STAFF,
    ("courses.workshop", "POST"): "LL 3333 >>>>",
    # Workshop: outline and lessons
    ("courses.course_archive", "GET"): OWN_COURSE,
    ("courses.editor", "GET"): OWN_COURSE,
    ("courses.lesson_delete", "GET"): {**OWN_LESSON, "deleted": TO_OWN_LESSON["deleted"]},
    ("courses.lesson_delete", "POST"): TO_OWN_LESSON,
    ("courses.lesson_draft", "POST"): OWN_LESSON,
    ("courses.lesson_draft_drop", "POST"): TO_OWN_LESSON,
    ("courses.lesson_edit", "GET"): OWN_LESSON,
    ("courses.lesson_edit", "POST"): {
        **TO_OWN_LESSON,
        **dict.fromkeys((*NO_DRAFT, *OPEN_LESSONS[1:], "preview"), LOCKED),
        "deleted": "LL 3333 4422",
    },
    ("courses.lesson_move", "POST"): TO_OWN_LESSON,
    # It is asked for in a section of the draft: in another course there is nothing.
    ("courses.lesson_new", "GET"): {**dict.fromkeys(COURSE, "LL 3333 4444"), "draft": "LL 3333 44++"},
    ("courses.lesson_new", "POST"): {**dict.fromkeys(COURSE, "LL 3333 4444"), "draft": "LL 3333 44>>"},
    ("courses.lesson_new_draft", "POST"): OWN_SECTION,
    ("courses.lesson_new_draft_drop", "POST"): TO_OWN_SECTION,
    ("courses.lesson_restore", "GET"): OWN_LESSON,
    ("courses.lesson_restore", "POST"): TO_OWN_LESSON,
    ("courses.preview", "POST"): STAFF,
    ("courses.section_add", "POST"): {**TO_OWN_COURSE, **dict.fromkeys(NO_DRAFT, LOCKED)},
    ("courses.section_delete", "GET"): {**OWN_SECTION, "deleted": TO_OWN_SECTION["deleted"]},
    ("courses.section_delete", "POST"): TO_OWN_SECTION,
    ("courses.section_move", "POST"): TO_OWN_SECTION,
    ("courses.section_rename", "POST"): {**TO_OWN_SECTION, **dict.fromkeys((*NO_DRAFT, "deleted"), LOCKED)},
    ("courses.section_restore", "GET"): OWN_SECTION,
    ("courses.section_restore", "POST"): TO_OWN_SECTION,
    # Media. Without `?mulai=` a piece does not follow what is there.
    ("courses.image_add", "POST"): STAFF,
    ("courses.upload_start", "POST"): STAFF,
    ("courses.upload_state", "GET"): {"of owner": "LL 3333 44+4", "unknown": "LL 3333 4444"},
    ("courses.upload_piece", "PUT"): {"of owner": "LL 3333 4474", "unknown": "LL 3333 4444"},
    ("courses.upload_drop", "DELETE"): {"of owner": "LL 3333 44+4", "unknown": "LL 3333 4444"},
    # Packages
    ("courses.course_export", "GET"): OWN_COURSE,
    ("courses.course_package", "GET"): OWN_COURSE,
    ("courses.import_package", "GET"): STAFF,
    ("courses.import_package", "POST"): "LL 3333 >>>>",
    ("courses.package_import", "GET"): {
        "of owner": "LL 3333 44++",
        "of admin": "LL 3333 444+",
        "unknown": "LL 3333 4444",
    },
    # Catalogue: reviews
    ("courses.review", "POST"): {
        "public": "LL 222> 2222",
        "restricted": "LL 444> 2222",
        "hidden": "LL 4444 2222",
        "draft": "LL 4444 4422",
        "archived": "LL 4444 4422",
        "unknown": NO_MEMBER,
    },
    ("courses.review_remove", "POST"): {
        **dict.fromkeys(("public", "restricted"), "LL 444> 444>"),
        **dict.fromkeys(("elsewhere", "unknown", "nowhere"), NO_MEMBER),
    },
    ("courses.reviews", "GET"): COURSE,
    # Enrolments
    ("enrollments.drop", "GET"): MEMBER,
    ("enrollments.drop", "POST"): {**MEMBER, "public": "LL 424> 4444", "restricted": "LL 424> 4444"},
    ("enrollments.enroll", "POST"): {
        "public": SENT,
        "restricted": "LL 444> >>>>",
        "hidden": "LL 4444 >>>>",
        "draft": "LL 4444 44>>",
        "archived": "LL 4444 44>>",
        "unknown": NO_MEMBER,
    },
    # Study
    ("progress.complete", "POST"): {**LESSON_SENDS, "deleted": LESSON_SENDS["public"]},
    ("progress.lesson", "GET"): {
        **COURSE,
        **dict.fromkeys(NO_LESSON, NOBODY),
        **dict.fromkeys(OPEN_LESSONS, "LL >3>+ ++++"),
        "restricted": "44 434+ ++++",
        "preview": PUBLIC,
    },
    ("progress.record", "POST"): LESSON_SENDS,
    ("progress.start_over", "POST"): MEMBER_SENDS,
    ("progress.study", "GET"): {
        "public": SENT,
        "restricted": "LL 4>4> >>>>",
        "hidden": "LL 4444 >>>>",
        "draft": "LL 4444 44>>",
        "archived": "LL 4444 44>>",
        "unknown": NO_MEMBER,
    },
    ("progress.why", "GET"): MEMBER,
    # Certificates
    ("certificates.check", "GET"): PUBLIC,
    ("certificates.index", "GET"): SIGNED_IN,
    ("certificates.pdf", "GET"): {"of enrolled": "LL 444+ 444+", "of other": "LL 44+4 444+", "unknown": NO_MEMBER},
    ("certificates.verify", "GET"): {"of enrolled": PUBLIC, "of other": PUBLIC, "unknown": NOBODY},
    ("certificates.verify", "POST"): {"of enrolled": PUBLIC, "of other": PUBLIC, "unknown": NOBODY},
    # Notifications
    ("notifications.index", "GET"): SIGNED_IN,
    ("notifications.open_notification", "POST"): {
        "of enrolled": "LL 444> 4444",
        "of admin": "LL 4444 444>",
        "unknown": NO_MEMBER,
    },
    ("notifications.read_all", "POST"): SENT,
    # The panel
    ("admin.audit", "GET"): ADMINS,
    ("admin.audit_export", "GET"): ADMINS,
    ("admin.audit_verify", "POST"): ADMINS,
    # Catalogue: categories and tags
    ("admin.categories", "GET"): ADMINS,
    ("admin.categories", "POST"): SENT_BY_ADMIN,
    ("admin.categories_delete", "POST"): {"known": SENT_BY_ADMIN, "unknown": NO_ADMIN},
    ("admin.categories_edit", "GET"): KNOWN_TO_ADMINS,
    ("admin.categories_edit", "POST"): {"known": SENT_BY_ADMIN, "unknown": NO_ADMIN},
    ("admin.categories_move", "POST"): {"known": SENT_BY_ADMIN, "unknown": NO_ADMIN},
    ("admin.tags", "GET"): ADMINS,
    ("admin.tags_delete", "POST"): {"known": SENT_BY_ADMIN, "unknown": NO_ADMIN},
    ("admin.tags_edit", "GET"): KNOWN_TO_ADMINS,
    ("admin.tags_edit", "POST"): {"known": SENT_BY_ADMIN, "unknown": NO_ADMIN},
    ("admin.tags_merge", "POST"): {"known": SENT_BY_ADMIN, "unknown": NO_ADMIN},
    ("admin.dashboard", "GET"): ADMINS,
    ("admin.events", "GET"): ADMINS,
    ("admin.events_detail", "GET"): KNOWN_TO_ADMINS,
    # A retry of what is not there is refused with a sentence: it may just have been pruned.
    ("admin.events_retry", "POST"): {"known": SENT_BY_ADMIN, "unknown": SENT_BY_ADMIN},
    ("admin.outbox", "GET"): ADMINS,
    ("admin.outbox_html", "GET"): KNOWN_TO_ADMINS,
    ("admin.outbox_mail", "GET"): KNOWN_TO_ADMINS,
    ("admin.people", "GET"): ADMINS,
    ("admin.people_anonymize", "GET"): FORM_OF_PERSON,
    ("admin.people_anonymize", "POST"): REFUSED_TO_PERSON,
    ("admin.people_bulk", "POST"): SENT_BY_ADMIN,
    ("admin.people_csv", "GET"): ADMINS,
    ("admin.people_detail", "GET"): PERSON,
    ("admin.people_edit", "GET"): FORM_OF_PERSON,
    ("admin.people_edit", "POST"): TO_PERSON,
    ("admin.people_end_sessions", "POST"): TO_PERSON,
    ("admin.people_import", "GET"): ADMINS,
    ("admin.people_import", "POST"): SENT_BY_ADMIN,
    ("admin.people_import_check", "GET"): KNOWN_TO_ADMINS,
    ("admin.people_import_check", "POST"): {"known": SENT_BY_ADMIN, "unknown": NO_ADMIN},
    ("admin.people_import_faults", "GET"): KNOWN_TO_ADMINS,
    ("admin.people_import_sample", "GET"): {"csv": ADMINS, "xlsx": ADMINS},
    ("admin.people_initial_password", "POST"): TO_PERSON,
    ("admin.people_new", "GET"): ADMINS,
    ("admin.people_new", "POST"): SENT_BY_ADMIN,
    ("admin.people_reactivate", "POST"): TO_PERSON,
    ("admin.people_role", "GET"): FORM_OF_PERSON,
    ("admin.people_role", "POST"): REFUSED_TO_PERSON,
    ("admin.people_send_link", "POST"): TO_PERSON,
    # Nothing is ever printed for admins, nor for who has no name any more.
    ("admin.people_slip", "GET"): {**PERSON, "self": NO_ADMIN, "anonymous": NO_ADMIN},
    ("admin.people_slips", "GET"): KNOWN_TO_ADMINS,
    ("admin.people_suspend", "GET"): FORM_OF_PERSON,
    ("admin.people_suspend", "POST"): TO_PERSON,
    ("admin.people_two_factor", "POST"): TO_PERSON,
    ("admin.people_xlsx", "GET"): ADMINS,
    ("admin.queue", "GET"): ADMINS,
    ("admin.queue_discard", "GET"): {"failed": ADMINS, **DISCARD},
    ("admin.queue_discard", "POST"): {"failed": SENT_BY_ADMIN, **DISCARD},
    ("admin.queue_retry_all", "POST"): SENT_BY_ADMIN,
    ("admin.queue_retry_group", "POST"): SENT_BY_ADMIN,
    ("admin.settings", "GET"): ADMINS,
    ("admin.settings", "POST"): SENT_BY_ADMIN,
    ("admin.styleguide", "GET"): ADMINS,
    # The site. `/metrics` is there for the server itself only: `tests/site/test_leaks.py`.
    ("asset", "GET"): KNOWN_PUBLIC,
    ("events.metrics", "GET"): NOBODY,
    ("events.task", "GET"): {"of enrolled": "LL 444+ 444+", "of admin": "LL 4444 444+", "unknown": NO_MEMBER},
    ("site.alive", "GET"): PUBLIC,
    ("site.cover", "GET"): {"any": PUBLIC, "impossible": NOBODY},
    ("site.favicon", "GET"): PUBLIC,
    ("site.home", "GET"): PUBLIC,
    ("site.logo", "GET"): KNOWN_PUBLIC,
    ("site.ready", "GET"): PUBLIC,
    ("site.robots", "GET"): PUBLIC,
    ("static", "GET"): KNOWN_PUBLIC,
}

SIGNS = {400: "0", 403: "3", 404: "4", 405: "5", 409: "7", 422: "2", 429: "9"}
REFUSED = set("L0234579")
"""Signs of answers to requests that do nothing."""
HELP = (
    "Give each of these routes a row in tests/security/expectations.py that says what it answers to {}. What objects "
    "it takes stands in objects.py, what its form sends in bodies.py."
)


def by_actor(row: str) -> dict[str, str]:
    """The signs of a row by actor."""
    return dict(zip(ACTORS, row.replace(" ", ""), strict=True))


EXPECT: dict[Route, dict[str, dict[str, str]]] = {
    route: {
        actor: {place: by_actor(row)[actor] for place, row in (rows if isinstance(rows, dict) else {"": rows}).items()}
        for actor in ACTORS
    }
    for route, rows in TABLE.items()
}
"""Route → actor → object → sign."""


def sign_of(answer: TestResponse) -> str:
    """The sign of an answer; `!` for one that no table should hold."""
    if 300 <= answer.status_code < 400:
        return "L" if (answer.location or "").startswith("/masuk?next=") else ">"
    return "+" if 200 <= answer.status_code < 300 else SIGNS.get(answer.status_code, "!")
